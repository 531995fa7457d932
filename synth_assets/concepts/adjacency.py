"""The concept graph as arrays: one sparse matrix a sub-graph, ready to walk.

Built from the tables `concept_nodes` and `concept_edges`; how those come about is `graph`'s business, and how a part of
it is handed to NetworkX that of `networkx_view`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from synth_assets.concepts.graph import CONCEPT_CONCEPT, EPSILON, TOPIC_CONCEPT, TOPIC_TOPIC
from synth_assets.concepts.names import KEY_CONCEPT, TOPIC
from synth_assets.concepts.sparse_rows import compressed
from synth_assets.errors import SynthAssetsError

if TYPE_CHECKING:
    import networkx

Whole = npt.NDArray[np.int64]
Number = npt.NDArray[np.int32]
Real = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Adjacency:
    """One sub-graph in compressed sparse rows: the neighbours of row i stand at `starts[i]:starts[i + 1]`.

    Attributes:
        starts: Row starts, shape (rows + 1,).
        targets: Neighbours' column numbers, ascending within a row, shape (entries,).
        documents: Documents that hold both ends, shape (entries,).
        columns: Number of columns.
    """

    starts: Whole
    targets: Number
    documents: Number
    columns: int

    @classmethod
    def from_pairs(
        cls, sources: Number | Whole, targets: Number | Whole, documents: Number | Whole, shape: tuple[int, int]
    ) -> "Adjacency":
        """From one entry an edge, in any order, between `shape[0]` rows and `shape[1]` columns."""
        rows, columns, counts = (array.astype(np.int32, copy=False) for array in (sources, targets, documents))
        matrix = compressed(rows, columns, counts, shape)
        return cls(matrix.indptr.astype(np.int64), matrix.indices, matrix.data, shape[1])

    @property
    def degrees(self) -> Whole:
        """Neighbours of each row, shape (rows,)."""
        return np.diff(self.starts)

    @property
    def sources(self) -> Whole:
        """Row number of each entry, shape (edges,)."""
        return np.repeat(np.arange(len(self.starts) - 1), self.degrees)

    def documents_between(self, rows: Whole, columns: Whole) -> Whole:
        """Documents of the edges (rows[i], columns[i]), 0 where there is none; any shapes that broadcast."""
        rows, columns = np.broadcast_arrays(rows, columns)
        if not len(self.targets):
            return np.zeros(rows.shape, dtype=np.int64)
        shape = (len(self.starts) - 1, self.columns)
        matrix = sparse.csr_array((self.documents, self.targets, self.starts), shape=shape)
        return np.asarray(matrix[rows.ravel(), columns.ravel()], dtype=np.int64).reshape(rows.shape)

    def probabilities(self, temperature: float = 1.0, penalty: Real | None = None) -> Real:
        """Transition probabilities of each entry: softmax of (weight - penalty[target]) / temperature over its row.

        The weight is log(documents + 1e-5), so that at temperature 1 and without a penalty the probability is exactly
        (documents + 1e-5) / (sum of the same over the row): a walk in proportion to counts. Shape (edges,).
        """
        if not len(self.targets):
            return np.zeros(0)
        # Worked in place: at the paper's size an array of this shape has 200 MB.
        scores: Real = np.log(self.documents + EPSILON)
        if penalty is not None:
            scores -= penalty[self.targets]
        if temperature != 1.0:
            scores /= temperature
        # reduceat takes an empty segment for one element; rows without neighbours are left out instead.
        lengths = self.degrees[self.degrees > 0]
        starts = self.starts[:-1][self.degrees > 0]
        scores -= np.repeat(np.maximum.reduceat(scores, starts), lengths)
        np.exp(scores, out=scores)
        scores /= np.repeat(np.add.reduceat(scores, starts), lengths)
        return scores


@dataclass(frozen=True)
class ConceptGraph:
    """The concept graph by numbers: topics and key concepts are each numbered in the order of their names.

    Where both kinds stand together, topic t is node t and key concept k is node (number of topics) + k.

    Attributes:
        topics: Columns `concept` (the tables' number), `name, documents, home_shard`, row number = topic number.
        concepts: The same of the key concepts.
        topic_topic: Topics by topics.
        topic_concept: Topics by key concepts, the direction that walks take.
        concept_concept: Key concepts by key concepts.
    """

    topics: pl.DataFrame
    concepts: pl.DataFrame
    topic_topic: Adjacency
    topic_concept: Adjacency
    concept_concept: Adjacency

    @classmethod
    def from_frames(cls, nodes: pl.DataFrame, edges: pl.DataFrame | pl.LazyFrame) -> "ConceptGraph":
        """From rows of `concept_nodes` and `concept_edges`, in any order.

        Of the edges, the columns `source, target, documents` are read.
        """
        topics, concepts = in_name_order(nodes, TOPIC), in_name_order(nodes, KEY_CONCEPT)
        source, target, documents = _numbered(edges, pl.concat([topics["concept"], concepts["concept"]]))
        many = topics.height
        on_topics, on_concepts = target < many, source >= many
        across = ~(on_topics | on_concepts)
        return cls(
            topics,
            concepts,
            _both_ways(source[on_topics], target[on_topics], documents[on_topics], many),
            Adjacency.from_pairs(
                source[across], target[across] - many, documents[across], (topics.height, concepts.height)
            ),
            _both_ways(source[on_concepts] - many, target[on_concepts] - many, documents[on_concepts], concepts.height),
        )

    def transition_probabilities(self, node: str, subgraph: str, temperature: float = 1.0) -> pl.DataFrame:
        """Where a walk goes from `node`, a topic in `topic_topic` and `topic_concept`, else a key concept.

        Returns:
            Columns `target`, `probability`, sorted by target; no rows where the node has no neighbour.

        Raises:
            SynthAssetsError: There is no such node.
        """
        sources, targets = self._ends(subgraph)
        row = sources["name"].index_of(node)
        if row is None:
            raise SynthAssetsError(
                f"the concept graph has no node {node!r} to leave from in {subgraph}: "
                "see concept_nodes for the canonical names"
            )
        adjacency = self._adjacencies()[subgraph]
        entries = slice(adjacency.starts[row], adjacency.starts[row + 1])
        return pl.DataFrame(
            {
                "target": targets["name"].gather(adjacency.targets[entries]),
                "probability": adjacency.probabilities(temperature)[entries],
            }
        )

    def to_networkx(
        self,
        around: str | Sequence[str] | None = None,
        *,
        kind: str | None = None,
        steps: int = 1,
        most: int | None = None,
        however_large: bool = False,
    ) -> "networkx.Graph":
        """The whole graph, or the neighbourhood of some nodes, undirected; see :func:`networkx_view.networkx_of`."""
        from synth_assets.concepts.networkx_view import networkx_of  # NetworkX takes half a second to load

        return networkx_of(self, around, kind=kind, steps=steps, most=most, however_large=however_large)

    def _adjacencies(self) -> dict[str, Adjacency]:
        return {TOPIC_TOPIC: self.topic_topic, TOPIC_CONCEPT: self.topic_concept, CONCEPT_CONCEPT: self.concept_concept}

    def _ends(self, subgraph: str) -> tuple[pl.DataFrame, pl.DataFrame]:
        return {
            TOPIC_TOPIC: (self.topics, self.topics),
            TOPIC_CONCEPT: (self.topics, self.concepts),
            CONCEPT_CONCEPT: (self.concepts, self.concepts),
        }[subgraph]


def in_name_order(nodes: pl.DataFrame, kind: str) -> pl.DataFrame:
    """The nodes of a kind from `concept_nodes`, as the graph numbers them: by name."""
    return nodes.filter(pl.col("kind") == kind).sort("name").select("concept", "name", "documents", "home_shard")


def _numbered(edges: pl.DataFrame | pl.LazyFrame, concepts: pl.Series) -> tuple[Number, Number, Number]:
    """Source, target and documents of each edge, nodes by their places in `concepts`."""
    rows = edges.lazy().select("source", "target", pl.col("documents").cast(pl.Int32))
    for end in ("source", "target"):
        places = pl.LazyFrame({end: concepts, f"{end} node": pl.int_range(len(concepts), dtype=pl.Int32, eager=True)})
        rows = rows.join(places, on=end).drop(end)
    found = rows.collect()
    return found["source node"].to_numpy(), found["target node"].to_numpy(), found["documents"].to_numpy()


def _both_ways(source: Number, target: Number, documents: Number, height: int) -> Adjacency:
    """A sub-graph of one kind: an entry from each end of an edge to the other."""
    return Adjacency.from_pairs(
        np.concatenate([source, target]),
        np.concatenate([target, source]),
        np.concatenate([documents, documents]),
        (height, height),
    )
