import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth_assets.decontamination.rephrased import RephrasedIndex, common_subsequence, number_agreement
from synth_assets.decontamination.word_stream import WordStream

WORDS = st.lists(st.sampled_from("abcd"), max_size=12)


@given(WORDS, WORDS)
def test_the_longest_common_subsequence_is_that_of_the_textbook(first: list[str], second: list[str]) -> None:
    table = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i, a in enumerate(first):
        for j, b in enumerate(second):
            table[i + 1][j + 1] = table[i][j] + 1 if a == b else max(table[i][j + 1], table[i + 1][j])
    assert common_subsequence(first, second) == table[-1][-1]


def test_numbers_agree_by_their_weight() -> None:
    assert number_agreement(["7", "450"], ["450", "7"]) == 1.0
    assert number_agreement(["7", "450"], ["450", "8"]) > number_agreement(["7", "450"], ["451", "7"])
    assert number_agreement(["7", "7"], ["7"]) == pytest.approx(0.5)
    assert number_agreement(["9" * 500, "7"], ["9" * 500, "7"]) == 1.0
    assert number_agreement(["no"], ["numbers"]) == 0.0


def test_number_words_count_as_numbers_and_other_numbers_make_another_problem() -> None:
    items = WordStream.of(pl.Series(["A farmer owns 12 hens and buys thirty more. How many hens does the farmer own?"]))
    told = "The farmer has twelve hens. After buying 30 others, how many hens has he?"
    other = "The farmer has nine hens. After buying 77 others, how many hens has he?"
    found = RephrasedIndex(items).scan(WordStream.of(pl.Series([told, other, ""])))
    assert found["text"].to_list() == [0]
