"""Rows of a table of the lake as Polars frames: at once, or as a LazyFrame that reads in batches when it is collected.

DuckDB hands over results in Arrow batches of a million rows, too many for documents, and offers no smaller ones
without pyarrow. So a batch is a group of whole partitions, as many as their columns leave room for.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

import duckdb
import polars as pl
from polars.io.plugins import register_io_source

from synth_assets.lake.ordering import in_order, order_of
from synth_assets.lake.sql import Partition, of_partitions, quoted_list
from synth_assets.lake.storage import row_bytes
from synth_assets.tables import Table

BATCH_BYTES = 256 << 20
"""Memory the rows of a batch may take, unless a single partition or a table without partitions takes more."""


def rows_of(
    cursor: duckdb.DuckDBPyConnection,
    table: Table,
    relation: str,
    condition: str,
    columns: Sequence[str],
    *,
    ordered: bool = True,
) -> pl.DataFrame:
    """These `columns` of the rows of `relation` (`table` at a snapshot) that fulfil `condition`.

    `ordered` by partition and key, or as they are stored. DuckDB is not asked for the order: rows were written in it,
    and it would sort them, whole, a second time beside the result.
    """
    needed = list(dict.fromkeys((*columns, *order_of(table)) if ordered else columns))
    query = f"SELECT {quoted_list(needed)} FROM {relation} WHERE {condition}"
    rows = pl.DataFrame(cursor.sql(query), schema_overrides={name: table.schema[name] for name in needed})
    return in_order(table, rows).select(columns) if ordered else rows


def lazy_rows(
    table: Table,
    relation: str,
    condition: str,
    reading: Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]],
    *,
    ordered: bool = True,
) -> pl.LazyFrame:
    """The same rows, all columns, as a lazy frame.

    Only the columns a query needs are read. Each collection asks `reading` for a connection of its own, so the frame
    outlives the one that made it, and can be collected more than once.
    """

    def batches(
        columns: list[str] | None, predicate: pl.Expr | None, rows: int | None, _: int | None
    ) -> Iterator[pl.DataFrame]:
        wanted = list(table.columns) if columns is None else columns
        with reading() as connection:
            for group in _groups(connection, table, relation, condition, wanted):
                batch = rows_of(connection, table, relation, f"{condition} AND {group}", wanted, ordered=ordered)
                # Applied here, not translated to SQL: Polars counts on every predicate it hands over.
                batch = batch if predicate is None else batch.filter(predicate)
                if rows is not None:
                    batch = batch.head(rows)
                    rows -= batch.height
                yield batch
                if rows == 0:
                    return

    return register_io_source(batches, schema=table.schema, validate_schema=True, is_pure=True)


def _groups(
    connection: duckdb.DuckDBPyConnection, table: Table, relation: str, condition: str, wanted: Sequence[str]
) -> Iterator[str]:
    """Conditions that together cover all rows, each of whole partitions in their order that fit into a batch."""
    if not table.partitioned_by:
        yield "true"
        return
    columns = quoted_list(table.partitioned_by)
    counted = f"SELECT {columns}, count(*) FROM {relation} WHERE {condition} GROUP BY {columns} ORDER BY {columns}"
    batch_rows = BATCH_BYTES // max(row_bytes(connection, table, wanted), 1)
    group: list[Partition] = []
    held = 0
    for *values, rows in connection.execute(counted).fetchall():
        if group and held + rows > batch_rows:
            yield of_partitions(table, group)
            group, held = [], 0
        group.append(dict(zip(table.partitioned_by, values, strict=True)))
        held += rows
    # The last group, or where there is no row at all, one empty batch.
    yield of_partitions(table, group)
