"""The lake: tables read, replaced by partition, and seen again as they were at an earlier snapshot.

What does not live here: what the tables are (`tables.py`), how DuckDB is opened (`connections.py`), how writers wait
for each other (`commits.py`), what is checked before a write (`writing.py`).
"""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import product
from math import prod
from typing import TypeVar

import duckdb
import polars as pl

from synth_assets.errors import SynthAssetsError
from synth_assets.lake.commits import commit_lock, retry_conflicts
from synth_assets.lake.connections import open_lake, open_sandbox, transaction
from synth_assets.lake.damage import unreadable_of
from synth_assets.lake.faults import READING_FAILED, told_of
from synth_assets.lake.ledger import Origin
from synth_assets.lake.pieces import rows_in
from synth_assets.lake.sandbox import check_select
from synth_assets.lake.scans import lazy_rows, rows_of
from synth_assets.lake.settings import LakeSettings
from synth_assets.lake.sql import Partition, literal, quoted_list, stored, within
from synth_assets.lake.storage import CATALOGUE, cut_by, merge_small_files
from synth_assets.lake.upgrading import lacking
from synth_assets.lake.writing import Healing, checked, insert, replacement
from synth_assets.tables import TABLES, Table

T = TypeVar("T")

FOUND_BY_FILES = 100
"""Up to so many partitions are read from the files that hold them, which are then found more quickly."""


@dataclass(frozen=True)
class Commit:
    """What a commit wrote: its snapshot, rows of the table, quarantine rows, bytes of new files, wall time.

    `partitions` has a row for each partition replaced: its key, content hash, rows and quarantined rows. `before` is
    the ledger of those of them that stood before; None where it could not be read.
    """

    snapshot: int
    rows: int
    quarantined: int
    bytes: int
    seconds: float
    partitions: pl.DataFrame
    before: pl.DataFrame | None


