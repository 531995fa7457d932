"""What a lake made by an earlier release lacks of this one: tables, columns, other cuts of files, views.

What does not live here: what tables and views are (`tables.py`), and when it is added (`lake.py`).
"""

from collections.abc import Iterator, Mapping, Sequence

import duckdb

from synth_assets.errors import SynthAssetsError
from synth_assets.lake.sql import create_table, literal, quoted, quoted_list, stored, type_of
from synth_assets.lake.storage import CATALOGUE, cut_by
from synth_assets.tables import (
    CONCEPT_COOCCURRENCE,
    CONCEPT_EDGES,
    CONCEPT_FREQUENCIES,
    CONCEPT_NODES,
    LAKE_MAINTENANCE,
    MATERIALISATIONS,
    QUARANTINE,
    TABLES,
    VIEWS,
    Column,
    Table,
    View,
)

REMADE = frozenset(
    table.name for table in (CONCEPT_FREQUENCIES, CONCEPT_COOCCURRENCE, CONCEPT_NODES, CONCEPT_EDGES, LAKE_MAINTENANCE)
)
"""Tables whose rows the next run makes again from what the lake has, within minutes and without asking a teacher. Of
another shape than this release's, such a table is emptied and shaped anew, and counts as never made; of maintenance,
the figures of earlier runs are lost."""

CATALOGUE_TYPES: Mapping[str, str] = {
    "VARCHAR": "varchar",
    "BIGINT": "int64",
    "DOUBLE": "float64",
    "BOOLEAN": "boolean",
    "BLOB": "blob",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
}
"""DuckDB's types, less NOT NULL, as DuckLake's catalogue names them; a list of anything is a `list` there."""

HERE = "{DUCKLAKE_CATALOG}.main."
"""What DuckLake may write before a table's name in the query of a view, which is then looked up in the same lake."""


def lacking(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    """The statements that add what this lake lacks of this release: none where it was made by the same one.

    They are to be run within one transaction, with the lake in use. Tables, views, columns that may be null, and
    other cuts of files can be added; rows stay as they are, except those of :data:`REMADE`. Raises SynthAssetsError
    where another table lacks a column that may not be null.
    """
    shapes, cuts, views = _shapes(cursor), _cuts(cursor), _views(cursor)
    tables = (
        statement
        for table in TABLES.values()
        for statement in _brought_up(table, shapes.get(table.name), cuts.get(table.name, ()))
    )
    return [*tables, *(statement for view in VIEWS.values() for statement in _shown(cursor, view, views))]


def _brought_up(table: Table, present: Mapping[str, str] | None, cut: Sequence[str]) -> Iterator[str]:
    if present is not None and table.name in REMADE and present != _shape(table):
        yield f"DROP TABLE {stored(table)}"
        for record in (MATERIALISATIONS, QUARANTINE):
            yield f"DELETE FROM {stored(record)} WHERE stage = {literal(table.name)}"
        present, cut = None, ()
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


def _shown(cursor: duckdb.DuckDBPyConnection, view: View, present: Mapping[str, str]) -> Iterator[str]:
    before = present.get(view.name)
    if before is not None:
        if _spelt(cursor, before.replace(HERE, "")) == _spelt(cursor, view.query):
            return
        yield f"DROP VIEW {quoted(view.name)}"
    yield f"CREATE VIEW {quoted(view.name)} AS {view.query}"


def _spelt(cursor: duckdb.DuckDBPyConnection, query: str) -> str:
    """A query as DuckDB spells it, which is how it is kept."""
    row = cursor.execute("SELECT json_deserialize_sql(json_serialize_sql(?))", [query]).fetchone()
    return str(row[0]) if row else query


def _shape(table: Table) -> dict[str, str]:
    """The columns a table should have, with their types as the catalogue names them."""
    return {name: _catalogue_type(column) for name, column in table.columns.items()}


def _catalogue_type(column: Column) -> str:
    of_duckdb = type_of(column).removesuffix(" NOT NULL")
    return "list" if of_duckdb.endswith("[]") else CATALOGUE_TYPES[of_duckdb]


def _shapes(cursor: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """The columns and types of each table there is. DuckDB's own list of tables takes 25 ms to make."""
    found = cursor.execute(
        f"SELECT table_name, column_name, column_type FROM {CATALOGUE}.ducklake_table AS t "
        f"JOIN {CATALOGUE}.ducklake_column AS c USING (table_id) "
        "WHERE t.end_snapshot IS NULL AND c.end_snapshot IS NULL AND c.parent_column IS NULL"
    )
    shapes: dict[str, dict[str, str]] = {}
    for table, column, kept_as in found.fetchall():
        shapes.setdefault(table, {})[column] = kept_as
    return shapes


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


def _views(cursor: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The query of each view there is."""
    found = cursor.execute(f"SELECT view_name, sql FROM {CATALOGUE}.ducklake_view WHERE end_snapshot IS NULL")
    return dict(found.fetchall())
