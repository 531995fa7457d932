"""Random walks over the concept graph: from topics to topics, across to a key concept, and on among key concepts.

Paper section 2.2, level 3. Each step stays in its sub-graph, the first key concept included: it is reached by the
weights of the topic's edges, as every other step. All walks take a step at once, in arrays.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from synth_assets.concepts.adjacency import Adjacency, ConceptGraph
from synth_assets.concepts.uniform import walk_uniforms
from synth_assets.errors import SynthAssetsError
from synth_assets.seeds import seed_of

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]

NOWHERE = -1


@dataclass(frozen=True)
class WalkSettings:
    """How walks are taken.

    Attributes:
        topic_steps: Fewest and most steps on the topic graph; each number between is equally likely.
        concept_steps: The same on the key concept graph (the paper: 3 or 4; MathScale: 0 to 4).
        temperature: Edge weights are divided by it before the softmax. At 1 a step is taken exactly in proportion
            to the count of documents (plus 1e-5), since exp(log(f + e)) = f + e; higher is more even.
        coverage: Favours rarely seen concepts: the weight of a step to v is lowered by coverage * log(documents of
            v). It depends on the node's frequency only, never on earlier walks, so that walks do not depend on
            their order. At 0 it does nothing; at 1 and temperature 1, u goes to v in proportion to P(u | v).
    """

    topic_steps: tuple[int, int] = (1, 2)
    concept_steps: tuple[int, int] = (3, 4)
    temperature: float = 1.0
    coverage: float = 0.0

    def __post_init__(self) -> None:
        """Raise SynthAssetsError for settings that describe no walk."""
        for name, (fewest, most) in (("topic_steps", self.topic_steps), ("concept_steps", self.concept_steps)):
            if not 0 <= fewest <= most:
                raise SynthAssetsError(
                    f"walk setting {name} = ({fewest}, {most}): give a fewest of at least 0 "
                    "and a most of at least the fewest"
                )
        if not self.temperature > 0:
            raise SynthAssetsError(f"walk setting temperature = {self.temperature}: give a number above 0")


PAPER_WALKS = WalkSettings()
"""The paper's walks."""


@dataclass(frozen=True)
class Paths:
    """Nodes visited, by number and in order, -1 where a walk made no step.

    Attributes:
        topics: Shape (walks, 1 + most topic steps); the start first.
        concepts: Shape (walks, 1 + most concept steps); the key concept reached from the last topic first, or -1
            throughout where that topic leads to none.
    """

    topics: Whole
    concepts: Whole


class Transitions:
    """Steps in one sub-graph, for many walks at once."""

    def __init__(self, adjacency: Adjacency, settings: WalkSettings, target_documents: pl.Series) -> None:
        """Sum the transition probabilities once; `target_documents` holds the document frequency of each column."""
        penalty = settings.coverage * np.log(target_documents.to_numpy()) if settings.coverage else None
        probabilities = adjacency.probabilities(settings.temperature, penalty)
        self._adjacency = adjacency
        self._cumulative = np.concatenate([[0.0], np.cumsum(probabilities)])

    def step(self, nodes: Whole, uniforms: Real) -> Whole:
        """Where each walk at `nodes[i]` goes by the number `uniforms[i]` in [0, 1); -1 from a node without neighbours.

        A row's probabilities are a stretch of one cumulative sum over the whole sub-graph, so one sorted search
        serves every walk; rounding at a row's ends is held inside the row.
        """
        starts, ends = self._adjacency.starts[nodes], self._adjacency.starts[nodes + 1]
        moved = np.full(len(nodes), NOWHERE, dtype=np.int64)
        leads = ends > starts
        starts, ends = starts[leads], ends[leads]
        low, high = self._cumulative[starts], self._cumulative[ends]
        places = np.searchsorted(self._cumulative, low + uniforms[leads] * (high - low), side="right") - 1
        moved[leads] = self._adjacency.targets[np.clip(places, starts, ends - 1)]
        return moved


def walk(
    graph: ConceptGraph, topics: Sequence[str], epochs: int, settings: WalkSettings, *seed: object
) -> pl.DataFrame:
    """Walk from each of `topics` in each of `epochs` epochs.

    A walk is a function of the graph, the settings, the seed names, its start topic and its epoch: the same whichever
    other topics are walked from, in whichever order and process.

    Returns:
        Columns `shard` (the home of the start topic), `walk_id, start_topic, epoch, topics, key_concepts,
        key_concept_topics` as in `concept_walks`, the epochs of a topic together. Nodes visited again are listed
        once, where first visited. `key_concepts` is empty where the walk reached none.
    """
    starts = _numbers(graph, topics)
    paths = walk_paths(graph, starts, np.arange(epochs), settings, *seed)
    concepts = _first_visits(paths.concepts)
    belongs = np.where(concepts == NOWHERE, NOWHERE, topics_of_concepts(graph, paths.topics, concepts))
    topic_names, concept_names = graph.topics["name"], graph.concepts["name"]
    return pl.DataFrame(
        {
            "shard": graph.topics["home_shard"].gather(np.repeat(starts, epochs)),
            "walk_id": pl.Series(
                [walk_id(topic, epoch) for topic in topics for epoch in range(epochs)], dtype=pl.String
            ),
            "start_topic": topic_names.gather(np.repeat(starts, epochs)),
            "epoch": np.tile(np.arange(epochs), len(starts)),
            "topics": _name_lists(_first_visits(paths.topics), topic_names),
            "key_concepts": _name_lists(concepts, concept_names),
            "key_concept_topics": _name_lists(belongs, topic_names),
        }
    )


