"""What of this project is measured, from the same data as its peers."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from graph_peers.case import Case, Edges, Memberships, Rows, Visited, Whole
from graph_peers.references import References
from synth_assets.concepts import cooccurrence
from synth_assets.concepts.adjacency import Adjacency, ConceptGraph
from synth_assets.concepts.concept_sets import ConceptSets
from synth_assets.concepts.references import nearest_documents
from synth_assets.concepts.walks import PAPER_WALKS, Paths, walk_paths

ID = "document "
"""What stands before a document's number in its id."""


def our_edges(held: Memberships, documents: Whole) -> Edges:
    """The counting of a shard, from numbers."""
    held = held.of(documents)
    return Edges(*cooccurrence.Memberships(held.document, held.concept, held.topics + held.concepts).pairs())


@dataclass(frozen=True)
class Walkable:
    """The graph of a case, as the stage has it when the tables are read, and where walks begin."""

    graph: ConceptGraph
    starts: Whole
    epochs: int


def our_graph(case: Case) -> Walkable:
    """Names are numbers written out, in the same order."""
    held = case.memberships
    frequency = pl.Series(np.bincount(held.concept, minlength=held.topics + held.concepts))
    topics, concepts = (
        pl.DataFrame(
            {
                "concept": np.arange(documents.len()),
                "name": [f"{kind} {number:09d}" for number in range(documents.len())],
                "documents": documents,
                "home_shard": "all",
            }
        )
        for kind, documents in (("topic", frequency[: held.topics]), ("concept", frequency[held.topics :]))
    )
    columns = held.topics, held.concepts, held.concepts
    adjacencies = (_adjacency(rows, count) for rows, count in zip(case.graph.stages, columns, strict=True))
    return Walkable(ConceptGraph(topics, concepts, *adjacencies), case.starts, case.epochs)


def _adjacency(rows: Rows, columns: int) -> Adjacency:
    return Adjacency(rows.starts, rows.targets, rows.documents, columns)


def our_walks(walkable: Walkable, walks: Whole) -> Visited:
    """From the counts of documents; sums of probabilities are made within."""
    paths = walk_paths(walkable.graph, walkable.starts, np.arange(walkable.epochs), PAPER_WALKS, "benchmark")
    return Visited(paths.topics, paths.concepts).of(walks)


@dataclass(frozen=True)
class Searchable:
    """The graph and the documents' sets, as the stage has them when the tables are read."""

    graph: ConceptGraph
    sets: ConceptSets
    visited: Visited


def our_sets(case: Case) -> Searchable:
    """Documents are numbered in the order of their ids."""
    held = case.memberships
    ids = pl.Series([f"{ID}{number:09d}" for number in range(held.documents)])
    sets = ConceptSets(ids, held.starts, held.concept, held.topics + held.concepts)
    return Searchable(our_graph(case).graph, sets, case.visited)


def our_references(searchable: Searchable, walks: Whole) -> References:
    """The search with whatever index it builds."""
    visited = searchable.visited.of(walks)
    paths = Paths(visited.topics.astype(np.int32), visited.concepts.astype(np.int32))
    nearest = nearest_documents(searchable.graph, paths, searchable.sets)
    documents = nearest.select(pl.col("reference_1", "reference_2").str.strip_prefix(ID).cast(pl.Int64))
    return References(documents.to_numpy(), nearest.select("similarity_1", "similarity_2").to_numpy())
