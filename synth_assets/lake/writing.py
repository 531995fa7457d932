"""What is written in a commit, and what is refused before it: foreign partitions, repeated keys, wrong columns.

What does not live here: locks and retries (`commits.py`), opening and reading (`lake.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import polars as pl

from synth_assets.errors import SynthAssetsError
from synth_assets.lake.connections import FLUSHED_ROWS
from synth_assets.lake.ledger import Origin, key_column, partition_contents, read_ledger, updated
from synth_assets.lake.ordering import in_order, repeated, whole_partitions
from synth_assets.lake.sql import (
    ArrowStream,
    Partition,
    literal,
    of_partitions,
    one_of,
    quoted,
    quoted_list,
    stored,
)
from synth_assets.tables import DOCUMENTS, MATERIALISATIONS, QUARANTINE, TEXT, Table

WRITTEN_ALONG = (QUARANTINE, MATERIALISATIONS)
"""Tables that every replacement of another table writes to."""


UNIQUE_OVER_ALL = frozenset({DOCUMENTS.name})
"""Tables whose keys are looked for in the partitions that stay: two runs at once may bring the same key. The keys of
all others are made from those of documents, or hold the partition, or may change it from one run to the next."""


@dataclass(frozen=True)
class Replacement:
    """The rows that are to stand in some partitions of a table, checked, with the quarantine rows of the same stage.

    `contents` says by partition what they hold, as :func:`ledger.partition_contents` does.
    """

    table: Table
    partitions: tuple[Partition, ...]
    rows: pl.DataFrame
    quarantine: pl.DataFrame
    contents: pl.DataFrame
    origin: Origin

    def write(self, cursor: duckdb.DuckDBPyConnection, snapshot: int) -> None:
        """Put the rows, the quarantine rows and the ledger in the place of what stood in the partitions.

        All within the cursor's transaction, which is to become `snapshot`.
        """
        _swap(cursor, self.table, of_partitions(self.table, self.partitions), self.rows)
        of_stage = f"stage = {literal(self.table.name)}"
        keys = self.contents["partition"].to_list()
        ledger = read_ledger(cursor, self.table)
        quarantined_before = ledger.filter(pl.col("partition").is_in(keys))["quarantined"].sum()
        # Left alone where it is not concerned: DuckLake takes 20 ms to delete from a table that never held a row.
        if quarantined_before or not self.quarantine.is_empty():
            _swap(cursor, QUARANTINE, f"{of_stage} AND {one_of('partition', keys)}", self.quarantine)
        ledger = updated(ledger, self.table, self.contents, snapshot, self.origin)
        _swap(cursor, MATERIALISATIONS, of_stage, ledger)


def replacement(
    table: Table,
    rows: pl.DataFrame,
    partitions: Sequence[Partition],
    quarantined: pl.DataFrame | None = None,
    origin: Origin | None = None,
) -> Replacement:
    """Check what is to be written.

    `quarantined` has the columns of :class:`tables.StageResult`. Raises ValueError for rows that do not conform to
    their table, that belong to other partitions, or that repeat a key.
    """
    if table in WRITTEN_ALONG:
        raise ValueError(f"table {table.name} is written along with the other tables, never by itself")
    columns = set(table.partitioned_by)
    wrong = next((dict(partition) for partition in partitions if set(partition) != columns), None)
    if wrong is not None or (columns and not partitions):
        raise ValueError(f"table {table.name}: partitions have the keys {sorted(columns)}, not {wrong or 'none'}")
    if quarantined is None:
        quarantined = pl.DataFrame(schema=dict.fromkeys((*table.partitioned_by, "id", "reason", "detail"), TEXT))
    rows = checked(table, rows)
    _refuse_foreign(table, rows, partitions)
    _refuse_foreign(table, quarantined, partitions)
    quarantine = checked(QUARANTINE, _quarantine(table, quarantined))
    contents = partition_contents(table, partitions, rows, quarantine)
    return Replacement(table, tuple(partitions), rows, quarantine, contents, origin or Origin())


def checked(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` conforming to their table, in the order of partition and key. Raises ValueError for a repeated key."""
    rows = table.conform(rows)
    again = repeated(rows, table.key)
    if not again.is_empty():
        first = again.row(0, named=True)
        raise ValueError(f"table {table.name}: {again.height} rows repeat a key, first {first}")
    return in_order(table, rows)


def insert(cursor: duckdb.DuckDBPyConnection, table: Table, rows: pl.DataFrame) -> None:
    """Add rows in their order, by partition and key, within the cursor's transaction."""
    for piece in whole_partitions(table, rows, FLUSHED_ROWS):
        # DuckDB reads an Arrow chunk with one thread. It writes partitions in the order they come only from one.
        cursor.register("incoming", ArrowStream(piece.rechunk() if table.partitioned_by else piece))
        cursor.execute(f"INSERT INTO {stored(table)} BY NAME SELECT {quoted_list(rows.columns)} FROM incoming")
        cursor.unregister("incoming")


def _swap(cursor: duckdb.DuckDBPyConnection, table: Table, condition: str, rows: pl.DataFrame) -> None:
    cursor.execute(f"DELETE FROM {stored(table)} WHERE {condition}")
    if not rows.is_empty():
        if table.name in UNIQUE_OVER_ALL:
            _refuse_known(cursor, table, rows)
        insert(cursor, table, rows)


def _refuse_known(cursor: duckdb.DuckDBPyConnection, table: Table, rows: pl.DataFrame) -> None:
    """Raise SynthAssetsError where a key stands in another partition. What these held before is deleted by now."""
    (key,), (cut,) = table.key, table.partitioned_by
    cursor.register("incoming", ArrowStream(rows.select(key, cut)))
    # Materialised: where pyarrow happens to be installed, DuckDB would hand it filters that it does not know.
    found = cursor.execute(
        "WITH met AS MATERIALIZED (FROM incoming) "
        f"SELECT met.{quoted(key)}, met.{quoted(cut)}, before.{quoted(cut)} FROM met "
        f"JOIN {stored(table)} AS before USING ({quoted(key)}) ORDER BY ALL LIMIT 1"
    ).fetchone()
    cursor.unregister("incoming")
    if found is not None:
        raise SynthAssetsError(
            f"The {key} {found[0]!r} of {cut} {found[1]!r} stands in {cut} {found[2]!r} of the table {table.name} "
            "already, written meanwhile by another run: run this again, and the row goes to quarantine."
        )


def _refuse_foreign(table: Table, rows: pl.DataFrame, partitions: Sequence[Partition]) -> None:
    columns = list(table.partitioned_by)
    if not columns:
        return
    own = pl.DataFrame([dict(partition) for partition in partitions], schema=dict.fromkeys(columns, TEXT))
    foreign = rows.select(columns).unique(maintain_order=True).join(own, on=columns, how="anti")
    if not foreign.is_empty():
        raise ValueError(
            f"table {table.name}: rows of {foreign.row(0, named=True)}, which is not among the partitions replaced"
        )


def _quarantine(table: Table, quarantined: pl.DataFrame) -> pl.DataFrame:
    """Quarantine rows in the shape of their table: stage, partition key, id, reason, detail."""
    return quarantined.select(
        pl.lit(table.name).alias("stage"), key_column(table), *(pl.col(c) for c in ("id", "reason", "detail"))
    )
