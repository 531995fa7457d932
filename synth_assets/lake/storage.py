"""How tables are kept in DuckLake: what a new or older lake lacks of this release, how files are cut, when they merge.

What does not live here: what the tables are (`tables.py`), and when any of this is done (`lake.py`).
"""

from collections.abc import Iterator, Mapping, Sequence

import duckdb

from synth_assets.errors import SynthAssetsError
from synth_assets.lake.sql import create_table, one_of, quoted, quoted_list, stored, type_of
from synth_assets.tables import MATERIALISATIONS, TABLES, TEACHER_RESPONSES, Table

CATALOGUE = "__ducklake_metadata_lake"
"""The catalogue's own database, as DuckLake attaches it."""

CUT_OTHERWISE: Mapping[str, tuple[str, ...]] = {
    # The ledger of a table is written anew at each commit: a file a partition would cost more than the rows.
    MATERIALISATIONS.name: ("stage",),
    # Never replaced, and looked up by hash over everything: cutting it would only give three files where one does.
    TEACHER_RESPONSES.name: (),
}
"""The columns by which files are cut, where they are not those that are replaced together."""

SMALL_FILE_BYTES = 4_000_000
"""Files below this are merged; what is larger is left alone, so that few rows are written anew more than once."""

MERGED_TOGETHER = 32
"""Small files a table that is only added to may end with. Merging so many takes about 0.2 s."""


def cut_by(table: Table) -> tuple[str, ...]:
    """The columns whose values a data file holds one of."""
    return CUT_OTHERWISE.get(table.name, table.partitioned_by)


def lacking(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    """The statements that add what this lake lacks of this release: none where it was made by the same one.

    Tables, columns that may be null, and other cuts of files can be added; rows stay as they are. Raises
    SynthAssetsError where a column is lacking that may not be null.
    """
    columns = _columns(cursor)
    cuts = _cuts(cursor)
    return [
        statement
        for table in TABLES.values()
        for statement in _brought_up(table, columns.get(table.name), cuts.get(table.name, ()))
    ]


def _brought_up(table: Table, present: Sequence[str] | None, cut: Sequence[str]) -> Iterator[str]:
    if present is None:
        yield create_table(table)
    for name, column in table.columns.items():
        if present is None or name in present:
            continue
        if not column.nullable:
            raise SynthAssetsError(
                f"The lake was made by an earlier release: its table {table.name} lacks the column {name}, which may "
                "not be empty. Make a new lake with `synth-assets run --lake <another folder>`, or use that release."
            )
        yield f"ALTER TABLE {stored(table)} ADD COLUMN {quoted(name)} {type_of(column)}"
    if tuple(cut) != cut_by(table):
        by = f"SET PARTITIONED BY ({quoted_list(cut_by(table))})" if cut_by(table) else "RESET PARTITIONED BY"
        yield f"ALTER TABLE {stored(table)} {by}"


def _columns(cursor: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """The columns of each table there is. DuckDB's own list of tables takes 25 ms to make."""
    found = cursor.execute(
        f"SELECT table_name, list(column_name) FROM {CATALOGUE}.ducklake_table AS t "
        f"JOIN {CATALOGUE}.ducklake_column AS c USING (table_id) "
        "WHERE t.end_snapshot IS NULL AND c.end_snapshot IS NULL AND c.parent_column IS NULL GROUP BY table_name"
    )
    return dict(found.fetchall())


def _cuts(cursor: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """The columns by which each table's files are cut, where they are."""
    found = cursor.execute(
        f"SELECT table_name, list(column_name ORDER BY partition_key_index) FROM {CATALOGUE}.ducklake_table AS t "
        f"JOIN {CATALOGUE}.ducklake_partition_info AS p USING (table_id) "
        f"JOIN {CATALOGUE}.ducklake_partition_column AS k USING (table_id, partition_id) "
        f"JOIN {CATALOGUE}.ducklake_column AS c USING (table_id, column_id) "
        "WHERE t.end_snapshot IS NULL AND p.end_snapshot IS NULL AND c.end_snapshot IS NULL GROUP BY table_name"
    )
    return dict(found.fetchall())


def merge_small_files(cursor: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> None:
    """Write the newest rows of those tables that have too many small files anew, as one file, in the same order.

    An ordinary deletion and insertion within the cursor's transaction, which no reader notices. DuckLake's own
    `ducklake_merge_adjacent_files` takes files out of the catalogue that a query has already begun to look for: with
    the catalogue in SQLite, such a query finds the table empty.
    """
    found = cursor.execute(
        "WITH live AS ("
        f"SELECT table_name, row_id_start, record_count, file_size_bytes < {SMALL_FILE_BYTES} AS small "
        f"FROM {CATALOGUE}.ducklake_data_file AS f JOIN {CATALOGUE}.ducklake_table AS t USING (table_id) "
        f"WHERE {one_of('table_name', [table.name for table in tables])} "
        "AND t.end_snapshot IS NULL AND f.end_snapshot IS NULL), "
        "large AS (SELECT table_name, max(row_id_start) AS last FROM live WHERE NOT small GROUP BY table_name) "
        "SELECT table_name, min(row_id_start), max(row_id_start + record_count) - 1 "
        "FROM live LEFT JOIN large USING (table_name) WHERE row_id_start > coalesce(last, -1) "
        f"GROUP BY table_name HAVING count(*) >= {MERGED_TOGETHER}"
    )
    for name, first, last in found.fetchall():
        table, newest = stored(TABLES[name]), f"rowid BETWEEN {first} AND {last}"
        cursor.execute(f"INSERT INTO {table} BY NAME SELECT * FROM {table} WHERE {newest} ORDER BY rowid")
        cursor.execute(f"DELETE FROM {table} WHERE {newest}")
