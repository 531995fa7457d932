"""The rule for items that are near in meaning: the nearest by the cosine of sentence embeddings.

Vectors are handed in: which model makes them is not known here.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from synth_assets.decontamination.ladder import SEMANTIC
from synth_assets.decontamination.ngrams import MATCHES
from synth_assets.decontamination.words import Words

Vectors = npt.NDArray[np.float32]
"""Texts as vectors of length one, shape (texts, dimensions)."""

CANDIDATES = 5
"""Nearest items looked at for a question."""


class SemanticIndex:
    """The vectors of benchmark items."""

    def __init__(self, vectors: Vectors) -> None:
        """Of length one, in the order of the items."""
        self._vectors = np.ascontiguousarray(vectors.T, dtype=np.float32)

    def scan(self, words: Words, vectors: Vectors, least: float) -> pl.DataFrame:
        """Questions whose cosine with an item is at least `least`, one row a (text, item), schema `ngrams.MATCHES`.

        The span is all of the question. Of each question the `CANDIDATES` nearest items are looked at.
        """
        cosines = vectors @ self._vectors
        text, item = np.nonzero(cosines >= least)
        near = pl.DataFrame(
            {
                "text": text,
                "item": item,
                "rule": SEMANTIC,
                "score": np.clip(cosines[text, item], 0.0, 1.0),
                "place": words.starts[text],
                "words": words.lengths[text],
            },
            schema_overrides=MATCHES,
        )
        place = pl.col("score").rank("ordinal", descending=True).over("text")
        return near.filter(place <= CANDIDATES) if len(text) else MATCHES.to_frame()
