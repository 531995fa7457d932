"""Which questions may mean the same: rows whose sentence embeddings are near, proposed block after block.

Up to `EXACT_ROWS` rows, all products are taken, so that nothing is missed. Beyond, rows are proposed by random
hyperplanes: the sides of `PLANES` of them on which a vector lies are its bits, each table of buckets draws some of
these, and a pair is proposed where it shares a bucket and agrees in enough of all bits. Two vectors at angle t agree in
a bit with probability 1 - t / pi. Whoever asks verifies the proposals by their cosine.
"""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from synth_assets.decontamination.buckets import empty_lists, shared_buckets
from synth_assets.decontamination.keeping_loops import NOTHING, propose
from synth_assets.decontamination.signatures import least_agreement
from synth_assets.seeds import seed_of

EXACT_ROWS = 100_000
"""Rows up to which every pair is looked at: a minute or two of work with vectors of 384 values."""
PLANES = 1024
"""Random hyperplanes; 128 bytes a row."""
RECALL = 0.99
"""The tables propose at least this share of the pairs just near enough, where `MOST_TABLES` are enough for it."""
MOST_TABLES = 256

_ROUNDING = 1e-5
"""Products in single precision are taken to be this exact; what is proposed is verified in double precision."""
_COLUMNS_AT_ONCE = 16_384
_ROWS_AT_ONCE = 16_384

Vectors = npt.NDArray[np.float32]
Proposals = tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]
"""Where the proposals of each row of a block begin, with the end of all, and the rows proposed."""


class Proposer(Protocol):
    """Proposes rows that may be near by meaning; asked for blocks of rows in ascending order, each once."""

    def before(self, first: int, last: int, rules: npt.NDArray[np.uint8]) -> Proposals:
        """Rows before each of the rows `first` up to `last` that may be near it; none whose rule is set by now."""


class AllPairs:
    """Proposes every pair that is near enough."""

    def __init__(self, vectors: Vectors, cosine: float) -> None:
        self._vectors, self._least = vectors, np.float32(cosine - _ROUNDING)

    def before(self, first: int, last: int, rules: npt.NDArray[np.uint8]) -> Proposals:
        """See :class:`Proposer`."""
        rows, others = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for start in range(0, last, _COLUMNS_AT_ONCE):
            columns = np.arange(start, min(start + _COLUMNS_AT_ONCE, last))
            near = self._vectors[first:last] @ self._vectors[columns[0] : columns[-1] + 1].T >= self._least
            near &= columns < np.arange(first, last)[:, None]
            near &= rules[columns] == NOTHING
            row, column = np.nonzero(near)
            rows.append(row)
            others.append(column + start)
        return _by_row(np.concatenate(rows), np.concatenate(others), last - first)


class Hyperplanes:
    """Proposes most pairs that are near enough, `RECALL` says which share, and looks at few others."""

    def __init__(self, vectors: Vectors, cosine: float) -> None:
        generator = np.random.default_rng(seed_of("hyperplanes", vectors.shape[1]))
        planes = generator.standard_normal((vectors.shape[1], PLANES), dtype=np.float32)
        agreeing = 1 - float(np.arccos(cosine)) / np.pi
        drawn, tables = table_sizes(len(vectors), agreeing)
        choices = np.stack([generator.choice(PLANES, drawn, replace=False) for _ in range(tables)])
        packed = np.zeros((len(vectors), PLANES // 8), np.uint8)
        keys = np.zeros((len(vectors), tables), np.uint32)
        weights = np.left_shift(np.uint32(1), np.arange(drawn, dtype=np.uint32))
        for start in range(0, len(vectors), _ROWS_AT_ONCE):
            block = slice(start, start + _ROWS_AT_ONCE)
            bits = vectors[block] @ planes > 0
            packed[block] = np.packbits(bits, axis=1)
            for table, chosen in enumerate(choices):
                keys[block, table] = bits[:, chosen] @ weights
        self._bits = packed.view(np.uint64)
        self._most = PLANES - least_agreement(agreeing, PLANES)
        self._lists = empty_lists(shared_buckets(keys))

    def before(self, first: int, last: int, rules: npt.NDArray[np.uint8]) -> Proposals:
        """See :class:`Proposer`."""
        return propose(self._lists, self._bits, self._most, rules, first, last)


def proposer(vectors: Vectors, cosine: float) -> Proposer:
    """The proposer for vectors of unit length, shape (rows, dimensions), and the cosine from which a pair is near."""
    return (AllPairs if len(vectors) <= EXACT_ROWS else Hyperplanes)(vectors, cosine)


def table_sizes(rows: int, agreeing: float) -> tuple[int, int]:
    """Bits a table, about as many as number the rows, and how many tables find a pair with probability `RECALL`.

    Args:
        rows: How many rows there are.
        agreeing: Probability that a pair just near enough agrees in a bit.
    """
    bits = min(max(int(np.ceil(np.log2(max(rows, 2)))), 8), 31)
    if agreeing == 1:
        return bits, 1
    wanted = int(np.ceil(np.log(1 - RECALL) / np.log1p(-(agreeing**bits))))
    return bits, min(wanted, MOST_TABLES)


def _by_row(rows: npt.NDArray[np.int64], others: npt.NDArray[np.int64], count: int) -> Proposals:
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.bincount(rows, minlength=count))])
    return starts, others[np.argsort(rows, kind="stable")].astype(np.int32)
