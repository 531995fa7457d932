"""Random walks over the concept graph: from topics to topics, across to a key concept, and on among key concepts.

Paper section 2.2, level 3. Each step stays in its sub-graph, the first key concept included: it is reached by the
weights of the topic's edges, as every other step. Walks are arrays of node numbers; names are looked up at the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from synth_assets.chunks import over_chunks
from synth_assets.concepts.adjacency import ConceptGraph
from synth_assets.concepts.transitions import Transitions
from synth_assets.concepts.uniform import uniforms, walk_states
from synth_assets.errors import SynthAssetsError
from synth_assets.seeds import seed_of

Whole = npt.NDArray[np.int64]
Number = npt.NDArray[np.int32]
Real = npt.NDArray[np.float64]

NOWHERE = -1

WALKS_AT_ONCE = 8192
"""Walks that a thread takes together: few enough for what is drawn and visited to stay in the processor's cache."""


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
    """Nodes visited, by number and in order, those visited again included; -1 where a walk made no step.

    Attributes:
        topics: Shape (walks, 1 + most topic steps); the start first.
        concepts: Shape (walks, 1 + most concept steps); the key concept reached from the last topic first, or -1
            throughout where that topic leads to none.
    """

    topics: Number
    concepts: Number


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
    return walk_rows(graph, starts, epochs, walk_paths(graph, starts, np.arange(epochs), settings, *seed))


def walk_rows(graph: ConceptGraph, starts: Whole | Number, epochs: int, paths: Paths) -> pl.DataFrame:
    """The rows of :func:`walk` from the walks by number: from each topic of `starts`, the epochs from 0 together."""
    concepts = _first_visits(paths.concepts)
    belongs = topics_of_concepts(graph, paths.topics, concepts)
    topic_names, concept_names = graph.topics["name"], graph.concepts["name"]
    return pl.DataFrame(
        {
            "shard": graph.topics["home_shard"].gather(np.repeat(starts, epochs)),
            "walk_id": pl.Series(
                [walk_id(topic, epoch) for topic in topic_names.gather(starts) for epoch in range(epochs)],
                dtype=pl.String,
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


def walk_paths(
    graph: ConceptGraph,
    starts: Whole | Number,
    epochs: Whole,
    settings: WalkSettings,
    *seed: object,
    threads: int | None = None,
) -> Paths:
    """The walks of :func:`walk` by number, from the topics `starts` in the epochs `epochs`; a topic's together.

    They do not depend on `threads`, by default one for each processor.
    """
    most_topics, most_concepts = settings.topic_steps[1], settings.concept_steps[1]
    states = walk_states(graph.topics["concept"].gather(starts).to_numpy(), epochs, seed)
    begin = np.repeat(np.asarray(starts, dtype=np.int32), len(epochs))
    among_topics, across, among_concepts = (
        Transitions.build(adjacency, nodes["documents"], settings.temperature, settings.coverage, threads)
        for adjacency, nodes in (
            (graph.topic_topic, graph.topics),
            (graph.topic_concept, graph.concepts),
            (graph.concept_concept, graph.concepts),
        )
    )
    paths = Paths(
        np.empty((len(begin), 1 + most_topics), dtype=np.int32),
        np.empty((len(begin), 1 + most_concepts), dtype=np.int32),
    )

    def walks_between(first: int, last: int) -> None:
        numbers = uniforms(states[first:last], 3 + most_topics + most_concepts)
        topic_steps, concept_steps = (
            _between(settings.topic_steps, numbers[0]),
            _between(settings.concept_steps, numbers[1]),
        )
        on_topics, on_concepts = numbers[3 : 3 + most_topics], numbers[3 + most_topics :]
        topics = _wander(begin[first:last], topic_steps, on_topics, among_topics, paths.topics[first:last])
        reached = across.step(topics, numbers[2])
        _wander(reached, concept_steps, on_concepts, among_concepts, paths.concepts[first:last])

    over_chunks(walks_between, len(begin), WALKS_AT_ONCE, threads=threads)
    return paths


def topics_of_concepts(graph: ConceptGraph, topics: Number, concepts: Number, threads: int | None = None) -> Number:
    """For each visited key concept the visited topic it belongs to most, by number.

    That is the visited topic that shares most documents with it, ties by order of visit; where no visited topic has
    an edge to it, the topic of the whole graph that does, ties by name. Arguments are as in `Paths`; the result has
    the shape of `concepts`, and is -1 where that is.
    """
    from synth_assets.concepts.walk_loops import owners, strongest_rows

    starts = np.require(graph.topic_concept.starts, np.int64, ["C", "W"])
    targets = np.require(graph.topic_concept.targets, np.int32, ["C", "W"])
    documents = np.require(graph.topic_concept.documents, np.int32, ["C", "W"])
    topics, concepts = np.require(topics, np.int32, ["C", "W"]), np.require(concepts, np.int32, ["C", "W"])
    strongest = np.empty(graph.concepts.height, dtype=np.int32)
    strongest_rows(starts, targets, documents, strongest)
    owning = np.empty(concepts.shape, dtype=np.int32)

    def walks_between(first: int, last: int) -> None:
        rows = slice(first, last)
        owners(starts, targets, documents, strongest, topics[rows], concepts[rows], owning[rows])

    over_chunks(walks_between, len(concepts), WALKS_AT_ONCE, threads=threads)
    return owning


def _wander(nodes: Number, steps: Whole, numbers: Real, transitions: Transitions, visited: Number) -> Number:
    """Take `steps[i]` steps from `nodes[i]`: the nodes visited, start first, go to `visited`; returned are the last.

    A walk whose node has no neighbour stays there; one that is nowhere stays nowhere.
    """
    visited[:, 0] = last = nodes
    for step, drawn in enumerate(numbers):
        moved = transitions.step(np.where(step < steps, last, np.int32(NOWHERE)), drawn)
        visited[:, step + 1] = moved
        last = np.where(moved == NOWHERE, last, moved)
    return last


def _between(bounds: tuple[int, int], uniforms: Real) -> Whole:
    return bounds[0] + np.floor(uniforms * (bounds[1] - bounds[0] + 1)).astype(np.int64)


def _first_visits(visited: Number) -> Number:
    """`visited` with -1 in place of every node that stands further left in its row."""
    firsts = visited.copy()
    for column in range(1, visited.shape[1]):
        again = (visited[:, :column] == visited[:, column : column + 1]).any(axis=1)
        firsts[again, column] = NOWHERE
    return firsts


def _name_lists(numbers: Number, names: pl.Series) -> pl.Series:
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
