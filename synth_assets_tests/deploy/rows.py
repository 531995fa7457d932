"""Whether two lakes hold the same rows, whatever machine made them and when."""

import re
from collections.abc import Mapping

import polars as pl
from polars.testing import assert_frame_equal

from synth_assets.lake.lake import Lake
from synth_assets.tables import TABLES

OTHERWISE: Mapping[str, tuple[str, ...]] = {
    # How fast this machine trained, then.
    "student_runs": ("seconds", "tokens_per_second"),
    # Number of a commit: on two machines, steps that do not wait for each other commit in any order.
    "scaling_observations": ("data_snapshot",),
    # The page shows where the lake lies and the number of a commit; its text is compared apart.
    "scaling_report": ("bytes", "sha256"),
    # A row is a write, every few seconds; what all of them come to is compared.
    "teacher_usage": ("usage_id", "written_at", "seconds"),
    # Numbers of commits, the run, and the time. What was made, by which code and to which content is compared.
    "materialisations": ("changed_snapshot", "built_snapshot", "run_id", "made_at"),
}
"""Columns that say when, by which run, or how fast a row was made."""

COMPARED = tuple(TABLES)


def assert_same_rows(table: str, one: Lake, other: Lake) -> None:
    """Every row of the table, in its order, but for what says when it was made."""
    assert one.settings.data_path != other.settings.data_path
    first, second = (_comparable(table, lake.read(table)) for lake in (one, other))
    order = [name for name in TABLES[table].key if name in first.columns]
    assert_frame_equal(first.sort(order, maintain_order=True), second.sort(order, maintain_order=True))


def _comparable(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    rows = rows.drop(OTHERWISE.get(table, ()))
    if table == "materialisations":
        # The hash of rows with such columns covers them too.
        return rows.with_columns(pl.when(~pl.col("stage").is_in(list(OTHERWISE))).then("content_hash"))
    if table == "teacher_usage":
        asked = ["stage", "partition", "task", "teacher"]
        return rows.group_by(asked).agg(pl.all().sum()).sort(asked)
    return rows


def assert_same_report(one: bytes, other: bytes) -> None:
    """Two pages, but for what names the lake they are of: the number of its newest commit, and its settings."""
    first, second = (_of_any_lake(page.decode()) for page in (one, other))
    assert len(first) > 100
    differing = [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]]
    assert not differing, [line[:400] for line in differing[0]]


def _of_any_lake(page: str) -> list[str]:
    without_settings, found = re.subn(r"<pre>.*?</pre>", "", page, flags=re.DOTALL)
    assert found == 1
    return re.sub(r"Lake snapshot \d+", "", without_settings).splitlines()
