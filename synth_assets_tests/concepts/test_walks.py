"""Walks: they stay on their sub-graph, follow its probabilities, and repeat whatever the cut of the work."""

from bisect import bisect_right
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from itertools import accumulate
from multiprocessing import get_context

import numpy as np
import polars as pl
import pytest
from scipy.stats import chisquare, kstest

from synth_assets.concepts.adjacency import Adjacency, ConceptGraph
from synth_assets.concepts.names import TOPIC, concept_number
from synth_assets.concepts.transitions import Transitions
from synth_assets.concepts.uniform import uniforms, walk_states
from synth_assets.concepts.walks import (
    PAPER_WALKS,
    WALKS_AT_ONCE,
    Paths,
    WalkSettings,
    topics_of_concepts,
    walk,
    walk_paths,
)
from synth_assets.errors import SynthAssetsError
from synth_assets_tests.concepts.five_documents import graph_tables


def random_graph() -> ConceptGraph:
    """Sixty topics and ninety key concepts of uneven frequency in 400 documents of two shards."""
    random = np.random.default_rng(7)
    pairs = tuple(
        (f"s{document % 2}", f"d{document:03}", f"topic {topic:02}", f"concept {concept:02}")
        for document in range(400)
        for topic in np.unique(60 * random.random(2) ** 2).astype(int)
        for concept in np.unique((90 * random.random(3) ** 2).astype(int))
    )
    return ConceptGraph.from_frames(*graph_tables(tuple(dict.fromkeys(pairs))))


@pytest.fixture(scope="module")
def graph() -> ConceptGraph:
    return random_graph()


def steps_of(visited: np.ndarray) -> Counter[tuple[int, int]]:
    ends = np.concatenate([visited[:, i : i + 2] for i in range(visited.shape[1] - 1)])
    return Counter((int(a), int(b)) for a, b in ends if b >= 0)


def crossings(paths: Paths) -> Counter[tuple[int, int]]:
    last = [row[row >= 0][-1] for row in paths.topics]
    return Counter((int(a), int(b)) for a, b in zip(last, paths.concepts[:, 0], strict=True))


def p_values(steps: Counter[tuple[int, int]], adjacency: Adjacency, probabilities: np.ndarray) -> list[float]:
    """Of each row's chi-square test, targets of an expected count below 5 taken together."""
    by_row: dict[int, Counter[int]] = defaultdict(Counter)
    for (source, target), times in steps.items():
        by_row[source][target] = times
    values = []
    for row, observed in by_row.items():
        entries = slice(adjacency.starts[row], adjacency.starts[row + 1])
        expected = probabilities[entries] * observed.total()
        seen = np.array([observed[target] for target in adjacency.targets[entries].tolist()])
        rare = expected < 5
        if rare.any():
            expected = np.append(expected[~rare], expected[rare].sum())
            seen = np.append(seen[~rare], seen[rare].sum())
        if len(expected) > 1 and expected.min() >= 5:
            values.append(float(chisquare(seen, expected).pvalue))
    return values


SETTINGS = [
    PAPER_WALKS,
    WalkSettings(temperature=2.0),
    WalkSettings(coverage=0.7),
    WalkSettings(temperature=0.5, coverage=0.3),
]


SIGNIFICANCE = 0.01 / (3 * len(SETTINGS))
"""One in a hundred for all sub-graphs and settings together (Bonferroni)."""


@pytest.mark.parametrize("settings", SETTINGS)
def test_steps_follow_the_transition_probabilities(graph: ConceptGraph, settings: WalkSettings) -> None:
    paths = walk_paths(graph, np.arange(graph.topics.height), np.arange(400), settings, "chi-square")
    for steps, adjacency, targets in (
        (steps_of(paths.topics), graph.topic_topic, graph.topics),
        (crossings(paths), graph.topic_concept, graph.concepts),
        (steps_of(paths.concepts), graph.concept_concept, graph.concepts),
    ):
        penalty = settings.coverage * np.log(targets["documents"].to_numpy())
        values = p_values(steps, adjacency, adjacency.probabilities(settings.temperature, penalty))
        assert len(values) >= 40
        assert kstest(values, "uniform").pvalue > SIGNIFICANCE
        assert min(values) > 1e-4


