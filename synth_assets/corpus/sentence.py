"""A sentence-transformers model in a folder of this machine as the domain filter's embedder.

The library comes with the extra `sentence-transformers` and is imported when the first text is embedded; nothing is
downloaded. How texts are cut, pooled and prompted is the model's own configuration.
"""

import os
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from synth_assets.errors import SynthAssetsError
from synth_assets.model_folders import digest_of

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

EXTRA = "synth-assets[sentence-transformers]"

BATCHES_TOGETHER = 16
"""Batches handed to the library at once, which sorts their texts by length."""


class SentenceEmbedder:
    """An embedder (see `embedding.py`) on a local model; `advance` is called with how many more texts are done.

    Raises SynthAssetsError where `model` is no folder with a model. The library is looked for at the first text.
    """

    def __init__(
        self,
        model: Path,
        characters: int,
        batch_size: int,
        dimensions: int | None = None,
        advance: Callable[[int], None] | None = None,
    ) -> None:
        self._folder = model.expanduser()
        if not (self._folder / "modules.json").is_file() and not (self._folder / "config.json").is_file():
            raise SynthAssetsError(
                f"There is no sentence-transformers model in {self._folder} (neither modules.json nor config.json): "
                "set `filter.embedder.model` to the folder of a model that was downloaded or saved."
            )
        self._characters = characters
        self._batch_size = batch_size
        self._dimensions = dimensions
        self._advance = advance

    @cached_property
    def name(self) -> str:
        """The folder's name, a digest of its files, and all else that shapes the vectors."""
        dimensions = f", {self._dimensions} dimensions" if self._dimensions is not None else ""
        folder = self._folder.absolute()
        return (
            f"sentence-transformers {folder.name} {digest_of(folder)}{dimensions}, first {self._characters} characters"
        )

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of length 1, shape (texts, dimensions). Raises SynthAssetsError where the library is missing."""
        read = [text[: self._characters] for text in texts]
        parts = [np.zeros((0, self._dimensions or 0), dtype=np.float32)] if not read else []
        step = BATCHES_TOGETHER * self._batch_size
        for start in range(0, len(read), step):
            together = read[start : start + step]
            vectors = self._model.encode(
                together,
                batch_size=self._batch_size,
                show_progress_bar=False,
                convert_to_numpy=True,
                normalize_embeddings=False,
            )
            parts.append(self._of_length(np.asarray(vectors, dtype=np.float32)))
            if self._advance is not None:
                self._advance(len(together))
        return _unit(np.concatenate(parts))

    def _of_length(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        if self._dimensions is not None and vectors.shape[1] != self._dimensions:
            raise SynthAssetsError(
                f"The model in {self._folder} gives vectors of {vectors.shape[1]} numbers although "
                f"`filter.embedder.dimensions` asks for {self._dimensions}: lower it, or take it out."
            )
        return vectors

    @cached_property
    def _model(self) -> "SentenceTransformer":
        if find_spec("sentence_transformers") is None:
            raise SynthAssetsError(
                f"`filter.embedder.kind` is sentence-transformers, which is not installed: install {EXTRA!r}, or set "
                "the kind to endpoint or hashed."
            )
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # said to by every fork otherwise
        from sentence_transformers import SentenceTransformer

        try:
            return SentenceTransformer(str(self._folder), local_files_only=True, truncate_dim=self._dimensions)
        except (OSError, ValueError, KeyError) as error:
            raise SynthAssetsError(
                f"The model in {self._folder} cannot be loaded by sentence-transformers ({error}); set "
                "`filter.embedder.model` to the folder of one that can."
            ) from error


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    if not np.isfinite(vectors).all():
        raise SynthAssetsError(
            "The sentence-transformers model gave numbers that are not finite: its weights are broken, or overflow in "
            "half precision; set `filter.embedder.model` to another one."
        )
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.float32(1e-12)), dtype=np.float32)