class Lake:
    """A lake at the place its settings name.

    One object may serve many threads, survives a fork, and travels between processes as its settings. The connection
    is opened at first use and kept for the life of the process.
    """

    def __init__(self, settings: LakeSettings) -> None:
        self.settings = settings
        # By process: a connection inherited through a fork must neither be used nor closed, so it is left alone.
        self._connections: dict[int, duckdb.DuckDBPyConnection] = {}
        self._sandboxes: dict[int, duckdb.DuckDBPyConnection] = {}
        self._complete = False

    def __reduce__(self) -> tuple[type["Lake"], tuple[LakeSettings]]:
        """A lake is pickled as its settings."""
        return Lake, (self.settings,)

    def close(self) -> None:
        """Close this process's connections; the next use opens new ones."""
        for connections in (self._connections, self._sandboxes):
            connection = connections.pop(os.getpid(), None)
            if connection is not None:
                connection.close()

    def create(self) -> None:
        """Make the lake, or add to one of an earlier release what it lacks. Costs nothing where nothing is lacking.

        Raises SynthAssetsError where the folder cannot be written, or where what is lacking cannot be added.
        """
        if self._complete:
            return
        try:
            self.settings.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SynthAssetsError(
                f"The lake's folder {self.settings.folder} cannot be made ({error.strerror}): choose another folder."
            ) from error
        with commit_lock(self.settings):
            process = os.getpid()
            if process not in self._connections:
                self._connections[process] = open_lake(self.settings, create=True)
            with self._connections[process].cursor() as cursor:
                # The query of a view names tables alone.
                cursor.execute("USE lake")
                with transaction(cursor):
                    for statement in lacking(cursor):
                        cursor.execute(statement)
                    cursor.execute("COMMIT")
        self._complete = True

    def read(
        self,
        table: Table | str,
        partitions: Mapping[str, Sequence[str]] | None = None,
        columns: Sequence[str] | None = None,
        snapshot: int | None = None,
        ordered: bool = True,
    ) -> pl.DataFrame:
        """Rows in the order of partition and key, as of `snapshot` (the newest by default).

        `partitions` gives the wanted values of some partition columns (all partitions by default); `columns` limits
        what is read. Rows that are not to be `ordered` come as they are stored, which spares reading the columns of
        the order where they are not wanted themselves. Everything comes from one snapshot.
        """
        table = table_named(table)
        wanted = list(columns if columns is not None else table.columns)
        condition = self._condition(table, partitions)
        few = _few(table, partitions or {}) if snapshot is None else []
        with self.reading(table, snapshot) as cursor:
            if few:
                newest = _number(cursor.execute("SELECT id FROM lake.current_snapshot()"))
                relation = rows_in(cursor, table, few, newest)
                return rows_of(cursor, table, relation, "true", wanted, ordered=ordered)
            return rows_of(cursor, table, stored(table, snapshot), condition, wanted, ordered=ordered)

    def scan(
        self,
        table: Table | str,
        partitions: Mapping[str, Sequence[str]] | None = None,
        columns: Sequence[str] | None = None,
        snapshot: int | None = None,
        ordered: bool = True,
    ) -> pl.LazyFrame:
        """The same rows as a lazy frame, read when it is collected in batches of whole partitions.

        Only the columns a query needs are read. The snapshot is fixed now, so what is collected later, even twice, is
        the same.
        """
        table = table_named(table)
        condition = self._condition(table, partitions)
        snapshot = self.current_snapshot() if snapshot is None else snapshot
        reading = partial(self.reading, table, snapshot)
        rows = lazy_rows(table, stored(table, snapshot), condition, reading, ordered=ordered)
        return rows if columns is None else rows.select(columns)

    def replace(
        self,
        table: Table | str,
        rows: pl.DataFrame,
        partitions: Sequence[Partition] = (),
        quarantined: pl.DataFrame | None = None,
        message: str | None = None,
        origin: Origin | None = None,
    ) -> Commit:
        """Replace exactly these partitions (a table without partitions: all of it) in one transaction.

        The quarantine rows of the same stage and partitions are replaced with them, and the ledger says so, naming
        the `origin`. Raises ValueError for rows that
        do not conform, that belong to other partitions, or that repeat a key; nothing is written then.
        Partitions of which a file cannot be read any more are replaced like any other.
        """
        table = table_named(table)
        new = replacement(table, rows, partitions, quarantined, origin)
        started = time.perf_counter()
        message = message or f"replace {table.name}"
        details = {"table": table.name, "partitions": len(partitions)}
        try:
            snapshot, size, before = self.commit(message, details, new.write)
        except READING_FAILED:
            with self.reading() as cursor:
                if new.beside_unreadable(cursor) is None:
                    raise
            healing = Healing(new)
            snapshot, size, before = self.commit(message, details, healing.write, healing.end_given_up)
        seconds = time.perf_counter() - started
        return Commit(snapshot, new.rows.height, new.quarantine.height, size, seconds, new.contents, before)

    def append(self, rows: Mapping[str, pl.DataFrame], message: str) -> int:
        """Add rows to tables, by their names, in one transaction: the snapshot made.

        No key is looked up, so that it takes as long however much there is: that it is new is for the caller to know.
        Where the tables end with too many small files, these are merged along with it. Raises ValueError for rows
        that do not conform or that repeat a key among themselves; nothing is written then.
        """
        new = [(table, checked(table, added)) for table, added in ((table_named(name), rows[name]) for name in rows)]

        def write(cursor: duckdb.DuckDBPyConnection, _: int) -> None:
            merge_small_files(cursor, [table for table, _ in new])
            for table, added in new:
                insert(cursor, table, added)

        return self.commit(message, {"tables": list(rows)}, write)[0]

    def commit(
        self,
        message: str,
        details: Mapping[str, object],
        write: Callable[[duckdb.DuckDBPyConnection, int], T],
        afterwards: Callable[[duckdb.DuckDBPyConnection], None] | None = None,
    ) -> tuple[int, int, T]:
        """Run `write` in a transaction under the commit lock: the snapshot made, the bytes of its files, its result.

        `write` is told the snapshot it is to become: under the lock, that is the next one. What is to be done
        `afterwards`, once it is committed, is done under the same lock.
        """
        self.create()

        def attempt() -> tuple[int, int, T]:
            with commit_lock(self.settings), self.cursor() as cursor:
                with transaction(cursor):
                    before = _number(cursor.execute("SELECT id FROM lake.current_snapshot()"))
                    result = write(cursor, before + 1)
                    described = f"{literal(message)}, extra_info => {literal(json.dumps(details))}"
                    cursor.execute(f"CALL ducklake_set_commit_message('lake', 'synth_assets', {described})")
                    cursor.execute("COMMIT")
                if afterwards is not None:
                    afterwards(cursor)
                after = _number(cursor.execute("SELECT id FROM lake.current_snapshot()"))
                size = cursor.execute(
                    f"SELECT coalesce(sum(file_size_bytes), 0)::BIGINT FROM {CATALOGUE}.ducklake_data_file "
                    f"WHERE begin_snapshot > {before}"
                )
                return after, _number(size), result

        return retry_conflicts(self.settings, attempt)

    def query(
        self,
        sql: str,
        as_of: int | datetime | None = None,
        parameters: Sequence[object] | Mapping[str, object] | None = None,
    ) -> pl.DataFrame:
        """The result of one SELECT over the lake (as it was at a snapshot or time, where given).

        It can neither write nor read anything outside the lake. Raises SynthAssetsError for any other statement and
        with DuckDB's message for one that fails.
        """
        with self._sandbox(as_of) as connection:
            check_select(connection, sql)
            connection.execute("USE lake")
            try:
                return pl.DataFrame(connection.sql(sql, params=parameters))
            except READING_FAILED as error:
                told = told_of(error, self.settings)
                raise told or SynthAssetsError(f"The query failed: {error}") from error

    def current_snapshot(self) -> int:
        """The newest snapshot."""
        with self.reading() as cursor:
            return _number(cursor.execute("SELECT id FROM lake.current_snapshot()"))

    def snapshots(self) -> pl.DataFrame:
        """Every snapshot kept, oldest first: `snapshot`, `time` (UTC), `message`, `details` (JSON)."""
        with self.reading() as cursor:
            return pl.DataFrame(
                cursor.sql(
                    "SELECT snapshot_id AS snapshot, snapshot_time AS time, commit_message AS message, "
                    "commit_extra_info AS details FROM lake.snapshots() ORDER BY snapshot_id"
                )
            )

    def row_counts(self, table: Table | str, snapshot: int | None = None) -> pl.DataFrame:
        """Rows of each partition that has any: the partition columns, `rows`, and the `snapshot` that wrote them."""
        table = table_named(table)
        columns = quoted_list(table.partitioned_by)
        grouped = f"GROUP BY {columns} ORDER BY {columns}" if columns else "HAVING count(*) > 0"
        with self.reading(table, snapshot) as cursor:
            return pl.DataFrame(
                cursor.sql(
                    f"SELECT {columns + ',' if columns else ''} count(*) AS rows, max(snapshot_id) AS snapshot "
                    f"FROM {stored(table, snapshot)} {grouped}"
                )
            )

    def row_count(self, table: Table | str, snapshot: int | None = None) -> int:
        """Rows of the whole table."""
        with self.reading() as cursor:
            return _number(cursor.execute(f"SELECT count(*) FROM {stored(table_named(table), snapshot)}"))

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of one's own to this process's DuckDB, with the lake attached as `lake`; to be closed."""
        process = os.getpid()
        if process not in self._connections:
            self._connections.setdefault(process, open_lake(self.settings))
        self._bring_up(self._connections[process])
        return self._connections[process].cursor()

    @contextmanager
    def reading(self, table: Table | None = None, snapshot: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor whose failures to read are sentences: SynthAssetsError.

        They tell of an earlier snapshot that cannot be read, of what the lake stands on, and, where the `table` that
        is read is given, of files of it that cannot be read.
        """
        with self.cursor() as cursor:
            try:
                yield cursor
            except READING_FAILED as error:
                told = told_of(error, self.settings) or self._of_snapshot(error)
                if told is None and table is not None:
                    with self.cursor() as other:
                        told = unreadable_of(other, table, snapshot, error, self.settings)
                if told is None:
                    raise
                raise told from error

    def _of_snapshot(self, error: Exception) -> SynthAssetsError | None:
        """The sentence about a snapshot that is gone, or that had other tables; None where `error` is no such thing."""
        first = str(error).splitlines()[0]
        if "No snapshot found" in first:
            return SynthAssetsError(
                f"{first.removeprefix('Invalid Input Error: ')}, which has expired (see lake.keep_snapshots_days) or "
                "never was: `synth-assets sql 'FROM snapshots()'` lists those kept."
            )
        if isinstance(error, duckdb.CatalogException | duckdb.BinderException):
            return SynthAssetsError(
                f"The lake {self.settings.title} had another shape at that snapshot ({first}): query what it had with "
                "`synth-assets sql --as-of`."
            )
        return None

    def _sandbox(self, as_of: int | datetime | None) -> duckdb.DuckDBPyConnection:
        """A connection for a person's SQL, to be closed. The one that looks at the newest snapshot is kept open."""
        if as_of is not None:
            return open_sandbox(self.settings, as_of)
        process = os.getpid()
        if process not in self._sandboxes:
            self._sandboxes.setdefault(process, open_sandbox(self.settings))
        self._bring_up(self._sandboxes[process])
        return self._sandboxes[process].cursor()

    def _bring_up(self, opened: duckdb.DuckDBPyConnection) -> None:
        """Add what the lake lacks where it was made by an earlier release, so that it can be read like any other."""
        if not self._complete:
            with opened.cursor() as cursor:
                self._complete = not lacking(cursor)
            self.create()

    @staticmethod
    def _condition(table: Table, partitions: Mapping[str, Sequence[str]] | None) -> str:
        unknown = set(partitions or ()) - set(table.partitioned_by)
        if unknown:
            raise ValueError(f"table {table.name} is partitioned by {table.partitioned_by}, not by {sorted(unknown)}")
        return within(partitions or {})


def table_named(table: Table | str) -> Table:
    """The table of this name. Raises SynthAssetsError where there is none."""
    if isinstance(table, Table):
        return table
    if table not in TABLES:
        raise SynthAssetsError(f"The lake has no table {table!r}; its tables are {', '.join(TABLES)}.")
    return TABLES[table]


def _few(table: Table, box: Mapping[str, Sequence[str]]) -> list[Partition]:
    """The partitions of a box, where these are few and whole files hold their rows; none where not."""
    columns = table.partitioned_by
    if not columns or set(box) != set(columns) or cut_by(table) != columns:
        return []
    values = [sorted(set(box[column])) for column in columns]
    if prod(map(len, values)) > FOUND_BY_FILES:
        return []
    return [dict(zip(columns, place, strict=True)) for place in product(*values)]


def _number(result: duckdb.DuckDBPyConnection) -> int:
    """The single number a query gives."""
    row = result.fetchone()
    if row is None:
        raise ValueError("a query that gives one number gave no row")
    return int(row[0])
