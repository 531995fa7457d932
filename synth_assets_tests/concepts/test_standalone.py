"""The graph of files is the graph of the road: the same nodes, edges, walks and reference documents."""

from pathlib import Path

import polars as pl

from synth_assets.concepts.concept_files import ConceptRows, read_concepts
from synth_assets.concepts.stage import concept_walks
from synth_assets.concepts.standalone import WHOLE, standalone_graph
from synth_assets.concepts.walks import WalkSettings
from synth_assets_tests.concepts.five_documents import document_concepts, graph_tables


def five_documents(folder: Path) -> ConceptRows:
    path = folder / "concepts.parquet"
    document_concepts().sample(fraction=1, shuffle=True, seed=1).write_parquet(path)
    return read_concepts([path])


def test_nodes_and_edges_are_those_of_the_road(tmp_path: Path) -> None:
    nodes, edges = graph_tables()
    found = standalone_graph(five_documents(tmp_path))
    assert found.nodes.drop("home_shard").equals(nodes.drop("home_shard"))
    assert found.edges.equals(edges)
    assert (found.documents, found.walks.rows.height) == (5, 0)


def test_walks_are_those_of_the_road_whatever_its_shards(tmp_path: Path) -> None:
    settings = WalkSettings(temperature=1.5, coverage=0.5)
    road = concept_walks(*graph_tables(), document_concepts(), ["north", "south"], 7, settings)
    found = standalone_graph(five_documents(tmp_path), epochs=7, settings=settings).walks
    assert found.rows["shard"].unique().to_list() == [WHOLE]
    assert found.rows.drop("shard").sort("walk_id").equals(road.rows.drop("shard").sort("walk_id"))
    other = standalone_graph(five_documents(tmp_path), epochs=7, settings=settings, seed=1).walks
    assert not other.rows["key_concepts"].equals(found.rows["key_concepts"])


def test_accepted_synonyms_are_merged_and_names_that_do_not_occur_are_told(tmp_path: Path) -> None:
    synonyms = pl.DataFrame(
        [("topic", "ratios", "fractions"), ("topic", "nowhere", "fractions")],
        schema=["kind", "name", "same_as"],
        orient="row",
    )
    found = standalone_graph(five_documents(tmp_path), synonyms=synonyms)
    assert found.nodes.filter(kind="topic").select("name", "documents").rows() == [("decimals", 2), ("fractions", 4)]
    assert found.unknown.rows() == [("topic", "nowhere")]


def test_singletons_are_dropped_on_request(tmp_path: Path) -> None:
    names = standalone_graph(five_documents(tmp_path), drop_singletons=True).nodes["name"].to_list()
    assert "rounding" not in names and "decimals" in names
