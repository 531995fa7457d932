"""The compiled loops of the walks; what they mean is said in `transitions` and `walks`, which call them."""

import numpy as np
import numpy.typing as npt

from synth_assets.compiled import compiled

Whole = npt.NDArray[np.int64]
Number = npt.NDArray[np.int32]
Real = npt.NDArray[np.float64]

NOWHERE = -1


@compiled
def accumulate(starts: Whole, sums: Real, guide: Number, first: int, last: int) -> None:
    """Turn the weights that `sums` holds into running sums within the rows `first` up to `last`, and write their guide.

    The guide of a row with n neighbours cuts its total into n equal stretches and names for each the first neighbour
    whose running sum is above the stretch's start.
    """
    for row in range(first, last):
        start, end = starts[row], starts[row + 1]
        total = 0.0
        for entry in range(start, end):
            total += sums[entry]
            sums[entry] = total
        place = start
        for stretch in range(end - start):
            above = total * stretch / (end - start)
            while place < end - 1 and sums[place] <= above:
                place += 1
            guide[start + stretch] = place - start


@compiled
def step(
    starts: Whole, targets: Number, sums: Real, guide: Number, nodes: Number, uniforms: Real, moved: Number
) -> None:
    """Write to `moved[i]` the first target of the row `nodes[i]` whose running sum is above uniforms[i] of the total.

    -1 stands for no node, before and after. The guide says where to begin; rounding may have it begin one too far.
    """
    for walk in range(len(nodes)):
        node = nodes[walk]
        moved[walk] = NOWHERE
        if node == NOWHERE:
            continue
        start, end = starts[node], starts[node + 1]
        if start == end:
            continue
        above = uniforms[walk] * sums[end - 1]
        entry = start + guide[start + int(uniforms[walk] * (end - start))]
        while entry > start and sums[entry - 1] > above:
            entry -= 1
        while entry < end - 1 and sums[entry] <= above:
            entry += 1
        moved[walk] = targets[entry]


@compiled
def strongest_rows(starts: Whole, targets: Number, documents: Number, strongest: Number) -> None:
    """Write to `strongest[c]` the row of most documents with column c, the lowest of several; -1 where none has any."""
    most = np.zeros(len(strongest), np.int64)
    strongest[:] = NOWHERE
    for row in range(len(starts) - 1):
        for entry in range(starts[row], starts[row + 1]):
            column = targets[entry]
            if documents[entry] > most[column]:
                most[column] = documents[entry]
                strongest[column] = row


@compiled
def owners(
    starts: Whole,
    targets: Number,
    documents: Number,
    strongest: Number,
    topics: Number,
    concepts: Number,
    owning: Number,
) -> None:
    """Write to `owning[i, j]` the one of `topics[i]` of most documents with `concepts[i, j]`, the first of several.

    Where none of them has any it is `strongest[concepts[i, j]]`, and -1 where there is no concept.
    """
    for walk in range(len(concepts)):
        for place in range(concepts.shape[1]):
            concept = concepts[walk, place]
            owning[walk, place] = NOWHERE
            if concept == NOWHERE:
                continue
            most = 0
            owning[walk, place] = strongest[concept]
            for topic in topics[walk]:
                if topic == NOWHERE:
                    continue
                row = targets[starts[topic] : starts[topic + 1]]
                found = np.searchsorted(row, concept)
                if found < len(row) and row[found] == concept and documents[starts[topic] + found] > most:
                    most = documents[starts[topic] + found]
                    owning[walk, place] = topic
