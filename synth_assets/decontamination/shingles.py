"""Word shingles of a question, as 64-bit hashes that stay the same over versions and machines.

The set of a question holds its words, its pairs of neighbouring words, and for each number `NUMBER_COPIES` copies of
the pair it begins. Synthetic questions share wordings and differ in numbers: the copies make another set of numbers
count as another question, while one changed name changes a word and two pairs for each place it stands in.
"""

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import polars as pl

from synth_assets.decontamination.normalising import is_number, problem_words
from synth_assets.decontamination.word_stream import Whole, WordStream

NUMBER_COPIES = 6
"""Times a number counts, with the word after it, beside the word and pairs it stands in."""

# Odd constants that set first words, second words and copies apart (SplitMix64's multipliers and increment).
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_COPY = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Shingles:
    """Shingle sets of questions 0 .. k-1: question q owns `hashes[starts[q]:starts[q + 1]]`, sorted, each once."""

    hashes: npt.NDArray[np.uint64]
    starts: Whole


def shingles(questions: pl.Series) -> Shingles:
    """The shingle set of each question; empty for a question without words."""
    lists = questions.to_frame("question").select(problem_words(pl.col("question"))).to_series()
    stream = WordStream.of_words(lists)
    word = word_hashes(stream.written)
    text, numbers = stream.text_of, stream.written.to_frame("word").select(is_number(pl.col("word"))).to_series()
    last = np.zeros(len(word), dtype=np.bool_)
    last[stream.starts[1:][stream.lengths > 0] - 1] = True
    following = np.where(last, np.uint64(0), np.roll(word, -1)) if len(word) else word
    pairs = _mixed(word * _FIRST + following * _SECOND)
    number = numbers.to_numpy()
    copies = [_mixed(pairs[number] + step) for step in np.arange(1, NUMBER_COPIES + 1, dtype=np.uint64) * _COPY]
    return _as_sets(
        np.concatenate([word, pairs[~last], *copies]),
        np.concatenate([text, text[~last], *[text[number]] * NUMBER_COPIES]),
        len(stream.lengths),
    )


def word_hashes(words: pl.Series) -> npt.NDArray[np.uint64]:
    """BLAKE2b-64 of each word: stored signatures rest on it, and Polars' own hashes may change between versions."""
    distinct = words.unique()
    hashes = [int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little") for word in distinct]
    table = pl.DataFrame({"word": distinct, "hash": pl.Series(hashes, dtype=pl.UInt64)})
    named = pl.DataFrame({"word": words}, schema={"word": pl.String})
    return named.join(table, on="word", maintain_order="left")["hash"].to_numpy()


def _mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    values = (values ^ (values >> np.uint64(30))) * _FIRST
    return values ^ (values >> np.uint64(27))


def _as_sets(hashes: npt.NDArray[np.uint64], texts: Whole, count: int) -> Shingles:
    order = np.lexsort((hashes, texts))
    hashes, texts = hashes[order], texts[order]
    fresh = np.ones(len(hashes), dtype=np.bool_)
    fresh[1:] = (hashes[1:] != hashes[:-1]) | (texts[1:] != texts[:-1])
    sizes = np.bincount(texts[fresh], minlength=count)
    return Shingles(hashes[fresh], np.concatenate([[0], np.cumsum(sizes)]))
