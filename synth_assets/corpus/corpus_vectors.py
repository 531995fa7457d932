"""A corpus under the domain filter: its ids, the texts of a few, and the vectors of all, read in batches."""

from collections.abc import Collection, Sequence

import numpy as np
import polars as pl

from synth_assets.corpus.classifier import as_read
from synth_assets.corpus.embedding import Embedder, Vectors
from synth_assets.errors import SynthAssetsError
from synth_assets.seeds import seed_of
from synth_assets.teachers.tasks import SourceDocument

BATCH_DOCUMENTS = 5_000


class Corpus:
    """Documents (columns `document_id`, `title`, `text`) in the order of their ids, whatever order they come in.

    Texts are never all in memory: they are read in batches, or by id.
    """

    def __init__(self, documents: pl.LazyFrame) -> None:
        self._documents = documents.select("document_id", "title", "text")
        self.ids: list[str] = documents.select("document_id").collect()["document_id"].sort().to_list()
        if not self.ids:
            raise SynthAssetsError("the lake holds no document to train the domain filter on; materialise `documents`.")
        self._position = {document_id: position for position, document_id in enumerate(self.ids)}

    def drawn(self, purpose: str, documents: int) -> list[int]:
        """Positions of so many documents drawn at random for `purpose` (all where there are fewer), in order."""
        hashes = np.array([seed_of(purpose, document_id) for document_id in self.ids], dtype=np.int64)
        return sorted(int(position) for position in np.argsort(hashes, kind="stable")[:documents])

    def documents(self, positions: Collection[int]) -> dict[int, SourceDocument]:
        """The documents at `positions`."""
        wanted = pl.Series([self.ids[position] for position in positions], dtype=pl.String)
        rows = self._documents.filter(pl.col("document_id").is_in(wanted.implode())).collect()
        return {
            self._position[document_id]: SourceDocument(document_id=document_id, title=title, text=text)
            for document_id, title, text in rows.iter_rows()
        }

    def vectors(self, embedder: Embedder) -> Vectors:
        """Vectors of all documents, shape (documents, dimensions), by position."""
        parts, positions = [], list[int]()
        for batch in self._documents.collect_batches(chunk_size=BATCH_DOCUMENTS):
            positions.extend(self._position[document_id] for document_id in batch["document_id"])
            parts.append(embedder.embed([as_read(title, text) for _, title, text in batch.iter_rows()]))
        return np.concatenate(parts)[np.argsort(positions)]


def texts_of(documents: Sequence[SourceDocument]) -> list[str]:
    """What of each document is embedded."""
    return [as_read(document.title, document.text) for document in documents]
