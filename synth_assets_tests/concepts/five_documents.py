"""A corpus of five documents in two shards, small enough that everything about its graph is known by hand.

| document | shard | topic: key concepts |
|---|---|---|
| a1 | north | fractions: numerator, denominator |
| a2 | north | fractions: numerator; decimals: place value |
| a3 | south | decimals: place value, rounding |
| b1 | south | ratios: proportion |
| b2 | south | fractions: denominator; ratios: proportion |
"""

import polars as pl

from synth_assets.concepts.cooccurrence import count
from synth_assets.concepts.graph import reduce
from synth_assets.tables import DOCUMENT_CONCEPTS

PAIRS = (
    ("north", "a1", "fractions", "numerator"),
    ("north", "a1", "fractions", "denominator"),
    ("north", "a2", "fractions", "numerator"),
    ("north", "a2", "decimals", "place value"),
    ("south", "a3", "decimals", "place value"),
    ("south", "a3", "decimals", "rounding"),
    ("south", "b1", "ratios", "proportion"),
    ("south", "b2", "fractions", "denominator"),
    ("south", "b2", "ratios", "proportion"),
)


def document_concepts(pairs: tuple[tuple[str, str, str, str], ...] = PAIRS) -> pl.DataFrame:
    """Rows of `document_concepts` from (shard, document, topic, key concept)."""
    rows = pl.DataFrame(pairs, schema=["shard", "document_id", "topic", "key_concept"], orient="row").cast(pl.String)
    return DOCUMENT_CONCEPTS.conform(
        rows.with_columns(
            pl.col("topic").alias("topic_written"),
            pl.col("key_concept").alias("key_concept_written"),
            *(pl.lit("test").alias(name) for name in ("level", "subject", "teacher", "prompt_version", "request_hash")),
        )
    )


def graph_tables(
    pairs: tuple[tuple[str, str, str, str], ...] = PAIRS,
    drop_singletons: bool = False,
    synonyms: pl.DataFrame | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Nodes and edges of the corpus."""
    rows = document_concepts(pairs)
    return graph_of(rows, drop_singletons=drop_singletons, synonyms=synonyms)


def graph_of(
    rows: pl.DataFrame,
    *,
    earlier: pl.DataFrame | None = None,
    drop_singletons: bool = False,
    synonyms: pl.DataFrame | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Nodes and edges of rows of `document_concepts`."""
    counts = count(rows)
    return reduce(
        counts.frequencies,
        counts.cooccurrence,
        rows,
        earlier=earlier,
        drop_singletons=drop_singletons,
        synonyms=synonyms,
    )


def named(edges: pl.DataFrame, concepts: pl.DataFrame) -> dict[tuple[tuple[str, str], tuple[str, str]], int]:
    """Documents by the (kind, name) of both ends: of edges by the nodes, or of counted pairs by the frequencies."""
    ends = {number: (kind, name) for number, kind, name in concepts.select("concept", "kind", "name").iter_rows()}
    first, second = ("source", "target") if "source" in edges.columns else ("first", "second")
    return {(ends[a], ends[b]): n for a, b, n in edges.select(first, second, "documents").iter_rows()}
