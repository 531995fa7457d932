"""Counts of hashed words and character n-grams of a text, and their weighted sum; compiled, on the bytes of UTF-8.

A text is read as tokens: words in lower case, numbers, and single signs. Every number is the same token `#`, whatever
its digits, so that an exercise with other numbers is not made of unknown words. What the counts are weighted with is in
`hashed_embedding.py`; a plain reading of the same rules is in this module's test.
"""

import numpy as np
from numpy.typing import NDArray

from synth_assets.compiled import compiled, part_of_compiled

WORD_BUCKETS = 1 << 14
"""Buckets of tokens, and of pairs of neighbours of which one is a number, a sign or a single ASCII letter."""

GRAM_BUCKETS = 1 << 13
"""Buckets of the n-grams of GRAM_LENGTHS bytes of the tokens with single spaces between them."""

BUCKETS = WORD_BUCKETS + GRAM_BUCKETS
GRAM_LENGTHS = (3, 4)

_SPACE, _LETTER, _DIGIT, _SIGN = 0, 1, 2, 3
_NUMBER = ord("#")
_PRIME = np.uint32(0x01000193)
_BASIS = np.uint32(0x811C9DC5)

Bytes = NDArray[np.uint8]
Counts = NDArray[np.int32]


@part_of_compiled
def _kind(text: Bytes, place: int) -> tuple[int, int]:
    """What the character at `place` is, and its length in bytes.

    Beyond ASCII a code point is a sign in the blocks of punctuation and symbols (U+2000 to U+2BFF, U+3000 to U+303F and
    those of Latin-1, with the signs of multiplication and division), and a letter elsewhere.
    """
    byte = text[place]
    if byte < 0x80:
        if 97 <= byte <= 122 or 65 <= byte <= 90:
            return _LETTER, 1
        if 48 <= byte <= 57:
            return _DIGIT, 1
        # The underscore joins names in code and formulas: neither letter nor sign.
        return (_SPACE, 1) if byte <= 32 or byte == 95 or byte == 127 else (_SIGN, 1)
    if byte < 0xE0:
        point = (byte & 0x1F) << 6 | text[place + 1] & 0x3F
        if point == 0xA0 or point == 0xAD:
            return _SPACE, 2
        sign = (point < 0xC0 and point != 0xAA and point != 0xB5 and point != 0xBA) or point == 0xD7 or point == 0xF7
        return (_SIGN if sign else _LETTER), 2
    if byte < 0xF0:
        point = (byte & 0x0F) << 12 | (text[place + 1] & 0x3F) << 6 | text[place + 2] & 0x3F
        if 0x2000 <= point <= 0x200F or 0x2028 <= point <= 0x202F or point == 0x3000 or point == 0xFEFF:
            return _SPACE, 3
        return (_SIGN if 0x2010 <= point <= 0x2BFF or 0x3001 <= point <= 0x303F else _LETTER), 3
    return _LETTER, 4


@part_of_compiled
def _count(text: Bytes, spaced: Bytes, counts: Counts) -> None:
    """Add what `text` holds to `counts`; `spaced` is room for twice its bytes and two more."""
    spaced[0] = 32
    written, place, before, short_before = 1, 0, np.uint32(0), False
    while place < len(text):
        kind, length = _kind(text, place)
        if kind == _SPACE:
            place += length
            continue
        start, first = written, place
        place += length
        if kind == _LETTER:
            while place < len(text):
                following, length = _kind(text, place)
                if following != _LETTER:
                    break
                place += length
        elif kind == _DIGIT:
            while place < len(text):
                if 48 <= text[place] <= 57:
                    place += 1
                elif (text[place] == 44 or text[place] == 46) and place + 1 < len(text) and 48 <= text[place + 1] <= 57:
                    place += 2
                else:
                    break
        if kind == _DIGIT:
            spaced[written] = _NUMBER
            written += 1
        else:
            for byte in text[first:place]:
                spaced[written] = byte
                written += 1
        token = _BASIS
        for byte in spaced[start:written]:
            token = np.uint32((token ^ np.uint32(byte)) * _PRIME)
        # The last bits of such a hash follow those of the last byte; a shift mixes the first ones in.
        counts[(token ^ token >> np.uint32(15)) % np.uint32(WORD_BUCKETS)] += 1
        short = kind != _LETTER or place - first == 1
        if start > 1 and (short or short_before):
            pair = np.uint32(np.uint32(before * np.uint32(31) + np.uint32(7)) * _PRIME ^ token)
            counts[(pair ^ pair >> np.uint32(15)) % np.uint32(WORD_BUCKETS)] += 1
        before, short_before = token, short
        spaced[written] = 32
        written += 1
    _count_grams(spaced[:written], counts)


