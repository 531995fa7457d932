"""The compiled loops over n-grams of words, which `ngrams` calls, and over the table that looks keys up."""

import numpy as np
import numpy.typing as npt

from synth_assets.compiled import compiled

Whole = npt.NDArray[np.int64]
Number = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_ONE, _SIX, _HALF = np.uint64(1), np.uint64(6), np.uint64(32)
_LAST = np.uint64(63)


@compiled
def gram_keys(hashes: Hashes, starts: Whole, n: int, places: Whole, keys: Hashes) -> int:  # pragma: no cover
    """Write where each run of `n` words inside a text begins, and its key; returns how many there are.

    The key is a polynomial over the hashes, modulo 2^64, so that it is moved on by one word in constant time.
    """
    power = _ONE
    for _ in range(n):
        power *= MULTIPLIER
    count = 0
    for text in range(len(starts) - 1):
        key = np.uint64(0)
        for place in range(starts[text], starts[text + 1]):
            key = key * MULTIPLIER + hashes[place]
            first = place - n + 1
            if first < starts[text]:
                continue
            if first > starts[text]:
                key -= hashes[first - 1] * power
            places[count], keys[count] = first, key
            count += 1
    return count


@compiled
def fill_table(keys: Hashes, filter_bits: Hashes, slots: Number) -> None:  # pragma: no cover
    """Enter distinct keys into a table by open addressing, and into a filter of bits; both have a power of two of
    places, all 0. A slot holds the number of its key, from 1.
    """
    bits, places = np.uint64(64 * len(filter_bits) - 1), np.uint64(len(slots) - 1)
    for number in range(len(keys)):
        bit = keys[number] & bits
        filter_bits[bit >> _SIX] |= _ONE << (bit & _LAST)
        slot = (keys[number] >> _HALF) & places
        while slots[slot]:
            slot = (slot + _ONE) & places
        slots[slot] = number + 1


@compiled
def find_grams(
    hashes: Hashes,
    starts: Whole,
    n: int,
    keys: Hashes,
    filter_bits: Hashes,
    slots: Number,
    places: Whole,
    numbers: Number,
) -> int:  # pragma: no cover
    """Look every run of `n` words up in the table that :func:`fill_table` made of `keys`.

    Where each that is found begins, and the number of its key, is written to `places` and `numbers` as long as there is
    room. Returns how many there are.
    """
    power = _ONE
    for _ in range(n):
        power *= MULTIPLIER
    bits, last = np.uint64(64 * len(filter_bits) - 1), np.uint64(len(slots) - 1)
    found = 0
    for text in range(len(starts) - 1):
        start, end = starts[text], starts[text + 1]
        if end - start < n:
            continue
        key = np.uint64(0)
        for place in range(start, start + n - 1):
            key = key * MULTIPLIER + hashes[place]
        for place in range(start + n - 1, end):
            key = key * MULTIPLIER + hashes[place]
            first = place - n + 1
            if first > start:
                key -= hashes[first - 1] * power
            bit = key & bits
            if not (filter_bits[bit >> _SIX] >> (bit & _LAST)) & _ONE:
                continue
            slot = (key >> _HALF) & last
            while slots[slot] and keys[slots[slot] - 1] != key:
                slot = (slot + _ONE) & last
            if slots[slot]:
                if found < len(places):
                    places[found], numbers[found] = first, slots[slot] - 1
                found += 1
    return found
