"""The ledger: for each partition of each table, how it was last made and since when its rows are what they are.

What does not live here: what follows from it, e.g. that a partition is stale (`automation/`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
import polars as pl

from synth_assets.lake.ordering import SLICE_ROWS
from synth_assets.lake.pieces import rows_in
from synth_assets.lake.sql import KEY_SEPARATOR, Partition, literal, partition_key
from synth_assets.tables import MATERIALISATIONS, TEXT, Table


@dataclass(frozen=True)
class Origin:
    """What made a commit: the code version (of code, settings and prompts) and the Dagster run; empty outside it."""

    code_version: str = ""
    run_id: str = ""


def partition_contents(
    table: Table, partitions: Sequence[Partition], rows: pl.DataFrame, quarantine: pl.DataFrame
) -> pl.DataFrame:
    """Each partition's `content_hash`, `rows` and `quarantined`, by its Dagster key `partition`.

    The hash does not depend on the order of rows; it may change with the release of Polars, which makes rows count
    as changed once. `quarantine` has the shape of the quarantine table.
    """
    keys = [partition_key(partition) for partition in partitions] if table.partitioned_by else [""]
    pieces = [_hashed(table, rows.slice(start, SLICE_ROWS)) for start in range(0, max(rows.height, 1), SLICE_ROWS)]
    hashes = pl.concat(pieces).group_by("partition").agg(pl.col("hash").bitwise_xor(), pl.col("rows").sum())
    dropped = quarantine.group_by("partition").agg(pl.len().alias("quarantined"))
    contents = pl.DataFrame({"partition": sorted(set(keys))}, schema={"partition": TEXT})
    contents = contents.join(hashes, on="partition", how="left").join(dropped, on="partition", how="left")
    return contents.sort("partition").select(
        "partition",
        pl.col("hash").fill_null(0).map_elements(lambda value: f"{value:016x}", pl.String()).alias("content_hash"),
        pl.col("rows", "quarantined").fill_null(0).cast(pl.Int64()),
    )


def _hashed(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """The hash and number of the rows of each partition."""
    hashed = rows.select(*table.partitioned_by, rows.hash_rows(seed=0).alias("hash"))
    counted = (pl.col("hash").bitwise_xor(), pl.len().alias("rows"))
    grouped = hashed.group_by(table.partitioned_by).agg(counted) if table.partitioned_by else hashed.select(counted)
    return grouped.select(key_column(table), "hash", "rows")


def key_column(table: Table) -> pl.Expr:
    """The Dagster partition key of each row of `table`, named `partition`."""
    dimensions = sorted(table.partitioned_by)
    return (pl.concat_str(dimensions, separator=KEY_SEPARATOR) if dimensions else pl.lit("")).alias("partition")


def read_ledger(cursor: duckdb.DuckDBPyConnection, table: Table, snapshot: int) -> pl.DataFrame:
    """The table's ledger as of a snapshot."""
    rows = rows_in(cursor, MATERIALISATIONS, [{"stage": table.name}], snapshot)
    query = f"SELECT * FROM {rows} WHERE stage = {literal(table.name)}"
    return MATERIALISATIONS.conform(pl.DataFrame(cursor.sql(query)))


def updated(before: pl.DataFrame, table: Table, contents: pl.DataFrame, snapshot: int, origin: Origin) -> pl.DataFrame:
    """The table's ledger once `contents` are committed as `snapshot`: new rows for them, the others unchanged."""
    known = before.select("partition", "content_hash", pl.col("changed_snapshot").alias("unchanged_since"))
    made = contents.join(known, on=["partition", "content_hash"], how="left").with_columns(
        stage=pl.lit(table.name),
        code_version=pl.lit(origin.code_version),
        changed_snapshot=pl.col("unchanged_since").fill_null(snapshot),
        built_snapshot=pl.lit(snapshot, pl.Int64()),
        run_id=pl.lit(origin.run_id),
        made_at=pl.lit(datetime.now(UTC)).cast(pl.Datetime("us", "UTC")),
    )
    others = before.join(contents, on="partition", how="anti")
    return pl.concat([others, MATERIALISATIONS.conform(made.drop("unchanged_since"))]).sort("partition")
