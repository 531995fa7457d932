"""The graph as arrays: transition probabilities of the five documents by hand, and the NetworkX view."""

from math import log, sqrt

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth_assets.concepts import networkx_view
from synth_assets.concepts.adjacency import Adjacency, ConceptGraph
from synth_assets.concepts.names import concept_number
from synth_assets.errors import SynthAssetsError
from synth_assets_tests.concepts.five_documents import graph_tables

E = 1e-5


@pytest.fixture(scope="module")
def graph() -> ConceptGraph:
    return ConceptGraph.from_frames(*graph_tables())


def probabilities(graph: ConceptGraph, node: str, subgraph: str, temperature: float = 1.0) -> dict[str, float]:
    return dict(graph.transition_probabilities(node, subgraph, temperature).iter_rows())


def test_at_temperature_1_a_step_is_proportional_to_counts(graph: ConceptGraph) -> None:
    assert probabilities(graph, "fractions", "topic_concept") == pytest.approx(
        {
            "numerator": (2 + E) / (6 + 4 * E),
            "denominator": (2 + E) / (6 + 4 * E),
            "place value": (1 + E) / (6 + 4 * E),
            "proportion": (1 + E) / (6 + 4 * E),
        },
        rel=1e-12,
    )
    assert probabilities(graph, "decimals", "topic_concept") == pytest.approx(
        {
            "place value": (2 + E) / (4 + 3 * E),
            "numerator": (1 + E) / (4 + 3 * E),
            "rounding": (1 + E) / (4 + 3 * E),
        },
        rel=1e-12,
    )
    assert probabilities(graph, "fractions", "topic_topic") == pytest.approx({"decimals": 0.5, "ratios": 0.5})
    assert probabilities(graph, "rounding", "concept_concept") == {"place value": 1.0}


def test_temperature_divides_the_weights(graph: ConceptGraph) -> None:
    two, one = sqrt(2 + E), sqrt(1 + E)
    assert probabilities(graph, "ratios", "topic_concept", temperature=2.0) == pytest.approx(
        {"proportion": two / (two + one), "denominator": one / (two + one)}, rel=1e-12
    )


def test_a_penalty_lowers_the_weight_of_its_target() -> None:
    row = Adjacency.from_pairs(np.array([1, 1]), np.array([2, 0]), np.array([3, 6]), (2, 3))
    penalty = np.log(np.array([6.0, 1.0, 3.0]))
    assert row.probabilities(penalty=penalty) == pytest.approx([0.5, 0.5], rel=1e-4)


def test_an_unknown_node_is_named(graph: ConceptGraph) -> None:
    with pytest.raises(SynthAssetsError, match="no node 'numerator' to leave from in topic_topic"):
        graph.transition_probabilities("numerator", "topic_topic")


def test_the_tables_may_come_in_any_order_and_lazily() -> None:
    nodes, edges = graph_tables()
    given = ConceptGraph.from_frames(nodes, edges)
    other = ConceptGraph.from_frames(nodes.reverse(), edges.reverse().lazy())
    assert given.topics.equals(other.topics) and given.concepts.equals(other.concepts)
    for one, two in zip(adjacencies(given), adjacencies(other), strict=True):
        assert all(
            np.array_equal(getattr(one, name), getattr(two, name)) for name in ("starts", "targets", "documents")
        )


def adjacencies(graph: ConceptGraph) -> tuple[Adjacency, Adjacency, Adjacency]:
    return graph.topic_topic, graph.topic_concept, graph.concept_concept


def test_nodes_are_numbered_by_name_and_neighbours_ascend(graph: ConceptGraph) -> None:
    assert graph.topics["name"].to_list() == ["decimals", "fractions", "ratios"]
    assert graph.concepts["name"].to_list() == ["denominator", "numerator", "place value", "proportion", "rounding"]
    assert graph.topics["concept"].to_list() == [concept_number("topic", name) for name in graph.topics["name"]]
    assert (graph.topic_topic.starts.tolist(), graph.topic_topic.targets.tolist()) == ([0, 1, 3, 4], [1, 0, 2, 1])
    assert graph.topic_concept.targets.tolist() == [1, 2, 4, 0, 1, 2, 3, 0, 3]
    assert graph.concept_concept.targets.tolist() == [1, 3, 0, 2, 1, 4, 0, 2]


