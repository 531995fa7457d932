"""The compiled loops of packing: which sequence a row goes to, and writing rows into sequences."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from synth_assets.compiled import compiled

Whole = NDArray[np.int64]
Places = NDArray[np.int32]


@compiled
def assign(places: Whole, length: int, open_sequences: int, sequence: Whole, offset: Whole) -> int:
    """Put each row into the first of the latest `open_sequences` sequences that has room, else into a new one.

    places: int64 [rows], those a row takes. Writes each row's sequence and its first place there, int64 [rows].
    Returns the number of sequences.
    """
    used = np.zeros(len(places), dtype=np.int64)
    count = 0
    for row in range(len(places)):
        chosen = max(0, count - open_sequences)
        while chosen < count and used[chosen] + places[row] > length:
            chosen += 1
        if chosen == count:
            count += 1
        sequence[row] = chosen
        offset[row] = used[chosen]
        used[chosen] += places[row]
    return count


@compiled
def fill(
    rows: tuple[Places, Whole, Places],
    sequence: Whole,
    offset: Whole,
    packed: tuple[Places, Places, Places, Places, Places],
    segments_held: Any,
) -> None:
    """Write rows (tokens, starts, prompt lengths) to their places of packed arrays [sequences, length], zero before.

    segments_held: int32 [sequences], zero before.
    """
    tokens, starts, prompt_lengths = rows
    read, targets, segments, positions, weights = packed
    for row in range(len(sequence)):
        number = sequence[row]
        segments_held[number] += 1
        for place in range(starts[row + 1] - starts[row] - 1):
            here = offset[row] + place
            read[number, here] = tokens[starts[row] + place]
            targets[number, here] = tokens[starts[row] + place + 1]
            segments[number, here] = segments_held[number]
            positions[number, here] = place
            if place >= prompt_lengths[row] - 1:
                weights[number, here] = 1
