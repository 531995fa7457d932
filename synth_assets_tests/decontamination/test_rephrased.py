from collections import Counter
from math import log2

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_assets.decontamination.ladder import PRESETS
from synth_assets.decontamination.rephrased import (
    CANDIDATES,
    COSINE_WEIGHT,
    LEAST_COSINE,
    NUMBERS_WEIGHT,
    ORDER_WEIGHT,
    NumberedWords,
    RephrasedIndex,
)
from synth_assets.decontamination.word_order import common_subsequences
from synth_assets_tests.decontamination.cutting import words_of

WORDS = st.lists(st.sampled_from("abcd"), max_size=12)
TEXTS = st.lists(st.sampled_from(["hens", "eggs", "farm", "seven", "7", "12", "450", "sold"]), max_size=9)


def textbook(first: list[str], second: list[str]) -> int:
    table = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i, a in enumerate(first):
        for j, b in enumerate(second):
            table[i + 1][j + 1] = table[i][j] + 1 if a == b else max(table[i][j + 1], table[i + 1][j])
    return table[-1][-1]


def scan(texts: list[str], items: list[str], least: float) -> pl.DataFrame:
    return RephrasedIndex(words_of([*items])).scan(NumberedWords.of(words_of([*texts])), least)


@settings(deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=3), st.lists(WORDS, min_size=1, max_size=3))
def test_the_longest_common_subsequence_is_that_of_the_textbook(texts: list[list[str]], items: list[list[str]]) -> None:
    pairs = [(text, item) for text in range(len(texts)) for item in range(len(items))]
    ours, theirs = (words_of([" ".join(words) for words in side]) for side in (texts, items))
    common = common_subsequences(ours, np.array([a for a, _ in pairs]), theirs, np.array([b for _, b in pairs]))
    assert common.tolist() == [textbook(texts[a], items[b]) for a, b in pairs]


class PlainIndex:
    """The rule once more, by dictionaries."""

    def __init__(self, items: list[list[str]]) -> None:
        self.items = items
        held = Counter(word for item in items for word in set(item))
        self.rarity = {word: np.log((1 + len(items)) / (1 + many)) + 1 for word, many in held.items()}
        self.rarest = np.log(1 + len(items)) + 1

    def vector(self, words: list[str]) -> dict[str, float]:
        return {word: many * self.rarity.get(word, self.rarest) for word, many in Counter(words).items()}

    def cosine(self, first: list[str], second: list[str]) -> float:
        a, b = self.vector(first), self.vector(second)
        lengths = np.sqrt(sum(x * x for x in a.values()) * sum(x * x for x in b.values()))
        return float(sum(x * b.get(word, 0.0) for word, x in a.items()) / lengths) if lengths else 0.0

    def similarities(self, words: list[str]) -> dict[int, float]:
        cosines = {number: self.cosine(words, item) for number, item in enumerate(self.items) if item}
        nearest = sorted((-round(cosine, 5), number) for number, cosine in cosines.items() if cosine >= LEAST_COSINE)
        return {
            number: COSINE_WEIGHT * cosines[number]
            + NUMBERS_WEIGHT * number_agreement(words, self.items[number])
            + ORDER_WEIGHT * 2 * textbook(words, self.items[number]) / (len(words) + len(self.items[number]))
            for _, number in nearest[:CANDIDATES]
        }


def number_agreement(first: list[str], second: list[str]) -> float:
    ours, theirs = (Counter(word for word in words if word[0].isdecimal()) for words in (first, second))
    every, shared = ours | theirs, ours & theirs
    weights = [sum(many * log2(2 + float(word)) for word, many in numbers.items()) for numbers in (shared, every)]
    return weights[0] / weights[1] if weights[1] else 0.0


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4), st.lists(TEXTS, min_size=1, max_size=4))
def test_similarities_are_those_of_a_plain_loop(texts: list[list[str]], items: list[list[str]]) -> None:
    found = scan([" ".join(one) for one in texts], [" ".join(one) for one in items], 0.3)
    in_digits = [["7" if word == "seven" else word for word in item] for item in items]
    index = PlainIndex(in_digits)
    expected = {
        (number, item): similarity
        for number, text in enumerate(texts)
        for item, similarity in index.similarities(["7" if word == "seven" else word for word in text]).items()
    }
    got = {(text, item): score for text, item, score in found.select("text", "item", "score").iter_rows()}
    assert got == pytest.approx({pair: expected[pair] for pair in got}, abs=1e-5)
    sure = {pair for pair, similarity in expected.items() if similarity > 0.3 + 1e-5}
    assert sure <= set(got)


def test_numbers_agree_by_their_weight() -> None:
    def similarity(text: str, item: str) -> float:
        return float(scan([text + " hens laid"], [item + " hens laid"], 0.01)["score"][0])

    assert similarity("7 450", "450 8") > similarity("7 450", "451 7")
    assert similarity("9" * 500 + " 7", "9" * 500 + " 7") == pytest.approx(1.0, abs=1e-6)


def test_number_words_count_as_numbers_and_other_numbers_make_another_problem() -> None:
    items = ["A farmer owns 12 hens and buys thirty more. How many hens does the farmer own?"]
    told = "The farmer has twelve hens. After buying 30 others, how many hens has he?"
    other = "The farmer has nine hens. After buying 77 others, how many hens has he?"
    least = PRESETS["ladder"].rephrased
    assert least is not None
    assert scan([told, other, ""], items, least)["text"].to_list() == [0]
