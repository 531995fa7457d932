"""The data of a measurement: concept sets, the graph over them, and walks, as arrays in a folder.

Made once by plain NumPy, SciPy and Polars, none of it ours, so that it also says what is right.
"""

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse
from zipf_corpus import ZipfCorpus

Whole = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Real = npt.NDArray[np.float64]

EPSILON = 1e-5
"""Added to a count of documents before it weighs an edge (MathScale)."""


class Part(StrEnum):
    """What is measured."""

    EDGES = "edges"
    WALKS = "walks"
    REFERENCES = "references"


@dataclass(frozen=True)
class Memberships:
    """Which document holds which concept, each pair once, in the order of documents; shape (memberships,) each.

    Topic t is number t and key concept k number `topics` + k. Numbers have nothing to do with how common a name is.
    """

    document: Small
    concept: Small
    documents: int
    topics: int
    concepts: int

    @property
    def starts(self) -> Whole:
        """Where each document's concepts begin, and the end of the last; shape (documents + 1,)."""
        return np.concatenate([[0], np.cumsum(np.bincount(self.document, minlength=self.documents))])

    @property
    def pairs(self) -> int:
        """Unordered pairs of concepts, summed over documents."""
        sizes = np.diff(self.starts)
        return int((sizes * (sizes - 1) // 2).sum())

    def of(self, documents: Whole) -> "Memberships":
        """Of these documents alone, under their numbers."""
        if len(documents) == self.documents:
            return self
        held = np.isin(self.document, documents)
        return replace(self, document=self.document[held], concept=self.concept[held])


@dataclass(frozen=True)
class Edges:
    """Unordered pairs of concepts, first < second, and how many documents hold both; in any order."""

    first: npt.NDArray[np.integer]
    second: npt.NDArray[np.integer]
    documents: npt.NDArray[np.integer]

    def same_as(self, other: "Edges") -> bool:
        """Whether both hold the same edges with the same counts."""
        mine, theirs = self._sorted(), other._sorted()
        return all(np.array_equal(*both) for both in zip(mine, theirs, strict=True))

    def _sorted(self) -> tuple[Whole, Whole]:
        keys = self.first.astype(np.int64) << 32 | self.second.astype(np.int64)
        order = np.argsort(keys)
        return keys[order], self.documents.astype(np.int64)[order]


@dataclass(frozen=True)
class Rows:
    """A sub-graph: the neighbours of node i stand at `starts[i]:starts[i + 1]`, with the documents of each edge."""

    starts: Whole
    targets: Small
    documents: Small

    @property
    def weights(self) -> Real:
        """What a step is taken in proportion to."""
        return self.documents + EPSILON


@dataclass(frozen=True)
class Graph:
    """The graph a walk is taken on: among topics, from topics to key concepts, among key concepts."""

    topic_topic: Rows
    topic_concept: Rows
    concept_concept: Rows

    @property
    def stages(self) -> tuple[Rows, Rows, Rows]:
        """The sub-graphs in the order of a walk."""
        return self.topic_topic, self.topic_concept, self.concept_concept


@dataclass(frozen=True)
class Visited:
    """Nodes of walks, -1 where there was no step: topics of shape (walks, 3), key concepts of shape (walks, 5)."""

    topics: Whole
    concepts: Whole

    def of(self, walks: Whole) -> "Visited":
        """Of these walks alone, which are in ascending order."""
        if len(walks) == len(self.topics):
            return self
        return Visited(self.topics[walks], self.concepts[walks])


@dataclass(frozen=True)
class Case:
    """The data in `folder`, read as it is asked for."""

    folder: Path

    def _arrays(self, name: str) -> dict[str, npt.NDArray[np.int64]]:
        with np.load(self.folder / f"{name}.npz") as arrays:
            return dict(arrays)

    def save(self, name: str, **arrays: npt.NDArray[np.generic] | int) -> None:
        """Write arrays that `name` stands for."""
        np.savez(self.folder / f"{name}.npz", **{key: np.asarray(array) for key, array in arrays.items()})

    @cached_property
    def memberships(self) -> Memberships:
        """The concept sets of all documents."""
        arrays = self._arrays("memberships")
        return Memberships(
            arrays["document"], arrays["concept"], *(int(arrays[name]) for name in ("documents", "topics", "concepts"))
        )

    @cached_property
    def graph(self) -> Graph:
        """The graph of all documents."""
        return Graph(
            *(Rows(**self._arrays(subgraph)) for subgraph in ("topic_topic", "topic_concept", "concept_concept"))
        )

    @cached_property
    def starts(self) -> Whole:
        """Topics to walk from, each in `epochs` epochs."""
        return self._arrays("starts")["starts"]

    @cached_property
    def epochs(self) -> int:
        """Walks from each of `starts`."""
        return int(self._arrays("starts")["epochs"])

    @cached_property
    def visited(self) -> Visited:
        """What as many walks from `starts` visited, the epochs of a topic together."""
        return Visited(**self._arrays("visited"))


def prepare(folder: Path, corpus: ZipfCorpus, walks: int, seed: int) -> Case:
    """Write the case of a corpus, without `visited`: the walks are taken by a contender."""
    folder.mkdir(parents=True, exist_ok=True)
    case, rng = Case(folder), np.random.default_rng(seed)
    case.save("memberships", **asdict(memberships_of(corpus, rng)))
    held = case.memberships
    edges = edges_of(held)
    among_topics, among_concepts = edges.second < held.topics, edges.first >= held.topics
    kinds = {
        "topic_topic": (among_topics, 0, 0, True),
        "topic_concept": (~among_topics & ~among_concepts, 0, held.topics, False),
        "concept_concept": (among_concepts, held.topics, held.topics, True),
    }
    for subgraph, (chosen, first_from, second_from, symmetric) in kinds.items():
        ends = edges.first[chosen] - first_from, edges.second[chosen] - second_from
        shape = tuple(held.concepts if lowest else held.topics for lowest in (first_from, second_from))
        case.save(subgraph, **asdict(_rows(*ends, edges.documents[chosen], shape, symmetric)))
    epochs = -(-walks // held.topics)
    case.save("starts", starts=np.sort(rng.choice(held.topics, walks // epochs, replace=False)), epochs=epochs)
    return case


def memberships_of(corpus: ZipfCorpus, rng: np.random.Generator) -> Memberships:
    """The concept sets of a corpus, concepts that occur numbered at random."""
    places = []
    for drawn, names in ((corpus.topic, corpus.topics), (corpus.concept, corpus.concepts)):
        occurring = np.flatnonzero(np.bincount(drawn, minlength=names))
        place = np.full(names, -1)
        place[occurring] = rng.permutation(len(occurring))
        places.append(place[drawn])
    topics, concepts = (int(place.max()) + 1 for place in places)
    held = pl.DataFrame(
        {
            "document": np.concatenate([corpus.document, corpus.document]).astype(np.int32),
            "concept": np.concatenate([places[0], topics + places[1]]).astype(np.int32),
        }
    )
    held = held.unique().sort("document", "concept")
    return Memberships(held["document"].to_numpy(), held["concept"].to_numpy(), corpus.documents, topics, concepts)


def edges_of(held: Memberships) -> Edges:
    """The edges by listing every pair and sorting: the plain way."""
    starts = held.starts
    sizes = np.diff(starts)
    keys = []
    for size in np.unique(sizes):
        first, second = np.triu_indices(size, k=1)
        sets = held.concept[starts[:-1][sizes == size, None] + np.arange(size)].astype(np.int64)
        keys.append((sets[:, first] << 32 | sets[:, second]).reshape(-1))
    pairs = np.sort(np.concatenate(keys))
    firsts = np.flatnonzero(np.concatenate([[True], pairs[1:] != pairs[:-1]]))
    documents = np.diff(np.concatenate([firsts, [len(pairs)]]))
    return Edges(pairs[firsts] >> 32, pairs[firsts] & 0xFFFFFFFF, documents)


def _rows(first: Whole, second: Whole, documents: Whole, shape: tuple[int, ...], symmetric: bool) -> Rows:
    if symmetric:
        first, second = np.concatenate([first, second]), np.concatenate([second, first])
        documents = np.concatenate([documents, documents])
    matrix = sparse.coo_array((documents.astype(np.int32), (first, second)), shape=shape).tocsr()
    matrix.sort_indices()
    return Rows(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), matrix.data)
