"""The rule for rephrased items, which share no n-gram: nearest by word TF-IDF, verified by order and numbers.

The five benchmark items nearest to a question by word TF-IDF are its candidates. A candidate is scored by a weighted
sum of three similarities between 0 and 1: TF-IDF cosine, longest common subsequence of words (2 LCS / sum of lengths)
and agreement of the numbers (shared weight over the weight of all numbers, a number x weighing log2(2 + x), for that
two problems share a 2 says little, that they share a 450 much). A problem without numbers earns nothing by them.

Weights are those of a logistic regression, rounded, fitted on the first 330 rephrased GSM8K test items against the
first 1,868 GSM8K train items; the threshold is the lowest that hits none of the sample's documents wrongly. On the
other halves it finds 96% of the rephrased items and 0.3% of the train items, some of which truly are near a test item.
"""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from synth_assets.decontamination.ladder import REPHRASED
from synth_assets.decontamination.ngrams import MATCHES, power_of_two
from synth_assets.decontamination.words import Hashes, Whole, Words, word_hashes

CANDIDATES = 5
"""Nearest items looked at for a question."""
COSINE_WEIGHT, ORDER_WEIGHT, NUMBERS_WEIGHT = 0.3, 0.2, 0.5
LEAST_COSINE = 0.2
"""A candidate whose words are less alike than this is none: a rare number shared by chance proves nothing."""

_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_NUMBER_WORDS = {
    **{word: number for number, word in enumerate(_UNITS)},
    **{word: 10 * number for number, word in enumerate(_TENS, start=2)},
    "hundred": 100,
    "thousand": 1000,
    "twice": 2,
    "double": 2,
    "triple": 3,
    "dozen": 12,
}

Number = npt.NDArray[np.int32]
Real = npt.NDArray[np.float64]


@dataclass(frozen=True)
class NumberedWords:
    """Words in which number words stand in digits, with the weight of each number, 0 for other words."""

    words: Words
    weights: Real

    @classmethod
    def of(cls, words: Words) -> "NumberedWords":
        """The numbers of these words read."""
        from synth_assets.decontamination.rephrased_loops import read_numbers

        hashes, weights = words.hashes.copy(), np.empty(len(words.hashes))
        read_numbers(words.text, words.begins, words.ends, words.kinds, *_number_words(), hashes, weights)
        return cls(replace(words, hashes=hashes), weights)

    @property
    def arrays(self) -> tuple[Hashes, Real, Whole]:
        """As the loops take them."""
        return self.words.hashes, self.weights, self.words.starts


class RephrasedIndex:
    """Benchmark items as TF-IDF vectors over their own words."""

    def __init__(self, items: Words) -> None:
        """Count the words of `items`; a word no item has weighs in a question's length as the rarest of them."""
        self._items = NumberedWords.of(items)
        words = self._items.words
        item = np.repeat(np.arange(len(words.lengths)), words.lengths)
        keys, word = np.unique(words.hashes, return_inverse=True)
        counted = pl.DataFrame({"word": word, "item": item}).group_by("word", "item").len().sort("word", "item")
        held_by = np.bincount(counted["word"].to_numpy(), minlength=len(keys))
        total = len(words.lengths)
        rarity = np.log((1 + total) / (1 + held_by)) + 1
        self._rarest = float(np.log(1 + total) + 1)
        part = counted["len"].to_numpy() * rarity[counted["word"].to_numpy()]
        square = np.bincount(counted["item"].to_numpy(), weights=part**2, minlength=total)
        length = np.sqrt(square)[counted["item"].to_numpy()]
        self._vocabulary = (*_table(keys), rarity)
        self._postings = (
            np.concatenate([[0], np.cumsum(held_by)]),
            counted["item"].to_numpy().astype(np.int32),
            (part / length).astype(np.float32),
        )

    def scan(self, texts: NumberedWords, least: float) -> pl.DataFrame:
        """Questions at least `least` similar to an item, one row a (text, item), schema `ngrams.MATCHES`.

        The span is all of the question.
        """
        text, item, score = self._similar(texts, least)
        starts, lengths = texts.words.starts, texts.words.lengths
        columns = {"text": text, "item": item, "rule": REPHRASED, "score": score, "place": starts[text]}
        found = pl.DataFrame(columns | {"words": lengths[text]}, schema_overrides=MATCHES)
        return found if len(text) else MATCHES.to_frame()

    def _similar(self, texts: NumberedWords, least: float) -> tuple[Whole, Whole, Real]:
        from synth_assets.decontamination.rephrased_loops import similar_items

        room = 256
        while True:
            found = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room)
            many = similar_items(
                texts.arrays,
                self._items.arrays,
                self._vocabulary,
                self._postings,
                self._rarest,
                (COSINE_WEIGHT, ORDER_WEIGHT, NUMBERS_WEIGHT),
                least,
                LEAST_COSINE,
                CANDIDATES,
                found,
            )
            if many <= room:
                return found[0][:many], found[1][:many], found[2][:many]
            room = many


@cache
def _number_words() -> tuple[Hashes, Number, Hashes, Real]:
    """Hashes of the number words and their table; the hash of the digits each means, and its value."""
    hashes = word_hashes(list(_NUMBER_WORDS))
    order = np.argsort(hashes)
    values = np.array(list(_NUMBER_WORDS.values()), dtype=np.float64)[order]
    meant = word_hashes([f"{value:.0f}" for value in values])
    return (*_table(hashes[order]), meant, values)


def _table(keys: Hashes) -> tuple[Hashes, Number]:
    """Distinct keys, ascending, and the table that looks them up."""
    from synth_assets.decontamination.gram_loops import fill_table

    slots = np.zeros(power_of_two(4 * len(keys)), dtype=np.int32)
    fill_table(keys, np.zeros(1, dtype=np.uint64), slots)
    return keys, slots