@part_of_compiled
def _count_grams(spaced: Bytes, counts: Counts) -> None:
    for length in GRAM_LENGTHS:
        for first in range(len(spaced) - length + 1):
            gram = np.uint32(length)
            for byte in spaced[first : first + length]:
                gram = np.uint32(gram * _PRIME ^ np.uint32(byte))
            gram ^= gram >> np.uint32(15)
            counts[WORD_BUCKETS + gram % np.uint32(GRAM_BUCKETS)] += 1


@compiled
def bucket_counts(
    texts: Bytes, ends: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
    """The counts of several texts as the rows of a sparse matrix (buckets ascending, counts, row ends from 0).

    Args:
        texts: The texts in lower case and UTF-8, one after the other.
        ends: Where each of them ends.
    """
    counts = np.zeros(BUCKETS, dtype=np.int32)
    spaced = np.empty(2 * _longest(ends) + 2, dtype=np.uint8)
    held = np.empty(min(BUCKETS * len(ends), 8 * len(texts) + 64), dtype=np.int32)
    values = np.empty_like(held)
    rows = np.zeros(len(ends) + 1, dtype=np.int64)
    filled, start = 0, 0
    for row, end in enumerate(ends):
        counts[:] = 0
        _count(texts[start:end], spaced, counts)
        start = end
        for bucket in range(BUCKETS):
            if counts[bucket]:
                held[filled], values[filled] = bucket, counts[bucket]
                filled += 1
        rows[row + 1] = filled
    return held[:filled], values[:filled], rows


@compiled
def weighted_sums(
    texts: Bytes, ends: NDArray[np.int64], weights: NDArray[np.float32], directions: NDArray[np.float32]
) -> NDArray[np.float32]:
    """For each text the sum over its buckets of (1 + log count) * weight * direction, scaled to length 1.

    Args:
        texts: As for :func:`bucket_counts`.
        ends: As for :func:`bucket_counts`.
        weights: One a bucket.
        directions: A row a bucket, shape (buckets, dimensions).

    Returns:
        Shape (texts, dimensions); 0 for a text none of whose buckets has weight.
    """
    dimensions = directions.shape[1]
    counts = np.zeros(BUCKETS, dtype=np.int32)
    spaced = np.empty(2 * _longest(ends) + 2, dtype=np.uint8)
    logs = 1 + np.log(np.arange(1, 1025)).astype(np.float32)
    sums = np.zeros((len(ends), dimensions), dtype=np.float32)
    start = 0
    for row, end in enumerate(ends):
        counts[:] = 0
        _count(texts[start:end], spaced, counts)
        start = end
        total = sums[row]
        for bucket in range(BUCKETS):
            count = counts[bucket]
            weight = weights[bucket]
            if count and weight:
                often = logs[count - 1] if count <= len(logs) else np.float32(1 + np.log(count))
                factor = np.float32(often * weight)
                for place in range(dimensions):
                    total[place] += factor * directions[bucket, place]
        length = np.float32(0)
        for place in range(dimensions):
            length += total[place] * total[place]
        if length > 0:
            total /= np.sqrt(length)
    return sums


@part_of_compiled
def _longest(ends: NDArray[np.int64]) -> int:
    longest, start = np.int64(0), np.int64(0)
    for end in ends:
        longest = max(longest, end - start)
        start = end
    return int(longest)
