"""Merged spellings are listed with the rule that merged them and how many documents hold them."""

import polars as pl

from synth_assets.concepts.cooccurrence import count
from synth_assets.concepts.merges import MERGES, merges
from synth_assets_tests.concepts.five_documents import document_concepts, graph_tables

PAIRS = (
    ("s", "d1", "ratio", "rate"),
    ("s", "d2", "ratios", "rates"),
    ("t", "d3", "ratios", "speed"),
)


def test_each_merge_names_its_rule_and_its_documents() -> None:
    synonyms = pl.DataFrame({"kind": ["key_concept"], "name": ["speed"], "same_as": ["rate"]})
    nodes, _ = graph_tables(PAIRS, synonyms=synonyms)
    assert merges(nodes, count(document_concepts(PAIRS)).frequencies).rows() == [
        ("key_concept", "rates", 1, "rate", 3, "plural"),
        ("key_concept", "speed", 1, "rate", 3, "person"),
        ("topic", "ratios", 2, "ratio", 3, "plural"),
    ]


def test_without_merges_there_are_no_rows() -> None:
    nodes, _ = graph_tables()
    listed = merges(nodes, count(document_concepts()).frequencies)
    assert (listed.height, listed.schema) == (0, MERGES)
