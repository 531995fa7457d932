"""A trained domain filter: an embedder and a forest, and the bytes they are stored as."""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synth_assets.corpus.embedding import HashedEmbedder
from synth_assets.corpus.forest import Forest


@dataclass(frozen=True)
class Classifier:
    """Predicts the score a teacher would give a document (1 to 10)."""

    embedder: HashedEmbedder
    forest: Forest

    def scores(self, documents: pl.DataFrame) -> NDArray[np.float64]:
        """Predicted scores of documents (columns `title`, `text`), in order."""
        texts = [as_read(title, text) for title, text in documents.select("title", "text").iter_rows()]
        return self.forest.predict(self.embedder.embed(texts))

    def to_bytes(self) -> bytes:
        """All parameters as an .npz of plain arrays."""
        parts = {"embedder": self.embedder.arrays(), "forest": self.forest.arrays()}
        stream = BytesIO()
        named = {f"{part}.{name}": array for part, arrays in parts.items() for name, array in arrays.items()}
        np.savez(stream, allow_pickle=False, **named)
        return stream.getvalue()

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Classifier":
        """The classifier of :meth:`to_bytes`. Raises ValueError where an array would need pickle."""
        parts: dict[str, dict[str, NDArray[np.float64]]] = {"embedder": {}, "forest": {}}
        with np.load(BytesIO(stored), allow_pickle=False) as arrays:
            for full in arrays.files:
                part, _, name = full.partition(".")
                parts[part][name] = arrays[full]
        return cls(
            HashedEmbedder(**parts["embedder"]),  # type: ignore[arg-type]  # the stored types are the ones saved
            Forest(**parts["forest"]),  # type: ignore[arg-type]
        )


def as_read(title: str, text: str) -> str:
    """What of a document is embedded."""
    return f"{title}\n{text}"
