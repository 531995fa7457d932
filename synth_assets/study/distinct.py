"""Telling what has been met before among tens of millions of questions: 64-bit hashes in a table of open addresses.

A hash takes 16 bytes or fewer at half load; a set of Python's would take five times that. Two different questions share
a hash with a chance of about 1 in 40,000 among 30 million: then one question is left out, and nothing else happens.
"""

import numba
import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
_FIRST_SLOTS = 1 << 16


class Distinct:
    """Hashes that have been met."""

    def __init__(self) -> None:
        self._slots: Hashes = np.zeros(_FIRST_SLOTS, dtype=np.uint64)
        self.count = 0

    def new(self, hashes: Hashes) -> NDArray[np.bool_]:
        """Which of these, in their order, are met for the first time; they are remembered."""
        while 2 * (self.count + len(hashes)) > len(self._slots):
            larger = np.zeros(2 * len(self._slots), dtype=np.uint64)
            _insert(larger, self._slots[self._slots != 0])
            self._slots = larger
        # Zero marks an empty slot.
        fresh = _insert(self._slots, np.maximum(hashes, np.uint64(1)))
        self.count += int(fresh.sum())
        return fresh


@numba.njit(cache=True)
def _insert(slots: Hashes, hashes: Hashes) -> NDArray[np.bool_]:
    fresh = np.zeros(len(hashes), dtype=np.bool_)
    mask = np.uint64(len(slots) - 1)
    for number in range(len(hashes)):
        slot = hashes[number] & mask
        while slots[slot] != 0 and slots[slot] != hashes[number]:
            slot = (slot + np.uint64(1)) & mask
        if slots[slot] == 0:
            slots[slot] = hashes[number]
            fresh[number] = True
    return fresh
