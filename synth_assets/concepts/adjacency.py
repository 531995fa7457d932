"""The concept graph as arrays: one sparse matrix a sub-graph, ready to walk and to hand to NetworkX.

Built from the tables `concept_nodes` and `concept_edges`; how those come about is `graph`'s business.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from synth_assets.concepts.graph import CONCEPT_CONCEPT, EPSILON, TOPIC_CONCEPT, TOPIC_TOPIC
from synth_assets.concepts.names import KEY_CONCEPT, TOPIC
from synth_assets.errors import SynthAssetsError

if TYPE_CHECKING:
    import networkx

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Adjacency:
    """One sub-graph in compressed sparse rows: the neighbours of row i stand at `starts[i]:starts[i + 1]`.

    Attributes:
        starts: Row starts, shape (rows + 1,).
        targets: Neighbours' column numbers, ascending within a row, shape (edges,).
        documents: Documents that hold both ends, shape (edges,).
        columns: Number of columns.
    """

    starts: Whole
    targets: Whole
    documents: Whole
    columns: int

    @classmethod
    def from_pairs(cls, sources: Whole, targets: Whole, documents: Whole, shape: tuple[int, int]) -> "Adjacency":
        """From one entry an edge, in any order, between `shape[0]` rows and `shape[1]` columns."""
        order = np.lexsort((targets, sources))
        starts = np.concatenate([[0], np.cumsum(np.bincount(sources, minlength=shape[0]))]).astype(np.int64)
        return cls(starts, targets[order], documents[order], shape[1])

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
        if not len(self.targets):
            return np.zeros(np.broadcast(rows, columns).shape, dtype=np.int64)
        keys = self.sources * self.columns + self.targets
        wanted = rows * self.columns + columns
        places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[places] == wanted, self.documents[places], 0)

    def probabilities(self, temperature: float = 1.0, penalty: Real | None = None) -> Real:
        """Transition probabilities of each entry: softmax of (weight - penalty[target]) / temperature over its row.

        The weight is log(documents + 1e-5), so that at temperature 1 and without a penalty the probability is exactly
        (documents + 1e-5) / (sum of the same over the row): a walk in proportion to counts. Shape (edges,).
        """
        if not len(self.targets):
            return np.zeros(0)
        logits = np.log(self.documents + EPSILON)
        if penalty is not None:
            logits = logits - penalty[self.targets]
        logits = logits / temperature
        # reduceat takes an empty segment for one element; rows without neighbours are left out instead.
        lengths = self.degrees[self.degrees > 0]
        starts = self.starts[:-1][self.degrees > 0]
        scores = np.exp(logits - np.repeat(np.maximum.reduceat(logits, starts), lengths))
        return np.asarray(scores / np.repeat(np.add.reduceat(scores, starts), lengths))


@dataclass(frozen=True)
class ConceptGraph:
    """The concept graph by numbers: topics and key concepts are each numbered in the order of their names.

    Attributes:
        topics: Columns `name, documents, home_shard`, row number = topic number.
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
    def from_frames(cls, nodes: pl.DataFrame, edges: pl.DataFrame) -> "ConceptGraph":
        """From rows of `concept_nodes` and `concept_edges`, in any order."""
        topics, concepts = (
            nodes.filter(pl.col("kind") == kind).sort("name").select("name", "documents", "home_shard")
            for kind in (TOPIC, KEY_CONCEPT)
        )
        return cls(
            topics,
            concepts,
            _adjacency(edges, TOPIC_TOPIC, topics, topics),
            _adjacency(edges.filter(pl.col("source_kind") == TOPIC), TOPIC_CONCEPT, topics, concepts),
            _adjacency(edges, CONCEPT_CONCEPT, concepts, concepts),
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

    def to_networkx(self) -> "networkx.Graph":
        """The whole graph, undirected; a node is the tuple (kind, name).

        Node attributes: kind, name, documents. Edge attributes: subgraph, documents, weight.
        """
        import networkx  # loaded only by those who ask for it: half a second

        graph = networkx.Graph()
        for kind, frame in ((TOPIC, self.topics), (KEY_CONCEPT, self.concepts)):
            graph.add_nodes_from(
                ((kind, name), {"kind": kind, "name": name, "documents": documents})
                for name, documents in frame.select("name", "documents").iter_rows()
            )
        for subgraph, adjacency in self._adjacencies().items():
            sources, targets = self._ends(subgraph)
            source_kind = KEY_CONCEPT if subgraph == CONCEPT_CONCEPT else TOPIC
            target_kind = TOPIC if subgraph == TOPIC_TOPIC else KEY_CONCEPT
            graph.add_edges_from(
                (
                    (source_kind, source),
                    (target_kind, target),
                    {"subgraph": subgraph, "documents": int(documents), "weight": float(np.log(documents + EPSILON))},
                )
                for source, target, documents in zip(
                    sources["name"].gather(adjacency.sources),
                    targets["name"].gather(adjacency.targets),
                    adjacency.documents,
                    strict=True,
                )
            )
        return graph

    def _adjacencies(self) -> dict[str, Adjacency]:
        return {TOPIC_TOPIC: self.topic_topic, TOPIC_CONCEPT: self.topic_concept, CONCEPT_CONCEPT: self.concept_concept}

    def _ends(self, subgraph: str) -> tuple[pl.DataFrame, pl.DataFrame]:
        return {
            TOPIC_TOPIC: (self.topics, self.topics),
            TOPIC_CONCEPT: (self.topics, self.concepts),
            CONCEPT_CONCEPT: (self.concepts, self.concepts),
        }[subgraph]


def _adjacency(edges: pl.DataFrame, subgraph: str, rows: pl.DataFrame, columns: pl.DataFrame) -> Adjacency:
    numbered = (
        edges.filter(pl.col("subgraph") == subgraph)
        .join(rows.select(source="name").with_row_index("row"), on="source")
        .join(columns.select(target="name").with_row_index("column"), on="target")
    )
    return Adjacency.from_pairs(
        numbered["row"].cast(pl.Int64).to_numpy(),
        numbered["column"].cast(pl.Int64).to_numpy(),
        numbered["documents"].to_numpy(),
        (rows.height, columns.height),
    )
