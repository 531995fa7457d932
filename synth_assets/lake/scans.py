"""A table of the lake as a Polars LazyFrame, read in batches when it is collected."""

from collections.abc import Callable, Iterator

import duckdb
import polars as pl
from polars.io.plugins import register_io_source

from synth_assets.lake.sql import quoted_list
from synth_assets.tables import Table

BATCH_ROWS = 50_000
"""Rows a batch holds where Polars asks for no other number."""


def lazy_rows(
    table: Table, relation: str, condition: str, cursor: Callable[[], duckdb.DuckDBPyConnection]
) -> pl.LazyFrame:
    """The rows of `relation` (a table at a fixed snapshot) that fulfil `condition`.

    Only the columns a query needs are read. Each collection asks `cursor` for a connection of its own, so the frame
    outlives the one that made it, and can be collected more than once. The order of rows is not defined.
    """

    def batches(
        columns: list[str] | None, predicate: pl.Expr | None, rows: int | None, batch_rows: int | None
    ) -> Iterator[pl.DataFrame]:
        wanted = quoted_list(columns if columns is not None else table.columns)
        # Polars expressions are applied here, not translated: a predicate it could not push down would be lost.
        with cursor() as connection:
            frame = pl.scan_arrow_c_stream(connection.sql(f"SELECT {wanted} FROM {relation} WHERE {condition}"))
            if predicate is not None:
                frame = frame.filter(predicate)
            if rows is not None:
                frame = frame.head(rows)
            yield from frame.collect_batches(chunk_size=batch_rows or BATCH_ROWS)

    return register_io_source(batches, schema=table.schema, validate_schema=True, is_pure=True)
