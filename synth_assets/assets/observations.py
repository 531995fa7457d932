"""Evaluation results from elsewhere: a partition a file."""

import dagster as dg
import polars as pl

from synth_assets import tables
from synth_assets.assets.declaration import table_asset
from synth_assets.automation.observation_files import IMPORTED, ObservationFile, observation_files
from synth_assets.automation.partitions import OBSERVATION_FILES
from synth_assets.errors import SynthAssetsError
from synth_assets.lake.lake import Lake
from synth_assets.settings import Settings
from synth_assets.tables import StageResult

UNREADABLE = "unreadable_file"
"""Why a whole file is quarantined: it must not hold up the others that came with it."""


@table_asset(
    tables.IMPORTED_OBSERVATIONS,
    group="scaling",
    partitions_def=OBSERVATION_FILES,
    rooms=(
        "synth_assets.scaling.observation_files",
        "synth_assets.scaling.observation_rows",
        "synth_assets.scaling.observation_sources",
        "synth_assets.scaling.given",
        "synth_assets.scaling.harness_results",
        "synth_assets.scaling.qwen_math_results",
        "synth_assets.scaling.result_rows",
    ),
    follows=("observations",),
    at_once=True,
)
def imported_observations(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings], lake: dg.ResourceParam[Lake]
) -> StageResult:
    """A changed file replaces its rows; of one that is gone the rows stay as they were imported."""
    there = observation_files(settings.observations.sources, lake.settings.folder)
    parts = [
        _read(context, there[path]) if path in there else _kept(lake, path) for path in sorted(context.partition_keys)
    ]
    rows = pl.concat([tables.IMPORTED_OBSERVATIONS.empty(), *(part.rows for part in parts)])
    dropped = pl.concat([tables.no_quarantine("file"), *(part.quarantined for part in parts)])
    return StageResult(rows, dropped, sum(part.received for part in parts), rows.height)


def _read(context: dg.AssetExecutionContext, file: ObservationFile) -> StageResult:
    try:
        found = file.read()
    except SynthAssetsError as error:
        context.log.error(str(error))
        bad = tables.quarantine_rows(
            [{"file": file.path, "id": file.path, "reason": UNREADABLE, "detail": str(error)}], "file"
        )
        return StageResult(tables.IMPORTED_OBSERVATIONS.empty(), bad, 1, 0)
    rows = tables.IMPORTED_OBSERVATIONS.conform(found.rows.with_columns(file=pl.lit(file.path)))
    dropped = found.quarantined.select(pl.lit(file.path).alias("file"), "id", "reason", "detail")
    return StageResult(rows, dropped, found.received, rows.height)


def _kept(lake: Lake, path: str) -> StageResult:
    rows = lake.read(tables.IMPORTED_OBSERVATIONS, {"file": [path]})
    dropped = lake.read(tables.QUARANTINE, {"stage": [IMPORTED], "partition": [path]})
    dropped = dropped.select(pl.col("partition").alias("file"), "id", "reason", "detail")
    return StageResult(rows, dropped, rows.height + dropped.height, rows.height)
