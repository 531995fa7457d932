"""Training by whatever the user has, launched through Dagster Pipes (paper section 3, with models of real size)."""

import dagster as dg
import polars as pl

from synth_assets import tables
from synth_assets.assets.declaration import table_asset
from synth_assets.automation.partitions import TRAINING_SETS
from synth_assets.errors import SynthAssetsError
from synth_assets.lake.lake import Lake
from synth_assets.settings import Settings
from synth_assets.tables import StageResult
from synth_assets.trainers.runs import LOG, REPORTED, TrainerRun, external_rows, runs_of


@table_asset(
    tables.EXTERNAL_RUNS,
    group="students",
    kinds=("pipes",),
    partitions_def=TRAINING_SETS,
    rooms=(
        "synth_assets.trainers.runs",
        "synth_assets.scaling.observation_files",
        "synth_assets.scaling.observation_rows",
    ),
    follows=("training.shaping",),
    ins={"training_qa": dg.AssetIn(partition_mapping=dg.AllPartitionMapping())},
    pool="training",
)
def external_runs(
    context: dg.AssetExecutionContext,
    training_sets: pl.DataFrame,
    training_qa: pl.DataFrame,
    settings: dg.ResourceParam[Settings],
    lake: dg.ResourceParam[Lake],
) -> dg.Output[StageResult]:
    """Nothing is launched unless `training.kind` is set. A run that ended well before is not launched again."""
    rows, dropped = [tables.EXTERNAL_RUNS.empty()], [tables.no_quarantine("training_set")]
    training = settings.training
    wanted = [name for name in training.training_sets if name in context.partition_keys and training.kind != "none"]
    folder = lake.settings.folder / training.folder
    for name in wanted:
        for run in runs_of(training, name, training_sets, training_qa, folder, str(lake.current_snapshot())):
            checked = _observed(run if run.done else _launched(context, settings, run))
            rows.append(checked.rows)
            dropped.append(checked.quarantined)
    kept, quarantined = pl.concat(rows), pl.concat(dropped)
    # An asset that has opened a Pipes session may only hand Dagster what is wrapped.
    return dg.Output(StageResult(kept, quarantined, kept.height + quarantined.height, kept.height))


def _launched(context: dg.AssetExecutionContext, settings: Settings, run: TrainerRun) -> TrainerRun:
    """The run, once its trainer has ended well. Raises SynthAssetsError saying what is kept where it has not."""
    from synth_assets.automation.launching import launch

    run.begin()
    context.log.info(f"Launching the trainer for {run.title}")
    try:
        launch(context, settings.training, run.extras, run.record, run.folder / LOG)
    except SynthAssetsError as error:
        reported = len(run.reported().splitlines())
        kept = (
            f"the {reported} rows it had reported are in {run.folder / REPORTED} ('observations add' takes that file)"
            if reported
            else "it had reported nothing"
        )
        raise SynthAssetsError(
            f"The trainer failed for {run.title}: {error}; {kept}. Runs that ended well are kept, and the next "
            "materialisation launches only the others."
        ) from error
    run.end()
    return run


def _observed(run: TrainerRun) -> StageResult:
    """What a run reported, checked row by row."""
    from synth_assets.scaling.observation_files import read_observations

    found = read_observations(str(run.folder / REPORTED), run.reported(), needs_columns=False)
    bad = found.quarantined.select(
        pl.lit(run.training_set).alias("training_set"),
        pl.format("{}, {}", pl.lit(run.run_id), "id").alias("id"),
        "reason",
        "detail",
    )
    return StageResult(external_rows(run, found.rows), bad, found.received, found.rows.height)
