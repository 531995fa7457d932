"""The compiled loops that count which concepts occur together; `cooccurrence` calls them."""

import numpy as np
import numpy.typing as npt

from synth_assets.compiled import compiled

Whole = npt.NDArray[np.int64]
Number = npt.NDArray[np.int32]


@compiled
def places_of(starts: Whole, members: Number, concepts: int) -> tuple[Whole, Whole, Whole]:  # pragma: no cover
    """Where each concept stands in the sets.

    Args:
        starts: Set i is `members[starts[i]:starts[i + 1]]`; shape (sets + 1,).
        members: Numbers from 0 up to below `concepts`.
        concepts: How many there are.

    Returns:
        The first place of each concept in the other two arrays, shape (concepts + 1,); for each place where it
        stands, the place after it in `members`, and the end of its set, shape (memberships,) each.
    """
    firsts = np.zeros(concepts + 1, np.int64)
    for member in members:
        firsts[member + 1] += 1
    firsts = np.cumsum(firsts)
    free = firsts[:-1].copy()
    after, ends = np.empty(len(members), np.int64), np.empty(len(members), np.int64)
    for number in range(len(starts) - 1):
        for place in range(starts[number], starts[number + 1]):
            member = members[place]
            after[free[member]], ends[free[member]] = place + 1, starts[number + 1]
            free[member] += 1
    return firsts, after, ends


@compiled
def count_pairs(
    members: Number, firsts: Whole, after: Whole, ends: Whole, start: int, stop: int
) -> tuple[Number, Number, Number]:  # pragma: no cover
    """The pairs of a concept from `start` up to below `stop` with a larger one, and how many sets hold both.

    One concept after the other, the members that follow it in its sets are counted in an array with a place for every
    concept, which stays in the processor's cache: no list of all pairs is made or sorted.

    Args:
        members: The sets one after the other, ascending within a set, each member once.
        firsts: As `places_of` returns them, like the next two.
        after: See there.
        ends: See there.
        start: First concept.
        stop: Concept after the last.

    Returns:
        First, second and sets of each pair, first < second, in the order of first, then second; shape (pairs,) each.
    """
    most = 0
    for held in range(firsts[start], firsts[stop]):
        most += ends[held] - after[held]
    first, second, sets = np.empty(most, np.int32), np.empty(most, np.int32), np.empty(most, np.int32)
    together = np.zeros(len(firsts), np.int32)
    met = np.empty(len(firsts), np.int32)
    pairs = 0
    for concept in range(start, stop):
        many = 0
        for held in range(firsts[concept], firsts[concept + 1]):
            for place in range(after[held], ends[held]):
                other = members[place]
                if together[other] == 0:
                    met[many] = other
                    many += 1
                together[other] += 1
        for other in np.sort(met[:many]):
            first[pairs], second[pairs], sets[pairs] = concept, other, together[other]
            together[other] = 0
            pairs += 1
    return first[:pairs].copy(), second[:pairs].copy(), sets[:pairs].copy()
