"""How alike texts are: their words, vectors of them, and the cosines of many pairs at once.

All numbers count as one word: a question asked again with other numbers is, as wording, the same question. Vectors of a
model come from outside; those made here are TF-IDF.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Vectors: TypeAlias = NDArray[np.float32] | csr_matrix
"""One row a text."""

TFIDF = "TF-IDF of words, all numbers taken as one"
"""What the vectors made here are."""

_NUMBER = r"\p{Nd}+(?:[.,]\p{Nd}+)*"
_WORD = r"\p{L}[\p{L}\p{M}]*|0|[-+*/^=<>%|]"
_PAIRS_AT_ONCE = 100_000


@dataclass(frozen=True)
class Words:
    """Words of texts 0 .. k-1: text t owns `codes[starts[t]:starts[t + 1]]`.

    A code is the word's place among the different words, sorted; there are `vocabulary` of them.
    """

    codes: NDArray[np.int64]
    starts: NDArray[np.int64]
    vocabulary: int


def words_of(texts: pl.Series) -> Words:
    """Words, numbers (all the same one) and signs of arithmetic, in lower case; null has none."""
    found = texts.fill_null("").str.to_lowercase().str.replace_all(_NUMBER, "0").str.extract_all(_WORD)
    words = found.explode().drop_nulls()
    # Places among sorted words, not numbers in the order met: sums then do not depend on what was read before.
    known = pl.Enum(words.unique().sort())
    codes = words.cast(known).to_physical().cast(pl.Int64).to_numpy()
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(found.list.len().to_numpy(), dtype=np.int64)])
    return Words(codes, starts, len(known.categories))


def tfidf(words: Words) -> csr_matrix:
    """TF-IDF vectors of length 1, of shape (texts, vocabulary); 0 for a text without words.

    Frequencies within a text count by 1 + log. How rare a word is, is counted over these texts.
    """
    from sklearn.feature_extraction.text import TfidfTransformer

    shape = (len(words.starts) - 1, max(words.vocabulary, 1))
    counts = csr_matrix((np.ones(len(words.codes), np.float32), words.codes, words.starts), shape=shape)
    counts.sum_duplicates()
    return csr_matrix(TfidfTransformer(sublinear_tf=True).fit_transform(counts))


def cosines(vectors: Vectors, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.float64]:
    """The cosine of each pair of rows, `first[i]` with `second[i]`; 0 where a vector is 0."""
    found = np.zeros(len(first))
    for start in range(0, len(first), _PAIRS_AT_ONCE):
        part = slice(start, start + _PAIRS_AT_ONCE)
        found[part] = _products(vectors, first[part], second[part])
    rows = np.arange(vectors.shape[0])
    lengths = np.sqrt(_products(vectors, rows, rows))
    across = lengths[first] * lengths[second]
    return np.where(across > 0, found / np.where(across > 0, across, 1.0), 0.0)


def _products(vectors: Vectors, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.float64]:
    if isinstance(vectors, np.ndarray):
        found: NDArray[np.float64] = (vectors[first] * vectors[second]).sum(axis=1, dtype=np.float64)
        return found
    return np.asarray(vectors[first].multiply(vectors[second]).sum(axis=1), dtype=np.float64).ravel()


def pairs_within(ranks: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All pairs of rows of a group, the earlier first. `ranks` counts 0, 1, 2, ... anew in each group of rows."""
    second = np.repeat(np.arange(len(ranks)), ranks)
    starts = np.cumsum(ranks) - ranks
    within = np.arange(len(second)) - np.repeat(starts, ranks)
    return second - np.repeat(ranks, ranks) + within, second
