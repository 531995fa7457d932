"""The reduce: the counts of all shards become the nodes and edges of one graph (paper section 2.2).

Nodes are topics and key concepts under their canonical names; an edge joins two concepts that occur in one document.
Reading the graph for walking is `adjacency`'s business.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from synth_assets.concepts.cooccurrence import COLUMN_OF, Memberships, distinct_names, memberships
from synth_assets.concepts.names import TOPIC, merge_spellings, refuse_shared_numbers
from synth_assets.concepts.sparse_rows import compressed
from synth_assets.errors import SynthAssetsError
from synth_assets.tables import CONCEPT_EDGES, CONCEPT_NODES

TOPIC_TOPIC = "topic_topic"
TOPIC_CONCEPT = "topic_concept"
CONCEPT_CONCEPT = "concept_concept"
SUBGRAPHS = (TOPIC_TOPIC, TOPIC_CONCEPT, CONCEPT_CONCEPT)
"""In the order of how many of an edge's ends are key concepts."""

EPSILON = 1e-5
"""Added to a count before its logarithm (MathScale, arXiv 2403.02884)."""

Whole = npt.NDArray[np.int64]
Number = npt.NDArray[np.int32]


@dataclass(frozen=True)
class _Nodes:
    """Nodes by number from 0, in the order of the numbers that the tables know them by.

    Attributes:
        table: Columns `concept, kind, name`, row number = node.
        spellings: Columns `concept, kind, name, node`: each spelling, by the tables' number, and its node.
    """

    table: pl.DataFrame
    spellings: pl.DataFrame


@dataclass(frozen=True)
class _Ambiguous:
    """The documents that hold two spellings of a concept: what sums over spellings count wrongly of them.

    Attributes:
        shards: The shard of each document.
        spelt: Their spellings, by row of `_Nodes.spellings`.
        named: Their concepts, by node.
    """

    shards: pl.Series
    spelt: Memberships
    named: Memberships


@dataclass(frozen=True)
class _Pairs:
    """Edges by node, each once, oriented and in the order of the table; shape (edges,) each."""

    source: Number
    target: Number
    documents: Whole


