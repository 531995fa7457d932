"""The two documents nearest to each of many sets of concepts, all by number: exact, over an inverted index.

The concepts of a set are taken from the rarest to the commonest, and the documents that hold each are looked at. A
document first met at some concept holds none of the rarer ones, so it shares at most as many as are left. For a
document of a given size to be nearer than the second best so far it must share a certain number; where that is more
than are left, the documents of that size are passed over, and soon all. So the long lists of common concepts are
rarely read, and nothing is estimated: a tie is decided by the number of the document, as everywhere.

Documents are numbered anew by size, then number, so that those of one size stand together in every list. A document
carries a mask of 64 bits, one for each of its concepts; concepts share bits, the 64 commonest have different ones.
The bits it has in common with the mask of a walk are an upper bound of what they share, which decides most cases
without reading the document's set.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from synth_assets.chunks import over_chunks
from synth_assets.concepts.concept_sets import ConceptSets
from synth_assets.progress import Advance

Whole = npt.NDArray[np.int64]
Number = npt.NDArray[np.int32]
Real = npt.NDArray[np.float64]
Masks = npt.NDArray[np.uint64]

NONE = -1

SETS_AT_ONCE = 2048


class InvertedIndex(NamedTuple):
    """Documents and who holds what. A tuple, since compiled loops take tuples of arrays as they are.

    A document's rank is its place by size of its set, then by number.

    Attributes:
        order: Numbers of the documents by rank, shape (documents,).
        size_starts: The documents of size s have the ranks `size_starts[s]` up to `size_starts[s + 1]`.
        starts: The concepts of the document of rank r stand at `concepts[starts[r]:starts[r + 1]]`.
        concepts: Shape (memberships,).
        holder_starts: The ranks of those that hold concept c stand at `holders[holder_starts[c]:holder_starts[c + 1]]`.
        holders: Ascending for each concept, shape (memberships,).
        bits: The mask of each concept, one bit set.
        masks: By rank, the bits of a document's concepts.
    """

    order: Number
    size_starts: Whole
    starts: Whole
    concepts: Number
    holder_starts: Whole
    holders: Number
    bits: Masks
    masks: Masks

    @classmethod
    def build(cls, sets: ConceptSets) -> "InvertedIndex":
        """About 40 bytes a document and 8 a concept of it."""
        from synth_assets.concepts.reference_loops import invert, reorder

        set_starts = np.require(sets.starts, np.int64, ["C", "W"])
        members = np.require(sets.concepts, np.int32, ["C", "W"])
        sizes = np.diff(set_starts)
        order = np.argsort(sizes, kind="stable").astype(np.int32)
        frequencies = np.bincount(members, minlength=sets.elements)
        bits = np.empty(sets.elements, dtype=np.uint64)
        bits[np.argsort(-frequencies, kind="stable")] = np.uint64(1) << np.arange(sets.elements, dtype=np.uint64) % 64
        index = cls(
            order=order,
            size_starts=_starts(np.bincount(sizes)),
            starts=_starts(sizes[order]),
            concepts=np.empty_like(members),
            holder_starts=_starts(frequencies),
            holders=np.empty_like(members),
            bits=bits,
            masks=np.empty(len(order), dtype=np.uint64),
        )
        reorder(index, set_starts, members)
        invert(index)
        return index


class Nearest(NamedTuple):
    """The two nearest documents of each of n sets, the nearest first; shape (n, 2) each.

    Attributes:
        documents: Their numbers; -1 for the second where there is one document in all.
        similarities: Jaccard similarities; 0 where there is no document.
    """

    documents: Number
    similarities: Real


def two_nearest(
    visited: Number, sets: ConceptSets, *, threads: int | None = None, advance: Advance | None = None
) -> Nearest:
    """The two documents of highest Jaccard similarity with each row of `visited`, ties by lower number.

    Documents that share nothing have similarity 0 and are chosen, lowest number first, only where fewer than two share
    something.

    Args:
        visited: Sets of concepts as `sets` numbers them, one a row; -1 fills rows up, repeated concepts count once.
        sets: The documents.
        threads: How many threads search, by default one for each processor; the result does not depend on it.
        advance: Told how many rows are done of how many.

    Raises:
        ValueError: There is no document, or a row holds a number that is no concept of `sets`.
    """
    from synth_assets.concepts import reference_loops

    total = len(sets.document_ids)
    if not total:
        raise ValueError("two_nearest: there is no document to choose from")
    visited = np.require(visited, np.int32, ["C", "W"])
    if visited.size and not NONE <= visited.min() <= visited.max() < sets.elements:
        raise ValueError(f"two_nearest: visited holds {visited.min()} to {visited.max()}, of {sets.elements} concepts")
    index = InvertedIndex.build(sets)
    documents, similarities = np.empty((len(visited), 2), dtype=np.int32), np.empty((len(visited), 2))

    def rows_between(first: int, last: int) -> None:
        rows = slice(first, last)
        reference_loops.two_nearest(index, visited[rows], documents[rows], similarities[rows])

    over_chunks(rows_between, len(visited), SETS_AT_ONCE, threads=threads, advance=advance)
    nearest, second = documents.T
    nearest[nearest == NONE] = 0
    unrelated = second == NONE
    second[unrelated] = np.where(nearest[unrelated] == 0, 1 if total > 1 else NONE, 0)
    return Nearest(documents, similarities)


def _starts(lengths: Whole) -> Whole:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
