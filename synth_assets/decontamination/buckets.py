"""Buckets of locality-sensitive hashing: the rows that have a key of a table in common.

A bucket of one row is none. The others are numbered, over all tables, so that each has a number of its own.
"""

import numpy as np
import numpy.typing as npt

from synth_assets.chunks import over_chunks
from synth_assets.decontamination.keeping_loops import Lists

Groups = npt.NDArray[np.int32]
"""The bucket of each row in each table, -1 where the row is alone there; shape (rows, tables)."""


def shared_buckets(keys: npt.NDArray[np.uint32]) -> Groups:
    """The buckets by keys of shape (rows, tables)."""
    groups = np.full(keys.shape, -1, np.int32)
    counts = np.zeros(keys.shape[1] + 1, np.int64)

    def work(first: int, last: int) -> None:
        for table in range(first, last):
            counts[table + 1] = _number_buckets(np.ascontiguousarray(keys[:, table]), groups[:, table])

    over_chunks(work, keys.shape[1], 1)
    before = np.cumsum(counts)
    for table in range(1, keys.shape[1]):
        column = groups[:, table]
        column[column >= 0] += before[table]
    return groups


def empty_lists(groups: Groups) -> Lists:
    """Lists for these buckets with nothing in them."""
    return Lists(groups, np.full(int(groups.max(initial=-1)) + 1, -1, np.int32), np.full(groups.shape, -1, np.int32))


def members(groups: npt.NDArray[np.int32]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The rows of each bucket of one table, one bucket after the other, and where each begins, with the end of all."""
    rows = np.flatnonzero(groups >= 0)
    ordered = rows[np.argsort(groups[rows], kind="stable")]
    begins = np.flatnonzero(np.diff(groups[ordered], prepend=-1))
    return ordered, np.append(begins, len(ordered))


def _number_buckets(keys: npt.NDArray[np.uint32], groups: npt.NDArray[np.int32]) -> int:
    """Write to `groups` the number of each row's bucket where others are in it; how many such buckets there are."""
    if not len(keys):
        return 0
    order = np.argsort(keys)  # a bucket is a set of rows: their order among themselves does not matter
    ordered = keys[order]
    bucket = np.concatenate([np.zeros(1, np.int64), np.cumsum(ordered[1:] != ordered[:-1])])
    shared = np.bincount(bucket) > 1
    numbers = np.cumsum(shared) - 1
    together = shared[bucket]
    groups[order[together]] = numbers[bucket[together]]
    return int(shared.sum())
