"""A trained domain filter: an embedder and a forest, and the bytes they are stored as."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synth_assets.corpus.embedding import Embedder, as_read
from synth_assets.corpus.forest import Forest
from synth_assets.corpus.hashed_embedding import HashedEmbedder
from synth_assets.errors import SynthAssetsError

_NAME, _DIMENSIONS = "name", "dimensions"
"""What is stored of an embedder that was handed in from outside; the hashed one is stored whole."""


@dataclass(frozen=True)
class Classifier:
    """Predicts the score a teacher would give a document (1 to 10).

    `dimensions` is the length of the embedder's vectors.
    """

    embedder: Embedder
    dimensions: int
    forest: Forest

    def scores(self, documents: pl.DataFrame) -> NDArray[np.float64]:
        """Predicted scores of documents (columns `title`, `text`), in order.

        Raises SynthAssetsError where the embedder gives vectors of another length than in training.
        """
        if documents.is_empty():
            return np.empty(0)
        texts = [as_read(title, text) for title, text in documents.select("title", "text").iter_rows()]
        vectors = self.embedder.embed(texts)
        if vectors.shape[1] != self.dimensions:
            raise SynthAssetsError(
                f"the embedder {self.embedder.name!r} gives vectors of {vectors.shape[1]} numbers, but gave "
                f"{self.dimensions} when the domain filter was trained; set `filter.embedder` as it was then, or "
                "materialise `domain_classifier` again."
            )
        return self.forest.predict(vectors)

    def to_bytes(self) -> bytes:
        """All parameters as an .npz of plain arrays; of an outside embedder its name and dimensions only."""
        own = self.embedder.arrays() if isinstance(self.embedder, HashedEmbedder) else {}
        known = {_NAME: np.array(self.embedder.name), _DIMENSIONS: np.array(self.dimensions)}
        parts: dict[str, Mapping[str, NDArray[Any]]] = {"embedder": {**known, **own}, "forest": self.forest.arrays()}
        stream = BytesIO()
        named = {f"{part}.{name}": array for part, arrays in parts.items() for name, array in arrays.items()}
        np.savez(stream, allow_pickle=False, **named)
        return stream.getvalue()

    @classmethod
    def from_bytes(cls, stored: bytes, embedder: Embedder | None = None) -> "Classifier":
        """The classifier of :meth:`to_bytes`.

        Args:
            stored: Its bytes.
            embedder: The outside embedder it was trained with; None for the hashed one, which it holds itself.

        Raises:
            SynthAssetsError: It was trained with another embedder.
            ValueError: An array would need pickle.
        """
        parts: dict[str, dict[str, NDArray[Any]]] = {"embedder": {}, "forest": {}}
        with np.load(BytesIO(stored), allow_pickle=False) as arrays:
            for full in arrays.files:
                part, _, name = full.partition(".")
                parts[part][name] = arrays[full]
        trained, dimensions = str(parts["embedder"].pop(_NAME)), int(parts["embedder"].pop(_DIMENSIONS))
        own = HashedEmbedder.from_arrays(parts["embedder"]) if parts["embedder"] else None
        given = embedder.name if embedder is not None else "the hashed embedder" if own is None else own.name
        if given != trained:
            raise SynthAssetsError(
                f"the domain filter was trained with the embedder {trained!r} and cannot be applied with {given!r}; "
                "set `filter.embedder` as it was then, or materialise `domain_classifier` again."
            )
        chosen = embedder if embedder is not None else own
        assert chosen is not None, "a name equal to the trained one belongs to one of them"
        return cls(chosen, dimensions, Forest.from_arrays(parts["forest"]))
