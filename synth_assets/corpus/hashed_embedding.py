"""The light embedder: hashed words and character n-grams, TF-IDF, truncated SVD. Needs no model and no network.

How a text is cut into words and n-grams is in `text_features.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from synth_assets.corpus.embedding import Vectors
from synth_assets.corpus.text_features import (
    BUCKETS,
    GRAM_BUCKETS,
    GRAM_LENGTHS,
    WORD_BUCKETS,
    bucket_counts,
    weighted_sums,
)

CHARACTERS_READ = 20_000
"""What follows in a longer text does not count for its vector."""

DIMENSIONS = 64
_BATCH = 1_000
"""Texts handed to the compiled code at once."""


@dataclass(frozen=True)
class HashedEmbedder:
    """Words and character n-grams hashed into buckets, TF-IDF, then a truncated singular value decomposition.

    `weights` are the inverse document frequencies of the buckets; one that no fitted text held weighs nothing, so that
    what was never seen moves a vector nowhere. `components` are the right singular vectors, shape (buckets,
    dimensions).
    """

    weights: NDArray[np.float32]
    components: NDArray[np.float32]

    @property
    def name(self) -> str:
        """Name and settings."""
        return (
            f"hashed words {WORD_BUCKETS}, character {'/'.join(map(str, GRAM_LENGTHS))}-grams {GRAM_BUCKETS}, "
            f"numbers folded, SVD {self.components.shape[1]}, first {CHARACTERS_READ} characters"
        )

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1 (0 for a text of which nothing is known), shape (texts, dimensions)."""
        parts = [
            weighted_sums(*_as_bytes(texts[first : first + _BATCH]), self.weights, self.components)
            for first in range(0, len(texts), _BATCH)
        ]
        return np.concatenate(parts) if parts else np.empty((0, self.components.shape[1]), dtype=np.float32)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All parameters, as plain arrays."""
        return {"weights": self.weights, "components": self.components}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "HashedEmbedder":
        """The embedder of :meth:`arrays`."""
        return cls(arrays["weights"], arrays["components"])


def fit_hashed_embedder(texts: Sequence[str]) -> HashedEmbedder:
    """The embedder fitted to `texts`, a few thousand at most; their order counts, in the last digits.

    The decomposition is exact, from the eigenvectors of the products of all pairs of texts: there are fewer texts than
    buckets. One thread works on it, for the last digits, and with them the version of a filter, would otherwise depend
    on the number of threads.
    """
    held, counts, rows = bucket_counts(*_as_bytes(texts))
    matrix = csr_matrix((counts.astype(np.float32), held, rows), shape=(len(texts), BUCKETS))
    frequencies = matrix.getnnz(axis=0)
    weights = np.where(frequencies > 0, np.log((1 + len(texts)) / (1 + frequencies)), 0).astype(np.float32)
    # Dense: with a tenth of the places filled, the product of sparse matrices is several times slower.
    weighted = _weighted(matrix, weights).toarray()
    last = len(texts) - 1
    with threadpool_limits(1):
        products = (weighted @ weighted.T).astype(np.float64)
        squares, vectors = eigh(products, subset_by_index=(max(0, last - DIMENSIONS + 1), last))
        kept = squares > 1e-6
        components = weighted.T @ (vectors[:, kept] / np.sqrt(squares[kept]))
    return HashedEmbedder(weights, np.ascontiguousarray(components, dtype=np.float32))


def _as_bytes(texts: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """What is read of the texts, one after the other, and where each ends."""
    # A half of a surrogate pair, which JSON can hold, has no UTF-8.
    encoded = [text[:CHARACTERS_READ].lower().encode("utf-8", "replace") for text in texts]
    return np.frombuffer(b"".join(encoded), dtype=np.uint8), np.cumsum([len(part) for part in encoded], dtype=np.int64)


def _weighted(counts: csr_matrix, weights: NDArray[np.float32]) -> csr_matrix:
    """Sublinear term frequency times inverse document frequency, each row of length 1."""
    weighted = counts.copy()
    weighted.data = (1 + np.log(weighted.data)) * weights[weighted.indices]
    squares = np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel()
    lengths = np.sqrt(np.maximum(squares, 1e-12))
    weighted.data /= np.repeat(lengths, np.diff(weighted.indptr)).astype(np.float32)
    return weighted
