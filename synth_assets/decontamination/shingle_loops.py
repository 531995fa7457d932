"""The compiled loops that make shingles of words and sign them; `shingles` and `signatures` call them."""

import numpy as np
import numpy.typing as npt

from synth_assets.compiled import compiled, part_of_compiled

Whole = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Values = npt.NDArray[np.uint32]
Flags = npt.NDArray[np.bool_]

NUMBER_COPIES = 6
"""Times a number counts, with the word after it, beside the word and pairs it stands in."""

# Odd constants of SplitMix64, and a fourth one. Stored signatures rest on every one of them.
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_COPY = np.uint64(0x9E3779B97F4A7C15)
_OTHER = np.uint64(0xD6E8FEB86659FD93)


@part_of_compiled
def _mixed(value: np.uint64) -> np.uint64:
    """SplitMix64's finaliser: every bit of the value moves every bit of the result."""
    value = (value ^ (value >> np.uint64(30))) * _FIRST
    value = (value ^ (value >> np.uint64(27))) * _SECOND
    return value ^ (value >> np.uint64(31))


@part_of_compiled
def _shingles(words: Hashes, numbers: Flags, first: int, last: int, shingles: Hashes) -> int:
    """Write the shingles of the words `first` up to `last`, some of them several times.

    Returns:
        How many were written, at most 2 + `NUMBER_COPIES` a word.
    """
    written = 0
    for place in range(first, last):
        shingles[written] = words[place]
        written += 1
        ends = place + 1 == last
        pair = _mixed(words[place] * _FIRST + (np.uint64(0) if ends else words[place + 1] * _SECOND))
        if not ends:
            shingles[written] = pair
            written += 1
        if numbers[place]:
            for copy in range(1, NUMBER_COPIES + 1):
                shingles[written] = _mixed(pair + np.uint64(copy) * _COPY)
                written += 1
    return written


@part_of_compiled
def _room(starts: Whole) -> Hashes:
    """Room for the shingles of any one text."""
    most = 0
    for number in range(len(starts) - 1):
        most = max(most, starts[number + 1] - starts[number])
    return np.empty(most * (2 + NUMBER_COPIES), np.uint64)


@compiled
def sign_words(
    words: Hashes, numbers: Flags, starts: Whole, factors: Values, offsets: Values, forms: Hashes, signatures: Values
) -> None:  # pragma: no cover
    """Write the hash and the MinHash signature of each text.

    Args:
        words: Hashes of the words of all texts; text i has `words[starts[i]:starts[i + 1]]`.
        numbers: Which of them are numbers, same shape.
        starts: See there; shape (texts + 1,).
        factors: Odd factors of the permutations of 32-bit numbers, shape (permutations,).
        offsets: What they add, same shape.
        forms: Shape (texts, 2), written: two hashes of a text's words in order.
        signatures: Shape (texts, permutations), written; all ones for a text without words.
    """
    shingles, least = _room(starts), np.empty(len(factors), np.uint32)
    for number in range(len(starts) - 1):
        first, second = _COPY, _OTHER
        for place in range(starts[number], starts[number + 1]):
            first = _mixed(first ^ words[place])
            second = _mixed((second + words[place]) * _OTHER)
        forms[number, 0], forms[number, 1] = first, second
        least[:] = np.uint32(0xFFFFFFFF)
        for shingle in shingles[: _shingles(words, numbers, starts[number], starts[number + 1], shingles)]:
            key = np.uint32(shingle >> np.uint64(32))
            for place in range(len(factors)):
                value = np.uint32(factors[place] * key + offsets[place])
                least[place] = min(least[place], value)
        signatures[number] = least


@compiled
def shingle_sets(
    words: Hashes, numbers: Flags, starts: Whole, sizes: Whole, numerals: Hashes
) -> Hashes:  # pragma: no cover
    """The shingle sets of texts one after the other, ascending within a set, each shingle once.

    Args:
        words: As in `sign_words`, like the next two.
        numbers: See there.
        starts: See there.
        sizes: Shape (texts,), written: the size of each set.
        numerals: Shape (texts,), written: a hash of the numbers of each text in order.
    """
    shingles = _room(starts)
    sets, written = np.empty(3 * len(words) + 1, np.uint64), 0
    for number in range(len(starts) - 1):
        numeral = _COPY
        for place in range(starts[number], starts[number + 1]):
            if numbers[place]:
                numeral = _mixed(numeral ^ words[place])
        numerals[number] = numeral
        ordered = np.sort(shingles[: _shingles(words, numbers, starts[number], starts[number + 1], shingles)])
        if written + len(ordered) > len(sets):
            sets = np.append(sets, np.empty(len(sets) + len(ordered), np.uint64))
        before = written
        for shingle in ordered:
            if written == before or shingle != sets[written - 1]:
                sets[written] = shingle
                written += 1
        sizes[number] = written - before
    return sets[:written].copy()


@compiled
def band_keys(values: Values, rows: int, keys: Values) -> None:
    """Write a hash of each band of `rows` values of the signatures; a band is a column of `keys`."""
    for row in range(len(values)):
        for band in range(keys.shape[1]):
            key = np.uint64(band)
            for place in range(band * rows, (band + 1) * rows):
                key = (key ^ np.uint64(values[row, place])) * _COPY
                key ^= key >> np.uint64(32)
            keys[row, band] = np.uint32(key)