def plain_walk(graph: ConceptGraph, topic: int, epoch: int, settings: WalkSettings, seed: str) -> Paths:
    """One walk by lists, a linear sum and a search."""
    number = graph.topics["concept"].to_numpy()[[topic]]
    draws = iter(uniforms(walk_states(number, np.array([epoch]), (seed,)), 20)[:, 0].tolist())

    def weights(adjacency: Adjacency, targets: pl.DataFrame) -> list[float]:
        if settings == PAPER_WALKS:
            return (adjacency.documents + 1e-5).tolist()
        return adjacency.probabilities(
            settings.temperature, settings.coverage * np.log(targets["documents"].to_numpy())
        ).tolist()

    def neighbour(adjacency: Adjacency, targets: pl.DataFrame, node: int, uniform: float) -> int:
        entries = slice(*adjacency.starts[node : node + 2].tolist())
        sums = list(accumulate(weights(adjacency, targets)[entries]))
        if not sums or node < 0:
            return -1
        return int(adjacency.targets[entries][min(bisect_right(sums, uniform * sums[-1]), len(sums) - 1)])

    steps = [low + int(next(draws) * (high - low + 1)) for low, high in (settings.topic_steps, settings.concept_steps)]
    crossing = next(draws)

    def wander(adjacency: Adjacency, targets: pl.DataFrame, start: int, taken: int, most: int) -> tuple[list[int], int]:
        visited, last = [start], start
        for step in range(most):
            moved, uniform = -1, next(draws)
            if step < taken:
                moved = neighbour(adjacency, targets, last, uniform)
            visited.append(moved)
            last = moved if moved >= 0 else last
        return visited, last

    topics, last = wander(graph.topic_topic, graph.topics, topic, steps[0], settings.topic_steps[1])
    reached = neighbour(graph.topic_concept, graph.concepts, last, crossing)
    concepts, _ = wander(graph.concept_concept, graph.concepts, reached, steps[1], settings.concept_steps[1])
    return Paths(np.array(topics), np.array(concepts))


