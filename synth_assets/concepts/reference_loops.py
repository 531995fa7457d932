"""The compiled loops of the search for reference documents; what they mean is said in `inverted_index`."""

import numpy as np
import numpy.typing as npt

from synth_assets.compiled import compiled, part_of_compiled
from synth_assets.concepts.inverted_index import NONE, InvertedIndex

Whole = npt.NDArray[np.int64]
Number = npt.NDArray[np.int32]
Real = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# Places in the array of the two best: `best[0]` is the nearest, `best[1]` the second.
SHARED, UNION, DOCUMENT = 0, 1, 2


@compiled
def reorder(index: InvertedIndex, set_starts: Whole, members: Number) -> None:
    """Fill `index.concepts` and `index.masks` from the sets in the order of their numbers."""
    place = 0
    for rank in range(len(index.order)):
        number = index.order[rank]
        mask = np.uint64(0)
        for member in members[set_starts[number] : set_starts[number + 1]]:
            index.concepts[place] = member
            mask |= index.bits[member]
            place += 1
        index.masks[rank] = mask


@compiled
def invert(index: InvertedIndex) -> None:
    """Fill `index.holders` from `index.concepts`."""
    free = index.holder_starts[:-1].copy()
    for rank in range(len(index.order)):
        for concept in index.concepts[index.starts[rank] : index.starts[rank + 1]]:
            index.holders[free[concept]] = rank
            free[concept] += 1


@part_of_compiled
def _ones(bits: np.uint64) -> int:
    """How many bits are set; the compiler makes one instruction of it."""
    bits -= (bits >> np.uint64(1)) & np.uint64(0x5555555555555555)
    bits = (bits & np.uint64(0x3333333333333333)) + ((bits >> np.uint64(2)) & np.uint64(0x3333333333333333))
    bits = (bits + (bits >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((bits * np.uint64(0x0101010101010101)) >> np.uint64(56))


@part_of_compiled
def _first_from(values: Number, low: int, high: int, wanted: int) -> int:
    """First of the places `low` up to `high` whose value, ascending there, is at least `wanted`; `high` if none."""
    while low < high:
        middle = (low + high) // 2
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@part_of_compiled
def _visit(row: Number, holder_starts: Whole, visited: Flags, rarest_first: Number) -> tuple[int, int]:
    """Mark the concepts of a walk in `visited` and list those that documents hold in `rarest_first`.

    Returns:
        How many distinct concepts there are, and how many of them are listed.
    """
    distinct = held = 0
    for concept in row:
        if concept == NONE or visited[concept]:
            continue
        visited[concept] = True
        distinct += 1
        holders = holder_starts[concept + 1] - holder_starts[concept]
        if holders == 0:
            continue
        place = held
        while place and holder_starts[rarest_first[place - 1] + 1] - holder_starts[rarest_first[place - 1]] > holders:
            rarest_first[place] = rarest_first[place - 1]
            place -= 1
        rarest_first[place] = concept
        held += 1
    return distinct, held


@part_of_compiled
def _offer(best: Whole, shared: int, union: int, document: int) -> bool:
    """Take a document among the two best if it belongs there: by shared / union, ties by number, without rounding."""
    for place in range(2):
        ahead = shared * best[place, UNION] - best[place, SHARED] * union
        if ahead > 0 or (ahead == 0 and document < best[place, DOCUMENT]):
            if place == 0:
                best[1] = best[0]
            best[place, SHARED], best[place, UNION], best[place, DOCUMENT] = shared, union, document
            return True
        if document == best[place, DOCUMENT]:
            return False
    return False


@part_of_compiled
def _search_holders(
    index: InvertedIndex,
    wanted: Number,
    distinct: int,
    visited: Flags,
    best: Whole,
) -> None:
    """Offer the holders of the concept `wanted[0]` that may be near enough and hold no rarer concept of the walk.

    Args:
        index: The documents.
        wanted: The visited concepts from this one on, rarest first: such a document shares no others.
        distinct: Size of the visited set.
        visited: Whether a concept is visited, shape (concepts,).
        best: The two best so far; changed in place.
    """
    most = len(wanted)
    mask = np.uint64(0)
    for concept in wanted:
        mask |= index.bits[concept]
    hidden = most - _ones(mask)  # visited concepts whose bit is another one's, too
    place, end = index.holder_starts[wanted[0]], index.holder_starts[wanted[0] + 1]
    while place < end:
        # The holders stand by size, then number. Of this size, those before `beyond` must share at least `least`.
        rank = index.holders[place]
        size = index.starts[rank + 1] - index.starts[rank]
        same_size_end = beyond = index.size_starts[size + 1]
        scaled, scale = best[1, SHARED] * (distinct + size), best[1, UNION] + best[1, SHARED]
        least = scaled // scale + 1  # shared / (distinct + size - shared) > second best
        if best[1, SHARED] and scaled % scale == 0:
            tied = _first_from(index.order, index.size_starts[size], same_size_end, best[1, DOCUMENT])
            if rank < tied:  # as near as the second best is near enough for documents of lower number
                least, beyond = least - 1, tied
        if least > min(most, size):
            if size >= most and beyond == same_size_end:
                return  # larger sets would have to share more
            place = _first_from(index.holders, place, end, beyond)
            continue
        while place < end and index.holders[place] < beyond:
            rank = index.holders[place]
            place += 1
            if _ones(index.masks[rank] & mask) + hidden < least:
                continue
            shared = 0
            for concept in index.concepts[index.starts[rank] : index.starts[rank + 1]]:
                shared += visited[concept]
            if shared >= least and _offer(best, shared, distinct + size - shared, index.order[rank]):
                break  # the second best has changed, and with it the bounds


@compiled
def two_nearest(index: InvertedIndex, visited_concepts: Number, documents: Number, similarities: Real) -> None:
    """Write the two documents nearest to each row of `visited_concepts`, and their similarities; -1 and 0 for none.

    Documents that share nothing are not considered.
    """
    visited = np.zeros(len(index.bits), np.bool_)
    rarest_first = np.empty(visited_concepts.shape[1], np.int32)
    best = np.empty((2, 3), np.int64)
    for walk in range(len(visited_concepts)):
        distinct, held = _visit(visited_concepts[walk], index.holder_starts, visited, rarest_first)
        best[:, SHARED], best[:, UNION], best[:, DOCUMENT] = 0, 1, len(index.order)
        for number in range(held):
            _search_holders(index, rarest_first[number:held], distinct, visited, best)
        for place in range(2):
            documents[walk, place] = best[place, DOCUMENT] if best[place, SHARED] else NONE
            similarities[walk, place] = best[place, SHARED] / best[place, UNION]
        for concept in visited_concepts[walk]:
            if concept != NONE:
                visited[concept] = False
