"""The two reference documents of a walk: those whose concept sets are nearest to what it visited (paper section 2.2).

Nearness is the Jaccard similarity, and the search is exact over all documents: intersections come from one sparse
product of walks by concepts with concepts by documents, taken in batches of walks.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from synth_assets.concepts.names import KEY_CONCEPT, TOPIC

PRODUCTS_AT_ONCE = 20_000_000
"""Bounds the memory of a batch, about 1 GB at this default: the sum over its walks' concepts of their documents."""

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Nearest:
    """For each of n walks a document's number, -1 where there is none, and its similarity; shape (n,) each."""

    documents: Whole
    similarities: Real


def nearest_documents(
    visited: pl.DataFrame, concepts: pl.DataFrame, *, products_at_once: int = PRODUCTS_AT_ONCE
) -> pl.DataFrame:
    """The two documents of highest Jaccard similarity with each visited set, ties by lower document id.

    A topic and a key concept of the same name are different elements. Documents that share nothing have similarity 0
    and are chosen, lowest id first, only where fewer than two share something.

    Args:
        visited: One row a walk with text lists `topics` and `key_concepts`; a repeated name counts once.
        concepts: The documents' sets: columns `document_id, kind, name`, canonical names, each element once.
        products_at_once: Size of a batch; see `PRODUCTS_AT_ONCE`. The result does not depend on it.

    Returns:
        Columns `reference_1, similarity_1, reference_2, similarity_2`, one row a walk in the order given. The second
        is null where there is only one document.

    Raises:
        ValueError: There is no document.
    """
    if concepts.is_empty():
        raise ValueError("nearest_documents: there is no document to choose from")
    document_ids = concepts["document_id"].unique().sort()
    elements = concepts.select("kind", "name").unique().with_row_index("element")
    holders, document_sizes = _holders(concepts, document_ids, elements)
    sets, visited_sizes = _visited_sets(visited, elements)

    work = np.cumsum(sets @ np.diff(holders.indptr))
    full = np.searchsorted(work, np.arange(products_at_once, work[-1] if len(work) else 0, products_at_once))
    cuts = np.unique(np.concatenate([[0], full, [visited.height]]))
    ranked: list[tuple[_Nearest, _Nearest]] = [
        _two_nearest((sets[start:stop] @ holders).tocsr(), visited_sizes[start:stop], document_sizes)
        for start, stop in pairwise(cuts)
    ]
    columns: dict[str, pl.Series] = {}
    for place in (0, 1):
        documents = np.concatenate([pair[place].documents for pair in ranked] or [np.zeros(0, dtype=np.int64)])
        similarities = np.concatenate([pair[place].similarities for pair in ranked] or [np.zeros(0)])
        found = pl.Series(documents >= 0)
        numbers = pl.Series(documents).set(~found, None)
        columns[f"reference_{place + 1}"] = document_ids.gather(numbers)
        columns[f"similarity_{place + 1}"] = pl.Series(similarities, dtype=pl.Float64).set(~found, None)
    return pl.DataFrame(columns)


def _holders(concepts: pl.DataFrame, document_ids: pl.Series, elements: pl.DataFrame) -> tuple[sparse.csr_array, Whole]:
    """Elements by documents, 1 where the document holds the element; and the size of each document's set."""
    numbers = pl.DataFrame({"document_id": document_ids}).with_row_index("document")
    held = concepts.join(elements, on=["kind", "name"]).join(numbers, on="document_id")
    ones = np.ones(held.height, dtype=np.int32)
    shape = (elements.height, len(document_ids))
    matrix = sparse.csr_array((ones, (held["element"].to_numpy(), held["document"].to_numpy())), shape=shape)
    return matrix, np.bincount(held["document"].to_numpy(), minlength=len(document_ids))


def _visited_sets(visited: pl.DataFrame, elements: pl.DataFrame) -> tuple[sparse.csr_array, Whole]:
    """Walks by elements, 1 where visited; and the size of each visited set, names no document holds included."""
    walks = visited.select("topics", "key_concepts").with_row_index("walk")
    visits = (
        pl.concat(
            walks.select("walk", pl.lit(kind).alias("kind"), pl.col(column).alias("name")).explode("name")
            for kind, column in ((TOPIC, "topics"), (KEY_CONCEPT, "key_concepts"))
        )
        .drop_nulls("name")
        .unique()
    )
    known = visits.join(elements, on=["kind", "name"])
    ones = np.ones(known.height, dtype=np.int32)
    shape = (visited.height, elements.height)
    matrix = sparse.csr_array((ones, (known["walk"].to_numpy(), known["element"].to_numpy())), shape=shape)
    return matrix, np.bincount(visits["walk"].to_numpy(), minlength=visited.height)


def _two_nearest(shared: sparse.csr_array, visited_sizes: Whole, document_sizes: Whole) -> tuple[_Nearest, _Nearest]:
    """Best and second best from `shared`, walks by documents, the size of each non-empty intersection.

    A quotient of two small whole numbers has one nearest floating-point number, so equal similarities compare equal.
    """
    walks, documents = np.repeat(np.arange(shared.shape[0]), np.diff(shared.indptr)), shared.indices
    similarities = shared.data / (visited_sizes[walks] + document_sizes[documents] - shared.data)
    first = _nearest(shared.indptr, documents, similarities)
    similarities[documents == first.documents[walks]] = -1.0
    second = _nearest(shared.indptr, documents, similarities)

    total = len(document_sizes)
    best = np.where(first.documents < 0, 0, first.documents)
    unrelated = np.where(best == 0, 1 if total > 1 else -1, 0)
    return (
        _Nearest(best, np.maximum(first.similarities, 0.0)),
        _Nearest(np.where(second.documents < 0, unrelated, second.documents), np.maximum(second.similarities, 0.0)),
    )


def _nearest(starts: Whole, documents: Whole, similarities: Real) -> _Nearest:
    """For each walk the document of highest similarity, then lowest number; those below 0 are out of the running."""
    filled = np.diff(starts) > 0
    best, chosen = np.full(len(filled), -1.0), np.full(len(filled), -1, dtype=np.int64)
    if filled.any():
        # Rows without entries are left out: reduceat takes an empty segment for one element.
        firsts, lengths = starts[:-1][filled], np.diff(starts)[filled]
        best[filled] = np.maximum.reduceat(similarities, firsts)
        beaten = similarities < np.repeat(best[filled], lengths)
        lowest = np.minimum.reduceat(np.where(beaten, np.iinfo(np.int64).max, documents), firsts)
        chosen[filled] = np.where(best[filled] < 0, -1, lowest)
    return _Nearest(chosen, best)
