"""Components and communities, against NetworkX where it has the same, and by hand."""

import os
import subprocess
import sys

import networkx
import numpy as np
import polars as pl
import pytest

from synth_assets.concepts.adjacency import ConceptGraph
from synth_assets.concepts.structure import MOST_TOPICS, structure_of
from synth_assets_tests.concepts.five_documents import graph_tables

Pairs = tuple[tuple[str, str, str, str], ...]

TWO_SUBJECTS: Pairs = tuple(
    ("s", f"{subject}{document}", f"{subject} topic {topic}", f"{subject} concept {document % 5}")
    for subject in ("algebra", "botany")
    for document in range(12)
    for topic in (document % 4, (document + 1) % 4)
)


def test_components_are_those_of_networkx() -> None:
    rng = np.random.default_rng(3)
    pairs: Pairs = tuple(("s", f"d{d}", f"t{d % 40}", f"k{rng.integers(60)}") for d in range(90))
    nodes, edges = graph_tables(pairs)
    structure, members = structure_of(nodes, edges)
    whole = ConceptGraph.from_frames(nodes, edges).to_networkx()
    expected = sorted((sorted(component) for component in networkx.connected_components(whole)), key=len, reverse=True)
    found = {
        number: sorted(zip(part["kind"], part["name"], strict=True))
        for (number,), part in members.partition_by("component", as_dict=True).items()
    }
    assert structure.components == len(expected) == len(found)
    assert sorted(found.values()) == sorted(expected)
    assert [len(found[number]) for number in sorted(found)] == [len(component) for component in expected]
    assert structure.largest == len(expected[0])


def test_communities_of_topics_are_the_subjects() -> None:
    bridge: Pairs = (("s", "both", "algebra topic 0", "sum"), ("s", "both", "botany topic 0", "leaf"))
    structure, members = structure_of(*graph_tables((*TWO_SUBJECTS, *bridge)))
    assert structure.components == 1
    assert structure.communities == 2
    of_topic = dict(members.filter(kind="topic").select("name", "community").iter_rows())
    assert len({community for name, community in of_topic.items() if name.startswith("botany")}) == 1
    assert {group.names[0].split()[0] for group in structure.largest_communities} == {"algebra", "botany"}
    assert structure.modularity is not None and structure.modularity > 0.3
    assert members.filter(pl.col("kind") == "key_concept")["community"].null_count() == 7 + 5


def test_figures_of_the_five_documents() -> None:
    structure, members = structure_of(*graph_tables())
    assert (structure.topics, structure.key_concepts, structure.components, structure.alone) == (3, 5, 1, 0)
    assert structure.edges == {"topic_topic": 2, "topic_concept": 9, "concept_concept": 4}
    assert [(spread.of, spread.count, spread.most) for spread in structure.degrees] == [
        ("topic", 3, 6),
        ("key_concept", 5, 4),
    ]
    assert [(spread.of, spread.mean) for spread in structure.weights] == [
        ("topic_topic", 1.0),
        ("topic_concept", pytest.approx(13 / 9)),
        ("concept_concept", 1.0),
    ]
    assert members.columns == ["concept", "kind", "name", "documents", "degree", "component", "community"]
    assert members["name"][0] == "fractions"


def test_topics_that_share_nothing_are_in_no_community() -> None:
    structure, members = structure_of(*graph_tables((("s", "a", "t", "x"), ("s", "b", "u", "y"))))
    assert (structure.components, structure.communities, structure.modularity) == (2, 0, None)
    assert structure.topics_in_communities == 2
    assert members["community"].null_count() == 4


def test_a_node_whose_neighbours_were_dropped_is_alone() -> None:
    pairs: Pairs = (("s", "a", "t", "x"), ("s", "b", "t", "y"), ("s", "c", "u", "z"), ("s", "d", "u", "z"))
    structure, _ = structure_of(*graph_tables(pairs, drop_singletons=True))
    assert (structure.components, structure.alone, structure.largest) == (2, 1, 2)


def test_communities_are_sought_among_the_most_frequent_topics_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_TOPICS == 2_000
    monkeypatch.setattr("synth_assets.concepts.structure.MOST_TOPICS", 2)
    structure, members = structure_of(*graph_tables())
    assert structure.topics_in_communities == 2
    assert members.filter(pl.col("community").is_not_null())["name"].to_list() == ["fractions", "decimals"]


def test_communities_do_not_depend_on_how_a_process_hashes_text() -> None:
    code = (
        "from synth_assets_tests.concepts.test_structure import *\n"
        "print(structure_of(*graph_tables(TWO_SUBJECTS))[0].largest_communities)"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in (1, 2)
    }
    assert len(told) == 1