def walk_id(topic: str, epoch: int) -> str:
    """The name of a walk: a hash of its start topic and epoch, 16 hexadecimal digits."""
    return f"{seed_of('walk_id', topic, epoch):016x}"


def walk_paths(graph: ConceptGraph, starts: Whole, epochs: Whole, settings: WalkSettings, *seed: object) -> Paths:
    """The walks of :func:`walk` by number, from the topics `starts` in the epochs `epochs`; a topic's together."""
    most_topics, most_concepts = settings.topic_steps[1], settings.concept_steps[1]
    uniforms = walk_uniforms(
        graph.topics["name"].gather(starts).to_list(), epochs, 3 + most_topics + most_concepts, seed
    )
    topic_steps = _between(settings.topic_steps, uniforms[:, 0])
    concept_steps = _between(settings.concept_steps, uniforms[:, 1])
    crossing, on_topics, on_concepts = uniforms[:, 2], uniforms[:, 3 : 3 + most_topics], uniforms[:, 3 + most_topics :]

    topic_documents, concept_documents = graph.topics["documents"], graph.concepts["documents"]
    among_topics = Transitions(graph.topic_topic, settings, topic_documents)
    topics, last = _wander(np.repeat(starts, len(epochs)), topic_steps, on_topics, among_topics)
    reached = Transitions(graph.topic_concept, settings, concept_documents).step(last, crossing)
    among_concepts = Transitions(graph.concept_concept, settings, concept_documents)
    concepts, _ = _wander(reached, concept_steps, on_concepts, among_concepts)
    return Paths(topics, concepts)


def topics_of_concepts(graph: ConceptGraph, topics: Whole, concepts: Whole) -> Whole:
    """For each visited key concept the visited topic it belongs to most, by number.

    That is the visited topic that shares most documents with it, ties by order of visit; where no visited topic has
    an edge to it, the topic of the whole graph that does, ties by name. Arguments are as in `Paths`; the result has
    the shape of `concepts`, and holds no meaning where `concepts` is -1.
    """
    topics, concepts = topics[:, None, :], concepts[:, :, None]
    shared = graph.topic_concept.documents_between(np.maximum(topics, 0), np.maximum(concepts, 0))
    shared = np.where((topics == NOWHERE) | (concepts == NOWHERE), 0, shared)
    best = shared.argmax(axis=2)
    visited = np.take_along_axis(np.broadcast_to(topics, shared.shape), best[:, :, None], axis=2)[:, :, 0]
    strongest = _strongest_topics(graph)[np.maximum(concepts[:, :, 0], 0)] if graph.concepts.height else visited
    return np.where(shared.max(axis=2) > 0, visited, strongest)


def _strongest_topics(graph: ConceptGraph) -> Whole:
    """For each key concept the topic that shares most documents with it, ties by name; -1 where none does."""
    adjacency = graph.topic_concept
    strongest = np.full(graph.concepts.height, NOWHERE, dtype=np.int64)
    # The last writing of an index wins, so entries are written from weak to strong.
    order = np.lexsort((-adjacency.sources, adjacency.documents))
    strongest[adjacency.targets[order]] = adjacency.sources[order]
    return strongest


def _wander(nodes: Whole, steps: Whole, uniforms: Real, transitions: Transitions) -> tuple[Whole, Whole]:
    """Take `steps[i]` steps from `nodes[i]`; the nodes visited, start first, and where each walk ended.

    A walk whose node has no neighbour stays there; one that is nowhere stays nowhere.
    """
    visited = np.full((len(nodes), 1 + uniforms.shape[1]), NOWHERE, dtype=np.int64)
    visited[:, 0] = last = nodes
    for column in range(uniforms.shape[1]):
        walking = np.flatnonzero((column < steps) & (last != NOWHERE))
        moved = transitions.step(last[walking], uniforms[walking, column])
        visited[walking, column + 1] = moved
        last = last.copy()
        last[walking] = np.where(moved == NOWHERE, last[walking], moved)
    return visited, last


def _between(bounds: tuple[int, int], uniforms: Real) -> Whole:
    return bounds[0] + np.floor(uniforms * (bounds[1] - bounds[0] + 1)).astype(np.int64)


def _first_visits(visited: Whole) -> Whole:
    """`visited` with -1 in place of every node that stands further left in its row."""
    firsts = visited.copy()
    for column in range(1, visited.shape[1]):
        again = (visited[:, :column] == visited[:, column : column + 1]).any(axis=1)
        firsts[again, column] = NOWHERE
    return firsts


def _name_lists(numbers: Whole, names: pl.Series) -> pl.Series:
    """The names of each row's numbers, -1 left out; a list a row."""
    flat = pl.Series(numbers.reshape(-1))
    flat = flat.set(flat == NOWHERE, None)
    return names.gather(flat).reshape(numbers.shape).arr.to_list().list.drop_nulls()


def _numbers(graph: ConceptGraph, topics: Sequence[str]) -> Whole:
    """Topic numbers of names; raises SynthAssetsError naming a topic that the graph lacks."""
    known = graph.topics.select("name").with_row_index("number")
    found = pl.DataFrame({"name": topics}, schema={"name": pl.String}).join(
        known, on="name", how="left", maintain_order="left"
    )
    missing = found.filter(pl.col("number").is_null())
    if missing.height:
        raise SynthAssetsError(
            f"the concept graph has no topic {missing['name'][0]!r} to start a walk from: "
            "see concept_nodes for the canonical names"
        )
    return found["number"].cast(pl.Int64).to_numpy()
