"""What is said of the diversity of methods: their figures on equal terms in one table, and the differences in words."""

import polars as pl

from synth_assets.comparison.diversity_figures import (
    ALL,
    CONCEPT_COMBINATIONS,
    CONCEPT_COVERAGE,
    DOCUMENT_SIMILARITY,
    NEAR_DUPLICATES,
    OTHER_SIMILARITY,
    OWN_TRIGRAMS,
    QUESTIONS,
    WORDS,
)

COMPARED = (
    (DOCUMENT_SIMILARITY, QUESTIONS),
    (OTHER_SIMILARITY, ALL),
    ("distinct_1", WORDS),
    ("distinct_2", WORDS),
    ("distinct_3", WORDS),
    (OWN_TRIGRAMS, WORDS),
    (CONCEPT_COMBINATIONS, QUESTIONS),
    (CONCEPT_COVERAGE, QUESTIONS),
    (NEAR_DUPLICATES, QUESTIONS),
)
"""Measures with the basis on which methods are compared; for pairs from different documents the size is no matter."""


def diversity_summary(diversity: pl.DataFrame) -> pl.DataFrame:
    """A row a method, a column a measure of `COMPARED`, from rows of `method_diversity`; null where there is none.

    `document_similarity` is followed by its interval, `low` and `high`; `questions` are those compared of each.
    """
    figures = diversity.filter(pl.col("against") == "")
    rows = figures.select("method").unique().sort("method")
    compared = figures.filter(measure=NEAR_DUPLICATES, basis=QUESTIONS).select("method", questions="count")
    rows = rows.join(compared, on="method", how="left", maintain_order="left")
    for measure, basis in COMPARED:
        own = figures.filter(measure=measure, basis=basis)
        ends = ("low", "high") if measure == DOCUMENT_SIMILARITY else ()
        rows = rows.join(own.select("method", *ends, value="value"), on="method", how="left", maintain_order="left")
        rows = rows.rename({"value": measure})
    return rows.select("method", "questions", DOCUMENT_SIMILARITY, "low", "high", *(name for name, _ in COMPARED[1:]))


def similarity_differences(diversity: pl.DataFrame) -> pl.DataFrame:
    """A row for each two methods: `first`, `second`, `documents`, `difference`, `low`, `high`, `said`.

    The difference is the similarity within a document of the second less that of the first.
    """
    pairs = diversity.filter(pl.col("against") != "", measure=DOCUMENT_SIMILARITY).sort("against", "method")
    rows = pairs.select(
        "low",
        "high",
        first="against",
        second="method",
        documents="count",
        difference="value",
    )
    said = [_said(row) for row in rows.iter_rows(named=True)]
    return rows.select(
        "first", "second", "documents", "difference", "low", "high", said=pl.Series(said, dtype=pl.String)
    )


def _said(row: dict[str, object]) -> str:
    low, high = row["low"], row["high"]
    if not isinstance(low, float) or not isinstance(high, float):
        return "one document: nothing can be said of others"
    if low <= 0 <= high:
        return "no difference is shown"
    return f"questions of one document are more alike by {row['second'] if low > 0 else row['first']}"
