"""What teachers were asked and charged for, summed from the lake's table `teacher_usage`.

What does not live here: writing it (`responses.py`), and what may be spent (`teachers/budget.py`).
"""

from collections.abc import Sequence
from dataclasses import fields
from typing import Literal

import polars as pl

from synth_assets.lake.lake import Lake
from synth_assets.lake.sql import literal, quoted_list, stored
from synth_assets.tables import TEACHER_USAGE
from synth_assets.teachers.store import Usage

Account = Literal["stage", "partition", "task", "teacher"]
"""What usage can be told apart by."""

COUNTED = [field.name for field in fields(Usage)]
"""The columns that are summed."""


def usage_of(
    lake: Lake,
    by: Sequence[Account] = ("stage", "partition"),
    stage: str | None = None,
    teacher: str | None = None,
) -> pl.DataFrame:
    """Everything ever spent, a row for each combination of `by` there is, in their order.

    Columns: those of `by`; the fields of :class:`teachers.store.Usage`, `cost` null where there was no price at all;
    `seconds` of asking, summed over processes; `completion_tokens_per_request`; and `tokens_per_second`, read and
    written, of one asking process, null where no time was spent. `stage` and `teacher` limit it to theirs.
    """
    wanted = {"stage": stage, "teacher": teacher}
    conditions = [f"{name} = {literal(value)}" for name, value in wanted.items() if value is not None]
    accounts = quoted_list(by)
    with lake.cursor() as cursor:
        summed = cursor.sql(
            f"SELECT {accounts}, {_sums()}, sum(seconds) AS seconds FROM {stored(TEACHER_USAGE)} "
            f"WHERE {' AND '.join(conditions) or 'true'} GROUP BY {accounts} ORDER BY {accounts}"
        )
        usage = pl.DataFrame(summed, schema_overrides={name: TEACHER_USAGE.schema[name] for name in COUNTED})
    tokens = pl.col("prompt_tokens") + pl.col("completion_tokens")
    return usage.with_columns(
        completion_tokens_per_request=pl.col("completion_tokens") / pl.col("requests"),
        tokens_per_second=pl.when(pl.col("seconds") > 0).then(tokens / pl.col("seconds")),
    )


def total_usage(lake: Lake) -> Usage:
    """Everything ever spent on the lake."""
    with lake.cursor() as cursor:
        row = cursor.execute(f"SELECT {_sums()} FROM {stored(TEACHER_USAGE)} HAVING count(*) > 0").fetchone()
    return Usage() if row is None else Usage(*row)


def _sums() -> str:
    return ", ".join(f"sum({name}) AS cost" if name == "cost" else f"sum({name})::BIGINT AS {name}" for name in COUNTED)
