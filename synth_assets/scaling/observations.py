"""Observations for the fits, from the students' training runs.

What lives here: the change of shape from one row a run to one row a measured value.
"""

import polars as pl

from synth_assets import tables

METRICS = ("answer_loss", "error")
"""The columns of a student run that scale with data."""


def from_student_runs(runs: pl.DataFrame) -> pl.DataFrame:
    """Rows of `student_runs` as `scaling_observations`: one row a (run, metric), D being the unique tokens seen."""
    return tables.SCALING_OBSERVATIONS.conform(
        runs.unpivot(
            on=list(METRICS),
            index=["training_set", "student", "parameters", "unique_tokens", "seed"],
            variable_name="metric",
        )
        .rename({"student": "model", "unique_tokens": "tokens"})
        .with_columns(source=pl.lit("student_runs"))
        .sort("training_set", "model", "metric", "tokens", "seed")
    )
