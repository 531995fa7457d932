"""Texts as vectors for the domain filter: the one interface behind which every embedder stands.

The light default is in `hashed_embedding.py`. Embedders that ask a model are handed in from outside; this room knows
nothing of networks or models.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""One row a text, shape (texts, dimensions)."""


class Embedder(Protocol):
    """Something that turns texts into vectors, the same text always into the same one."""

    @property
    def name(self) -> str:
        """Name and settings: two embedders of the same name give the same vectors."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, shape (texts, dimensions), single precision."""


def as_read(title: str, text: str) -> str:
    """What of a document is embedded."""
    return f"{title}\n{text}"
