"""The pool of the domain filter: documents drawn at random that training looks at, however large the corpus is.

All that training costs follows the size of the pool. Of the rest of the corpus it learns the ids alone, and those once.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synth_assets.corpus.embedding import Embedder, Vectors, as_read
from synth_assets.errors import SynthAssetsError
from synth_assets.seeds import seed_of
from synth_assets.teachers.tasks import SourceDocument

BATCH_DOCUMENTS = 2_000
"""Documents whose texts are in memory at once."""

_BATCH_IDS = 100_000


class Pool:
    """Documents of a corpus drawn at random, in the order of their ids. Their texts lie in a temporary file.

    Attributes:
        ids: The ids; a document's place among them is its position.
        corpus_documents: How many documents the corpus has.
    """

    def __init__(self, ids: Sequence[str], corpus_documents: int, file: Path) -> None:
        self.ids = ids
        self.corpus_documents = corpus_documents
        self._file = file
        self._position = {document_id: position for position, document_id in enumerate(ids)}

    def drawn(self, purpose: str, documents: int) -> list[int]:
        """Positions of so many documents drawn at random for `purpose` (all where there are fewer), in order."""
        return sorted(np.argsort(_hashes(purpose, self.ids), kind="stable")[:documents].tolist())

    def documents(self, positions: Collection[int]) -> dict[int, SourceDocument]:
        """The documents at `positions`, in the order of position."""
        wanted = pl.Series([self.ids[position] for position in positions], dtype=pl.String)
        rows = pl.scan_parquet(self._file).filter(pl.col("document_id").is_in(wanted.implode())).collect()
        return {
            self._position[document_id]: SourceDocument(document_id=document_id, title=title, text=text)
            for document_id, title, text in rows.sort("document_id").iter_rows()
        }

    def vectors(self, embedder: Embedder) -> Vectors:
        """Vectors of all its documents, shape (documents, dimensions), by position."""
        parts, positions = [], list[int]()
        for batch in read_batches(pl.scan_parquet(self._file), BATCH_DOCUMENTS):
            positions.extend(self._position[document_id] for document_id in batch["document_id"])
            parts.append(embedder.embed([as_read(title, text) for _, title, text in batch.iter_rows()]))
        return np.concatenate(parts)[np.argsort(positions)]


@contextmanager
def drawn_pool(documents: pl.LazyFrame, size: int) -> Iterator[Pool]:
    """The pool of a corpus: `size` documents (all where there are fewer), those whose ids have the smallest hashes.

    It is the same in whatever order the documents come, and a corpus that grows keeps most of its pool. The corpus is
    read twice, in batches: its ids, then what belongs to the pool.

    Args:
        documents: Columns `document_id`, `title`, `text`.
        size: Most documents of the pool.

    Raises:
        SynthAssetsError: There is no document.
    """
    ids, corpus_documents = _smallest(documents.select("document_id"), size)
    if not ids:
        raise SynthAssetsError("the lake holds no document to train the domain filter on; materialise `documents`.")
    wanted = pl.Series(ids, dtype=pl.String)
    with TemporaryDirectory(prefix="synth-assets-pool-") as folder:
        file = Path(folder) / "pool.parquet"
        chosen = documents.select("document_id", "title", "text").filter(pl.col("document_id").is_in(wanted.implode()))
        chosen.sink_parquet(file, row_group_size=BATCH_DOCUMENTS)
        yield Pool(ids, corpus_documents, file)


def read_batches(documents: pl.LazyFrame, rows: int) -> Iterator[pl.DataFrame]:
    """The rows in their order, no more than `rows` of them at once."""
    for batch in documents.collect_batches(chunk_size=rows):
        yield from batch.iter_slices(rows)


def _smallest(ids: pl.LazyFrame, size: int) -> tuple[list[str], int]:
    """The ids with the smallest hashes, sorted by id, and how many there are in all."""
    kept, hashes, met = pl.Series([], dtype=pl.String), np.empty(0, dtype=np.int64), 0
    for batch in read_batches(ids, _BATCH_IDS):
        met += batch.height
        kept = pl.concat([kept, batch["document_id"]])
        hashes = np.concatenate([hashes, _hashes("domain filter pool", batch["document_id"].to_list())])
        if len(hashes) > size:
            smallest = np.argpartition(hashes, size)[:size]
            kept, hashes = kept.gather(smallest), hashes[smallest]
    return kept.sort().to_list(), met


def _hashes(purpose: str, ids: Sequence[str]) -> NDArray[np.int64]:
    return np.fromiter((seed_of(purpose, document_id) for document_id in ids), np.int64, len(ids))
