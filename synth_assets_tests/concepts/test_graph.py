"""Counting and the reduce: every number of the five-document graph, and merges of names by brute force."""

from collections import Counter, defaultdict
from itertools import combinations
from math import log
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_assets.concepts.cooccurrence import Memberships, count
from synth_assets.concepts.graph import reduce
from synth_assets.concepts.names import concept_number, merge_spellings
from synth_assets.errors import SynthAssetsError
from synth_assets.tables import CONCEPT_COOCCURRENCE, CONCEPT_EDGES, CONCEPT_FREQUENCIES, CONCEPT_NODES
from synth_assets_tests.concepts.five_documents import document_concepts, graph_of, graph_tables, named

T, K = "topic", "key_concept"
Pairs = tuple[tuple[str, str, str, str], ...]
Corpus = dict[tuple[str, str], set[tuple[str, str]]]


def unordered(pairs: dict[tuple[tuple[str, str], tuple[str, str]], int]) -> dict[frozenset[tuple[str, str]], int]:
    return {frozenset(ends): documents for ends, documents in pairs.items()}


def test_counts_of_one_shard_of_the_five_documents() -> None:
    counts = count(document_concepts())
    frequencies = counts.frequencies.filter(shard="north")
    assert {(kind, name): n for kind, name, n in frequencies.select("kind", "name", "documents").iter_rows()} == {
        (K, "denominator"): 1,
        (K, "numerator"): 2,
        (K, "place value"): 1,
        (T, "decimals"): 1,
        (T, "fractions"): 2,
    }
    assert unordered(named(counts.cooccurrence.filter(shard="north"), frequencies)) == {
        frozenset({(K, "denominator"), (K, "numerator")}): 1,
        frozenset({(K, "denominator"), (T, "fractions")}): 1,
        frozenset({(K, "numerator"), (K, "place value")}): 1,
        frozenset({(K, "numerator"), (T, "decimals")}): 1,
        frozenset({(K, "numerator"), (T, "fractions")}): 2,
        frozenset({(K, "place value"), (T, "decimals")}): 1,
        frozenset({(K, "place value"), (T, "fractions")}): 1,
        frozenset({(T, "decimals"), (T, "fractions")}): 1,
    }


def test_counts_stand_in_the_order_of_their_keys_by_the_number_of_each_name() -> None:
    counts = count(document_concepts().reverse())
    for rows, table in ((counts.frequencies, CONCEPT_FREQUENCIES), (counts.cooccurrence, CONCEPT_COOCCURRENCE)):
        assert rows.schema == table.schema
        assert rows.equals(rows.sort(table.key))
    for number, kind, name in counts.frequencies.select("concept", "kind", "name").iter_rows():
        assert number == concept_number(kind, name)
    assert (counts.cooccurrence["first"] < counts.cooccurrence["second"]).all()


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 60)), max_size=80), st.sampled_from([1, 2, 5]))
def test_pairs_are_counted_as_in_sets_whatever_the_threads(held: list[tuple[int, int]], threads: int) -> None:
    documents, concepts = (np.array([row[end] for row in held], dtype=np.int64) for end in (0, 1))
    found = Memberships.gathered(documents, concepts, 61).pairs(threads)
    sets: dict[int, set[int]] = defaultdict(set)
    for document, concept in held:
        sets[document].add(concept)
    together = Counter(pair for members in sets.values() for pair in combinations(sorted(members), 2))
    assert list(zip(*(column.tolist() for column in found), strict=True)) == [
        (first, second, together[first, second]) for first, second in sorted(together)
    ]


def test_documents_of_one_id_in_two_shards_are_two_documents() -> None:
    counts = count(document_concepts((("s", "d", "ratio", "rate"), ("t", "d", "ratio", "share"))))
    assert counts.cooccurrence.select("shard", "documents").rows() == [("s", 1), ("t", 1)]


