"""MinHash signatures of questions, and the sketches of them by which near duplicates are proposed.

A signature holds, for each of `PERMUTATIONS` permutations of the 32-bit numbers, the least value of the question's
shingles: two agree at a place with the Jaccard similarity of the two shingle sets as probability. Stored signatures
rest on the permutations, made by SplitMix64 from `SEED`, and on the hashes of words and shingles, our own. A
sketch is what the search over everything holds in memory: a key for each band, and the lowest byte of each value.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from synth_assets.chunks import over_chunks
from synth_assets.decontamination.shingles import TEXTS_AT_ONCE, words_of

PERMUTATIONS = 128
"""Values of a signature."""
SEED = 42
"""Seed of the permutations. It is part of what a stored signature means and so no setting."""
RECALL = 0.995
"""The bands find at least this share of the pairs that are exactly as similar as asked; more above."""

_DEVIATIONS = 4.5
"""A proposed pair is looked at where its signatures agree at least as often as the similarity asked for would have
them, less so many standard deviations: of such pairs it loses one in two hundred thousand."""


@dataclass(frozen=True)
class Signatures:
    """Signatures of questions: `values` of shape (questions, PERMUTATIONS), `forms` of shape (questions, 2).

    The two numbers of a form are hashes of all words in order: equal for exact duplicates.
    """

    values: npt.NDArray[np.uint32]
    forms: npt.NDArray[np.uint64]

    def text_hashes(self) -> pl.Series:
        """The forms as 32 hexadecimal digits."""
        digits = self.forms.astype(">u8").tobytes().hex()
        return pl.Series([digits[place : place + 32] for place in range(0, len(digits), 32)], dtype=pl.String)


@dataclass(frozen=True)
class Sketches:
    """`keys`, of shape (questions, bands): equal where all values of the band are. `low`: (questions, PERMUTATIONS)."""

    keys: npt.NDArray[np.uint32]
    low: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, values: npt.NDArray[np.uint32], similarity: float) -> "Sketches":
        """Sketches for the search at a similarity, of signatures of shape (questions, PERMUTATIONS)."""
        from synth_assets.decontamination.shingle_loops import band_keys

        values, rows = np.require(values, np.uint32, ["C", "W"]), band_rows(similarity)
        keys = np.zeros((len(values), PERMUTATIONS // rows), np.uint32)
        band_keys(values, rows, keys)
        return cls(keys, values.astype(np.uint8))

    @classmethod
    def gathered(cls, parts: list["Sketches"], rows: npt.NDArray[np.int64]) -> "Sketches":
        """The sketches of some rows, in that order, where the parts stand one after the other; these are used up."""
        numbers = np.full(sum(len(part.low) for part in parts), -1, np.int64)
        numbers[rows] = np.arange(len(rows))
        bands = parts[0].keys.shape[1] if parts else 0
        keys, low = np.zeros((len(rows), bands), np.uint32), np.zeros((len(rows), PERMUTATIONS), np.uint8)
        end = len(numbers)
        while parts:
            part = parts.pop()
            wanted = numbers[end - len(part.low) : end]
            there = wanted >= 0
            keys[wanted[there]], low[wanted[there]] = part.keys[there], part.low[there]
            end -= len(part.low)
        return cls(keys, low)


def signatures_of(questions: pl.Series) -> Signatures:
    """The signature of each question; all ones for one without words, null included."""
    from synth_assets.decontamination.shingle_loops import sign_words

    signed = Signatures(np.zeros((len(questions), PERMUTATIONS), np.uint32), np.zeros((len(questions), 2), np.uint64))
    factors, offsets = _permutations()

    def work(first: int, last: int) -> None:
        words = words_of(questions.slice(first, last - first))
        sign_words(*words, factors, offsets, signed.forms[first:last], signed.values[first:last])

    over_chunks(work, len(questions), TEXTS_AT_ONCE)
    return signed


def band_rows(similarity: float) -> int:
    """Signature values a band: the most that still find a pair of that similarity with probability `RECALL`."""
    rows = np.arange(1, PERMUTATIONS + 1)
    found = 1 - (1 - similarity**rows) ** (PERMUTATIONS // rows)
    return int(rows[found >= RECALL].max(initial=1))


def least_agreement(similarity: float, values: int) -> int:
    """At how many of `values` independent places a pair must agree that does at each with that probability."""
    deviation = float(np.sqrt(similarity * (1 - similarity) * values))
    return max(int(np.floor(similarity * values - _DEVIATIONS * deviation)), 1)


def _permutations() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Odd factors and offsets of the permutations x -> factor x + offset modulo 2^32, by SplitMix64."""
    mask, state, drawn = 2**64 - 1, SEED, []
    for _ in range(PERMUTATIONS):
        state = (state + 0x9E3779B97F4A7C15) & mask
        value = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
        value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & mask
        drawn.append(value ^ (value >> 31))
    factors = [value >> 32 | 1 for value in drawn]
    return np.array(factors, np.uint32), np.array([value & 0xFFFFFFFF for value in drawn], np.uint32)
