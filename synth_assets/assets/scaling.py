"""Scaling laws (paper section 3): observations, fits and predictions."""

from itertools import product

import dagster as dg
import polars as pl

from synth_assets import tables
from synth_assets.assets.declaration import table_asset
from synth_assets.markdown import text
from synth_assets.settings import Settings
from synth_assets.tables import StageResult


@table_asset(
    tables.SCALING_OBSERVATIONS,
    group="scaling",
    rooms=("synth_assets.scaling.observations",),
    ins={
        name: dg.AssetIn(partition_mapping=dg.AllPartitionMapping())
        for name in ("student_runs", "external_runs", "imported_observations")
    },
)
def scaling_observations(
    student_runs: pl.DataFrame, external_runs: pl.DataFrame, imported_observations: pl.DataFrame
) -> pl.DataFrame:
    """Loss and error of every student run, what external trainers reported, and imported evaluation results."""
    from synth_assets.scaling.observations import from_external_runs, from_imported, from_student_runs, joined

    return joined(
        from_student_runs(student_runs), from_external_runs(external_runs), from_imported(imported_observations)
    )


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

    held_out = settings.scaling.hold_out
    fits = fit_observations(scaling_observations, held_out, settings.scaling.replicates)
    drawn = scaling_observations.select("training_set", "metric").unique().sort(pl.all())
    for (training_set, metric), law in product(drawn.iter_rows(), LAWS.values()):
        picture = learning_curves(scaling_observations, training_set, metric, law, held_out_budgets=held_out)
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


@table_asset(
    tables.SCALING_CONCLUSIONS, group="scaling", kinds=("scipy",), rooms=("synth_assets.scaling",), follows=("scaling",)
)
def scaling_conclusions(
    context: dg.AssetExecutionContext, scaling_observations: pl.DataFrame, settings: dg.ResourceParam[Settings]
) -> pl.DataFrame:
    """Which law wins, what targets cost, where curves cross, which run to make next; each a row and a sentence."""
    from synth_assets.scaling.stage import conclude

    chosen = settings.scaling
    found = conclude(
        scaling_observations, chosen.targets, held_out_budgets=chosen.hold_out, replicates=chosen.replicates
    )
    if found.height:
        context.add_output_metadata(
            {"said": dg.MetadataValue.md("\n".join(f"- {text(said, None)}" for said in found["said"]))}
        )
    return found
