"""Similar names: the search finds exactly the pairs that comparing all with all finds."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from synth_assets.concepts import name_similarity
from synth_assets.concepts.name_similarity import SimilarPairs, embedded_vectors, hashed_vectors, similar_pairs

WORDS = st.sampled_from("area of a circle square circles squared rule sine cosine line linear fraction sum".split())
NAMES = st.lists(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), max_size=25, unique=True)


def compared(vectors: npt.NDArray[np.float32], least: float) -> dict[tuple[int, int], float]:
    """All pairs, by the whole product."""
    similarity = vectors.astype(np.float64) @ vectors.astype(np.float64).T
    first, second = np.nonzero(np.triu(similarity >= least - 1e-5, 1))
    return {pair: similarity[pair] for pair in zip(first.tolist(), second.tolist(), strict=True)}


def found(pairs: SimilarPairs) -> dict[tuple[int, int], float]:
    return dict(zip(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True), pairs.similarity, strict=True))


@settings(max_examples=60)
@given(NAMES, st.sampled_from([0.3, 0.6, 0.85]), st.sampled_from([1, 40, 10**9]))
def test_the_search_over_hashed_names_is_exact(names: list[str], least: float, at_once: int) -> None:
    vectors = hashed_vectors(names)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(name_similarity, "CANDIDATES_AT_ONCE", at_once)
        pairs = found(similar_pairs(vectors, least, np.arange(len(names))))
    expected = compared(vectors.toarray(), least)
    assert pairs == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("as_matrix", [np.asarray, sparse.csr_array], ids=["dense", "sparse"])
def test_the_search_over_any_vectors_is_exact(as_matrix: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_similarity, "DENSE_ROWS_AT_ONCE", 7)
    rng = np.random.default_rng(2)
    vectors = rng.random((60, 8)) * (rng.random((60, 8)) < 0.6) + 1e-9
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    pairs = similar_pairs(as_matrix(vectors), 0.8, np.arange(60))
    assert found(pairs) == pytest.approx(compared(vectors, 0.8), abs=1e-4)
    assert len(pairs.first) > 20


def test_rows_of_one_group_are_not_paired() -> None:
    vectors = hashed_vectors(["step 1", "step 2", "steps"])
    assert (0, 1) in found(similar_pairs(vectors, 0.3, np.arange(3)))
    assert (0, 1) not in found(similar_pairs(vectors, 0.3, np.array([0, 0, 1])))


def test_past_a_number_of_pairs_the_least_similar_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_similarity, "MOST_PAIRS", 3)
    monkeypatch.setattr(name_similarity, "CANDIDATES_AT_ONCE", 1)
    names = [f"{shape} of a triangle" for shape in ("area", "side", "angle", "height", "median", "angles", "sides")]
    vectors = hashed_vectors(names)
    kept = found(similar_pairs(vectors, 0.3, np.arange(len(names))))
    every = sorted(compared(vectors.toarray(), 0.3).items(), key=lambda pair: -pair[1])
    assert 3 <= len(kept) <= 6 < len(every)
    assert {pair for pair, _ in every[:3]} <= set(kept)


def test_marks_between_words_do_not_count_and_spelling_does() -> None:
    names = ["place value", "place-value", "centre of mass", "center of mass", "union"]
    similarity = (hashed_vectors(names) @ hashed_vectors(names).T).toarray()
    assert similarity[0, 1] == pytest.approx(1)
    assert 0.5 < similarity[2, 3] < 1
    assert similarity[0, 4] == similarity[3, 4] == 0


@pytest.mark.parametrize("names", [[], ["..."], ["", "?"]])
def test_names_without_a_word_are_like_nothing(names: list[str]) -> None:
    assert hashed_vectors(names).shape[0] == len(names)
    assert found(similar_pairs(hashed_vectors(names), 0.5, np.arange(len(names)))) == {}


class Lengths:
    """A name's vector is the number of its letters and of its spaces, and not of length 1."""

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.array([[len(text), text.count(" ")] for text in texts], dtype=np.float32)


def test_an_embedders_vectors_are_made_of_length_1_and_its_progress_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_similarity, "NAMES_AT_ONCE", 2)
    told: list[tuple[int, int]] = []
    vectors = embedded_vectors(["a b", "c", "de f", ""], Lengths(), lambda done, of: told.append((done, of)))
    assert vectors[:3] == pytest.approx(np.array([[3 / 10**0.5, 1 / 10**0.5], [1, 0], [4 / 17**0.5, 1 / 17**0.5]]))
    assert vectors[3].tolist() == [0, 0]
    assert told == [(2, 4), (4, 4)]
