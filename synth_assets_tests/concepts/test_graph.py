"""Co-occurrence and the reduce: every number of the five-document graph, and the merge of spellings by brute force."""

from collections import Counter, defaultdict
from itertools import combinations_with_replacement
from math import log

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_assets.concepts.cooccurrence import concepts_of_documents, count
from synth_assets.concepts.graph import reduce
from synth_assets.concepts.names import merge_spellings
from synth_assets.errors import SynthAssetsError
from synth_assets.tables import CONCEPT_COOCCURRENCE, CONCEPT_EDGES, CONCEPT_NODES
from synth_assets_tests.concepts.five_documents import document_concepts, graph_tables

T, K = "topic", "key_concept"
Pairs = tuple[tuple[str, str, str, str], ...]


def test_counts_of_one_shard_of_the_five_documents() -> None:
    counts = count(document_concepts()).filter(pl.col("shard") == "north").drop("shard")
    assert counts.rows() == [
        (K, "denominator", K, "denominator", 1),
        (K, "denominator", K, "numerator", 1),
        (K, "denominator", T, "fractions", 1),
        (K, "numerator", K, "numerator", 2),
        (K, "numerator", K, "place value", 1),
        (K, "numerator", T, "decimals", 1),
        (K, "numerator", T, "fractions", 2),
        (K, "place value", K, "place value", 1),
        (K, "place value", T, "decimals", 1),
        (K, "place value", T, "fractions", 1),
        (T, "decimals", T, "decimals", 1),
        (T, "decimals", T, "fractions", 1),
        (T, "fractions", T, "fractions", 2),
    ]


def test_nodes_of_the_five_documents() -> None:
    nodes, _ = graph_tables()
    assert nodes.drop("spellings").rows() == [
        (K, "denominator", 2, 4, "north"),
        (K, "numerator", 2, 4, "north"),
        (K, "place value", 2, 4, "north"),
        (K, "proportion", 2, 3, "south"),
        (K, "rounding", 1, 2, "south"),
        (T, "decimals", 2, 4, "north"),
        (T, "fractions", 3, 6, "north"),
        (T, "ratios", 2, 3, "south"),
    ]


def test_edges_of_the_five_documents() -> None:
    _, edges = graph_tables()
    once = edges.filter((pl.col("source_kind") + pl.col("source")) > (pl.col("target_kind") + pl.col("target"))).sort(
        "subgraph", "source", "target"
    )
    assert once.select("subgraph", "source", "target", "documents").rows() == [
        ("concept_concept", "numerator", "denominator", 1),
        ("concept_concept", "place value", "numerator", 1),
        ("concept_concept", "proportion", "denominator", 1),
        ("concept_concept", "rounding", "place value", 1),
        ("topic_concept", "decimals", "numerator", 1),
        ("topic_concept", "decimals", "place value", 2),
        ("topic_concept", "decimals", "rounding", 1),
        ("topic_concept", "fractions", "denominator", 2),
        ("topic_concept", "fractions", "numerator", 2),
        ("topic_concept", "fractions", "place value", 1),
        ("topic_concept", "fractions", "proportion", 1),
        ("topic_concept", "ratios", "denominator", 1),
        ("topic_concept", "ratios", "proportion", 2),
        ("topic_topic", "fractions", "decimals", 1),
        ("topic_topic", "ratios", "fractions", 1),
    ]
    assert once["weight"].to_list() == pytest.approx([log(n + 1e-5) for n in once["documents"]])


def test_every_edge_is_stored_in_both_directions_alike() -> None:
    _, edges = graph_tables()
    swapped = edges.rename(
        {"source_kind": "target_kind", "source": "target", "target_kind": "source_kind", "target": "source"}
    )
    assert set(edges.rows()) == set(swapped.select(edges.columns).rows())


def test_singletons_are_dropped_on_request_with_their_edges() -> None:
    nodes, edges = graph_tables(drop_singletons=True)
    assert "rounding" not in nodes["name"].to_list()
    assert edges.filter((pl.col("source") == "rounding") | (pl.col("target") == "rounding")).is_empty()
    assert nodes.filter(name="place value")["degree"].item() == 3


