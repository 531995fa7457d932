"""The compiled loops of the search for duplicates; what they mean is said in `signatures`, `buckets` and `keeping`."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from synth_assets.compiled import compiled, part_of_compiled

Bytes = npt.NDArray[np.uint8]
Hashes = npt.NDArray[np.uint64]
Whole = npt.NDArray[np.int64]
Number = npt.NDArray[np.int32]
Real = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

NOTHING, NEAR, SEMANTIC = 0, 1, 2
"""By which rule a row leaves."""


class Lists(NamedTuple):
    """For each bucket the rows put into it so far, last first.

    Attributes:
        groups: The bucket of each row in each table, -1 where the row is alone; shape (rows, tables).
        heads: The last row of each bucket, -1 for none; shape (buckets,).
        nexts: The row before each row in its bucket; shape (rows, tables).
    """

    groups: Number
    heads: Number
    nexts: Number


class NearRows(NamedTuple):
    """The candidates among all rows: those with a partner whose signature is near enough.

    Attributes:
        places: The candidate's place of each row, -1 for none; shape (rows,).
        rows: The row of each candidate; shape (candidates,). All that follow are by candidate.
        lists: Buckets, of the candidates kept so far.
        low: Lowest bytes of the signatures, shape (candidates, values).
        hashes: The shingle sets one after the other, each ascending.
        starts: Where each begins; shape (candidates + 1,).
    """

    places: Number
    rows: Number
    lists: Lists
    low: Bytes
    hashes: Hashes
    starts: Whole


class Facts(NamedTuple):
    """What tells two problems apart in which the words are alike: by row, shape (rows,) each.

    Attributes:
        numerals: A hash of the numbers of the question in order.
        answers: The value of the final answer, NaN where it is none or no plain number.
    """

    numerals: Hashes
    answers: Real


class Verdicts(NamedTuple):
    """What became of each row, shape (rows,) each; written.

    Attributes:
        rules: `NOTHING` for those kept, else by which rule the row leaves.
        kept: The row kept in its place.
        similarities: How similar the two are under that rule.
    """

    rules: Bytes
    kept: Number
    similarities: Real


@part_of_compiled
def _put(lists: Lists, row: int) -> None:
    for table in range(lists.groups.shape[1]):
        group = lists.groups[row, table]
        if group >= 0:
            lists.nexts[row, table] = lists.heads[group]
            lists.heads[group] = row


@part_of_compiled
def _agreement(low: Bytes, first: int, second: int) -> int:
    """At how many places two rows are equal."""
    equal = 0
    for place in range(low.shape[1]):
        equal += low[first, place] == low[second, place]
    return equal


@part_of_compiled
def _jaccard(hashes: Hashes, starts: Whole, first: int, second: int) -> float:
    one, end = starts[first], starts[first + 1]
    two, other_end = starts[second], starts[second + 1]
    sizes = end - one + other_end - two
    shared = 0
    while one < end and two < other_end:
        if hashes[one] == hashes[two]:
            shared += 1
            one, two = one + 1, two + 1
        elif hashes[one] < hashes[two]:
            one += 1
        else:
            two += 1
    return float(shared / max(sizes - shared, 1))


@part_of_compiled
def _cosine(vectors: npt.NDArray[np.float32], first: int, second: int) -> float:
    product = 0.0
    for place in range(vectors.shape[1]):
        product += np.float64(vectors[first, place]) * np.float64(vectors[second, place])
    return product


@part_of_compiled
def _others(facts: Facts, first: int, second: int) -> bool:
    """Whether two rows are two problems: other numbers, or in another order, and another final answer."""
    one, two = facts.answers[first], facts.answers[second]
    if np.isnan(one) or np.isnan(two) or facts.numerals[first] == facts.numerals[second]:
        return False
    return bool(abs(one - two) > 1e-9 * max(abs(one), abs(two)))


@compiled
def jaccard_of_pairs(hashes: Hashes, starts: Whole, pairs: Whole, similarities: Real) -> None:
    """Write the Jaccard similarity of the sets of each pair, `pairs` of shape (pairs, 2); 0 where both are empty."""
    for number in range(len(pairs)):
        similarities[number] = _jaccard(hashes, starts, pairs[number, 0], pairs[number, 1])


@compiled
def mark_partners(rows: Whole, bounds: Whole, low: Bytes, least: int, marked: Flags) -> None:  # pragma: no cover
    """Mark all rows that share a bucket with a row equal to them at `least` places of `low` or more.

    Of rows marked already one partner is enough, so a family of like rows is gone through once, not once for each of
    its members. Threads may work on different buckets at once: a mark is never taken back, and each row that deserves
    one gets it whatever the others do.

    Args:
        rows: The rows of the first bucket, of the second, and so on.
        bounds: Where each bucket begins there, with the end of the last.
        low: Lowest bytes of the signatures, shape (all rows, values).
        least: See above.
        marked: Shape (all rows,), written.
    """
    largest = 0
    for bucket in range(len(bounds) - 1):
        largest = max(largest, bounds[bucket + 1] - bounds[bucket])
    fresh, known = np.empty(largest, np.int64), np.empty(largest, np.int64)
    for bucket in range(len(bounds) - 1):
        fresh_count = known_count = 0
        for row in rows[bounds[bucket] : bounds[bucket + 1]]:
            place = 0
            while place < known_count and not marked[row]:
                marked[row] = _agreement(low, row, known[place]) >= least
                place += 1
            stay = 0
            for place in range(fresh_count):
                other = fresh[place]
                if not marked[other] and _agreement(low, row, other) >= least:
                    marked[row] = marked[other] = True
                if marked[other]:
                    known[known_count] = other
                    known_count += 1
                else:
                    fresh[stay] = other
                    stay += 1
            fresh_count = stay
            if marked[row]:
                known[known_count] = row
                known_count += 1
            else:
                fresh[fresh_count] = row
                fresh_count += 1


@part_of_compiled
def _ones(bits: np.uint64) -> int:
    """How many bits are set."""
    bits -= (bits >> np.uint64(1)) & np.uint64(0x5555555555555555)
    bits = (bits & np.uint64(0x3333333333333333)) + ((bits >> np.uint64(2)) & np.uint64(0x3333333333333333))
    bits = (bits + (bits >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((bits * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled
def propose(lists: Lists, bits: Hashes, most: int, rules: Bytes, first: int, last: int) -> tuple[Whole, Number]:
    """The rows before each of the rows `first` up to `last` that share a bucket and differ in at most `most` bits.

    Args:
        lists: Buckets of the rows before `first`; those of this call are put in.
        bits: Shape (rows, words).
        most: See above.
        rules: Rows with any but `NOTHING` are not proposed.
        first: See above.
        last: See above, excluded.

    Returns:
        Where the proposals of each row begin, with the end of all, and the rows proposed.
    """
    seen = np.full(last, -1, np.int32)
    starts, proposed, count = np.zeros(last - first + 1, np.int64), np.empty(1024, np.int32), 0
    for row in range(first, last):
        for table in range(lists.groups.shape[1]):
            group = lists.groups[row, table]
            other = lists.heads[group] if group >= 0 else -1
            while other >= 0:
                if seen[other] != row and rules[other] == NOTHING:
                    seen[other] = row
                    different = 0
                    for word in range(bits.shape[1]):
                        different += _ones(bits[row, word] ^ bits[other, word])
                    if different <= most:
                        if count == len(proposed):
                            proposed = np.append(proposed, proposed)
                        proposed[count] = other
                        count += 1
                other = lists.nexts[other, table]
        _put(lists, row)
        starts[row - first + 1] = count
    return starts, proposed[:count].copy()


@part_of_compiled
def _nearest_kept(
    near: NearRows, place: int, least: int, similarity: float, facts: Facts, seen: Number
) -> tuple[int, float]:
    """The kept row most similar to a candidate, the first of several, and its similarity; -1 where none is enough."""
    best, highest = -1, 0.0
    for table in range(near.lists.groups.shape[1]):
        group = near.lists.groups[place, table]
        other = near.lists.heads[group] if group >= 0 else -1
        while other >= 0:
            if seen[other] != place:
                seen[other] = place
                if _agreement(near.low, place, other) >= least:
                    found = _jaccard(near.hashes, near.starts, place, other)
                    row = near.rows[other]
                    better = found > highest or (found == highest and row < best)
                    if found >= similarity and better and not _others(facts, near.rows[place], row):
                        best, highest = row, found
            other = near.lists.nexts[other, table]
    return best, highest


@compiled
def keep(
    near: NearRows,
    least: int,
    similarity: float,
    vectors: npt.NDArray[np.float32],
    proposals: tuple[Whole, Number],
    cosine: float,
    facts: Facts,
    first: int,
    last: int,
    verdicts: Verdicts,
) -> None:
    """Judge the rows `first` up to `last`, better rows first: a row leaves for the kept row before it most like it.

    Args:
        near: The candidates; those kept are put into its lists.
        least: Places at which signatures must agree.
        similarity: Jaccard similarity asked for.
        vectors: Unit length, shape (rows, dimensions).
        proposals: For each row of this call, the rows before it that may be near by meaning: starts and rows.
        cosine: Cosine similarity asked for.
        facts: Of all rows.
        first: See above.
        last: See above, excluded.
        verdicts: Written.
    """
    seen = np.full(len(near.rows), -1, np.int32)
    starts, proposed = proposals
    for row in range(first, last):
        place = near.places[row]
        if place >= 0:
            best, highest = _nearest_kept(near, place, least, similarity, facts, seen)
            if best >= 0:
                verdicts.rules[row], verdicts.kept[row], verdicts.similarities[row] = NEAR, best, highest
                continue
        best, highest = -1, -1.0
        for number in range(starts[row - first], starts[row - first + 1]):
            other = proposed[number]
            if verdicts.rules[other] == NOTHING:
                found = _cosine(vectors, row, other)
                better = found > highest or (found == highest and other < best)
                if found >= cosine and better and not _others(facts, row, other):
                    best, highest = other, found
        if best >= 0:
            verdicts.rules[row], verdicts.kept[row], verdicts.similarities[row] = SEMANTIC, best, min(highest, 1.0)
        elif place >= 0:
            _put(near.lists, place)
