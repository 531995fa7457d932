"""What is written in a commit, and what is refused before it: foreign partitions, repeated keys, wrong columns.

What does not live here: locks and retries (`commits.py`), opening and reading (`lake.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb
import polars as pl

from synth_assets.errors import SynthAssetsError
from synth_assets.lake.connections import FLUSHED_ROWS
from synth_assets.lake.damage import DataFile, end_files, files_of, unreadable
from synth_assets.lake.ledger import Origin, key_column, partition_contents, read_ledger, updated
from synth_assets.lake.ordering import in_order, repeated, whole_partitions
from synth_assets.lake.sql import (
    ArrowStream,
    Partition,
    literal,
    of_partitions,
    quoted,
    quoted_list,
    stored,
)
from synth_assets.lake.storage import cut_by
from synth_assets.tables import DOCUMENTS, MATERIALISATIONS, QUARANTINE, TEXT, Table

WRITTEN_ALONG = (QUARANTINE, MATERIALISATIONS)
"""Tables that every replacement of another table writes to."""


UNIQUE_OVER_ALL = frozenset({DOCUMENTS.name})
"""Tables whose keys are looked for in the partitions that stay: two runs at once may bring the same key. The keys of
all others are made from those of documents, or hold the partition, or may change it from one run to the next."""


@dataclass(frozen=True)
class Replacement:
    """The rows that are to stand in some partitions of a table, checked, with the quarantine rows of the same stage.

    `contents` says by partition what they hold, as :func:`ledger.partition_contents` does. `given_up` are files, by
    the names of their tables, that are not deleted from: among them some that cannot be read (`damage.py`).
    """

    table: Table
    partitions: tuple[Partition, ...]
    rows: pl.DataFrame
    quarantine: pl.DataFrame
    contents: pl.DataFrame
    origin: Origin
    given_up: Mapping[str, Sequence[DataFile]] = field(default_factory=dict)

    def write(self, cursor: duckdb.DuckDBPyConnection, snapshot: int) -> pl.DataFrame | None:
        """Put the rows, the quarantine rows and the ledger in the place of what stood in the partitions.

        All within the cursor's transaction, which is to become `snapshot`. Returns what the ledger said of the
        partitions before, a row for each that had been made; None where the ledger itself cannot be read.
        """
        self._swap(cursor, self.table, self.rows)
        keys = self.contents["partition"].to_list()
        # Where the ledger itself cannot be read, the stage's other partitions count as missing, and are made again.
        lost = MATERIALISATIONS.name in self.given_up
        ledger = MATERIALISATIONS.empty() if lost else read_ledger(cursor, self.table, snapshot - 1)
        before = ledger.filter(pl.col("partition").is_in(keys))
        # Left alone where it is not concerned: DuckLake takes 20 ms to delete from a table that never held a row.
        if lost or before["quarantined"].sum() or not self.quarantine.is_empty():
            self._swap(cursor, QUARANTINE, self.quarantine)
        self._swap(cursor, MATERIALISATIONS, updated(ledger, self.table, self.contents, snapshot, self.origin))
        return None if lost else before

    def beside_unreadable(self, cursor: duckdb.DuckDBPyConnection) -> "Replacement | None":
        """The same, written beside those partitions of which a file cannot be read; None where all files can be.

        All files of such partitions are given up: they are to be ended when the rows beside them are committed.
        """
        given_up = {}
        for table in (self.table, *WRITTEN_ALONG):
            partitions = self._partitions_in(table)
            files = [file for file in files_of(cursor, table) if file.holds_only(partitions)]
            lost = [one.file.partition or {} for one in unreadable(cursor, table, files)]
            if lost:
                given_up[table.name] = [file for file in files if file.holds_only(lost)]
        return replace(self, given_up=given_up) if given_up else None

    def _partitions_in(self, table: Table) -> Sequence[Partition]:
        """The partitions, as files of the table are cut, that are written to."""
        if table == QUARANTINE:
            return [{"stage": self.table.name, "partition": key} for key in self.contents["partition"]]
        if table == MATERIALISATIONS:
            return [{"stage": self.table.name}]
        return self.partitions or ({},)

    def _swap(self, cursor: duckdb.DuckDBPyConnection, table: Table, rows: pl.DataFrame) -> None:
        given_up = self.given_up.get(table.name, ())
        lost = [dict(file.partition or {}) for file in given_up]
        left = [partition for partition in self._partitions_in(table) if dict(partition) not in lost]
        if left:
            cut = replace(table, partitioned_by=cut_by(table))
            cursor.execute(f"DELETE FROM {stored(table)} WHERE {of_partitions(cut, left)}")
        if not rows.is_empty():
            if table.name in UNIQUE_OVER_ALL:
                _refuse_known(cursor, table, rows, lost)
            insert(cursor, table, rows)


class Healing:
    """A replacement of partitions of which files cannot be read: what it writes, and what it does once committed."""

    def __init__(self, replaced: Replacement) -> None:
        self._replaced = replaced
        self._written = replaced

    def write(self, cursor: duckdb.DuckDBPyConnection, snapshot: int) -> pl.DataFrame | None:
        """Write beside what cannot be read now: under the commit lock, since another writer may just have healed it."""
        with cursor.cursor() as looking:  # an error ends the transaction it happens in
            self._written = self._replaced.beside_unreadable(looking) or self._replaced
        return self._written.write(cursor, snapshot)

    def end_given_up(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Take the files that were given up out of their tables, under the same lock, once all else is committed."""
        if self._written.given_up:
            names = ", ".join(self._written.given_up)
            end_files(cursor, self._written.given_up, f"replace unreadable files of {names}")


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


def _refuse_known(
    cursor: duckdb.DuckDBPyConnection, table: Table, rows: pl.DataFrame, lost: Sequence[Partition]
) -> None:
    """Raise SynthAssetsError where a key stands in another partition.

    What these held before is deleted by now, but for the `lost` ones, which cannot be read.
    """
    (key,), (cut,) = table.key, table.partitioned_by
    # Each by itself: with NOT IN, DuckLake would read the files of the lost ones.
    readable = " AND ".join(f"before.{quoted(cut)} <> {literal(one[cut])}" for one in lost) or "true"
    cursor.register("incoming", ArrowStream(rows.select(key, cut)))
    # Materialised: where pyarrow happens to be installed, DuckDB would hand it filters that it does not know.
    found = cursor.execute(
        "WITH met AS MATERIALIZED (FROM incoming) "
        f"SELECT met.{quoted(key)}, met.{quoted(cut)}, before.{quoted(cut)} FROM met "
        f"JOIN {stored(table)} AS before USING ({quoted(key)}) WHERE {readable} ORDER BY ALL LIMIT 1"
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
