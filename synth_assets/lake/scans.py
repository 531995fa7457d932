"""A table of the lake as a Polars LazyFrame, read in batches when it is collected.

DuckDB hands over results in Arrow batches of a million rows, too many for documents, and offers no smaller ones
without pyarrow. So a batch is a group of whole partitions, which the corpus cuts to a set number of rows.
"""

from collections.abc import Callable, Iterator

import duckdb
import polars as pl
from polars.io.plugins import register_io_source

from synth_assets.lake.sql import Partition, of_partitions, quoted_list
from synth_assets.tables import Table

BATCH_ROWS = 50_000
"""Rows of a batch, unless a single partition or a table without partitions holds more."""


def lazy_rows(
    table: Table, relation: str, condition: str, cursor: Callable[[], duckdb.DuckDBPyConnection]
) -> pl.LazyFrame:
    """The rows of `relation` (`table` at a fixed snapshot) that fulfil `condition`, in the order of partition and key.

    Only the columns a query needs are read. Each collection asks `cursor` for a connection of its own, so the frame
    outlives the one that made it, and can be collected more than once.
    """
    order = quoted_list((*table.partitioned_by, *table.key))

    def batches(
        columns: list[str] | None, predicate: pl.Expr | None, rows: int | None, batch_rows: int | None
    ) -> Iterator[pl.DataFrame]:
        wanted = list(table.columns) if columns is None else columns
        schema = {name: table.schema[name] for name in wanted}
        with cursor() as connection:
            for group in _groups(connection, table, relation, condition, batch_rows or BATCH_ROWS):
                query = f"SELECT {quoted_list(wanted)} FROM {relation} WHERE {condition} AND {group} ORDER BY {order}"
                batch = pl.DataFrame(connection.sql(query), schema_overrides=schema)
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
    connection: duckdb.DuckDBPyConnection, table: Table, relation: str, condition: str, batch_rows: int
) -> Iterator[str]:
    """Conditions that together cover all rows, each of whole partitions in their order and of about `batch_rows`."""
    if not table.partitioned_by:
        yield "true"
        return
    columns = quoted_list(table.partitioned_by)
    counted = f"SELECT {columns}, count(*) FROM {relation} WHERE {condition} GROUP BY {columns} ORDER BY {columns}"
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
