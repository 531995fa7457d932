"""Which SQL a person may run on the lake: one SELECT over its tables, and nothing that reaches past them.

`connections.open_sandbox` already forbids writing and other files. That is not enough: the catalogue's own extensions
bring table functions (`sqlite_scan`, `postgres_query`) that do not obey DuckDB's file rules, and the catalogue's
database may hold tables of others. So a query is parsed: every function in its FROM must be on a list, and a relation
may be neither a file nor one of DuckDB's views of itself, which show settings and addresses.
"""

import json
from collections.abc import Iterator
from typing import Any

import duckdb

from synth_assets.errors import SynthAssetsError

TABLE_FUNCTIONS = frozenset(
    {
        "range",
        "generate_series",
        "unnest",
        "repeat",
        "json_each",
        "json_tree",
        "generate_subscripts",
        "snapshots",
        "current_snapshot",
        "last_committed_snapshot",
        "table_info",
        "table_changes",
        "table_insertions",
        "table_deletions",
        "ducklake_snapshots",
        "ducklake_current_snapshot",
        "ducklake_table_info",
        "ducklake_table_changes",
        "ducklake_table_insertions",
        "ducklake_table_deletions",
        "duckdb_tables",
        "duckdb_columns",
        "duckdb_functions",
    }
)
"""Functions a query may select from: series, JSON, and DuckLake's own views of snapshots and changes."""

REFUSED_FUNCTIONS = frozenset(
    {
        *("current_setting", "getenv", "getvariable"),  # what surrounds the lake
        *("write_log", "nextval", "currval", "setseed", "sleep_ms", "pg_sleep"),  # what changes or holds up the server
        *("json_execute_serialized_sql", "json_deserialize_sql"),
    }
)
"""Functions a query may not call anywhere. DuckDB has no other whose value does not come from its arguments alone, but
for time, chance, and names of the session."""

OWN_VIEWS = ("duckdb_", "pragma_", "pg_", "sqlite_")
"""How the names of DuckDB's views of itself begin; those of `TABLE_FUNCTIONS` may be read by name as well."""

OWN_SCHEMAS = frozenset({"pg_catalog"})
OWN_CATALOGUES = frozenset({"system", "temp"})

OF_FILES = frozenset("/\\:*?")
"""Characters that make DuckDB take the name of a relation for a file or an address."""

CATALOGUE = "__ducklake_metadata"
"""How the name of the catalogue's database begins."""


def check_select(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raise SynthAssetsError unless `sql` is one SELECT that stays within the lake."""
    row = connection.execute("SELECT json_serialize_sql(?)", [sql]).fetchone()
    parsed: dict[str, Any] = json.loads(row[0]) if row else {}
    if parsed.get("error_type") == "parser":
        raise SynthAssetsError(f"The query cannot be parsed ({parsed['error_message']}).")
    if parsed.get("error") or len(parsed["statements"]) != 1:
        raise SynthAssetsError("The lake is read only here: write one SELECT (WITH, FROM, DESCRIBE also start one).")
    for node in _nodes(parsed):
        _check_function(node)
        _check_relation(node)


def _check_function(node: dict[str, Any]) -> None:
    if node["type"] == "TABLE_FUNCTION":
        name = str(node["function"].get("function_name", "")).lower()
        if name not in TABLE_FUNCTIONS:
            raise SynthAssetsError(f"The function {name} may not be selected from: read the lake's own tables.")
    called = str(node.get("function_name", "")).lower()
    if called in REFUSED_FUNCTIONS:
        raise SynthAssetsError(f"The function {called} may not be called: its value is none of the lake's.")


def _check_relation(node: dict[str, Any]) -> None:
    """Tables, and what DESCRIBE and SUMMARIZE are about."""
    catalogue, schema, name = (
        str(node.get(part, "")).lower().strip('"') for part in ("catalog_name", "schema_name", "table_name")
    )
    if any(place.startswith(CATALOGUE) for place in (catalogue, schema)):
        raise SynthAssetsError("The catalogue's own tables may not be read: use snapshots() and table_info().")
    if OF_FILES & set(name):
        raise SynthAssetsError(
            f"{name!r} is a file or an address, not a table of the lake: read the lake's own tables."
        )
    own = name.startswith(OWN_VIEWS) and name not in TABLE_FUNCTIONS
    if own or schema in OWN_SCHEMAS or catalogue in OWN_CATALOGUES:
        raise SynthAssetsError(f"{name} is a view of DuckDB itself: read the lake's own tables, or duckdb_tables().")


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    """Every object of the parsed statement that has a type by name."""
    if isinstance(tree, dict):
        if isinstance(tree.get("type"), str):
            yield tree
        for branch in tree.values():
            yield from _nodes(branch)
    elif isinstance(tree, list):
        for branch in tree:
            yield from _nodes(branch)
