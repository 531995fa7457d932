"""Reference documents: the five documents by hand, and brute force over random corpora, exactly."""

from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import sparse

from synth_assets.concepts import inverted_index
from synth_assets.concepts.adjacency import ConceptGraph
from synth_assets.concepts.concept_sets import ConceptSets
from synth_assets.concepts.inverted_index import Nearest, two_nearest
from synth_assets.concepts.references import nearest_documents
from synth_assets.concepts.walks import Paths
from synth_assets_tests.concepts.five_documents import PAIRS, document_concepts, graph_tables

Pairs = tuple[tuple[str, str, str, str], ...]


def nearest(pairs: Pairs, *visited: tuple[list[str], list[str]]) -> list[tuple[object, ...]]:
    """Of walks given by the names of the topics and key concepts visited."""
    nodes, edges = graph_tables(pairs)
    graph = ConceptGraph.from_frames(nodes, edges)
    paths = Paths(
        *(
            np.array([[frame["name"].to_list().index(name) for name in row] + [-1] * (5 - len(row)) for row in column])
            for frame, column in zip((graph.topics, graph.concepts), zip(*visited, strict=True), strict=True)
        )
    )
    return nearest_documents(graph, paths, ConceptSets.from_frames(document_concepts(pairs), nodes)).rows()


def test_jaccard_choices_of_the_five_documents() -> None:
    assert nearest(
        PAIRS,
        # a2 shares 4 of 5, a3 3 of 5, a1 2 of 6, b2 1 of 8.
        (["fractions", "decimals"], ["numerator", "place value", "rounding"]),
        # a1 shares 3 of 4, b2 3 of 5, a2 2 of 6, b1 1 of 5.
        (["fractions", "ratios"], ["denominator", "numerator"]),
        # a1 shares 1 of 3; a2 and b2 both 1 of 4: the lower id.
        (["fractions"], []),
        # What is visited again counts once.
        (["fractions", "fractions"], ["denominator", "denominator", "numerator"]),
    ) == [
        ("a2", 4 / 5, "a3", 3 / 5),
        ("a1", 3 / 4, "b2", 3 / 5),
        ("a1", 1 / 3, "a2", 1 / 4),
        ("a1", 1.0, "a2", 2 / 5),
    ]


def test_a_topic_and_a_key_concept_of_the_same_name_are_two_elements() -> None:
    pairs = (("s", "a", "ratio", "rate"), ("s", "b", "rate", "ratio"))
    assert nearest(pairs, (["ratio"], ["rate"])) == [("a", 1.0, "b", 0.0)]


def test_where_only_one_document_is_related_the_lowest_other_id_is_second() -> None:
    pairs = (("s", "a", "t", "x"), ("s", "b", "u", "y"), ("s", "c", "v", "z"))
    assert nearest(pairs, (["t"], ["x"]), (["u"], ["y"]), (["v"], ["z"])) == [
        ("a", 1.0, "b", 0.0),
        ("b", 1.0, "a", 0.0),
        ("c", 1.0, "a", 0.0),
    ]


def test_a_corpus_of_one_document_has_no_second() -> None:
    assert nearest((("s", "a", "t", "x"),), (["t"], [])) == [("a", 1 / 2, None, None)]


def test_no_walks_need_no_documents_chosen() -> None:
    assert two_nearest(np.empty((0, 3), dtype=np.int32), sets_of([{0}], 1)).documents.shape == (0, 2)


def test_an_empty_corpus_is_refused() -> None:
    with pytest.raises(ValueError, match="no document"):
        two_nearest(np.zeros((1, 1), dtype=np.int32), sets_of([], 1))


def test_concepts_of_another_graph_are_refused() -> None:
    with pytest.raises(ValueError, match="of 1 concepts"):
        two_nearest(np.array([[0, 1]]), sets_of([{0}], 1))


def sets_of(held: list[set[int]], elements: int) -> ConceptSets:
    ids = pl.Series([f"d{number:06}" for number in range(len(held))], dtype=pl.String)
    starts = np.cumsum([0, *map(len, held)])
    concepts = np.array([concept for one in held for concept in sorted(one)], dtype=np.int32)
    return ConceptSets(ids, starts, concepts, elements)


def brute_force(visited: set[int], held: list[set[int]]) -> tuple[list[int], list[float]]:
    similarity = [Fraction(len(visited & one), len(visited | one) or 1) for one in held]
    best = sorted(range(len(held)), key=lambda document: (-similarity[document], document))[:2]
    missing = [-1] * (2 - len(best))
    return best + missing, [float(similarity[document]) for document in best] + [0.0] * len(missing)


