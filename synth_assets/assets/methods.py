"""The methods side by side (the abstract's second claim): errors at equal tokens, and which differences are shown."""

import dagster as dg
import polars as pl

from synth_assets import tables
from synth_assets.assets.declaration import table_asset
from synth_assets.generation.methods import METHODS
from synth_assets.markdown import frame

_RUNS = {"student_runs": dg.AssetIn(partition_mapping=dg.AllPartitionMapping())}


@table_asset(
    tables.METHOD_COMPARISON,
    group="comparison",
    kinds=("scipy",),
    rooms=("synth_assets.comparison.methods", "synth_assets.comparison.crossed"),
    ins=_RUNS,
)
def method_comparison(context: dg.AssetExecutionContext, student_runs: pl.DataFrame) -> pl.DataFrame:
    """Methods that students were trained on alone (`students.training_sets`); empty where there is none."""
    from synth_assets.comparison.methods import comparison_rows

    rows = comparison_rows(student_runs, METHODS)
    if rows.filter(pl.col("budget") > 0).height:
        from synth_assets.comparison.method_pictures import methods_picture

        context.add_output_metadata({"by method": dg.MetadataValue.md(methods_picture(rows).markdown)})
    return rows


@table_asset(
    tables.METHOD_PAIRS,
    group="comparison",
    kinds=("scipy",),
    rooms=("synth_assets.comparison.methods", "synth_assets.comparison.crossed"),
    ins=_RUNS,
)
def method_pairs(context: dg.AssetExecutionContext, student_runs: pl.DataFrame) -> pl.DataFrame:
    """Paired over the questions and seeds that both methods' students share; corrected for the number of pairs."""
    from synth_assets.comparison.methods import at_largest, pair_rows

    rows = pair_rows(student_runs, METHODS)
    if rows.height:
        largest = at_largest(rows, "first", "second").select("student", "budget", "first", "second", "said")
        told = dg.MetadataValue.md(frame(largest, longest=160))
        context.add_output_metadata({"at the largest budget of each two": told})
    return rows