def reduce(
    frequencies: pl.DataFrame,
    cooccurrence: pl.DataFrame | pl.LazyFrame,
    document_concepts: pl.DataFrame | pl.LazyFrame,
    *,
    earlier: pl.DataFrame | None = None,
    drop_singletons: bool = False,
    synonyms: pl.DataFrame | None = None,
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

    and the last two terms need `document_concepts` for the few ambiguous documents alone. The same holds of the
    frequencies, shard by shard, which give each concept its home.

    Args:
        frequencies: `concept_frequencies` of all shards.
        cooccurrence: `concept_cooccurrence` of the same shards; its shards are not looked at.
        document_concepts: `document_concepts` of the same shards; read only where names are merged, and of a lazy
            frame only the rows concerned.
        earlier: `concept_nodes` as they were before: a concept keeps its home while that shard holds it, so that a
            new shard never takes over walks that were made, and paid for, elsewhere.
        drop_singletons: Leave out concepts that occur in one document only, as MathScale does.
        synonyms: Merges that a person accepted, see :func:`names.merge_spellings`.

    Returns:
        Rows of `concept_nodes` and of `concept_edges`, both sorted by their keys.

    Raises:
        SynthAssetsError: The inputs are not of the same documents, or two names have the same number.
    """
    nodes = _numbered_nodes(frequencies, synonyms)
    ambiguous = _ambiguous_documents(document_concepts, nodes)
    held = _documents_by_shard(frequencies, ambiguous, nodes)
    documents = np.bincount(held["node"], held["documents"], nodes.table.height).astype(np.int64)
    kept = documents > 1 if drop_singletons else documents > 0
    pairs = _summed_pairs(cooccurrence, ambiguous, nodes, kept)
    return _nodes(documents, kept, pairs, _homes(held, nodes, earlier), nodes), _edges(pairs, nodes)


def _numbered_nodes(frequencies: pl.DataFrame, synonyms: pl.DataFrame | None) -> _Nodes:
    names = frequencies.group_by("concept", "kind", "name").agg(pl.col("documents").sum())
    refuse_shared_numbers(names)
    merged = merge_spellings(names, synonyms).rename({"spelling": "name", "name": "canonical"})
    table = (
        names.join(merged.select("kind", name="canonical").unique(), on=["kind", "name"])
        .select("concept", "kind", "name")
        .sort("concept")
    )
    canonical = table.select("kind", pl.int_range(pl.len(), dtype=pl.Int32).alias("node"), canonical="name")
    spellings = names.join(merged, on=["kind", "name"]).join(canonical, on=["kind", "canonical"])
    return _Nodes(table, spellings.select("concept", "kind", "name", "node"))


def _ambiguous_documents(document_concepts: pl.DataFrame | pl.LazyFrame, nodes: _Nodes) -> _Ambiguous:
    merged = nodes.spellings.filter(pl.len().over("node") > 1)
    rows = document_concepts.lazy().select("shard", "document_id", *COLUMN_OF.values())
    names = {column: merged.filter(kind=kind)["name"].to_list() for kind, column in COLUMN_OF.items()}
    concerned = pl.any_horizontal(pl.col(column).is_in(names[column]) for column in names)
    touched = (rows.filter(concerned) if merged.height else rows.head(0)).collect()
    spelt = pl.concat(
        touched.join(merged.filter(kind=kind).select("node", pl.col("name").alias(column)), on=column).select(
            "shard", "document_id", "node", pl.col(column).alias("name")
        )
        for kind, column in COLUMN_OF.items()
    )
    twice = spelt.group_by("shard", "document_id", "node").agg(pl.col("name").n_unique()).filter(pl.col("name") > 1)
    documents = twice.select("shard", "document_id").unique().sort("shard", "document_id")
    found = touched.clear()
    if documents.height:
        found = rows.filter(pl.col("document_id").is_in(documents["document_id"].to_list())).collect()
        found = found.join(documents, on=["shard", "document_id"], how="semi")
    if distinct_names(found).join(nodes.spellings, on=["kind", "name"], how="anti").height:
        raise _stale()
    held = memberships(found, documents, nodes.spellings)
    node = nodes.spellings["node"].to_numpy().astype(np.int64)[held.concept]
    return _Ambiguous(documents["shard"], held, Memberships.gathered(held.document, node, nodes.table.height))


def _documents_by_shard(frequencies: pl.DataFrame, ambiguous: _Ambiguous, nodes: _Nodes) -> pl.DataFrame:
    """How many documents of each shard hold each node: columns `shard, node, documents`."""
    counted = frequencies.join(nodes.spellings.select("concept", "node"), on="concept")
    spelt_nodes = nodes.spellings["node"].gather(ambiguous.spelt.concept)
    parts = [
        counted.select("shard", "node", "documents"),
        _each(ambiguous.shards.gather(ambiguous.spelt.document), spelt_nodes, -1),
        _each(ambiguous.shards.gather(ambiguous.named.document), pl.Series(ambiguous.named.concept), 1),
    ]
    held = pl.concat(parts).group_by("shard", "node").agg(pl.col("documents").sum())
    if (held["documents"] <= 0).any():
        raise _stale()
    return held


def _each(shards: pl.Series, nodes: pl.Series, documents: int) -> pl.DataFrame:
    return pl.DataFrame({"shard": shards, "node": nodes.cast(pl.Int32)}).with_columns(
        pl.lit(documents, pl.Int64).alias("documents")
    )


def _summed_pairs(
    cooccurrence: pl.DataFrame | pl.LazyFrame, ambiguous: _Ambiguous, nodes: _Nodes, kept: npt.NDArray[np.bool_]
) -> _Pairs:
    """The documents of each two kept nodes that share any."""
    first, second, documents = _pairs_of_shards(cooccurrence, nodes)
    node = nodes.spellings["node"].to_numpy()
    removed, added = ambiguous.spelt.pairs(), ambiguous.named.pairs()
    first = np.concatenate([first, node[removed[0]], added[0]])
    second = np.concatenate([second, node[removed[1]], added[1]])
    documents = np.concatenate([documents, -removed[2], added[2]])
    # Spellings of one node occur together in ambiguous documents alone; those pairs are no edges.
    edge = first != second
    source, target = _oriented(first[edge], second[edge], nodes)
    height = nodes.table.height
    summed = compressed(source, target, documents[edge], (height, height))
    if (summed.data <= 0).any():
        raise _stale()
    source = np.repeat(np.arange(height, dtype=np.int32), np.diff(summed.indptr))
    pairs = _Pairs(source, summed.indices, summed.data)
    if kept.all():
        return pairs
    among = kept[pairs.source] & kept[pairs.target]
    return _Pairs(pairs.source[among], pairs.target[among], pairs.documents[among])


def _pairs_of_shards(cooccurrence: pl.DataFrame | pl.LazyFrame, nodes: _Nodes) -> tuple[Number, Number, Whole]:
    """The rows of `concept_cooccurrence` with nodes for spellings: first, second, documents."""
    rows = cooccurrence.lazy().select("first", "second", "documents")
    for end in ("first", "second"):
        known = nodes.spellings.lazy().select(pl.col("concept").alias(end), pl.col("node").alias(f"{end}_node"))
        rows = rows.join(known, on=end, how="left").drop(end)
    found = rows.collect()
    if found["first_node"].null_count() or found["second_node"].null_count():
        raise _stale()
    return found["first_node"].to_numpy(), found["second_node"].to_numpy(), found["documents"].to_numpy()


def _oriented(first: Number, second: Number, nodes: _Nodes) -> tuple[Number, Number]:
    """Source and target of each pair: the topic before the key concept, else the smaller number before the larger."""
    topics = (nodes.table["kind"] == TOPIC).to_numpy()
    low, high = np.minimum(first, second), np.maximum(first, second)
    turned = topics[high] & ~topics[low]
    return np.where(turned, high, low), np.where(turned, low, high)


def _homes(held: pl.DataFrame, nodes: _Nodes, earlier: pl.DataFrame | None) -> pl.DataFrame:
    """For each node its earlier home where that still holds it, else the shard with most documents of it, then name."""
    kept = pl.lit(False)
    if earlier is not None:
        numbers = nodes.table.select("kind", "name", pl.int_range(pl.len(), dtype=pl.Int32).alias("node"))
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
    documents: Whole, kept: npt.NDArray[np.bool_], pairs: _Pairs, homes: pl.DataFrame, nodes: _Nodes
) -> pl.DataFrame:
    height = nodes.table.height
    degree = np.bincount(pairs.source, minlength=height) + np.bincount(pairs.target, minlength=height)
    spellings = nodes.spellings.group_by("node").agg(pl.col("name").sort().alias("spellings"))
    found = (
        nodes.table.with_columns(
            pl.Series("node", np.arange(height, dtype=np.int32)),
            pl.Series("documents", documents),
            pl.Series("degree", degree),
        )
        .filter(pl.Series(kept))
        .join(homes, on="node")
        .join(spellings, on="node")
        .sort("kind", "name")
    )
    return CONCEPT_NODES.conform(found.drop("node"))


def _edges(pairs: _Pairs, nodes: _Nodes) -> pl.DataFrame:
    numbers = nodes.table["concept"].to_numpy()
    concept = (nodes.table["kind"] != TOPIC).to_numpy().astype(np.uint32)
    subgraphs = pl.Series("subgraph", SUBGRAPHS)
    edges = pl.DataFrame(
        {
            "subgraph": subgraphs.gather(concept[pairs.source] + concept[pairs.target]),
            "source": numbers[pairs.source],
            "target": numbers[pairs.target],
            "documents": pairs.documents,
        }
    )
    return CONCEPT_EDGES.conform(edges.with_columns((pl.col("documents") + EPSILON).log().alias("weight")))


def _stale() -> SynthAssetsError:
    return SynthAssetsError(
        "concept_frequencies and concept_cooccurrence were not counted from the present document_concepts: "
        "materialise both again for every shard"
    )