ELEMENTS = 9
HELD = st.lists(st.sets(st.integers(0, ELEMENTS - 1), max_size=6), min_size=1, max_size=30)
VISITED = st.lists(st.lists(st.integers(0, ELEMENTS - 1), max_size=8), min_size=1, max_size=8)


@settings(max_examples=300)
@given(HELD, VISITED)
@example([{0, 1, 2}, {0, 1}, {0, 3}, {0}], [[0], [0, 1], [3, 3, 0]])
def test_small_sets_with_many_ties_equal_brute_force_in_fractions(
    held: list[set[int]], visited: list[list[int]]
) -> None:
    rows = np.array([row + [-1] * (8 - len(row)) for row in visited])
    found = two_nearest(rows, sets_of(held, ELEMENTS))
    expected = [brute_force(set(row), held) for row in visited]
    assert found.documents.tolist() == [documents for documents, _ in expected]
    assert found.similarities.tolist() == [similarities for _, similarities in expected]


def random_sets(random: np.random.Generator, sets: int, elements: int, largest: int, skew: float) -> sparse.csr_array:
    """Sets by elements, 1 where a set holds one; the skew of the elements' frequencies is Zipf's exponent."""
    sizes = random.integers(1, largest + 1, sets)
    likely = np.arange(1, elements + 1) ** -skew
    drawn = random.choice(elements, sizes.sum(), p=random.permutation(likely / likely.sum()))
    matrix = sparse.csr_array(
        (np.ones(len(drawn), dtype=np.int64), (np.repeat(np.arange(sets), sizes), drawn)), shape=(sets, elements)
    )
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def by_product(visited: sparse.csr_array, held: sparse.csr_array) -> Nearest:
    """The same by one product of all visited sets with all documents."""
    shared = (visited @ held.T).toarray()
    union = visited.sum(axis=1)[:, None] + held.sum(axis=1)[None, :] - shared
    similarities = shared / np.maximum(union, 1)
    documents = np.argsort(-similarities, axis=1, kind="stable")[:, :2]
    return Nearest(documents.astype(np.int32), np.take_along_axis(similarities, documents, axis=1))


def padded(matrix: sparse.csr_array) -> np.ndarray:
    rows = np.split(matrix.indices, matrix.indptr[1:-1])
    return np.array([[*row, *[-1] * (max(map(len, rows)) - len(row))] for row in rows], dtype=np.int32)


def concept_sets(held: sparse.csr_array) -> ConceptSets:
    held.sort_indices()
    ids = pl.Series([f"d{number:06}" for number in range(held.shape[0])])
    return ConceptSets(ids, held.indptr.astype(np.int64), held.indices.astype(np.int32), held.shape[1])


def assert_equal(found: Nearest, expected: Nearest) -> None:
    assert np.array_equal(found.documents, expected.documents)
    assert np.array_equal(found.similarities, expected.similarities)


@settings(max_examples=40)
@given(
    seed=st.integers(0, 2**32 - 1),
    elements=st.sampled_from([3, 20, 64, 65, 300, 5_000]),
    largest=st.integers(1, 12),
    skew=st.sampled_from([0.0, 0.9, 2.0]),
)
def test_choices_among_5000_documents_equal_brute_force(seed: int, elements: int, largest: int, skew: float) -> None:
    random = np.random.default_rng(seed)
    held = random_sets(random, 5_000, elements, largest, skew)
    visited = random_sets(random, 60, elements, 8, skew)
    # Some walks see exactly what a document holds, or nearly.
    visited = sparse.vstack([visited, held[random.integers(5_000, size=20)]], format="csr")
    assert_equal(two_nearest(padded(visited), concept_sets(held)), by_product(visited, held))


def test_a_corpus_of_zipf_names_equals_the_sparse_product_whatever_the_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(11)
    held = random_sets(random, 20_000, 4_000, 12, 0.9)
    visited = random_sets(random, 600, 4_000, 7, 0.9)
    expected, sets = by_product(visited, held), concept_sets(held)
    monkeypatch.setattr(inverted_index, "SETS_AT_ONCE", 50)
    told: list[tuple[int, int]] = []
    for threads in (1, 2, 3):
        found = two_nearest(padded(visited), sets, threads=threads, advance=lambda *counts: told.append(counts))
        assert_equal(found, expected)
    assert told == [(done, 600) for done in range(50, 601, 50)] * 3
