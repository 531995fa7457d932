"""How tables are kept in DuckLake: how files are cut, how large rows are, when small files merge.

What does not live here: what the tables are (`tables.py`), what a lake of another release lacks (`upgrading.py`), and
when any of this is done (`lake.py`).
"""

from collections.abc import Mapping, Sequence

import duckdb

from synth_assets.lake.sql import literal, one_of, stored
from synth_assets.tables import (
    MATERIALISATIONS,
    TABLES,
    TEACHER_RESPONSES,
    TEACHER_USAGE,
    TEXT_VECTORS,
    Table,
)

CATALOGUE = "__ducklake_metadata_lake"
"""The catalogue's own database, as DuckLake attaches it."""

CUT_OTHERWISE: Mapping[str, tuple[str, ...]] = {
    # The ledger of a table is written anew at each commit: a file a partition would cost more than the rows.
    MATERIALISATIONS.name: ("stage",),
    # Never replaced, and looked up by hash over everything: cutting it would only give three files where one does.
    TEACHER_RESPONSES.name: (),
}
"""The columns by which files are cut, where they are not those that are replaced together."""

ADDED_TO = (TEACHER_RESPONSES, TEXT_VECTORS, TEACHER_USAGE)
"""Tables whose rows are added, never replaced. The order in which they came says which of two is the later."""

SMALL_FILE_BYTES = 4_000_000
"""Files below this are merged; what is larger is left alone, so that few rows are written anew more than once."""

MERGED_TOGETHER = 32
"""Small files a table that is only added to may end with. Merging so many takes about 0.2 s."""

UNPACKED = 3
"""Bytes of a column in memory for one in its file, beside its fixed width: what Snappy saves on texts, roughly."""

FIXED_BYTES = 16
"""Bytes of a value in memory, whatever it holds: at most those of a number, or of a text's place."""


def cut_by(table: Table) -> tuple[str, ...]:
    """The columns whose values a data file holds one of."""
    return CUT_OTHERWISE.get(table.name, table.partitioned_by)


def row_bytes(cursor: duckdb.DuckDBPyConnection, table: Table, columns: Sequence[str]) -> int:
    """Memory a row of these columns takes, in bytes, as far as the sizes of the table's present files tell."""
    found = cursor.execute(
        f"WITH files AS (SELECT data_file_id, record_count FROM {CATALOGUE}.ducklake_data_file AS f "
        f"JOIN {CATALOGUE}.ducklake_table AS t USING (table_id) WHERE table_name = {literal(table.name)} "
        "AND t.end_snapshot IS NULL AND f.end_snapshot IS NULL), "
        # The values of a list are counted with the column below it.
        "parts AS (SELECT c.table_id, c.column_id, coalesce(list.column_name, c.column_name) AS column_name "
        f"FROM {CATALOGUE}.ducklake_column AS c LEFT JOIN {CATALOGUE}.ducklake_column AS list "
        "ON list.table_id = c.table_id AND list.column_id = c.parent_column AND list.end_snapshot IS NULL "
        "WHERE c.end_snapshot IS NULL) "
        "SELECT sum(column_size_bytes) / (SELECT sum(record_count) FROM files) "
        f"FROM {CATALOGUE}.ducklake_file_column_stats JOIN files USING (data_file_id) "
        f"JOIN parts USING (table_id, column_id) WHERE {one_of('column_name', columns)}"
    ).fetchone()
    packed = float(found[0] or 0) if found else 0.0
    return FIXED_BYTES * len(columns) + round(UNPACKED * packed)


def merge_small_files(
    cursor: duckdb.DuckDBPyConnection,
    tables: Sequence[Table],
    small: int | None = None,
    at_least: int | None = None,
) -> None:
    """Write the newest rows of those tables that have too many small files anew, as one file, in the same order.

    Too many are `at_least` so many below `small` bytes; by default what a table may end with while rows are added.

    An ordinary deletion and insertion within the cursor's transaction, which no reader notices. DuckLake's own
    `ducklake_merge_adjacent_files` takes files out of the catalogue that a query has already begun to look for: with
    the catalogue in SQLite, such a query finds the table empty.
    """
    small, at_least = small or SMALL_FILE_BYTES, at_least or MERGED_TOGETHER
    for name, (first, last) in ending_with_small_files(cursor, tables, small, at_least).items():
        table, newest = stored(TABLES[name]), f"rowid BETWEEN {first} AND {last}"
        cursor.execute(f"INSERT INTO {table} BY NAME SELECT * FROM {table} WHERE {newest} ORDER BY rowid")
        cursor.execute(f"DELETE FROM {table} WHERE {newest}")


def ending_with_small_files(
    cursor: duckdb.DuckDBPyConnection, tables: Sequence[Table], small: int, at_least: int
) -> dict[str, tuple[int, int]]:
    """The tables, by name, that end with `at_least` so many files below `small` bytes: first and last row id of these.

    Only the end of a table is ever looked at: the rows of answers are found in the order in which they came, and rows
    written anew come last.
    """
    found = cursor.execute(
        "WITH live AS ("
        f"SELECT table_name, row_id_start, record_count, file_size_bytes < {small} AS small "
        f"FROM {CATALOGUE}.ducklake_data_file AS f JOIN {CATALOGUE}.ducklake_table AS t USING (table_id) "
        f"WHERE {one_of('table_name', [table.name for table in tables])} "
        "AND t.end_snapshot IS NULL AND f.end_snapshot IS NULL), "
        "large AS (SELECT table_name, max(row_id_start) AS last FROM live WHERE NOT small GROUP BY table_name) "
        "SELECT table_name, min(row_id_start), max(row_id_start + record_count) - 1 "
        "FROM live LEFT JOIN large USING (table_name) WHERE row_id_start > coalesce(last, -1) "
        f"GROUP BY table_name HAVING count(*) >= {at_least}"
    )
    return {name: (first, last) for name, first, last in found.fetchall()}
