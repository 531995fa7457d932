"""Word shingles of a question, as 64-bit hashes that stay the same over versions and machines.

The set of a question holds its words, its pairs of neighbouring words, and for each number `NUMBER_COPIES` copies of
the pair it begins. Synthetic questions share wordings and differ in numbers: the copies make another set of numbers
count as another question, while one changed name changes a word and two pairs for each place it stands in.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from synth_assets.chunks import over_chunks
from synth_assets.decontamination.words import Words

TEXTS_AT_ONCE = 4096
"""Texts cut together: few enough to keep all threads busy and to stay in the processor's cache."""


@dataclass(frozen=True)
class Shingles:
    """Shingle sets of questions 0 .. k-1: question q owns `hashes[starts[q]:starts[q + 1]]`, sorted, each once.

    `numerals[q]` is a hash of its numbers in order.
    """

    hashes: npt.NDArray[np.uint64]
    starts: npt.NDArray[np.int64]
    numerals: npt.NDArray[np.uint64]

    @classmethod
    def joined(cls, parts: list["Shingles"]) -> "Shingles":
        """The sets of several parts, one after the other."""
        sizes = [np.diff(part.starts) for part in parts]
        return cls(
            np.concatenate([np.zeros(0, np.uint64), *(part.hashes for part in parts)]),
            np.cumsum(np.concatenate([np.zeros(1, np.int64), *sizes])),
            np.concatenate([np.zeros(0, np.uint64), *(part.numerals for part in parts)]),
        )

    def gathered(self, questions: npt.NDArray[np.int64]) -> "Shingles":
        """The sets of some questions, in that order."""
        sizes = np.diff(self.starts)[questions]
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
        places = np.arange(starts[-1]) + np.repeat(self.starts[questions] - starts[:-1], sizes)
        return Shingles(self.hashes[places], starts, self.numerals[questions])


def shingles(questions: pl.Series) -> Shingles:
    """The shingle set of each question; empty for a question without words, null included."""
    from synth_assets.decontamination.shingle_loops import shingle_sets

    firsts = range(0, len(questions), TEXTS_AT_ONCE)
    parts = [Shingles.joined([])] * len(firsts)

    def work(first: int, last: int) -> None:
        sizes, numerals = np.zeros(last - first, np.int64), np.zeros(last - first, np.uint64)
        hashes = shingle_sets(*words_of(questions.slice(first, last - first)), sizes, numerals)
        ends = np.cumsum(sizes)
        parts[first // TEXTS_AT_ONCE] = Shingles(hashes, np.concatenate([np.zeros(1, np.int64), ends]), numerals)

    over_chunks(work, len(questions), TEXTS_AT_ONCE)
    return Shingles.joined(parts)


def jaccard(sets: Shingles, pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Jaccard similarity of the sets of each pair, `pairs` of shape (pairs, 2); 0 where both are empty."""
    from synth_assets.decontamination.keeping_loops import jaccard_of_pairs

    similarities = np.zeros(len(pairs))
    jaccard_of_pairs(sets.hashes, sets.starts, np.require(pairs, np.int64, ["C", "W"]), similarities)
    return similarities


def words_of(questions: pl.Series) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Words of questions as the compiled loops read them: hashes, which are numbers, and where each text begins."""
    from synth_assets.decontamination.word_loops import NUMBER

    words = Words.of(questions, signs=True)
    numbers = np.require(words.kinds == NUMBER, np.bool_, ["C", "W"])
    return np.require(words.hashes, np.uint64, ["C", "W"]), numbers, np.require(words.starts, np.int64, ["C", "W"])
