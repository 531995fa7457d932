"""Observations for the fits: from the students' training runs, from external trainers, and imported ones.

What lives here: the change of shape to one row a measured value, with its source.
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
        .with_columns(source=pl.lit("student_runs"), data_snapshot=pl.lit(None, pl.String()))
        .sort("training_set", "model", "metric", "tokens", "seed")
    )


def from_external_runs(runs: pl.DataFrame) -> pl.DataFrame:
    """Rows of `external_runs` as `scaling_observations`; the source names the run."""
    source = pl.format("external_runs/{}", "run_id")
    return tables.SCALING_OBSERVATIONS.conform(runs.with_columns(source=source).drop("run_id", "budget"))


def from_imported(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of `imported_observations` as `scaling_observations`; the source is the file."""
    return tables.SCALING_OBSERVATIONS.conform(rows.rename({"file": "source"}))


def joined(*parts: pl.DataFrame) -> pl.DataFrame:
    """Frames of `scaling_observations` as one, in an order that does not depend on theirs."""
    return pl.concat(parts).sort("training_set", "model", "metric", "tokens", "seed", "source")
