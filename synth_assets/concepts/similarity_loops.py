"""The compiled loop that finds similar rows of a sparse matrix among those that share a rare feature."""

import numpy as np
import numpy.typing as npt

from synth_assets.compiled import compiled

Whole = npt.NDArray[np.int64]
Number = npt.NDArray[np.int32]
Real = npt.NDArray[np.float32]


@compiled
def similar_rows(  # pragma: no cover
    rows: tuple[Whole, Number, Real],
    tails: Real,
    rare: tuple[Whole, Number],
    holders: tuple[Whole, Number],
    least: float,
    start: int,
    stop: int,
) -> tuple[Number, Number, Real]:
    """The rows after each of the rows `start` up to before `stop` that are at least `least` similar to it.

    Args:
        rows: Starts, features and weights: row i has the features `features[starts[i]:starts[i + 1]]`, rarest first.
        tails: Length of the part of its row from each feature on, the shape of `features`.
        rare: Starts and features in the same form: the rarest features of each row.
        holders: Starts and rows: feature f is among the rarest of `holding[starts[f]:starts[f + 1]]`, ascending.
        least: What the products of the weights of two rows must add up to.
        start: First row.
        stop: Row after the last.

    Returns:
        First row, second row and similarity of each pair, shape (pairs,) each.
    """
    starts, features, weights = rows
    rare_starts, rare_features = rare
    holder_starts, holding = holders
    seen = np.full(len(starts), -1, np.int32)
    pairs, room = 0, 1024
    first, second, similarity = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.float32)
    for row in range(start, stop):
        for feature in rare_features[rare_starts[row] : rare_starts[row + 1]]:
            held_by = holding[holder_starts[feature] : holder_starts[feature + 1]]
            for other in held_by[np.searchsorted(held_by, row, side="right") :]:
                if seen[other] == row:
                    continue
                seen[other] = row
                product = np.float32(0)
                one, two = starts[row], starts[other]
                end, other_end = starts[row + 1], starts[other + 1]
                # What is to come adds at most the product of the two lengths left.
                while one < end and two < other_end and product + tails[one] * tails[two] >= least:
                    if features[one] == features[two]:
                        product += weights[one] * weights[two]
                        one, two = one + 1, two + 1
                    elif features[one] < features[two]:
                        one += 1
                    else:
                        two += 1
                if product >= least:
                    if pairs == room:
                        first, second = np.append(first, first), np.append(second, second)
                        similarity = np.append(similarity, similarity)
                        room *= 2
                    first[pairs], second[pairs], similarity[pairs] = row, other, product
                    pairs += 1
    return first[:pairs].copy(), second[:pairs].copy(), similarity[:pairs].copy()