@pytest.mark.parametrize("settings", SETTINGS)
def test_compiled_walks_equal_a_plain_loop(graph: ConceptGraph, settings: WalkSettings) -> None:
    together = walk_paths(graph, np.arange(graph.topics.height), np.arange(3), settings, "plain")
    for number in range(len(together.topics)):
        alone = plain_walk(graph, number // 3, number % 3, settings, "plain")
        assert together.topics[number].tolist() == alone.topics.tolist()
        assert together.concepts[number].tolist() == alone.concepts.tolist()


def test_a_step_is_found_wherever_the_weight_of_a_row_lies() -> None:
    for documents in ([10**6] + [1] * 40, [1] * 40 + [10**6], [1], [1, 10**6] * 20, [3] * 64):
        entries = np.arange(len(documents), dtype=np.int32)
        row = Adjacency.from_pairs(
            np.zeros_like(entries), entries, np.array(documents, dtype=np.int32), (1, len(documents))
        )
        frequencies = pl.Series(np.ones(len(documents)))
        numbers = np.concatenate([np.random.default_rng(5).random(500), np.arange(64) / 64, [0.0, 1 - 2.0**-53]])
        sums = list(accumulate(documents[i] + 1e-5 for i in range(len(documents))))
        moved = Transitions.build(row, frequencies, 1.0, 0.0).step(np.zeros(len(numbers), dtype=np.int32), numbers)
        assert moved.tolist() == [min(bisect_right(sums, n * sums[-1]), len(sums) - 1) for n in numbers.tolist()]


def test_every_step_is_an_edge_of_the_sub_graph_walked(graph: ConceptGraph) -> None:
    paths = walk_paths(graph, np.arange(graph.topics.height), np.arange(20), PAPER_WALKS, "edges")
    for steps, adjacency in (
        (steps_of(paths.topics), graph.topic_topic),
        (crossings(paths), graph.topic_concept),
        (steps_of(paths.concepts), graph.concept_concept),
    ):
        edges = set(zip(adjacency.sources.tolist(), adjacency.targets.tolist(), strict=True))
        assert steps
        assert set(steps) <= edges


def test_the_numbers_of_steps_are_those_of_the_settings(graph: ConceptGraph) -> None:
    paths = walk_paths(graph, np.arange(graph.topics.height), np.arange(50), PAPER_WALKS, "lengths")
    connected = graph.topic_topic.degrees[paths.topics[:, 0]] > 0
    assert Counter((paths.topics[connected] >= 0).sum(axis=1).tolist()).keys() == {2, 3}
    concept_steps = Counter(((paths.concepts >= 0).sum(axis=1) - 1).tolist())
    assert concept_steps.keys() == {3, 4}
    assert abs(concept_steps[3] / concept_steps.total() - 0.5) < 0.05


def test_a_walk_is_the_same_however_the_work_is_cut(graph: ConceptGraph) -> None:
    names = graph.topics["name"].to_list()
    together = walk(graph, names, 3, PAPER_WALKS, "cut", 1)
    backwards = walk(graph, names[::-1], 3, PAPER_WALKS, "cut", 1)
    alone = pl.concat(walk(graph, [name], 3, PAPER_WALKS, "cut", 1) for name in names)
    fewer_epochs = walk(graph, names, 2, PAPER_WALKS, "cut", 1)
    assert alone.equals(together)
    assert backwards.sort("start_topic", "epoch").equals(together.sort("start_topic", "epoch"))
    assert fewer_epochs.equals(together.filter(pl.col("epoch") < 2))


def every_other_walk(first: int) -> pl.DataFrame:
    graph = random_graph()
    return walk(graph, graph.topics["name"].to_list()[first::2], 3, PAPER_WALKS, "cut", 1)


def test_a_walk_is_the_same_in_another_process(graph: ConceptGraph) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        apart = pl.concat([every_other_walk(0), processes.submit(every_other_walk, 1).result()])
    together = walk(graph, graph.topics["name"].to_list(), 3, PAPER_WALKS, "cut", 1)
    assert apart.sort("start_topic", "epoch").equals(together.sort("start_topic", "epoch"))


def test_walks_do_not_depend_on_the_number_of_threads(graph: ConceptGraph) -> None:
    epochs = np.arange(3 * WALKS_AT_ONCE // graph.topics.height)
    alone, *shared = (
        walk_paths(graph, np.arange(graph.topics.height), epochs, PAPER_WALKS, "cut", threads=threads)
        for threads in (1, 2, 5)
    )
    for paths in shared:
        assert np.array_equal(paths.topics, alone.topics)
        assert np.array_equal(paths.concepts, alone.concepts)


def test_another_seed_walks_elsewhere(graph: ConceptGraph) -> None:
    names = graph.topics["name"].to_list()
    assert not walk(graph, names, 1, PAPER_WALKS, 1).equals(walk(graph, names, 1, PAPER_WALKS, 2))


def test_a_topic_without_topic_neighbours_stays_and_crosses_over() -> None:
    graph = ConceptGraph.from_frames(*graph_tables((("s", "d", "ratio", "rate"),)))
    (row,) = walk(graph, ["ratio"], 1, PAPER_WALKS).iter_rows(named=True)
    assert (row["topics"], row["key_concepts"], row["key_concept_topics"]) == (["ratio"], ["rate"], ["ratio"])


def test_visited_names_are_listed_once_in_the_order_visited() -> None:
    graph = ConceptGraph.from_frames(*graph_tables())
    names = graph.topics["name"].to_list()
    paths = walk_paths(graph, np.arange(3), np.arange(30), PAPER_WALKS, "lists")
    walks = walk(graph, names, 30, PAPER_WALKS, "lists")
    concepts = graph.concepts["name"].to_list()
    assert walks["key_concepts"].to_list() == [
        list(dict.fromkeys(concepts[i] for i in row if i >= 0)) for row in paths.concepts
    ]
    assert walks["topics"].to_list() == [list(dict.fromkeys(names[i] for i in row if i >= 0)) for row in paths.topics]
    assert walks["topics"].list.first().equals(walks["start_topic"].alias("topics"))
    assert walks["key_concepts"].list.len().equals(walks["key_concept_topics"].list.len().alias("key_concepts"))
    assert walks["walk_id"].n_unique() == 90


def test_a_key_concept_belongs_to_the_visited_topic_it_shares_most_documents_with() -> None:
    graph = ConceptGraph.from_frames(*graph_tables())
    decimals, fractions, ratios = range(3)
    denominator, numerator, place_value, proportion, rounding = range(5)
    belongs = topics_of_concepts(
        graph,
        np.array([[fractions, decimals, -1], [decimals, -1, -1]]),
        np.array([[numerator, place_value, rounding], [proportion, denominator, -1]]),
    )
    assert belongs[0].tolist() == [fractions, decimals, decimals]
    # No visited topic has an edge to these: their strongest topic of the whole graph.
    assert belongs[1, :2].tolist() == [ratios, fractions]


def test_between_equally_strong_topics_the_one_visited_first_wins() -> None:
    graph = ConceptGraph.from_frames(*graph_tables((("s", "d", "a", "x"), ("s", "d", "b", "x"))))
    both = topics_of_concepts(graph, np.array([[0, 1], [1, 0]]), np.array([[0], [0]]))
    assert both.tolist() == [[0], [1]]


def test_coverage_favours_rare_concepts() -> None:
    pairs = [("s", f"d{i}", "t", "common") for i in range(50)] + [("s", "d0", "t", "rare")]
    graph = ConceptGraph.from_frames(*graph_tables(tuple(pairs)))
    reached = {
        coverage: walk(graph, ["t"], 500, WalkSettings(concept_steps=(0, 0), coverage=coverage))["key_concepts"]
        .list.first()
        .eq("rare")
        .mean()
        for coverage in (0.0, 1.0)
    }
    # 1 document in 51, and one in two where each counts in proportion to its own frequency.
    assert reached[0.0] == pytest.approx(1 / 51, abs=0.02)
    assert reached[1.0] == pytest.approx(0.5, abs=0.07)


def test_uniform_numbers_do_not_depend_on_the_other_walks() -> None:
    topics = np.array([concept_number(TOPIC, f"topic {i}") for i in range(200)])
    numbers = uniforms(walk_states(topics, np.arange(50), ("u",)), 8).T
    assert kstest(numbers.reshape(-1), "uniform").pvalue > 0.01
    assert abs(np.corrcoef(numbers, rowvar=False) - np.eye(8)).max() < 0.05
    assert np.array_equal(uniforms(walk_states(topics[7:8], np.array([3]), ("u",)), 8)[:, 0], numbers[7 * 50 + 3])
    assert numbers.min() >= 0
    assert numbers.max() < 1


@pytest.mark.parametrize("wrong", [{"topic_steps": (2, 1)}, {"concept_steps": (-1, 3)}, {"temperature": 0.0}])
def test_settings_that_describe_no_walk_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SynthAssetsError, match=next(iter(wrong))):
        WalkSettings(**wrong)  # type: ignore[arg-type]


def test_an_unknown_start_topic_is_named(graph: ConceptGraph) -> None:
    with pytest.raises(SynthAssetsError, match="no topic 'alchemy'"):
        walk(graph, ["topic 00", "alchemy"], 1, PAPER_WALKS)
