"""The store of teacher answers in the lake: an answer once given is found again by the hash of its request.

What does not live here: what a request is, and who asks (`teachers/`); how usage is summed (`usage.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from uuid import uuid4

import polars as pl

from synth_assets.lake.connections import transaction
from synth_assets.lake.lake import Lake
from synth_assets.lake.sql import ArrowStream, quoted_list, stored
from synth_assets.lake.usage import total_usage
from synth_assets.tables import TEACHER_RESPONSES, TEACHER_USAGE, TEXT, Table
from synth_assets.teachers.store import Spending, StoredResponse, Usage

COLUMNS = [field.name for field in fields(StoredResponse)]


class LakeResponseStore:
    """A :class:`teachers.store.ResponseStore` that keeps the answers to one stage's questions.

    Answers are found whichever stage and partition they were kept under: the hash says all that was asked. Nothing is
    ever overwritten: a request answered again (by two runs at once, or because the first answer is no longer valid)
    has a row for each answer, all of them paid for, and the latest is the one found.
    """

    def __init__(self, lake: Lake, stage: str) -> None:
        self._lake = lake
        self._stage = stage

    def find(self, request_hashes: Sequence[str]) -> Mapping[str, StoredResponse]:
        """The stored responses among the given hashes."""
        if not request_hashes:
            return {}
        found = found_rows(self._lake, TEACHER_RESPONSES, COLUMNS, request_hashes)
        responses = [StoredResponse(*row) for row in found.iter_rows()]
        return {response.request_hash: response for response in responses}

    def add(self, responses: Sequence[StoredResponse], spending: Sequence[Spending]) -> None:
        """Keep responses and what was spent, in one commit, durably, before returning."""
        given = [{"stage": self._stage, **asdict(response)} for response in responses]
        add_paid(self._lake, self._stage, pl.DataFrame(given, TEACHER_RESPONSES.schema), TEACHER_RESPONSES, spending)

    def spent(self) -> Usage:
        """Everything ever spent on this lake, by all stages and runs."""
        self._lake.create()
        return total_usage(self._lake)


def found_rows(lake: Lake, table: Table, columns: Sequence[str], request_hashes: Sequence[str]) -> pl.DataFrame:
    """The rows of a table of answers with these values of `request_hash`, oldest first."""
    lake.create()
    wanted = pl.DataFrame({"request_hash": list(request_hashes)}, schema={"request_hash": TEXT})
    # Materialised: where pyarrow happens to be installed, DuckDB would hand it filters that it does not know.
    asked = "WITH asked AS MATERIALIZED (FROM wanted) SELECT request_hash FROM asked"
    among = f"FROM {stored(table)} WHERE request_hash IN ({asked})"
    schema = {name: table.schema[name] for name in columns}
    with lake.reading(table) as cursor, transaction(cursor):
        # One snapshot for both queries: merging files gives rows new ids.
        cursor.register("wanted", ArrowStream(wanted))
        # The hashes alone are quickly read, and what was asked together was answered together: knowing between
        # which rows the answers stand leaves most of the table's contents unread.
        first, last = cursor.execute(f"SELECT min(rowid), max(rowid) {among}").fetchone() or (None, None)
        if first is None:
            return pl.DataFrame(schema=schema)
        query = f"SELECT {quoted_list(columns)} {among} AND rowid BETWEEN {first} AND {last} ORDER BY rowid"
        return pl.DataFrame(cursor.sql(query), schema_overrides=schema)


def add_paid(lake: Lake, stage: str, answers: pl.DataFrame, table: Table, spending: Sequence[Spending]) -> None:
    """Add answers to their table and what they cost to `teacher_usage`, in one commit; nothing where both are empty."""
    paid = [
        {
            **asdict(entry.usage),
            "stage": stage,
            "usage_id": uuid4().hex,
            "partition": entry.partition,
            "task": entry.task,
            "teacher": entry.teacher,
            "seconds": entry.seconds,
            "written_at": datetime.now(UTC),
        }
        for entry in spending
    ]
    rows = {table.name: answers, TEACHER_USAGE.name: pl.DataFrame(paid, TEACHER_USAGE.schema)}
    rows = {name: added for name, added in rows.items() if not added.is_empty()}
    if rows:
        lake.append(rows, f"responses for {stage}")
