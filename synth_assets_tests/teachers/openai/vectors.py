"""What the scripted endpoint's embedding model gives: words hashed into the numbers of a vector, always the same."""

from base64 import b64encode
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

EMBED_TEXT = "embed_text"


def features(texts: Sequence[str], dimensions: int) -> NDArray[np.float32]:
    """Vectors of hashed words, not of length 1, shape (texts, dimensions)."""
    from sklearn.feature_extraction.text import HashingVectorizer

    counted = HashingVectorizer(n_features=dimensions, norm=None).transform(texts)
    return np.asarray(np.sign(counted.toarray()) * np.log1p(abs(counted).toarray()) + 0.01, dtype=np.float32)


def encoded(vector: NDArray[np.float32]) -> str:
    """A vector as `encoding_format` base64 has it."""
    return b64encode(vector.astype("<f4").tobytes()).decode()
