"""Reference documents: the five documents by hand, and brute force over random corpora."""

from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_assets.concepts.cooccurrence import concepts_of_documents
from synth_assets.concepts.references import nearest_documents
from synth_assets_tests.concepts.five_documents import document_concepts

Row = tuple[str, float, str | None, float | None]


def walks(*visited: tuple[list[str], list[str]]) -> pl.DataFrame:
    return pl.DataFrame(
        list(visited), orient="row", schema={"topics": pl.List(pl.String), "key_concepts": pl.List(pl.String)}
    )


def test_jaccard_choices_of_the_five_documents() -> None:
    chosen = nearest_documents(
        walks(
            # a2 shares 4 of 5, a3 3 of 5, a1 2 of 6, b2 1 of 8.
            (["fractions", "decimals"], ["numerator", "place value", "rounding"]),
            # a1 shares 3 of 4, b2 3 of 5, a2 2 of 6, b1 1 of 5.
            (["fractions", "ratios"], ["denominator", "numerator"]),
            # a1 shares 1 of 3; a2 and b2 both 1 of 4: the lower id.
            (["fractions"], []),
            # Nothing shared with any document: the lowest ids.
            (["proportion"], ["ratios"]),
        ),
        concepts_of_documents(document_concepts()),
    )
    assert chosen.rows() == [
        ("a2", 4 / 5, "a3", 3 / 5),
        ("a1", 3 / 4, "b2", 3 / 5),
        ("a1", 1 / 3, "a2", 1 / 4),
        ("a1", 0.0, "a2", 0.0),
    ]


def test_where_only_one_document_is_related_the_lowest_other_id_is_second() -> None:
    corpus = concepts_of_documents(document_concepts((("s", "a", "t", "x"), ("s", "b", "u", "y"))))
    assert nearest_documents(walks((["t"], ["x"]), (["u"], ["y"])), corpus).rows() == [
        ("a", 1.0, "b", 0.0),
        ("b", 1.0, "a", 0.0),
    ]


def test_a_corpus_of_one_document_has_no_second() -> None:
    corpus = concepts_of_documents(document_concepts((("s", "a", "t", "x"),)))
    assert nearest_documents(walks((["t"], ["y"])), corpus).rows() == [("a", 1 / 3, None, None)]


def test_no_walks_need_no_documents_chosen() -> None:
    assert nearest_documents(walks(), concepts_of_documents(document_concepts())).height == 0


def test_an_empty_corpus_is_refused() -> None:
    with pytest.raises(ValueError, match="no document"):
        nearest_documents(walks((["t"], ["x"])), concepts_of_documents(document_concepts(())))


def brute_force(visited: tuple[list[str], list[str]], corpus: dict[str, set[tuple[str, str]]]) -> Row:
    wanted = {("topic", name) for name in visited[0]} | {("key_concept", name) for name in visited[1]}
    similarity = {document: Fraction(len(wanted & held), len(wanted | held)) for document, held in corpus.items()}
    first, *rest = sorted(corpus, key=lambda document: (-similarity[document], document))
    second = rest[0] if rest else None
    return first, float(similarity[first]), second, None if second is None else float(similarity[second])


NAMES = st.sampled_from(list("abcdefg"))
WALKS = st.lists(st.tuples(st.lists(NAMES, max_size=3), st.lists(NAMES, max_size=5)), max_size=8)
PAIRS = st.sets(st.tuples(NAMES, NAMES), min_size=1, max_size=6)
CORPORA = st.dictionaries(st.text("0123xyz", min_size=1, max_size=3), PAIRS, min_size=1, max_size=12)


@settings(max_examples=80, deadline=None)
@given(WALKS, CORPORA, st.sampled_from([1, 5, 1000]))
def test_choices_equal_brute_force_in_batches_of_any_size(
    visited: list[tuple[list[str], list[str]]], corpus: dict[str, set[tuple[str, str]]], products_at_once: int
) -> None:
    pairs = tuple(("s", document, *pair) for document, held in corpus.items() for pair in sorted(held))
    concepts = concepts_of_documents(document_concepts(pairs))
    sets: dict[str, set[tuple[str, str]]] = {document: set() for document in corpus}
    for document, kind, name in concepts.select("document_id", "kind", "name").iter_rows():
        sets[document].add((kind, name))
    chosen = nearest_documents(walks(*visited), concepts, products_at_once=products_at_once)
    assert chosen.rows() == [brute_force(walk, sets) for walk in visited]
