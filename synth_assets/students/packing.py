"""Packing: rows of different lengths laid side by side in sequences of one length, so that few places are padding.

What lives here: arrays and their layout; NumPy only. That segments do not see each other is `model.py`'s mask.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from synth_assets.seeds import seed_of
from synth_assets.students.tokenizer import EncodedRow

_OPEN_SEQUENCES = 16
"""A row goes into the first of the latest so many sequences that has room: little padding, linear time."""


@dataclass(frozen=True)
class Packed:
    """Packed sequences, each array int32 [..., time]; padding has segment 0 and weight 0.

    tokens: what is read. targets: the token to be written next. segments: 1, 2, ... a row of its sequence each.
    positions: from 0 within a row. weights: 1 where the target belongs to the answer (or is its end), else 0.
    """

    tokens: NDArray[np.int32]
    targets: NDArray[np.int32]
    segments: NDArray[np.int32]
    positions: NDArray[np.int32]
    weights: NDArray[np.int32]

    def arrays(self) -> tuple[NDArray[np.int32], ...]:
        """The five arrays, in the order above."""
        return tuple(getattr(self, field.name) for field in fields(self))


def training_order(rows: int, epochs: int, seed: int) -> list[int]:
    """Row numbers of all epochs, one after another; each epoch has its own shuffle of all rows."""
    order: list[int] = []
    for epoch in range(epochs):
        order += np.random.default_rng(seed_of("student order", seed, epoch)).permutation(rows).tolist()
    return order


def pack(rows: Sequence[EncodedRow], length: int) -> Packed:
    """Pack rows, in their order, into sequences of `length` places: arrays [sequences, length].

    A row of n tokens takes n - 1 places, for its last token is only ever a target.
    Raises ValueError for a row that does not fit.
    """
    sequences: list[list[EncodedRow]] = []
    room: list[int] = []
    for row in rows:
        places = row.tokens - 1
        if places > length:
            raise ValueError(f"a row of {row.tokens} tokens does not fit a sequence of {length} places")
        first_open = max(0, len(sequences) - _OPEN_SEQUENCES)
        chosen = next((n for n in range(first_open, len(sequences)) if room[n] >= places), len(sequences))
        if chosen == len(sequences):
            sequences.append([])
            room.append(length)
        sequences[chosen].append(row)
        room[chosen] -= places
    packed = Packed(*(np.zeros((len(sequences), length), dtype=np.int32) for _ in range(5)))
    for number, held in enumerate(sequences):
        _fill(packed, number, held)
    return packed


def chunks(packed: Packed, batch: int, steps: int) -> Iterator[tuple[Packed, int]]:
    """Cut packed sequences into chunks [steps, batch, time] and the number of steps of each that hold anything.

    The last batch is filled with padding, the last chunk with empty batches: every chunk has one shape.
    """
    whole = batch * steps
    for start in range(0, len(packed.tokens), whole):
        cut = [array[start : start + whole] for array in packed.arrays()]
        held = len(cut[0])
        filled = [np.pad(array, ((0, whole - held), (0, 0))).reshape(steps, batch, -1) for array in cut]
        yield Packed(*filled), -(-held // batch)


def _fill(packed: Packed, number: int, rows: Sequence[EncodedRow]) -> None:
    start = 0
    for segment, row in enumerate(rows, start=1):
        tokens = np.concatenate([row.prompt, row.answer])
        here = slice(start, start + len(tokens) - 1)
        packed.tokens[number, here] = tokens[:-1]
        packed.targets[number, here] = tokens[1:]
        packed.segments[number, here] = segment
        packed.positions[number, here] = np.arange(len(tokens) - 1)
        packed.weights[number, start + len(row.prompt) - 1 : here.stop] = 1
        start = here.stop
