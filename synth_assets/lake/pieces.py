"""The rows of a few partitions, read from the files that hold them, however many other partitions there are.

DuckLake finds the files for a condition by the statistics it has of every column of every file. From a catalogue in
SQLite it reads all of them, of all tables, for each column of the condition: 0.2 s where there are 80,000 files. Here
the catalogue is asked for the files by the values that it knows them to be cut by.

What does not live here: reading tables in general (`lake.py`), and files that cannot be read (`damage.py`).
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import duckdb

from synth_assets.lake.sql import Partition, literal, of_partitions, stored
from synth_assets.lake.storage import CATALOGUE, cut_by
from synth_assets.tables import Table

_PATTERN = re.compile(r"[*?\[]")


def rows_in(cursor: duckdb.DuckDBPyConnection, table: Table, partitions: Sequence[Partition], snapshot: int) -> str:
    """What an SQL query writes after FROM to read the rows of these partitions as of a snapshot.

    The partitions are as the files of the table are cut (`storage.cut_by`). Where the rows are not just what the files
    hold, since some were deleted singly, or a file was cut otherwise or had other columns in an earlier release,
    DuckLake reads them; also where a path would be taken for a pattern.
    """
    cut = replace(table, partitioned_by=cut_by(table))
    files = _files_in(cursor, cut, partitions, snapshot)
    if files is None or any(_PATTERN.search(path) for path in files):
        return f"(FROM {stored(table, snapshot)} WHERE {of_partitions(cut, partitions)})"
    if not files:
        return f"(FROM {stored(table, snapshot)} WHERE false)"
    return f"read_parquet([{', '.join(map(literal, files))}], hive_partitioning => false, union_by_name => true)"


def _files_in(
    cursor: duckdb.DuckDBPyConnection, cut: Table, partitions: Sequence[Partition], snapshot: int
) -> list[str] | None:
    """The files that hold the rows of these partitions and no others; None where there are no such files."""
    wanted = ", ".join(f"[{', '.join(literal(one[column]) for column in cut.partitioned_by)}]" for one in partitions)
    found = cursor.execute(
        f"WITH own AS (SELECT table_id FROM {CATALOGUE}.ducklake_table "
        f"WHERE table_name = {literal(cut.name)} AND end_snapshot IS NULL), "
        f"cuts AS (SELECT partition_id FROM {CATALOGUE}.ducklake_partition_info SEMI JOIN own USING (table_id) "
        "WHERE end_snapshot IS NULL), "
        f"columns AS (SELECT max(begin_snapshot) AS since FROM {CATALOGUE}.ducklake_column "
        "SEMI JOIN own USING (table_id)), "
        "live AS (SELECT data_file_id, path, partition_id IN (FROM cuts) AS as_cut, mapping_id IS NULL AND partial_max "
        "IS NULL AND begin_snapshot >= (FROM columns) AS whole "
        f"FROM {CATALOGUE}.ducklake_data_file SEMI JOIN own USING (table_id) "
        f"WHERE begin_snapshot <= {int(snapshot)} AND coalesce(end_snapshot > {int(snapshot)}, true)), "
        "held AS (SELECT data_file_id, list(partition_value ORDER BY partition_key_index) AS held "
        f"FROM {CATALOGUE}.ducklake_file_partition_value SEMI JOIN own USING (table_id) GROUP BY data_file_id) "
        "SELECT listed.data_file, listed.delete_file IS NULL AND as_cut AND whole "
        "FROM live LEFT JOIN held USING (data_file_id) "
        f"JOIN ducklake_list_files('lake', {literal(cut.name)}, snapshot_version => {int(snapshot)}) AS listed "
        "ON parse_filename(listed.data_file) = parse_filename(live.path) "
        f"WHERE held IN ({wanted}) OR as_cut IS DISTINCT FROM true"
    ).fetchall()
    return [path for path, _ in found] if all(plain for _, plain in found) else None
