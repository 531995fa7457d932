"""Texts of words drawn from Zipf's law, and benchmark items planted in a known share of them.

Words are lower-case letters in syllables, the commonest the shortest; numbers have up to four digits; words are parted
by single spaces, and one in ten has a comma or a full stop at its end. So every way to cut a text into words gives the
same words, and no word is one that a tokenizer of English would split. Nothing is shared by chance: two texts have no
13 words in a row in common unless they were planted.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from itertools import cycle

import numpy as np
import numpy.typing as npt
import polars as pl
from racing import Whole

from synth_assets.seeds import seed_of

EXPONENT = 1.0
NUMBERS = 10_000
"""Numbers there are: 0 and on."""
PUNCTUATED = 0.1
"""Share of words with a comma or a full stop."""

LONG, SHORT = 13, 12
"""Words of the n-gram that counts, and of the longest that does not."""
FEWEST_WORDS = 26
"""Of an item: 13 shared words are no more than half of it, so that rules of coverage do not find them."""
REPLACED = 5
"""Of a reworded item every word of this number is another one."""


class Planted(StrEnum):
    """What stands in a document."""

    VERBATIM = "verbatim item"
    CHANGED = "item with other numbers"
    LONG = f"{LONG} words of an item"
    SHORT = f"{SHORT} words of an item"
    REWORDED = "reworded item"


@dataclass(frozen=True)
class Style:
    """How texts are: words there are to draw from, words of the shortest and longest, the share that are numbers."""

    vocabulary: int
    shortest: int
    longest: int
    numbers: float


DOCUMENTS = Style(50_000, 80, 130, 0.03)
ITEMS = replace(DOCUMENTS, shortest=FEWEST_WORDS, longest=54)
NEAR = replace(DOCUMENTS, numbers=0.0)
"""Without numbers, which count more than words do in this project's sets."""
QUESTIONS = Style(8_000, 30, 64, 0.08)
"""In length, numbers and vocabulary about as GSM8K's."""
QUESTION_ITEMS = replace(QUESTIONS, shortest=FEWEST_WORDS)


@dataclass(frozen=True)
class Words:
    """Texts by the numbers of their words: text t has `codes[starts[t]:starts[t + 1]]`.

    Code c is the c-th commonest word; from `style.vocabulary` on the codes are numbers. The last word of the vocabulary
    is never drawn: it parts what is planted from what stands around.
    """

    style: Style
    codes: npt.NDArray[np.int32]
    starts: Whole

    def __len__(self) -> int:
        return len(self.starts) - 1

    def text(self, number: int) -> npt.NDArray[np.int32]:
        """The words of one text; writing to them changes it."""
        return self.codes[self.starts[number] : self.starts[number + 1]]

    def written(self, *names: object) -> pl.Series:
        """The texts as strings, their punctuation drawn by a seed of these names."""
        rng = np.random.default_rng(seed_of("zipf_texts", "punctuation", *names))
        forms = _forms(self.style.vocabulary)
        marks = np.where(rng.random(len(self.codes)) < PUNCTUATED, rng.integers(1, 3, len(self.codes)), 0)
        words = forms.gather(self.codes + marks * (len(forms) // 3))
        texts = np.repeat(np.arange(len(self)), np.diff(self.starts))
        joined = pl.DataFrame({"text": texts, "word": words}).group_by("text", maintain_order=True)
        return joined.agg(pl.col("word").str.join(" "))["word"].rename("text")


def draw(style: Style, count: int, *names: object) -> Words:
    """So many texts, by a seed of these names; each holds at least one number, where the style has any."""
    rng = np.random.default_rng(seed_of("zipf_texts", *names))
    lengths = rng.integers(style.shortest, style.longest + 1, count)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    codes = np.searchsorted(_cumulative(style.vocabulary - 1), rng.random(starts[-1])).astype(np.int32)
    is_number = rng.random(starts[-1]) < style.numbers
    if style.numbers:
        is_number[starts[:-1] + np.floor(rng.random(count) * lengths).astype(np.int64)] = True
    codes[is_number] = style.vocabulary + rng.integers(0, NUMBERS, np.count_nonzero(is_number))
    return Words(style, codes, starts)


def plant(texts: Words, items: Words, share: float, kinds: tuple[Planted, ...], *names: object) -> pl.DataFrame:
    """Put items, or parts of them, into a share of the texts, in place: rows of `text`, `item` and `kind`.

    A text gets one part, of an item that fits into it, in the place of as many of its words. Before and after it stands
    a word that is nowhere else.
    """
    rng = np.random.default_rng(seed_of("zipf_texts", "planted", *names))
    chosen = np.sort(rng.choice(len(texts), round(share * len(texts)), replace=False))
    lengths = np.diff(items.starts)
    by_length = np.argsort(lengths, kind="stable")
    border, rows = np.array([texts.style.vocabulary - 1]), []
    for number, kind in zip(chosen.tolist(), cycle(kinds)):
        words = texts.text(number)
        fitting = np.searchsorted(lengths, len(words) - 2, side="right", sorter=by_length)
        item = int(by_length[rng.integers(fitting)])
        part = np.concatenate([border, _part(items.text(item), kind, texts.style.vocabulary, rng), border])
        place = int(rng.integers(len(words) - len(part) + 1))
        words[place : place + len(part)] = part
        rows.append((number, item, str(kind)))
    return pl.DataFrame(rows, schema={"text": pl.Int64, "item": pl.Int64, "kind": pl.String}, orient="row")


def _part(item: npt.NDArray[np.int32], kind: Planted, vocabulary: int, rng: np.random.Generator) -> Whole:
    words = item.astype(np.int64)
    if kind in (Planted.LONG, Planted.SHORT):
        length = LONG if kind is Planted.LONG else SHORT
        start = rng.integers(len(words) - length + 1)
        return words[start : start + length]
    if kind is Planted.CHANGED:
        numbers = words >= vocabulary
        others = rng.integers(1, NUMBERS, np.count_nonzero(numbers))
        words[numbers] = vocabulary + (words[numbers] - vocabulary + others) % NUMBERS
    if kind is Planted.REWORDED:
        reworded = np.arange(len(words)) % REPLACED == REPLACED - 1
        reworded &= words < vocabulary
        words[reworded] = rng.integers(0, vocabulary - 1, np.count_nonzero(reworded))
    return words


@cache
def _cumulative(names: int) -> npt.NDArray[np.float64]:
    weights = np.arange(1, names + 1, dtype=np.float64) ** -EXPONENT
    return np.cumsum(weights) / weights.sum()


@cache
def _forms(vocabulary: int) -> pl.Series:
    """Every word and number as it is, with a comma, and with a full stop."""
    words = [*_words(vocabulary), *map(str, range(NUMBERS))]
    return pl.Series([word + mark for mark in ("", ",", ".") for word in words])


def _words(count: int) -> Iterator[str]:
    """Distinct words: 20 of one syllable, then of two up to the 500th, then of three."""
    syllables = [consonant + vowel for consonant in "bcdfghjklmnpqrstvwxz" for vowel in "aeiou"]
    size = len(syllables)
    for number in range(count):
        length = 1 + (number >= 20) + (number >= 500)
        # 7 and 10 to any power have no common factor: all numbers of this length come once, neighbours apart.
        place = number * 7**5 % size**length
        yield "".join(syllables[place // size**digit % size] for digit in range(length))
