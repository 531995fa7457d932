"""The graph as arrays: transition probabilities of the five documents by hand, and the NetworkX view."""

from math import log, sqrt

import numpy as np
import pytest

from synth_assets.concepts.adjacency import Adjacency, ConceptGraph
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


def test_networkx_sees_the_same_graph(graph: ConceptGraph) -> None:
    seen = graph.to_networkx()
    assert (seen.number_of_nodes(), seen.number_of_edges()) == (8, 15)
    edge = seen.edges[("topic", "decimals"), ("key_concept", "place value")]
    assert edge == {"subgraph": "topic_concept", "documents": 2, "weight": pytest.approx(log(2 + E))}
    assert seen.nodes["topic", "fractions"]["documents"] == 3
