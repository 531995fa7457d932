"""How alike texts are, by cases whose answer is known."""

import numpy as np
import polars as pl
import pytest

from synth_assets.comparison.similarity import cosines, pairs_within, tfidf, words_of

TEXTS = pl.Series(
    [
        "Anna buys 3 apples.",
        "anna buys 12.5 apples!",
        "Solve the equation x^y = z",
        None,
        "Anna solves the equation",
    ]
)


def cosine(first: int, second: int) -> float:
    return float(cosines(tfidf(words_of(TEXTS)), np.array([first]), np.array([second]))[0])


def test_the_same_words_with_other_numbers_are_alike_and_texts_without_a_common_word_are_not() -> None:
    assert cosine(0, 1) == pytest.approx(1.0)
    assert cosine(0, 2) == 0.0
    assert 0.1 < cosine(2, 4) < 0.9


def test_what_has_no_words_is_like_nothing_not_even_itself() -> None:
    assert cosine(3, 3) == cosine(3, 0) == 0.0
    nothing = words_of(pl.Series(["", "!?"], dtype=pl.String))
    assert cosines(tfidf(nothing), np.array([0]), np.array([1])).tolist() == [0.0]


def test_words_signs_and_numbers_are_told_from_each_other() -> None:
    words = words_of(pl.Series(["Über 1,000.5 m^2", "über 7 m/s"]))
    assert np.diff(words.starts).tolist() == [5, 5]
    assert words.vocabulary == 6  # ^ / 0 m s über
    first, second = words.codes[:5], words.codes[5:]
    assert first[[0, 1, 2]].tolist() == second[[0, 1, 2]].tolist() and first[4] == first[1]


def test_a_models_vectors_are_compared_like_ours_whatever_their_length() -> None:
    ours = tfidf(words_of(TEXTS))
    longer = ours.toarray() * np.array([[1], [2], [3], [4], [5]], np.float32)
    first, second = (np.array(ends) for ends in zip(*[(0, 1), (2, 4), (3, 4), (1, 1)], strict=True))
    assert cosines(longer, first, second) == pytest.approx(cosines(ours, first, second), abs=1e-6)


def test_pairs_are_all_of_a_group_and_none_between_groups() -> None:
    first, second = pairs_within(np.array([0, 1, 2, 0, 0, 1]))
    assert list(zip(first.tolist(), second.tolist(), strict=True)) == [(0, 1), (0, 2), (1, 2), (4, 5)]
    assert [len(ends) for ends in pairs_within(np.zeros(0, np.int64))] == [0, 0]
