"""Which of many names look alike: names as vectors, and all pairs of vectors above a similarity, exactly.

What lives here: numbers only. What a pair of similar names is proposed for is `synonyms`' business.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse

Whole = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]

GRAMS = (3, 4)
GRAM_BUCKETS = 1 << 20
"""More buckets than the words of 200,000 names have distinct n-grams: hardly any two share one."""

CANDIDATES_AT_ONCE = 50_000_000
"""Of a block of the search; those that are similar are few of them."""

DENSE_ROWS_AT_ONCE = 1_024
NAMES_AT_ONCE = 10_000

MOST_PAIRS = 4_000_000
"""Past twice this number of pairs the least similar are let go."""

ROUNDING = 1e-5

_GAP = re.compile(r"[\W_]+")
"""Hyphens, apostrophes and other marks separate words as spaces do: "place-value" is "place value"."""

Advance = Callable[[int, int], None]


class NameEmbedder(Protocol):
    """Anything that turns texts into vectors of shape (texts, dimensions), the same text always into the same one."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts."""


@dataclass(frozen=True)
class SimilarPairs:
    """Pairs of rows with first < second and their cosine similarity, each of shape (pairs,), in no order."""

    first: Whole
    second: Whole
    similarity: npt.NDArray[np.float64]


def hashed_vectors(names: Sequence[str]) -> sparse.csr_array:
    """Words weighted by TF-IDF over `names`, each word by its hashed character 3- and 4-grams; rows of length 1.

    A word counts by how rare it is, however long, and words that are spelt alike count as nearly the same. Names are a
    few words long: the sparse vectors are compared as they are, which keeps what a truncated decomposition would blur.
    """
    from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfTransformer
    from sklearn.preprocessing import normalize

    plain = [_GAP.sub(" ", name) for name in names]
    if not any(name.strip() for name in plain):
        return sparse.csr_array((len(names), GRAM_BUCKETS), dtype=np.float32)
    counter = CountVectorizer(token_pattern=r"\S+", lowercase=False, dtype=np.float32)
    words = TfidfTransformer(norm=None).fit_transform(counter.fit_transform(plain))
    grams = HashingVectorizer(
        analyzer="char_wb",
        ngram_range=GRAMS,
        n_features=GRAM_BUCKETS,
        alternate_sign=False,
        lowercase=False,
        dtype=np.float32,
    )
    spelt = TfidfTransformer().fit_transform(grams.transform(counter.get_feature_names_out()))
    return sparse.csr_array(normalize(words @ spelt), dtype=np.float32)


def embedded_vectors(names: Sequence[str], embedder: NameEmbedder, advance: Advance | None = None) -> Vectors:
    """The embedder's vectors of `names`, each of length 1 (0 for a vector without direction)."""
    parts = [np.zeros((0, 1), dtype=np.float32)] if not names else []
    for start in range(0, len(names), NAMES_AT_ONCE):
        parts.append(np.asarray(embedder.embed(names[start : start + NAMES_AT_ONCE]), dtype=np.float32))
        if advance is not None:
            advance(min(start + NAMES_AT_ONCE, len(names)), len(names))
    vectors = np.concatenate(parts)
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12), dtype=np.float32)


def similar_pairs(vectors: sparse.csr_array | Vectors, least: float, groups: Whole) -> SimilarPairs:
    """Every pair of rows with a cosine similarity of at least `least`, but for rows of the same group.

    Args:
        vectors: Rows of length 1; sparse ones without negative entries.
        least: Above 0.
        groups: Number of each row's group, shape (rows,).
    """
    blocks = _sparse_blocks(vectors, least) if sparse.issparse(vectors) else _dense_blocks(vectors, least)
    kept = SimilarPairs(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))
    for block in blocks:
        apart = groups[block.first] != groups[block.second]
        kept = SimilarPairs(
            np.concatenate([kept.first, block.first[apart]]),
            np.concatenate([kept.second, block.second[apart]]),
            np.concatenate([kept.similarity, block.similarity[apart]]),
        )
        if len(kept.similarity) > 2 * MOST_PAIRS:
            best = np.argpartition(-kept.similarity, MOST_PAIRS)[:MOST_PAIRS]
            kept = SimilarPairs(kept.first[best], kept.second[best], kept.similarity[best])
    return kept


def _dense_blocks(vectors: Vectors, least: float) -> Iterator[SimilarPairs]:
    for start in range(0, len(vectors), DENSE_ROWS_AT_ONCE):
        rows = vectors[start : start + DENSE_ROWS_AT_ONCE]
        similarity = rows @ vectors[start:].T
        first, second = np.nonzero(similarity >= least - ROUNDING)
        first, second = first[first < second], second[first < second]
        yield SimilarPairs(first + start, second + start, similarity[first, second].astype(np.float64))


def _sparse_blocks(vectors: sparse.csr_array, least: float) -> Iterator[SimilarPairs]:
    """Some rows after the other, each with the rows after it that are similar.

    Two rows are at least `least` similar only if they share a feature among the rarest of each, taken until the length
    of what is left of the row is below `least`. For let x be the row whose rarest features end first, in the order of
    rarity, and at p. A common feature up to p is among the rarest of both; all others come after p, where what is left
    of x has length r, so that together they add at most r times 1 to the product (prefix filtering; Bayardo, Ma and
    Srikant, "Scaling up all pairs similarity search", WWW 2007).
    """
    from synth_assets.concepts.similarity_loops import similar_rows

    least -= ROUNDING
    rows = _rarest_first(vectors)
    starts, features, weights = _arrays(rows)
    row = np.repeat(np.arange(rows.shape[0]), np.diff(starts))
    sums = np.concatenate([[0.0], np.cumsum(weights.astype(np.float64) ** 2)])
    squares_left = np.maximum(sums[starts[1:]][row] - sums[:-1], 0)
    among_rarest = squares_left >= least**2
    rare_starts = np.concatenate([[0], np.cumsum(np.bincount(row[among_rarest], minlength=rows.shape[0]))])
    rare = sparse.csr_array((weights[among_rarest], features[among_rarest], rare_starts), shape=rows.shape)
    holders = sparse.csr_array(rare.T)

    candidates = np.cumsum((rare != 0) @ np.diff(holders.indptr))
    total = int(candidates[-1]) if len(candidates) else 0
    cuts = np.searchsorted(candidates, np.arange(CANDIDATES_AT_ONCE, total, CANDIDATES_AT_ONCE))
    for start, stop in pairwise(np.unique([0, *cuts, rows.shape[0]]).tolist()):
        first, second, similarity = similar_rows(
            (starts, features, weights),
            np.sqrt(squares_left).astype(np.float32),
            _arrays(rare)[:2],
            _arrays(holders)[:2],
            least,
            start,
            stop,
        )
        yield SimilarPairs(first.astype(np.int64), second.astype(np.int64), similarity.astype(np.float64))


def _rarest_first(vectors: sparse.csr_array) -> sparse.csr_array:
    """`vectors` with their columns in the order of how many rows hold them, the rarest first."""
    order = np.argsort(np.bincount(vectors.indices, minlength=vectors.shape[1]), kind="stable")
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    rows = sparse.csr_array((vectors.data, rank[vectors.indices], vectors.indptr), shape=vectors.shape, copy=True)
    rows.sort_indices()
    return rows


def _arrays(matrix: sparse.csr_array) -> tuple[Whole, npt.NDArray[np.int32], Vectors]:
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), matrix.data.astype(np.float32)
