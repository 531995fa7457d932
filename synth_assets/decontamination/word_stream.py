"""Many texts as one long column of words, so that every n-gram of a batch is computed by whole-column arithmetic.

The key of the words from place p to p + n is a polynomial over their hashes, modulo 2^64. With prefix sums over powers
of an odd multiplier, any key of any length costs a subtraction and a multiplication. Keys only propose: Polars' hashes
may change between versions and two texts may share a key, so no key is ever stored and every match is compared word by
word (`same_words`).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from synth_assets.decontamination import normalising

Whole = npt.NDArray[np.int64]

_MULTIPLIER = 0x9E3779B97F4A7C15  # odd, so it has an inverse modulo 2^64
_INVERSE = pow(_MULTIPLIER, -1, 2**64)


@dataclass(frozen=True)
class WordStream:
    """The words of texts 0 .. k-1, one after the other.

    `written` are the words of the normal form, `compared` the words that are matched (numbers folded, or not), both of
    the same length; text t owns the places `starts[t]` up to `starts[t + 1]`.
    """

    written: pl.Series
    compared: pl.Series
    starts: Whole

    @classmethod
    def of(cls, texts: pl.Series) -> "WordStream":
        """The words of each text, compared as written."""
        lists = pl.select(normalising.words(pl.lit(texts).fill_null(""))).to_series() if len(texts) else _NO_LISTS
        return cls.of_words(lists)

    @classmethod
    def of_words(cls, lists: pl.Series) -> "WordStream":
        """Texts that have been cut into lists of words already."""
        lengths = lists.list.len()
        written = lists.filter(lengths > 0).explode().rename("word")
        starts = np.concatenate([[0], np.cumsum(lengths.to_numpy(), dtype=np.int64)])
        return cls(written, written, starts)

    def digits_folded(self) -> "WordStream":
        """The same places, with every number compared as `0`."""
        compared = self.written.to_frame().select(normalising.fold_digits(pl.col("word"))).to_series()
        return WordStream(self.written, compared, self.starts)

    @cached_property
    def lengths(self) -> Whole:
        """Words of each text."""
        return np.diff(self.starts)

    @cached_property
    def text_of(self) -> Whole:
        """The text each place belongs to."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @cached_property
    def _prefix(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
        hashes = self.compared.hash().to_numpy()
        powers, inverses = (_powers(factor, len(hashes)) for factor in (_MULTIPLIER, _INVERSE))
        sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(hashes * powers[:-1], dtype=np.uint64)])
        return sums, inverses

    def ngrams(self, n: int) -> pl.DataFrame:
        """Every run of `n` words inside one text: columns `text`, `place`, `key`."""
        places = np.arange(max(len(self.written) - n + 1, 0))
        texts = self.text_of[places]
        inside = places + n <= self.starts[texts + 1]
        places, texts = places[inside], texts[inside]
        sums, inverses = self._prefix
        return pl.DataFrame(
            {"text": texts, "place": places, "key": (sums[places + n] - sums[places]) * inverses[places]},
            schema={"text": pl.Int64, "place": pl.Int64, "key": pl.UInt64},
        )

    def span(self, place: int, length: int) -> str:
        """The words as written from `place` on, joined by spaces."""
        return " ".join(self.written[place : place + length])


def _powers(factor: int, count: int) -> npt.NDArray[np.uint64]:
    """1, factor, .. factor ** count modulo 2^64."""
    factors = np.full(count + 1, factor, dtype=np.uint64)
    factors[0] = 1
    return np.cumprod(factors, dtype=np.uint64)


_NO_LISTS = pl.Series([], dtype=pl.List(pl.String))


def same_words(
    first: WordStream, first_places: Whole, second: WordStream, second_places: Whole, lengths: Whole
) -> npt.NDArray[np.bool_]:
    """For each i, whether `lengths[i]` (at least 1) words from the two places are equal one by one."""
    if not len(lengths):
        return np.zeros(0, dtype=np.bool_)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
    ours = first.compared.gather(np.repeat(first_places, lengths) + within)
    theirs = second.compared.gather(np.repeat(second_places, lengths) + within)
    return np.logical_and.reduceat((ours == theirs).to_numpy(), offsets[:-1])