ENTRIES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6), st.integers(1, 9)), max_size=30)


@given(ENTRIES)
def test_entries_are_laid_out_row_by_row_and_found_again(entries: list[tuple[int, int, int]]) -> None:
    there = {(row, column): documents for row, column, documents in entries}
    rows, columns = (np.array([place[end] for place in there], dtype=np.int64) for end in (0, 1))
    adjacency = Adjacency.from_pairs(rows, columns, np.array(list(there.values()), dtype=np.int64), (5, 7))
    expected = sorted((row, column, documents) for (row, column), documents in there.items())
    assert list(zip(adjacency.sources, adjacency.targets, adjacency.documents, strict=True)) == expected
    assert (adjacency.targets.dtype, adjacency.documents.dtype, adjacency.starts.dtype) == (
        np.int32,
        np.int32,
        np.int64,
    )
    found = adjacency.documents_between(np.arange(5)[:, None], np.arange(7)[None, :])
    assert found.tolist() == [[there.get((row, column), 0) for column in range(7)] for row in range(5)]


def test_networkx_sees_the_same_graph(graph: ConceptGraph) -> None:
    seen = graph.to_networkx()
    assert (seen.number_of_nodes(), seen.number_of_edges()) == (8, 15)
    edge = seen.edges[("topic", "decimals"), ("key_concept", "place value")]
    assert edge == {"subgraph": "topic_concept", "documents": 2, "weight": pytest.approx(log(2 + E))}
    assert seen.nodes["topic", "fractions"]["documents"] == 3


def names(graph: networkx.Graph) -> set[str]:
    return {name for _, name in graph.nodes}


def test_the_neighbourhood_of_a_node_has_all_edges_among_its_nodes(graph: ConceptGraph) -> None:
    whole = graph.to_networkx()
    around = graph.to_networkx("rounding")
    assert names(around) == {"rounding", "place value", "decimals"}
    assert networkx.utils.graphs_equal(around, whole.subgraph(around.nodes))
    assert names(graph.to_networkx("rounding", steps=0)) == {"rounding"}
    for steps in (1, 2, 3):
        near = set(networkx.single_source_shortest_path_length(whole, ("topic", "ratios"), cutoff=steps))
        assert set(graph.to_networkx("ratios", kind="topic", steps=steps)) == near


def test_a_neighbourhood_of_few_nodes_keeps_the_strongest(graph: ConceptGraph) -> None:
    # fractions shares two documents with denominator and numerator, one with the others.
    assert names(graph.to_networkx("fractions", most=3)) == {"fractions", "denominator", "numerator"}
    assert names(graph.to_networkx("fractions", most=4)) == {"fractions", "denominator", "numerator", "decimals"}
    assert names(graph.to_networkx(["ratios", "rounding"], most=2)) == {"ratios", "rounding"}


def test_a_name_of_both_kinds_means_both_unless_one_is_said() -> None:
    graph = ConceptGraph.from_frames(*graph_tables((("s", "d", "ratio", "ratio"),)))
    assert set(graph.to_networkx("ratio", steps=0)) == {("topic", "ratio"), ("key_concept", "ratio")}
    assert set(graph.to_networkx("ratio", kind="topic", steps=0)) == {("topic", "ratio")}


def test_what_cannot_be_handed_to_networkx_is_told(graph: ConceptGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SynthAssetsError, match="no key concept 'ratios': see concept_nodes"):
        graph.to_networkx("ratios", kind="key_concept")
    monkeypatch.setattr(networkx_view, "MOST_EDGES", 14)
    with pytest.raises(SynthAssetsError, match="15 edges are more than NetworkX takes"):
        graph.to_networkx()
    assert graph.to_networkx(however_large=True).number_of_edges() == 15
    assert graph.to_networkx("fractions").number_of_edges() <= 14