def test_nodes_of_the_five_documents() -> None:
    nodes, _ = graph_tables()
    assert nodes.drop("concept", "spellings").rows() == [
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
    nodes, edges = graph_tables()
    by_subgraph = {
        subgraph: unordered(named(edges.filter(subgraph=subgraph), nodes))
        for subgraph in ("concept_concept", "topic_concept", "topic_topic")
    }
    assert by_subgraph == {
        "concept_concept": {
            frozenset({(K, "numerator"), (K, "denominator")}): 1,
            frozenset({(K, "place value"), (K, "numerator")}): 1,
            frozenset({(K, "proportion"), (K, "denominator")}): 1,
            frozenset({(K, "rounding"), (K, "place value")}): 1,
        },
        "topic_concept": {
            frozenset({(T, "decimals"), (K, "numerator")}): 1,
            frozenset({(T, "decimals"), (K, "place value")}): 2,
            frozenset({(T, "decimals"), (K, "rounding")}): 1,
            frozenset({(T, "fractions"), (K, "denominator")}): 2,
            frozenset({(T, "fractions"), (K, "numerator")}): 2,
            frozenset({(T, "fractions"), (K, "place value")}): 1,
            frozenset({(T, "fractions"), (K, "proportion")}): 1,
            frozenset({(T, "ratios"), (K, "denominator")}): 1,
            frozenset({(T, "ratios"), (K, "proportion")}): 2,
        },
        "topic_topic": {
            frozenset({(T, "fractions"), (T, "decimals")}): 1,
            frozenset({(T, "ratios"), (T, "fractions")}): 1,
        },
    }
    assert edges["weight"].to_list() == pytest.approx([log(n + 1e-5) for n in edges["documents"]])


def test_every_edge_stands_once_in_the_order_of_its_key_and_goes_the_stated_way() -> None:
    nodes, edges = graph_tables()
    assert edges.equals(edges.sort("source", "target"))
    kinds = dict(nodes.select("concept", "kind").iter_rows())
    for subgraph, source, target in edges.select("subgraph", "source", "target").iter_rows():
        assert (kinds[source], kinds[target]) in {
            "topic_topic": [(T, T)],
            "topic_concept": [(T, K)],
            "concept_concept": [(K, K)],
        }[subgraph]
        assert subgraph == "topic_concept" or source < target


def test_singletons_are_dropped_on_request_with_their_edges() -> None:
    nodes, edges = graph_tables(drop_singletons=True)
    assert "rounding" not in nodes["name"].to_list()
    assert concept_number(K, "rounding") not in {*edges["source"], *edges["target"]}
    assert nodes.filter(name="place value")["degree"].item() == 3


def test_a_document_with_two_spellings_of_a_concept_counts_once() -> None:
    nodes, edges = graph_tables(
        (("s", "d1", "ratio", "rate"), ("s", "d1", "ratios", "rates"), ("s", "d2", "ratios", "rate"))
    )
    assert nodes.drop("concept", "degree", "home_shard").rows() == [
        (K, "rate", 2, ["rate", "rates"]),
        (T, "ratio", 2, ["ratio", "ratios"]),
    ]
    assert edges["documents"].to_list() == [2]


def test_accepted_synonyms_are_one_concept_that_documents_with_both_count_once() -> None:
    accepted = pl.DataFrame({"kind": [K, T], "name": ["quotient", "rate"], "same_as": ["rate", "unheard of"]})
    nodes, edges = graph_tables(
        (("s", "d1", "ratio", "rate"), ("s", "d1", "ratio", "quotient"), ("s", "d2", "ratio", "quotients")),
        synonyms=accepted,
    )
    assert nodes.select("kind", "name", "documents", "spellings").rows() == [
        (K, "rate", 2, ["quotient", "quotients", "rate"]),
        (T, "ratio", 2, ["ratio"]),
    ]
    assert edges["documents"].to_list() == [2]


def test_counts_of_other_documents_are_refused() -> None:
    rows = document_concepts(
        (
            ("s", "d", "ratio", "rate"),
            ("s", "d", "ratios", "rate"),
            ("s", "e", "ratio", "rate"),
            ("s", "e", "ratios", "rate"),
        )
    )
    counts = count(rows)
    once = pl.lit(1, pl.Int64).alias("documents")
    for frequencies, cooccurrence in (
        (counts.frequencies, counts.cooccurrence.with_columns(once)),
        (counts.frequencies.with_columns(once), counts.cooccurrence),
        (counts.frequencies.filter(name="rate"), counts.cooccurrence),
    ):
        with pytest.raises(SynthAssetsError, match="materialise both again"):
            reduce(frequencies, cooccurrence, rows)


def test_two_names_of_one_number_are_found_out() -> None:
    rows = document_concepts()
    counts = count(rows)
    numerator, rounding = (pl.lit(concept_number(K, name)) for name in ("numerator", "rounding"))
    clashing = counts.frequencies.with_columns(
        pl.when(pl.col("concept") == rounding).then(numerator).otherwise(pl.col("concept")).alias("concept")
    )
    with pytest.raises(SynthAssetsError, match="'numerator' and the key_concept 'rounding' happen to have the same"):
        reduce(clashing, counts.cooccurrence, rows)


def test_no_documents_make_an_empty_graph() -> None:
    nodes, edges = graph_tables(())
    assert nodes.equals(CONCEPT_NODES.empty())
    assert edges.equals(CONCEPT_EDGES.empty())
    counts = count(document_concepts(()))
    assert counts.frequencies.equals(CONCEPT_FREQUENCIES.empty())
    assert counts.cooccurrence.equals(CONCEPT_COOCCURRENCE.empty())


NAMES = st.sampled_from(["ratio", "ratios", "mas", "mass", "axis", "unit", "units"])
SHARDS = [("s1", "a"), ("s1", "b"), ("s1", "c"), ("s2", "d"), ("s2", "e"), ("s3", "f")]
CORPORA = st.dictionaries(st.sampled_from(SHARDS), st.sets(st.tuples(NAMES, NAMES), min_size=1, max_size=5), min_size=1)
SYNONYMS = st.lists(st.tuples(st.sampled_from([T, K]), NAMES, NAMES), max_size=3)


def rows_of(corpus: Corpus) -> pl.DataFrame:
    return document_concepts(tuple((*document, *pair) for document, held in corpus.items() for pair in sorted(held)))


def concept_sets(corpus: Corpus, synonyms: pl.DataFrame) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """Each document's concepts by canonical name, with nothing but sets."""
    spelt = {
        document: {(kind, pair[place]) for pair in held for place, kind in enumerate((T, K))}
        for document, held in corpus.items()
    }
    frequency = Counter(concept for held in spelt.values() for concept in held)
    names = pl.DataFrame(
        [(*concept, documents) for concept, documents in frequency.items()],
        schema=["kind", "name", "documents"],
        orient="row",
    )
    standing = {(kind, spelling): name for kind, spelling, name in merge_spellings(names, synonyms).iter_rows()}
    return {document: {(kind, standing[kind, name]) for kind, name in held} for document, held in spelt.items()}


@settings(max_examples=60)
@given(CORPORA, SYNONYMS, st.booleans(), st.randoms())
def test_the_reduce_equals_counting_canonical_names_in_the_documents(
    corpus: Corpus, accepted: list[tuple[str, str, str]], drop_singletons: bool, random: Random
) -> None:
    synonyms = pl.DataFrame(accepted, schema=dict.fromkeys(("kind", "name", "same_as"), pl.String), orient="row")
    sets = concept_sets(corpus, synonyms)
    documents = Counter(concept for held in sets.values() for concept in held)
    kept = {concept for concept, times in documents.items() if times > 1 or not drop_singletons}
    together = Counter(frozenset(ends) for held in sets.values() for ends in combinations(held & kept, 2))
    by_shard: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (shard, _), held in sets.items():
        for concept in held:
            by_shard[concept][shard] += 1

    rows = rows_of(corpus)
    shards = [count(shard) for shard in rows.partition_by("shard")]
    random.shuffle(shards)
    nodes, edges = reduce(
        pl.concat(shard.frequencies for shard in shards),
        pl.concat(shard.cooccurrence for shard in shards).lazy(),
        rows.lazy(),
        drop_singletons=drop_singletons,
        synonyms=synonyms,
    )

    found = {
        (kind, name): (times, home)
        for kind, name, times, home in nodes.select("kind", "name", "documents", "home_shard").iter_rows()
    }
    assert found == {
        concept: (documents[concept], min((-times, shard) for shard, times in by_shard[concept].items())[1])
        for concept in kept
    }
    assert unordered(named(edges, nodes)) == together
    degrees = Counter(end for ends in together for end in ends)
    assert nodes["degree"].to_list() == [degrees[kind, name] for kind, name in nodes.select("kind", "name").iter_rows()]
    all_at_once = graph_of(rows, drop_singletons=drop_singletons, synonyms=synonyms)
    assert (nodes.equals(all_at_once[0]), edges.equals(all_at_once[1])) == (True, True)


def test_a_concept_keeps_its_home_when_a_later_shard_holds_it_more_often() -> None:
    first = document_concepts((("a", "a1", "fractions", "numerator"), ("a", "a2", "fractions", "numerator")))
    more = document_concepts(tuple(("b", f"b{number}", "fractions", "numerator") for number in range(3)))
    both = pl.concat([first, more])
    earlier, _ = graph_of(first)
    assert set(graph_of(both)[0]["home_shard"]) == {"b"}
    assert set(graph_of(both, earlier=earlier)[0]["home_shard"]) == {"a"}
    assert set(graph_of(more, earlier=earlier)[0]["home_shard"]) == {"b"}
