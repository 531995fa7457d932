"""What of a table its checks judge: the partitions that the run has made, or all of them; at one snapshot.

A check that follows a step judges what the step made: reading every partition would make a run of one partition slower
with each that there is. What the others hold was judged when they were made. Executed by itself, a check judges all.

What does not live here: what must hold of the rows (`checks.py`, `conservation.py`).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import duckdb
import polars as pl

from synth_assets.lake.differences import NAMED_PARTITIONS
from synth_assets.lake.lake import Lake
from synth_assets.lake.pieces import rows_in
from synth_assets.lake.sql import Partition, literal, one_of, partition_named, stored, within
from synth_assets.lake.writing import UNIQUE_OVER_ALL
from synth_assets.tables import MATERIALISATIONS, QUARANTINE, TABLES, Table


@dataclass(frozen=True)
class Keys:
    """What the keys of the judged rows are: `rows`, how many of them repeat a key, and how many hold a null."""

    rows: int
    repeated: int
    null: int


@dataclass(frozen=True)
class Judged:
    """The rows of `table` that are judged.

    Attributes:
        cursor: A connection to the lake that finds its tables by their names.
        table: The table.
        snapshot: The one at which all is read: another run may replace the same partitions meanwhile.
        made: Dagster keys of the partitions; None for all.
        ledger: Of the table's whole ledger `partition`, `rows` and `quarantined`.
    """

    cursor: duckdb.DuckDBPyConnection
    table: Table
    snapshot: int
    made: tuple[str, ...] | None
    ledger: pl.DataFrame

    @property
    def said(self) -> str:
        """How many partitions are judged, in words."""
        if not self.table.partitioned_by:
            return "the whole table"
        judged = self.ledger.height if self.made is None else len(self.made)
        return f"{judged:,} of {self.ledger.height:,} partitions"

    @property
    def committed(self) -> Mapping[str, int]:
        """Rows and quarantined rows that the ledger has for the judged partitions, by the names of its columns."""
        own = self.ledger if self.made is None else self.ledger.filter(pl.col("partition").is_in(self.made))
        return {name: int(own[name].sum()) for name in ("rows", "quarantined")}

    def query(self, sql: str, *tables: str) -> pl.DataFrame:
        """The result of a SELECT over these tables, of each of which it sees only what belongs to what is judged.

        Of another table that is its rows in the same values of the partition columns that both have. `sql` follows
        the common table expressions of the tables, and may begin with more of them after a comma.
        """
        seen = (f"{name} as (from {self._rows(TABLES[name], tables)})" for name in tables)
        return pl.DataFrame(self.cursor.sql(f"with {', '.join(seen)} {sql}"))

    def over_all(self, sql: str) -> pl.DataFrame:
        """The result of a SELECT over whole tables, at the newest snapshot."""
        return pl.DataFrame(self.cursor.sql(sql))

    @cached_property
    def keys(self) -> Keys:
        """What the keys of the judged rows are.

        A key with the partition columns in it cannot stand in another partition. Any other is looked for in the
        partitions that are not judged as well, of which the columns of the key alone are read; but not that of
        documents: their commit has looked for it there, under the lock of writers (`lake/writing.py`).
        """
        listed = ", ".join(self.table.key)
        null = " or ".join(f"{column} is null" for column in self.table.key)
        own = f"count(*), count(*) - count(distinct ({listed})), count(*) filter (where {null})"
        rows = self._rows(self.table)
        if not self._looks_elsewhere:
            return Keys(*self.over_all(f"select {own} from {rows}").row(0))
        met = f"(select count(*) from {self._everywhere} semi join judged using ({listed}))"
        found = self.over_all(
            f"with judged as materialized (select {listed} from {rows}) select {own}, {met} from judged"
        )
        count, repeated, nulls, everywhere = found.row(0)
        return Keys(count, repeated + everywhere - (count - nulls), nulls)

    def a_repeated_key(self) -> tuple[object, ...] | None:
        """The first key of a judged row that stands more than once; None where there is none."""
        listed = ", ".join(self.table.key)
        rows = self._rows(self.table)
        if self._looks_elsewhere:
            rows = f"{self._everywhere} semi join (select {listed} from {rows}) judged using ({listed})"
        again = f"select {listed} from {rows} group by all having count(*) > 1 order by all limit 1"
        return next(iter(self.over_all(again).rows()), None)

    @property
    def _looks_elsewhere(self) -> bool:
        own = set(self.table.partitioned_by) <= set(self.table.key)
        return self.made is not None and not own and self.table.name not in UNIQUE_OVER_ALL

    @property
    def _everywhere(self) -> str:
        return stored(self.table, self.snapshot)

    def _rows(self, table: Table, stages: tuple[str, ...] = ()) -> str:
        """What is judged of `table`, as it is written after FROM; of the ledger, that of the `stages`."""
        if self.made is None:
            return stored(table, self.snapshot)
        if table == MATERIALISATIONS:
            rows = rows_in(self.cursor, table, [{"stage": name} for name in stages], self.snapshot)
            others = f"stage <> {literal(self.table.name)} or {one_of('partition', self.made)}"
            return f"(from {rows} where {others})"
        if table == QUARANTINE:
            places: list[Partition] = [{"stage": self.table.name, "partition": key} for key in self.made]
            return rows_in(self.cursor, table, places, self.snapshot)
        shared = [column for column in table.partitioned_by if column in self.table.partitioned_by]
        made = [partition_named(self.table, key) for key in self.made]
        values = sorted({tuple(one[column] for column in shared) for one in made})
        if shared and len(shared) == len(table.partitioned_by):
            same = [dict(zip(shared, value, strict=True)) for value in values]
            return rows_in(self.cursor, table, same, self.snapshot)
        box = {column: sorted({one[column] for one in made}) for column in shared}
        return f"(from {stored(table, self.snapshot)} where {within(box)})"


@contextmanager
def judged_in(lake: Lake, table: Table, run: str) -> Iterator[Judged]:
    """What is judged of `table` in a Dagster run: the partitions that it made.

    All of them where it made none, as when a person executes a check, and where it made all there are, or more than a
    query should name.
    """
    snapshot = lake.current_snapshot()
    with lake.reading(table) as cursor:
        cursor.execute("USE lake")
        own = rows_in(cursor, MATERIALISATIONS, [{"stage": table.name}], snapshot)
        ledger = pl.DataFrame(
            cursor.sql(f"select partition, rows, quarantined, run_id from {own} where stage = {literal(table.name)}")
        )
        keys = ledger.filter(pl.col("run_id") == run)["partition"].to_list()
        few = table.partitioned_by and 0 < len(keys) <= NAMED_PARTITIONS and len(keys) < ledger.height
        yield Judged(cursor, table, snapshot, tuple(sorted(keys)) if few else None, ledger.drop("run_id"))
