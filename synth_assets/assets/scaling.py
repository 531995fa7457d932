"""Scaling laws (paper section 3): observations, fits and predictions."""

from itertools import product

import dagster as dg
import polars as pl

from synth_assets import tables
from synth_assets.assets.declaration import table_asset
from synth_assets.settings import Settings
from synth_assets.tables import StageResult


@table_asset(
    tables.SCALING_OBSERVATIONS,
    group="scaling",
    rooms=("synth_assets.scaling.observations",),
    ins={"student_runs": dg.AssetIn(partition_mapping=dg.AllPartitionMapping())},
)
def scaling_observations(student_runs: pl.DataFrame) -> pl.DataFrame:
    """Loss and error of every student run; imported evaluation results join them here."""
    from synth_assets.scaling.observations import from_student_runs

    return from_student_runs(student_runs)


@table_asset(
    tables.SCALING_FITS, group="scaling", kinds=("scipy",), rooms=("synth_assets.scaling",), follows=("scaling",)
)
def scaling_fits(
    context: dg.AssetExecutionContext, scaling_observations: pl.DataFrame, settings: dg.ResourceParam[Settings]
) -> StageResult:
    """Both laws for every model and metric, with 90% intervals and a verdict for each parameter."""
    from synth_assets.scaling.laws import LAWS
    from synth_assets.scaling.plots import learning_curves
    from synth_assets.scaling.stage import fit_observations

    fits = fit_observations(scaling_observations, settings.scaling.hold_out)
    drawn = scaling_observations.select("training_set", "metric").unique().sort(pl.all())
    for (training_set, metric), law in product(drawn.iter_rows(), LAWS.values()):
        picture = learning_curves(scaling_observations, training_set, metric, law)
        context.add_output_metadata(
            {f"{metric} on {training_set}, {law.name} law": dg.MetadataValue.md(picture.markdown)}
        )
    return fits


@table_asset(
    tables.SCALING_PREDICTIONS, group="scaling", kinds=("scipy",), rooms=("synth_assets.scaling",), follows=("scaling",)
)
def scaling_predictions(scaling_observations: pl.DataFrame, settings: dg.ResourceParam[Settings]) -> pl.DataFrame:
    """Value by budget, the plateau by its rule, and the held-out budgets."""
    from synth_assets.scaling.stage import predict

    return predict(scaling_observations, held_out_budgets=settings.scaling.hold_out)
