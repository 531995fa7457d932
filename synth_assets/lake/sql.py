"""Pieces of SQL: quoted names and values, the rows of some partitions, and frames as tables of a query."""

from collections.abc import Iterable, Mapping, Sequence
from math import prod

import polars as pl

from synth_assets.tables import TEXT, Column, Table

Partition = Mapping[str, str]
"""A partition of a table: the value of each of its partition columns."""


KEY_SEPARATOR = "|"
"""Joins the values of a multi-dimensional partition key, as Dagster does."""


def partition_key(partition: Partition) -> str:
    """The Dagster partition key: values in the alphabetical order of dimension names; empty for a global table."""
    return KEY_SEPARATOR.join(partition[dimension] for dimension in sorted(partition))


def partition_named(table: Table, key: str) -> Partition:
    """The partition of `table` with this Dagster partition key."""
    columns = sorted(table.partitioned_by)
    return dict(zip(columns, key.split(KEY_SEPARATOR, len(columns) - 1), strict=True)) if columns else {}


def literal(value: str) -> str:
    """`value` as an SQL string."""
    return "'" + value.replace("'", "''") + "'"


def quoted(identifier: str) -> str:
    """`identifier` as an SQL name."""
    return '"' + identifier.replace('"', '""') + '"'


def quoted_list(identifiers: Iterable[str]) -> str:
    """Several names, separated by commas."""
    return ", ".join(quoted(identifier) for identifier in identifiers)


def stored(table: Table, snapshot: int | None = None) -> str:
    """The table in the attached lake, as of a snapshot where one is given."""
    version = "" if snapshot is None else f" AT (VERSION => {int(snapshot)})"
    return f"lake.main.{quoted(table.name)}{version}"


def create_table(table: Table) -> str:
    """The statement that makes `table`."""
    columns = ", ".join(f"{quoted(column)} {type_of(spec)}" for column, spec in table.columns.items())
    return f"CREATE TABLE {stored(table)} ({columns})"


def type_of(column: Column) -> str:
    """The column's DuckDB type, and that it may not be null where it may not."""
    types: dict[pl.DataType, str] = {
        TEXT: "VARCHAR",
        pl.Int64(): "BIGINT",
        pl.Float64(): "DOUBLE",
        pl.Boolean(): "BOOLEAN",
        pl.Binary(): "BLOB",
        pl.List(pl.String()): "VARCHAR[]",
        pl.List(pl.UInt32()): "UINTEGER[]",
        pl.List(pl.Boolean()): "BOOLEAN[]",
        pl.List(pl.Float32()): "FLOAT[]",
        pl.Datetime("us", "UTC"): "TIMESTAMP WITH TIME ZONE",
    }
    return types[column.dtype] + ("" if column.nullable else " NOT NULL")


def one_of(column: str, values: Iterable[str]) -> str:
    """The condition that `column` holds one of `values`; false for none."""
    listed = ", ".join(literal(value) for value in sorted(set(values)))
    return f"{quoted(column)} IN ({listed})" if listed else "false"


def within(box: Mapping[str, Sequence[str]]) -> str:
    """The condition that each column holds one of its values; true for no column."""
    return " AND ".join(one_of(column, values) for column, values in box.items()) or "true"


def of_partitions(table: Table, partitions: Sequence[Partition]) -> str:
    """The condition that a row belongs to one of `partitions`; true for a table without partitions.

    The condition on each column alone lets DuckLake skip files; the one on whole keys is added only where the
    partitions are not a full rectangle.
    """
    if not table.partitioned_by:
        return "true"
    keys = {tuple(partition[column] for column in table.partitioned_by) for partition in partitions}
    box = {column: sorted({key[place] for key in keys}) for place, column in enumerate(table.partitioned_by)}
    condition = within(box)
    if len(keys) == prod(len(values) for values in box.values()):
        return condition
    listed = ", ".join("(" + ", ".join(literal(value) for value in key) + ")" for key in sorted(keys))
    return f"{condition} AND ({quoted_list(table.partitioned_by)}) IN ({listed})"


class ArrowStream:
    """A frame that DuckDB reads through the Arrow C stream.

    DuckDB takes a Polars frame itself for something to convert with pyarrow, which this project does not install.
    """

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The frame's stream; a new one at each call."""
        return self._frame.__arrow_c_stream__(requested_schema)