def test_a_document_with_two_spellings_of_a_concept_counts_once() -> None:
    nodes, edges = graph_tables(
        (("s", "d1", "ratio", "rate"), ("s", "d1", "ratios", "rates"), ("s", "d2", "ratios", "rate"))
    )
    assert nodes.drop("degree", "home_shard").rows() == [
        (K, "rate", 2, ["rate", "rates"]),
        (T, "ratio", 2, ["ratio", "ratios"]),
    ]
    assert edges["documents"].to_list() == [2, 2]


def test_counts_of_other_documents_are_refused() -> None:
    rows = document_concepts(
        (
            ("s", "d", "ratio", "rate"),
            ("s", "d", "ratios", "rate"),
            ("s", "e", "ratio", "rate"),
            ("s", "e", "ratios", "rate"),
        )
    )
    stale = count(rows).with_columns(pl.lit(1, pl.Int64).alias("documents"))
    with pytest.raises(SynthAssetsError, match="materialise concept_cooccurrence again"):
        reduce(stale, rows)


def test_no_documents_make_an_empty_graph() -> None:
    nodes, edges = graph_tables(())
    assert nodes.equals(CONCEPT_NODES.empty())
    assert edges.equals(CONCEPT_EDGES.empty())
    assert count(document_concepts(())).equals(CONCEPT_COOCCURRENCE.empty())


NAMES = st.sampled_from(["ratio", "ratios", "mas", "mass", "axis", "unit", "units"])
CORPORA = st.dictionaries(
    st.sampled_from([("s1", "a"), ("s1", "b"), ("s1", "c"), ("s2", "d"), ("s2", "e"), ("s3", "f")]),
    st.sets(st.tuples(NAMES, NAMES), min_size=1, max_size=5),
    min_size=1,
)


@settings(max_examples=60, deadline=None)
@given(CORPORA)
def test_the_reduce_equals_counting_canonical_names_in_the_documents(
    corpus: dict[tuple[str, str], set[tuple[str, str]]],
) -> None:
    pairs: Pairs = tuple((*document, *pair) for document, held in corpus.items() for pair in sorted(held))
    rows = document_concepts(pairs)
    named = concepts_of_documents(rows)
    standing = {(kind, spelling): name for kind, spelling, name in merge_spellings(named).iter_rows()}
    sets: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for shard, document, kind, name in named.iter_rows():
        sets[shard, document].add((kind, standing[kind, name]))
    together = Counter(pair for held in sets.values() for pair in combinations_with_replacement(sorted(held), 2))
    by_shard: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (shard, _), held in sets.items():
        for concept in held:
            by_shard[concept][shard] += 1

    nodes, edges = reduce(count(rows), rows)

    found = {
        (kind, name): (documents, home)
        for kind, name, documents, home in nodes.select("kind", "name", "documents", "home_shard").iter_rows()
    }
    assert found == {
        first: (n, min((-times, shard) for shard, times in by_shard[first].items())[1])
        for (first, second), n in together.items()
        if first == second
    }
    assert {
        ((a, b), (c, d)): n
        for a, b, c, d, n in edges.select("source_kind", "source", "target_kind", "target", "documents").iter_rows()
    } == {
        ends: n
        for (first, second), n in together.items()
        if first != second
        for ends in ((first, second), (second, first))
    }


def test_a_concept_keeps_its_home_when_a_later_shard_holds_it_more_often() -> None:
    first = document_concepts((("a", "a1", "fractions", "numerator"), ("a", "a2", "fractions", "numerator")))
    more = document_concepts(tuple(("b", f"b{number}", "fractions", "numerator") for number in range(3)))
    both = pl.concat([first, more])
    earlier, _ = reduce(count(first), first)
    assert set(reduce(count(both), both)[0]["home_shard"]) == {"b"}
    assert set(reduce(count(both), both, earlier=earlier)[0]["home_shard"]) == {"a"}
    assert set(reduce(count(more), more, earlier=earlier)[0]["home_shard"]) == {"b"}
