"""The reduce: co-occurrence counts of all shards become the nodes and edges of one graph (paper section 2.2).

Nodes are topics and key concepts under their canonical names; an edge joins two concepts that occur in one document.
Reading the graph for walking is `adjacency`'s business.
"""

import polars as pl

from synth_assets.concepts.cooccurrence import concepts_of_documents, count_pairs
from synth_assets.concepts.names import TOPIC, canonical, merge_spellings
from synth_assets.errors import SynthAssetsError
from synth_assets.tables import CONCEPT_EDGES, CONCEPT_NODES

TOPIC_TOPIC = "topic_topic"
TOPIC_CONCEPT = "topic_concept"
CONCEPT_CONCEPT = "concept_concept"

EPSILON = 1e-5
"""Added to a count before its logarithm (MathScale, arXiv 2403.02884)."""


def reduce(
    cooccurrence: pl.DataFrame,
    document_concepts: pl.DataFrame,
    *,
    earlier: pl.DataFrame | None = None,
    drop_singletons: bool = False,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The global graph from the counts of every shard.

    Counts are sums over shards, which would be all there is to it were it not for spellings: a document that holds
    "fraction" and "fractions" must count once for the merged concept. Let m map a spelling to its canonical name. A
    document in which m is one to one adds exactly one raw pair (u, v) to the canonical pair (m(u), m(v)), so summing
    its mapped raw pairs is right. Only in a document that holds two spellings of one concept (call it ambiguous) do
    several raw pairs fall on one canonical pair. Hence, exactly:

        documents(U, V) = sum of all counts mapped to (U, V)
                          - mapped raw pairs of the ambiguous documents
                          + canonical pairs of the ambiguous documents

    and the last two terms need `document_concepts` for the few ambiguous documents alone. The same sums taken per
    shard over the diagonal give how many documents of each shard hold a concept, and so its home.

    Args:
        cooccurrence: `concept_cooccurrence` of all shards.
        document_concepts: `document_concepts` of the same shards.
        earlier: `concept_nodes` as they were before: a concept keeps its home while that shard holds it, so that a
            new shard never takes over walks that were made, and paid for, elsewhere.
        drop_singletons: Leave out concepts that occur in one document only, as MathScale does.

    Returns:
        Rows of `concept_nodes` and of `concept_edges`, both sorted by their keys.

    Raises:
        SynthAssetsError: The two inputs are not of the same documents.
    """
    diagonal = cooccurrence.filter(pl.col("first_kind") == pl.col("second_kind"), pl.col("first") == pl.col("second"))
    spellings = merge_spellings(diagonal.select(kind="first_kind", name="first"))
    numbers = spellings.select("kind", "name").unique().sort("kind", "name").with_row_index("node")
    counts = _canonical_counts(cooccurrence, document_concepts, spellings, numbers)

    pairs = counts.group_by("first", "second").agg(pl.col("documents").sum())
    if pairs.height and (pairs["documents"] <= 0).any():
        raise SynthAssetsError(
            "concept_cooccurrence was not counted from the present document_concepts: "
            "materialise concept_cooccurrence again for every shard"
        )
    itself = pl.col("first") == pl.col("second")
    frequency = pairs.filter(itself).select("documents", node="first")
    if drop_singletons:
        frequency = frequency.filter(pl.col("documents") > 1)
    pairs = pairs.filter(~itself)
    for end in ("first", "second"):
        pairs = pairs.join(frequency, left_on=end, right_on="node", how="semi")
    directed = pl.concat(
        [
            pairs.select("documents", source="first", target="second"),
            pairs.select("documents", source="second", target="first"),
        ]
    )
    return (
        _nodes(frequency, directed, _homes(counts.filter(itself), numbers, earlier), numbers, spellings),
        _edges(directed, numbers),
    )


def _canonical_counts(
    cooccurrence: pl.DataFrame, document_concepts: pl.DataFrame, spellings: pl.DataFrame, numbers: pl.DataFrame
) -> pl.DataFrame:
    """Signed counts by shard and node numbers, first <= second; their sums are the exact document counts."""
    concepts = concepts_of_documents(document_concepts)
    ambiguous = concepts.join(_ambiguous_documents(concepts, spellings), on=["shard", "document_id"], how="semi")
    signed = pl.concat(
        [
            cooccurrence,
            count_pairs(ambiguous).with_columns(-pl.col("documents")),
            count_pairs(canonical(ambiguous, spellings)),
        ]
    )
    number = spellings.join(numbers, on=["kind", "name"]).select("kind", "spelling", "node")
    for end in ("first", "second"):
        signed = signed.join(
            number.rename({"node": f"{end}_node"}), left_on=[f"{end}_kind", end], right_on=["kind", "spelling"]
        )
    return signed.select(
        "shard",
        pl.min_horizontal("first_node", "second_node").alias("first"),
        pl.max_horizontal("first_node", "second_node").alias("second"),
        "documents",
    )


def _ambiguous_documents(concepts: pl.DataFrame, spellings: pl.DataFrame) -> pl.DataFrame:
    """Documents (columns `shard, document_id`) that hold more than one spelling of a concept."""
    merged = spellings.filter(pl.len().over("kind", "name") > 1).select("kind", "name", "spelling")
    return (
        concepts.rename({"name": "spelling"})
        .join(merged, on=["kind", "spelling"])
        .group_by("shard", "document_id", "kind", "name")
        .len()
        .filter(pl.col("len") > 1)
        .select("shard", "document_id")
        .unique()
    )


def _homes(diagonal: pl.DataFrame, numbers: pl.DataFrame, earlier: pl.DataFrame | None) -> pl.DataFrame:
    """For each node its earlier home where that still holds it, else the shard with most documents of it, then name."""
    held = diagonal.group_by("shard", "first").agg(pl.col("documents").sum()).rename({"first": "node"})
    kept = pl.lit(False)
    if earlier is not None:
        at_home = numbers.join(earlier.select("kind", "name", shard="home_shard"), on=["kind", "name"])
        held = held.join(at_home.select("node", "shard", kept=pl.lit(True)), on=["node", "shard"], how="left")
        kept = pl.col("kept").fill_null(False)
    return (
        held.with_columns(kept=kept)
        .sort("node", "kept", "documents", "shard", descending=[False, True, True, False])
        .unique("node", keep="first", maintain_order=True)
        .select("node", home_shard="shard")
    )


def _nodes(
    frequency: pl.DataFrame, directed: pl.DataFrame, homes: pl.DataFrame, numbers: pl.DataFrame, spellings: pl.DataFrame
) -> pl.DataFrame:
    degrees = directed.group_by("source").agg(pl.len().alias("degree")).rename({"source": "node"})
    merged = spellings.group_by("kind", "name").agg(pl.col("spelling").sort().alias("spellings"))
    nodes = (
        numbers.join(frequency, on="node")
        .join(homes, on="node")
        .join(degrees, on="node", how="left")
        .join(merged, on=["kind", "name"])
        .with_columns(pl.col("degree").fill_null(0))
        .sort("node")
    )
    return CONCEPT_NODES.conform(nodes.drop("node"))


def _edges(directed: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    directed = directed.sort("source", "target")
    ends = {
        f"{end}{suffix}": numbers[column].gather(directed[end])
        for end in ("source", "target")
        for suffix, column in (("_kind", "kind"), ("", "name"))
    }
    edges = pl.DataFrame({**ends, "documents": directed["documents"]}).with_columns(
        pl.when(pl.col("source_kind") != pl.col("target_kind"))
        .then(pl.lit(TOPIC_CONCEPT))
        .when(pl.col("source_kind") == TOPIC)
        .then(pl.lit(TOPIC_TOPIC))
        .otherwise(pl.lit(CONCEPT_CONCEPT))
        .alias("subgraph"),
        (pl.col("documents") + EPSILON).log().alias("weight"),
    )
    return CONCEPT_EDGES.conform(edges)
