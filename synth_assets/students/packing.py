"""Packing: rows of different lengths laid side by side in sequences of one length, so that few places are padding.

What lives here: arrays and their layout, made as a stream. That segments do not see each other is `model.py`'s mask.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from synth_assets.seeds import seed_of
from synth_assets.students.encoded import EncodedRow, EncodedRows
from synth_assets.students.packing_loops import assign, fill

Item = TypeVar("Item")

_OPEN_SEQUENCES = 16
"""A row goes into the first of the latest so many sequences that has room: little padding, linear time."""

_ROWS_AT_ONCE = 32_768
"""Rows are packed in blocks of so many, so that a long stream is never in memory. It decides the layout."""


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

    @classmethod
    def empty(cls, *shape: int) -> "Packed":
        """Nothing but padding."""
        return cls(*(np.zeros(shape, dtype=np.int32) for _ in fields(cls)))


class Order:
    """Which row comes at which place of a run: all rows in every epoch, each epoch shuffled anew.

    Places run over all epochs. No more than one epoch's order is in memory; without a seed the rows are in their own.
    """

    def __init__(self, rows: int, epochs: int = 1, seed: int | None = None) -> None:
        self._rows, self._seed = rows, seed
        self.places = rows * epochs
        self._shuffled = (-1, np.empty(0, dtype=np.int64))

    def numbers(self, first: int, last: int) -> NDArray[np.int64]:
        """The numbers of the rows at places from `first` up to `last`, left out."""
        cuts = range(first // self._rows, -(-last // self._rows))
        parts = [self._epoch(epoch)[max(0, first - epoch * self._rows) : last - epoch * self._rows] for epoch in cuts]
        return np.concatenate([np.empty(0, dtype=np.int64), *parts])

    def _epoch(self, epoch: int) -> NDArray[np.int64]:
        if self._seed is None:
            return np.arange(self._rows)
        if self._shuffled[0] != epoch:
            generator = np.random.default_rng(seed_of("student order", self._seed, epoch))
            self._shuffled = (epoch, generator.permutation(self._rows))
        return self._shuffled[1]


class Packing:
    """Rows in an order, packed into sequences of `length` places: counted at first sight, laid out when asked for.

    A row of n tokens takes n - 1 places, for its last token is only ever a target.
    Raises ValueError for a row that does not fit.
    """

    def __init__(self, rows: Sequence[EncodedRow], length: int, order: Order | None = None) -> None:
        self._rows, self.length = EncodedRows.from_rows(rows), length
        self._order = order or Order(len(rows))
        longest = int(self._rows.lengths.max(initial=0))
        if longest - 1 > length:
            raise ValueError(f"a row of {longest} tokens does not fit a sequence of {length} places")

    @cached_property
    def _ends(self) -> NDArray[np.int64]:
        """How many sequences there are up to the end of each block of rows; a pass over the lengths alone."""
        lengths = self._rows.lengths
        counts = [self._laid_out(lengths[numbers])[0] for numbers in map(self._block, range(self._blocks))]
        return np.cumsum(counts, dtype=np.int64)

    @property
    def sequences(self) -> int:
        """How many sequences all rows take."""
        return int(self._ends[-1]) if self._blocks else 0

    def read(self, first: int = 0) -> Iterator[Packed]:
        """The sequences from number `first` on, block by block: arrays [sequences of the block, length]."""
        for block in range(int(np.searchsorted(self._ends, first, side="right")) if first else 0, self._blocks):
            rows = self._rows.take(self._block(block))
            count, sequence, offset = self._laid_out(rows.lengths)
            packed = Packed.empty(count, self.length)
            tokens = np.require(rows.tokens, np.int32, ["C", "O", "W"])
            given = (tokens, rows.starts, np.require(rows.prompt_lengths, np.int32, ["C", "O", "W"]))
            fill(given, sequence, offset, packed.arrays(), np.zeros(count, dtype=np.int32))  # type: ignore[arg-type]
            before = int(self._ends[block - 1]) if block else 0
            yield Packed(*(array[max(0, first - before) :] for array in packed.arrays()))

    @property
    def _blocks(self) -> int:
        return -(-self._order.places // _ROWS_AT_ONCE)

    def _block(self, block: int) -> NDArray[np.int64]:
        first = block * _ROWS_AT_ONCE
        return self._order.numbers(first, min(first + _ROWS_AT_ONCE, self._order.places))

    def _laid_out(self, lengths: NDArray[np.int64]) -> tuple[int, NDArray[np.int64], NDArray[np.int64]]:
        """How many sequences rows of these lengths take, and each row's sequence and place in it."""
        sequence, offset = np.empty(len(lengths), dtype=np.int64), np.empty(len(lengths), dtype=np.int64)
        places = np.require(lengths - 1, np.int64, ["C", "O", "W"])
        return assign(places, self.length, _OPEN_SEQUENCES, sequence, offset), sequence, offset


def chunks(blocks: Iterator[Packed], *shape: int) -> Iterator[tuple[Packed, int]]:
    """Gather packed sequences into chunks [*shape, time], and the number of steps of each that hold anything.

    shape: steps, then how many sequences a step holds (in as many dimensions as wanted). The last step is filled with
    padding, the last chunk with empty steps: every chunk has one shape.
    """
    whole, in_step = int(np.prod(shape)), int(np.prod(shape[1:]))
    waiting: list[tuple[NDArray[np.int32], ...]] = []
    held = 0
    for block in blocks:
        waiting.append(block.arrays())
        held += len(block.tokens)
        if held < whole:
            continue
        arrays = [np.concatenate(parts) for parts in zip(*waiting, strict=True)]
        for start in range(0, held - whole + 1, whole):
            yield Packed(*(array[start : start + whole].reshape(*shape, -1) for array in arrays)), shape[0]
        waiting = [tuple(array[held - held % whole :] for array in arrays)]
        held %= whole
    if held:
        arrays = [np.concatenate(parts) for parts in zip(*waiting, strict=True)]
        filled = [np.pad(array, ((0, whole - held), (0, 0))).reshape(*shape, -1) for array in arrays]
        yield Packed(*filled), -(-held // in_step)


def prefetched(items: Iterator[Item]) -> Iterator[Item]:
    """The items, each made in another thread while the one before is used."""
    with ThreadPoolExecutor(1) as pool:
        ahead = pool.submit(next, items, None)
        while (item := ahead.result()) is not None:
            ahead = pool.submit(next, items, None)
            yield item
