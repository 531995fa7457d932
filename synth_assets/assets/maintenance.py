"""The lake keeps itself: an asset of its own, off the road. It is run on a schedule, or by `synth-assets maintain`."""

import dagster as dg
import polars as pl

from synth_assets import markdown, tables
from synth_assets.assets.declaration import table_asset
from synth_assets.lake.lake import Lake

BY_BYTES = 15
"""Tables shown in the metadata, the largest first; the asset's own table has all of them."""


@table_asset(
    tables.LAKE_MAINTENANCE,
    group="operation",
    kinds=("duckdb",),
    rooms=("synth_assets.lake.maintenance", "synth_assets.lake.merging"),
)
def lake_maintenance(context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake]) -> pl.DataFrame:
    """Merges small files, expires snapshots past `lake.keep_snapshots_days`, removes files that nothing needs.

    Others may read and write meanwhile. No row changes, so nothing becomes stale by it. `synth-assets run` leaves it
    out: switch its schedule on, or materialise it.
    """
    from synth_assets.lake.maintenance import maintain, with_earlier_runs

    done = maintain(lake)
    if done.foreign:
        context.log.warning(done.warning)
    whole = done.whole
    context.add_output_metadata(
        {
            "what changed": dg.MetadataValue.md(_table(done.rows)),
            **{name: dg.MetadataValue.int(int(whole[name])) for name in FIGURES},
            "maintenance_seconds": dg.MetadataValue.float(round(float(whole["seconds"]), 3)),
        }
    )
    return with_earlier_runs(lake, done.rows)


FIGURES = (
    "files_before",
    "files_after",
    "kept_files_before",
    "kept_files_after",
    "kept_bytes_before",
    "kept_bytes_after",
    "snapshots_before",
    "snapshots_after",
    "removed_files",
    "waiting_files",
)
"""Figures of the whole lake, which Dagster plots over the runs."""


def _table(rows: pl.DataFrame) -> str:
    """The run in Markdown: the whole lake first, then the tables that hold most."""
    shown = rows.sort(pl.col("stage") != "all", -pl.col("kept_bytes_before"), "stage").head(1 + BY_BYTES)
    changes = [
        [
            row["stage"],
            *(f"{row[f'{of}_before']:,} → {row[f'{of}_after']:,}" for of in ("files", "kept_files")),
            *(f"{row[f'{of}_before'] / 1e6:,.1f} → {row[f'{of}_after'] / 1e6:,.1f}" for of in ("bytes", "kept_bytes")),
            row["seconds"],
        ]
        for row in shown.iter_rows(named=True)
    ]
    heads = ("table", "files", "files of all snapshots kept", "MB", "MB of all snapshots kept", "seconds")
    return markdown.table(heads, changes)
