"""The stage concept_walks: every topic starts its walks once over all shards, and nothing vanishes."""

import polars as pl
import pytest

from synth_assets.concepts.stage import concept_walks
from synth_assets_tests.concepts.five_documents import document_concepts, graph_tables


def test_each_topic_starts_exactly_its_epochs_over_all_shards_together() -> None:
    tables = (*graph_tables(), document_concepts())
    apart = pl.concat(concept_walks(*tables, [shard], epochs=4).rows for shard in ("south", "north"))
    starts = apart.group_by("shard", "start_topic").agg(pl.len(), pl.col("epoch").sort()).sort("start_topic")
    assert starts.rows() == [
        ("north", "decimals", 4, [0, 1, 2, 3]),
        ("north", "fractions", 4, [0, 1, 2, 3]),
        ("south", "ratios", 4, [0, 1, 2, 3]),
    ]
    together = concept_walks(*tables, ["north", "south"], epochs=4)
    assert apart.sort("walk_id").equals(together.rows.sort("walk_id"))
    assert (together.received, together.passed) == (12, 12)


def test_the_same_seed_gives_the_same_table_and_another_another() -> None:
    tables = (*graph_tables(), document_concepts())
    first, again, other = (concept_walks(*tables, ["north"], epochs=5, seed=seed).rows for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)


def test_a_walk_that_reaches_no_key_concept_is_quarantined() -> None:
    pairs = (
        ("s", "d1", "ratio", "rate"),
        ("s", "d2", "ratio", "share"),
        ("s", "d3", "set", "union"),
        ("s", "d4", "set", "union"),
    )
    result = concept_walks(*graph_tables(pairs, drop_singletons=True), document_concepts(pairs), ["s"], epochs=2)
    assert result.rows["start_topic"].to_list() == ["set", "set"]
    assert result.quarantined["reason"].to_list() == ["no_key_concept", "no_key_concept"]
    assert result.quarantined["detail"].str.contains("from topic 'ratio'").all()
    assert (result.received, result.passed) == (4, 2)


def test_references_are_sought_under_the_merged_names() -> None:
    pairs = (("s", "d1", "ratio", "rate"), ("s", "d2", "ratios", "rates"))
    rows = concept_walks(*graph_tables(pairs), document_concepts(pairs), ["s"], epochs=1).rows
    assert rows.select("reference_1", "similarity_1", "reference_2", "similarity_2").rows() == [("d1", 1.0, "d2", 1.0)]


def test_a_shard_that_is_no_topics_home_has_no_walks() -> None:
    result = concept_walks(*graph_tables(), document_concepts(), ["elsewhere"])
    assert (result.rows.height, result.received) == (0, 0)


def test_tables_read_lazily_give_the_same_walks() -> None:
    nodes, edges = graph_tables()
    rows = document_concepts()
    lazily = concept_walks(nodes, edges.lazy(), rows.lazy(), ["north", "south"])
    assert lazily.rows.equals(concept_walks(nodes, edges, rows, ["north", "south"]).rows)


def test_dropped_synonyms_count_once_in_the_likeness_of_a_document() -> None:
    pairs = (
        ("s", "d1", "set", "union"),
        ("s", "d2", "set", "union"),
        ("s", "d2", "set", "meet"),
        ("s", "d2", "set", "intersection"),
    )
    synonyms = pl.DataFrame({"kind": ["key_concept"], "name": ["meet"], "same_as": ["intersection"]})
    nodes, edges = graph_tables(pairs, drop_singletons=True, synonyms=synonyms)
    rows = concept_walks(nodes, edges, document_concepts(pairs), ["s"], epochs=1, synonyms=synonyms).rows
    assert rows.select("similarity_1", "similarity_2").rows() == [(1.0, pytest.approx(2 / 3))]
