"""The documents' concept sets by number: the graph's numbers and names, and what the graph dropped."""

from itertools import pairwise

import polars as pl

from synth_assets.concepts.adjacency import ConceptGraph
from synth_assets.concepts.concept_sets import ConceptSets
from synth_assets_tests.concepts.five_documents import document_concepts, graph_tables

Pairs = tuple[tuple[str, str, str, str], ...]


def named(sets: ConceptSets, graph: ConceptGraph) -> dict[str, list[tuple[str, str] | int]]:
    """The elements of each document by kind and name; those the graph lacks by number."""
    elements: list[tuple[str, str]] = [
        *(("topic", name) for name in graph.topics["name"]),
        *(("key_concept", name) for name in graph.concepts["name"]),
    ]
    return {
        document_id: [elements[number] if number < len(elements) else number for number in sets.concepts[start:stop]]
        for document_id, (start, stop) in zip(sets.document_ids, pairwise(sets.starts), strict=True)
    }


def test_the_sets_of_the_five_documents_are_numbered_as_the_graph() -> None:
    nodes, edges = graph_tables()
    rows = document_concepts()
    sets = ConceptSets.from_frames(rows.reverse().lazy(), nodes)
    assert named(sets, ConceptGraph.from_frames(nodes, edges)) == {
        "a1": [("topic", "fractions"), ("key_concept", "denominator"), ("key_concept", "numerator")],
        "a2": [
            ("topic", "decimals"),
            ("topic", "fractions"),
            ("key_concept", "numerator"),
            ("key_concept", "place value"),
        ],
        "a3": [("topic", "decimals"), ("key_concept", "place value"), ("key_concept", "rounding")],
        "b1": [("topic", "ratios"), ("key_concept", "proportion")],
        "b2": [
            ("topic", "fractions"),
            ("topic", "ratios"),
            ("key_concept", "denominator"),
            ("key_concept", "proportion"),
        ],
    }
    assert sets.elements == nodes.height


def test_spellings_and_synonyms_of_a_concept_are_one_element() -> None:
    pairs: Pairs = (("s", "d1", "ratio", "rate"), ("s", "d1", "ratios", "rates"), ("s", "d2", "quotient", "rate"))
    synonyms = pl.DataFrame({"kind": ["topic"], "name": ["quotient"], "same_as": ["ratio"]})
    nodes, edges = graph_tables(pairs, synonyms=synonyms)
    both = [("topic", "ratio"), ("key_concept", "rate")]
    sets = ConceptSets.from_frames(document_concepts(pairs), nodes, synonyms)
    assert named(sets, ConceptGraph.from_frames(nodes, edges)) == {"d1": both, "d2": both}


def test_dropped_singletons_count_in_their_sets_once_each_and_follow_the_graphs_numbers() -> None:
    pairs: Pairs = (
        ("s", "d1", "set", "union"),
        ("s", "d2", "set", "union"),
        ("s", "d2", "set", "power set"),
        ("s", "d2", "set", "power sets"),
        ("s", "d3", "set", "meet"),
        ("s", "d3", "set", "intersection"),
    )
    synonyms = pl.DataFrame({"kind": ["key_concept"], "name": ["meet"], "same_as": ["intersection"]})
    nodes, edges = graph_tables(pairs, drop_singletons=True, synonyms=synonyms)
    sets = ConceptSets.from_frames(document_concepts(pairs), nodes, synonyms)
    assert named(sets, ConceptGraph.from_frames(nodes, edges)) == {
        "d1": [("topic", "set"), ("key_concept", "union")],
        "d2": [("topic", "set"), ("key_concept", "union"), 3],
        "d3": [("topic", "set"), 2],
    }
    assert sets.elements == 4


def test_no_documents_make_no_sets() -> None:
    nodes, _ = graph_tables(())
    sets = ConceptSets.from_frames(document_concepts(()), nodes)
    assert (len(sets.document_ids), sets.starts.tolist(), len(sets.concepts), sets.elements) == (0, [0], 0, 0)
