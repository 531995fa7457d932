"""Data files that cannot be read any more: which they are, what is said of them, and how the lake goes on without them.

A file whose bytes were changed, cut off or deleted is found out by reading it whole, once something has failed: the
error itself often does not name it. Making its partition again heals the table. DuckLake must read a file in order to
delete its rows, so the new rows are committed beside it, and under the same lock the catalogue then ends the
partition's older files. Until then whoever reads that partition is told that it cannot be read: nobody ever sees it
half. Snapshots from before go on naming the file, and can be read again where a copy is brought back.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from synth_assets.errors import SynthAssetsError
from synth_assets.lake.connections import transaction
from synth_assets.lake.settings import LakeSettings
from synth_assets.lake.sql import Partition, literal
from synth_assets.lake.storage import ADDED_TO, CATALOGUE, cut_by
from synth_assets.tables import Table


@dataclass(frozen=True)
class DataFile:
    """A file of a table: its number in the catalogue, where it is, and the partition all of its rows belong to.

    `partition` is None where the catalogue does not know it: the file was written before the table was cut.
    """

    number: int
    paths: tuple[str, ...]
    rows: int
    partition: Partition | None

    def holds_only(self, partitions: Collection[Partition]) -> bool:
        """Whether all of its rows belong to one of these partitions."""
        return self.partition is not None and dict(self.partition) in [dict(one) for one in partitions]


@dataclass(frozen=True)
class UnreadableFile:
    """A file of a table that cannot be read, and why not."""

    table: Table
    file: DataFile
    path: str
    reason: str

    def problem(self, settings: LakeSettings) -> SynthAssetsError:
        """The sentence about it."""
        values = "|".join((self.file.partition or {}).values())
        place = f"partition {values} of the table {self.table.name}" if values else f"the table {self.table.name}"
        if self.table in ADDED_TO:
            way_out = "bring it back from a copy of the lake"
        else:
            stage = (self.file.partition or {}).get("stage", self.table.name)
            again = f"materialise {'that partition' if values else 'it'} again"
            way_out = f"bring it back from a copy, or {again} in the Dagster UI" + (
                f" (the asset {stage})" if stage != self.table.name else ""
            )
        shown = self.path.removeprefix(f"{settings.folder}/")
        return SynthAssetsError(
            f"The file {shown} with rows of {place} in the lake {settings.title} cannot be read "
            f"({self.reason}): {way_out}."
        )


def unreadable_of(
    cursor: duckdb.DuckDBPyConnection,
    table: Table,
    snapshot: int | None,
    error: Exception,
    settings: LakeSettings,
) -> SynthAssetsError | None:
    """The sentence about a file of the table, as of a snapshot, behind an error of reading it; None for any other.

    Where the error's words name no file, each is read whole until one is found.
    """
    try:
        files = files_of(cursor, table, snapshot)
        named = [file for file in files if any(Path(path).name in str(error) for path in file.paths)]
        found = next(unreadable(cursor, table, named or files), None)
    except duckdb.Error:
        return None  # the catalogue cannot be asked: what it was about is said by the error itself
    return None if found is None else found.problem(settings)


def unreadable(cursor: duckdb.DuckDBPyConnection, table: Table, files: Sequence[DataFile]) -> Iterator[UnreadableFile]:
    """Those of some files that cannot be read, found by reading each."""
    for file in files:
        for number, path in enumerate(file.paths):
            reason = _why_not(cursor, path, file.rows if number == 0 else None)
            if reason is not None:
                yield UnreadableFile(table, file, path, reason)
                break


def files_of(cursor: duckdb.DuckDBPyConnection, table: Table, snapshot: int | None = None) -> list[DataFile]:
    """The files a table consists of, as of a snapshot (the newest by default), each with its file of deletions."""
    as_of = "" if snapshot is None else f", snapshot_version => {int(snapshot)}"
    listed = cursor.execute(
        f"SELECT data_file, delete_file FROM ducklake_list_files('lake', {literal(table.name)}{as_of})"
    ).fetchall()
    known = cursor.execute(
        "SELECT f.path, f.data_file_id, f.record_count, (SELECT list(partition_value ORDER BY partition_key_index) "
        f"FROM {CATALOGUE}.ducklake_file_partition_value AS v WHERE v.data_file_id = f.data_file_id) "
        f"FROM {CATALOGUE}.ducklake_data_file AS f JOIN {CATALOGUE}.ducklake_table AS t USING (table_id) "
        f"WHERE table_name = {literal(table.name)} AND t.end_snapshot IS NULL"
    ).fetchall()
    by_name = {Path(path).name: rest for path, *rest in known}
    found = []
    for data, deletions in listed:
        number, rows, values = by_name[Path(data).name]
        paths = (data,) if deletions is None else (data, deletions)
        found.append(DataFile(number, paths, rows, _partition(table, values or ())))
    return found


def end_files(cursor: duckdb.DuckDBPyConnection, files: Mapping[str, Sequence[DataFile]], message: str) -> None:
    """Take files out of their tables, by the tables' names, as one new snapshot; the files themselves stay.

    What DuckLake writes when every row of a file is deleted, written without reading it. To be called under the
    commit lock and outside a transaction.
    """
    numbers = ", ".join(str(file.number) for of_table in files.values() for file in of_table)
    with transaction(cursor):
        tables = cursor.execute(
            f"SELECT table_id FROM {CATALOGUE}.ducklake_table WHERE end_snapshot IS NULL "
            f"AND table_name IN ({', '.join(literal(name) for name in files)})"
        ).fetchall()
        newest = f"(SELECT max(snapshot_id) FROM {CATALOGUE}.ducklake_snapshot)"
        (last,) = cursor.execute(f"SELECT {newest}").fetchone() or (0,)
        for records in ("ducklake_data_file", "ducklake_delete_file"):
            cursor.execute(
                f"UPDATE {CATALOGUE}.{records} SET end_snapshot = {last + 1} "
                f"WHERE data_file_id IN ({numbers}) AND end_snapshot IS NULL"
            )
        cursor.execute(
            f"INSERT INTO {CATALOGUE}.ducklake_snapshot (snapshot_id, snapshot_time, schema_version, next_catalog_id, "
            f"next_file_id) SELECT {last + 1}, now(), schema_version, next_catalog_id, next_file_id "
            f"FROM {CATALOGUE}.ducklake_snapshot WHERE snapshot_id = {last}"
        )
        changes = ",".join(f"deleted_from_table:{table}" for (table,) in tables)
        cursor.execute(
            f"INSERT INTO {CATALOGUE}.ducklake_snapshot_changes (snapshot_id, changes_made, author, commit_message) "
            f"VALUES ({last + 1}, {literal(changes)}, 'synth_assets', {literal(message)})"
        )
        cursor.execute("COMMIT")


def _partition(table: Table, values: Sequence[str]) -> Partition | None:
    columns = cut_by(table)
    return dict(zip(columns, values, strict=True)) if len(values) == len(columns) else None


def _why_not(cursor: duckdb.DuckDBPyConnection, path: str, rows: int | None) -> str | None:
    """Why a file cannot be read; None where it can, and holds so many rows. Every value of it is looked at."""
    try:
        found = cursor.execute(
            "SELECT count(*), bit_xor(hash(held)) "
            f"FROM read_parquet({literal(path)}, hive_partitioning => false) AS held"
        ).fetchone()
    except duckdb.Error as error:
        return str(error).splitlines()[0].replace(path, Path(path).name)
    if rows is not None and found is not None and found[0] != rows:
        return f"it holds {found[0]} rows, not {rows}"
    return None
