"""What other programs get is read back by NetworkX to an equal graph, whole or in part."""

import json
from pathlib import Path

import networkx
import pytest
from networkx.utils import graphs_equal

from synth_assets.concepts.adjacency import ConceptGraph
from synth_assets.concepts.exports import GraphPart, part_of, write_graphml, write_json
from synth_assets.errors import SynthAssetsError
from synth_assets_tests.concepts.five_documents import graph_tables

Pairs = tuple[tuple[str, str, str, str], ...]

ODD: Pairs = (("s", "d1", 'a "quoted" <name> & more', "naïve Σ 数"), ("s", "d1", "x, y; z", "topic: rate"))


@pytest.mark.parametrize("pairs", [None, ODD], ids=["five documents", "odd names"])
def test_graphml_and_json_are_read_back_to_an_equal_graph(pairs: Pairs | None, tmp_path: Path) -> None:
    nodes, edges = graph_tables() if pairs is None else graph_tables(pairs)
    part = part_of(nodes, edges)
    write_graphml(part.graph, tmp_path / "graph.graphml")
    write_json(part.graph, tmp_path / "graph.json")
    read = networkx.read_graphml(tmp_path / "graph.graphml")
    linked = networkx.node_link_graph(json.loads((tmp_path / "graph.json").read_text()), edges="edges")
    assert read.graph == {"node_default": {}, "edge_default": {}}  # which NetworkX adds to whatever it reads
    read.graph.clear()
    assert graphs_equal(read, part.graph)
    assert graphs_equal(linked, part.graph)
    by_tuple = {node: (data["kind"], data["name"]) for node, data in read.nodes(data=True)}
    assert graphs_equal(networkx.relabel_nodes(read, by_tuple), ConceptGraph.from_frames(nodes, edges).to_networkx())


def test_control_characters_do_not_break_graphml(tmp_path: Path) -> None:
    part = part_of(*graph_tables((("s", "d", "ring\x07", "rate"),)))
    write_graphml(part.graph, tmp_path / "graph.graphml")
    assert "topic: ring\\x07" in networkx.read_graphml(tmp_path / "graph.graphml")


def test_a_large_graph_is_written_in_its_strongest_part_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synth_assets.concepts.exports.MOST_EDGES", 4)
    part = part_of(*graph_tables())
    assert sorted(map(sorted, part.graph.edges)) == [
        ["key_concept: denominator", "topic: fractions"],
        ["key_concept: numerator", "topic: fractions"],
        ["key_concept: place value", "topic: decimals"],
        ["key_concept: proportion", "topic: ratios"],
    ]
    assert part.said == "the strongest part: of 15 edges the 4 of most documents, and their 7 ends of 8 nodes"


@pytest.mark.parametrize("written", ["Decimals", " decimals. "])
def test_the_neighbourhood_of_a_concept_is_found_by_its_name_as_written(written: str) -> None:
    part = part_of(*graph_tables(), around=written)
    assert set(part.graph) == {
        "topic: decimals",
        "topic: fractions",
        "key_concept: numerator",
        "key_concept: place value",
        "key_concept: rounding",
    }
    assert part.said.startswith("'decimals' and its neighbours: 5 nodes")


def test_a_merged_spelling_names_its_concept() -> None:
    nodes, edges = graph_tables((("s", "d1", "ratio", "rate"), ("s", "d2", "ratios", "share")))
    part: GraphPart = part_of(nodes, edges, around="ratios")
    assert "topic: ratio" in part.graph


def test_a_large_neighbourhood_is_cut_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synth_assets.concepts.exports.MOST_NEIGHBOURS", 3)
    part = part_of(*graph_tables(), around="fractions")
    assert set(part.graph) == {"topic: fractions", "key_concept: denominator", "key_concept: numerator"}
    assert "the nearest of 6 neighbours" in part.said


def test_a_name_that_does_not_occur_is_told() -> None:
    with pytest.raises(SynthAssetsError, match="no topic or key concept 'nothing'"):
        part_of(*graph_tables(), around="Nothing")
