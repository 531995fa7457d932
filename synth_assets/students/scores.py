"""What a run got wrong, by the method, school level and topic of the questions."""

from collections.abc import Mapping, Sequence

import polars as pl

from synth_assets.markdown import table
from synth_assets.tables import STUDENT_SCORES


def scores_of(run: Mapping[str, object], questions: pl.DataFrame, right: Sequence[bool]) -> pl.DataFrame:
    """Rows of tables.STUDENT_SCORES of a run, given its columns of that table.

    questions: `method`, `school_level` and `topics`, a row for each of `right`. A question counts under every topic.
    """
    counted = (
        questions.with_columns(wrong=~pl.Series(right, dtype=pl.Boolean))
        .explode("topics", empty_as_null=True)
        .with_columns(pl.col("topics").fill_null(""))
        .group_by("method", "school_level", topic="topics")
        .agg(questions=pl.len(), wrong=pl.col("wrong").sum())
    )
    return STUDENT_SCORES.conform(counted.with_columns(pl.lit(value).alias(name) for name, value in run.items()))


def scores_table(scores: pl.DataFrame, by: str) -> str:
    """The share of wrong answers at the largest budget, by a column of the scores, as a Markdown table."""
    largest = scores.filter(pl.col("budget") == pl.col("budget").max().over("training_set", "student"))
    shares = largest.group_by("training_set", "student", by).agg(
        pl.col("questions").sum(), error=pl.col("wrong").sum() / pl.col("questions").sum()
    )
    lines = [
        (training_set, student, of, questions, f"{error:.1%}")
        for training_set, student, of, questions, error in shares.sort("training_set", "student", by).iter_rows()
    ]
    return table(("training set", "student", by.replace("_", " "), "questions", "error"), lines)
