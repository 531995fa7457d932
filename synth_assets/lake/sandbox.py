"""Which SQL a person may run on the lake: one SELECT over its tables, and nothing that reaches past them.

`connections.open_sandbox` already forbids writing and other files. That is not enough: the catalogue's own extensions
bring table functions (`sqlite_scan`, `postgres_query`) that do not obey DuckDB's file rules, and the catalogue's
database may hold tables of others. So a query is parsed, and every function in its FROM must be on a list.
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
        function = str(node["function"].get("function_name", "")).lower() if node["type"] == "TABLE_FUNCTION" else None
        if function is not None and function not in TABLE_FUNCTIONS:
            raise SynthAssetsError(f"The function {function} may not be selected from: read the lake's own tables.")
        places = (str(node.get("catalog_name", "")), str(node.get("schema_name", "")))
        if any(place.lower().startswith(CATALOGUE) for place in places):
            raise SynthAssetsError("The catalogue's own tables may not be read: use snapshots() and table_info().")


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
