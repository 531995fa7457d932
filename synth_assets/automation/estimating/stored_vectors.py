"""The vectors of texts as far as the lake holds them, and an embedder of no other texts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synth_assets.automation.estimating.past import Past
from synth_assets.tables import TEXT_VECTORS
from synth_assets.teachers.embeddings.settings import EmbedderSettings
from synth_assets.teachers.embeddings.task import EmbedText, unit

HELD = "select request_hash from text_vectors where request_hash in (select unnest($hashes))"
VECTORS = "select request_hash, vector from text_vectors where request_hash in (select unnest($hashes))"


class StoredVectors:
    """Vectors of the endpoint that the settings name. Nothing is asked of it."""

    def __init__(self, settings: EmbedderSettings, past: Past) -> None:
        from synth_assets.teachers.embeddings.embedder import name_of
        from synth_assets.teachers.embeddings.teacher import EmbeddingTeacher

        self._teacher = EmbeddingTeacher(settings)
        self._past = past
        self.name = name_of(settings)

    def held(self, texts: Sequence[str]) -> list[bool]:
        """Of each text, whether its vector is known."""
        hashes = self._hashes(texts)
        found = self._past.query(HELD, TEXT_VECTORS, hashes=hashes)
        known = set(found["request_hash"]) if found is not None else set[str]()
        return [request_hash in known for request_hash in hashes]

    def tokens(self, text: str) -> int:
        """Tokens that a text would be charged for."""
        return self._teacher.tokens(text)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of length 1, of texts that are all held."""
        hashes = self._hashes(texts)
        found = self._past.query(VECTORS, TEXT_VECTORS, hashes=hashes)
        rows = found.iter_rows() if found is not None else ()
        known = {request_hash: np.array(vector, dtype=np.float32) for request_hash, vector in rows}
        return unit(np.stack([known[request_hash] for request_hash in hashes]))

    def _hashes(self, texts: Sequence[str]) -> list[str]:
        return [self._teacher.prepare(EmbedText(text=text)).request_hash for text in texts]
