"""Which spellings stand under another name in the graph, and by which rule."""

import polars as pl

PLURAL = "plural"
PERSON = "person"

MERGES = pl.Schema(
    {
        "kind": pl.String,
        "spelling": pl.String,
        "spelling_documents": pl.Int64,
        "name": pl.String,
        "documents": pl.Int64,
        "rule": pl.String,
    }
)
"""`spelling` was merged into `name`, by the `plural` rule or because a `person` accepted it. `documents` hold any
spelling of the name, `spelling_documents` this one."""


def merges(nodes: pl.DataFrame, frequencies: pl.DataFrame) -> pl.DataFrame:
    """Every spelling that was merged into another, rows of `MERGES`, those in most documents first.

    Args:
        nodes: Rows of `concept_nodes`.
        frequencies: Columns `kind, name, documents` of every spelling; several rows of one, as of several shards, are
            added up.
    """
    held = frequencies.group_by("kind", spelling="name").agg(spelling_documents=pl.col("documents").sum())
    # A plural is its name and an "s", whoever else accepted it too.
    plural = pl.col("spelling") == pl.col("name") + "s"
    merged = (
        nodes.filter(pl.col("spellings").list.len() > 1)
        .select("kind", "name", "documents", spelling="spellings")
        .explode("spelling")
        .filter(pl.col("spelling") != pl.col("name"))
        .join(held, on=["kind", "spelling"], how="left")
        .with_columns(pl.when(plural).then(pl.lit(PLURAL)).otherwise(pl.lit(PERSON)).alias("rule"))
    )
    return merged.select(pl.col(column).cast(dtype) for column, dtype in MERGES.items()).sort(
        "documents", "kind", "name", "spelling", descending=[True, False, False, False]
    )
