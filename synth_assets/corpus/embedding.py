"""Texts as vectors for the domain filter: one interface, and a light default that needs no model and no network."""

import re
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.sparse import csr_matrix

Vectors = NDArray[np.float32]
"""One row a text."""

CHARACTERS_READ = 20_000
"""What follows in a longer text does not count for its vector."""

WORD_BUCKETS = 1 << 14
GRAM_BUCKETS = 1 << 13
GRAM_LENGTHS = (3, 4)
DIMENSIONS = 64

_WORD = re.compile(r"[^\W_]+")
_GAP = re.compile(r"[\W_]+")


class Embedder(Protocol):
    """Something that turns texts into vectors, the same text always into the same one."""

    @property
    def name(self) -> str:
        """Name and settings."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, shape (texts, dimensions)."""


@dataclass(frozen=True)
class HashedEmbedder:
    """Words and character n-grams hashed into buckets, TF-IDF, then a truncated singular value decomposition.

    `weights` are the inverse document frequencies of the buckets, `components` the right singular vectors
    (dimensions, buckets).
    """

    weights: NDArray[np.float32]
    components: NDArray[np.float32]

    @property
    def name(self) -> str:
        """Name and settings."""
        return (
            f"hashed words {WORD_BUCKETS}, character {'/'.join(map(str, GRAM_LENGTHS))}-grams {GRAM_BUCKETS}, "
            f"SVD {len(self.components)}, first {CHARACTERS_READ} characters"
        )

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1 (0 for a text without words), shape (texts, dimensions)."""
        vectors = _weighted(_counts(texts), self.weights) @ self.components.T
        return _unit(np.asarray(vectors, dtype=np.float32))

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """All parameters, as plain arrays."""
        return {"weights": self.weights, "components": self.components}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.float32]]) -> "HashedEmbedder":
        """The embedder of :meth:`arrays`."""
        return cls(arrays["weights"], arrays["components"])


def fit_hashed_embedder(texts: Sequence[str]) -> HashedEmbedder:
    """The embedder fitted to `texts`, a few thousand at most; their order counts, in the last digits.

    The decomposition is exact, from the eigenvectors of the products of all pairs of texts: there are fewer texts than
    buckets.
    """
    counts = _counts(texts)
    frequencies = counts.getnnz(axis=0)
    weights = (np.log((1 + len(texts)) / (1 + frequencies)) + 1).astype(np.float32)
    weighted = _weighted(counts, weights)
    products = (weighted @ weighted.T).toarray().astype(np.float64)
    last = len(texts) - 1
    squares, vectors = eigh(products, subset_by_index=(max(0, last - DIMENSIONS + 1), last))
    held = squares > 1e-6
    components = weighted.T @ (vectors[:, held] / np.sqrt(squares[held]))
    return HashedEmbedder(weights, np.ascontiguousarray(components.T, dtype=np.float32))


def _counts(texts: Sequence[str]) -> csr_matrix:
    """How often each bucket occurs in each text, shape (texts, buckets)."""
    columns, values, ends = [], [], [0]
    for text in texts:
        read = text[:CHARACTERS_READ].lower()
        words, grams = _word_counts(read), _gram_counts(read)
        for first, counted in ((0, words), (WORD_BUCKETS, grams)):
            held = np.flatnonzero(counted)
            columns.append((held + first).astype(np.int32))
            values.append(counted[held].astype(np.float32))
        ends.append(ends[-1] + len(columns[-1]) + len(columns[-2]))
    shape = (len(texts), WORD_BUCKETS + GRAM_BUCKETS)
    if not texts:
        return csr_matrix(shape, dtype=np.float32)
    return csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape=shape)


def _word_counts(text: str) -> NDArray[np.int64]:
    counts = Counter(_WORD.findall(text))
    buckets = [zlib.crc32(word.encode()) % WORD_BUCKETS for word in counts]
    weights = np.fromiter(counts.values(), np.float64, len(counts))
    return np.bincount(np.array(buckets, dtype=np.int64), weights, WORD_BUCKETS).astype(np.int64)


def _gram_counts(text: str) -> NDArray[np.int64]:
    """Byte n-grams of the words with single spaces between them, by a polynomial hash."""
    letters = np.frombuffer(f" {_GAP.sub(' ', text).strip()} ".encode(), dtype=np.uint8).astype(np.uint32)
    counts = np.zeros(GRAM_BUCKETS, dtype=np.int64)
    for length in GRAM_LENGTHS:
        places = len(letters) - length + 1
        if places < 1:
            continue
        hashed = np.full(places, length, dtype=np.uint32)
        for offset in range(length):
            # Unsigned numbers wrap around, which is what a hash wants.
            hashed = hashed * np.uint32(0x01000193) ^ letters[offset : offset + places]
        hashed ^= hashed >> np.uint32(15)
        counts += np.bincount(hashed % np.uint32(GRAM_BUCKETS), minlength=GRAM_BUCKETS)
    return counts


def _weighted(counts: csr_matrix, weights: NDArray[np.float32]) -> csr_matrix:
    """Sublinear term frequency times inverse document frequency, each row of length 1."""
    weighted = counts.copy()
    weighted.data = (1 + np.log(weighted.data)) * weights[weighted.indices]
    squares = np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel()
    lengths = np.sqrt(np.maximum(squares, 1e-12))
    weighted.data /= np.repeat(lengths, np.diff(weighted.indptr)).astype(np.float32)
    return weighted


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.float32(1e-12)), dtype=np.float32)
