"""The compiled loop that cuts texts into words; what a word is, is said in `normalising`."""

import numpy as np
import numpy.typing as npt

from synth_assets.compiled import compiled, part_of_compiled

Bytes = npt.NDArray[np.uint8]
Whole = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]
Tables = tuple[Bytes, Hashes, Bytes]

# Classes of characters. `WIDE` is any byte of a character beyond ASCII, whose class its code point tells.
OTHER, LETTER, DIGIT, NUMERAL, SIGN, WIDE = 0, 1, 2, 3, 4, 5
# Kinds of words: a sign or numeral, one letter, language (two letters or more), a number.
MARK, SYMBOL, SPOKEN, NUMBER = 0, 1, 2, 3

# FNV-1a with 64 bits, and the finaliser of SplitMix64, which spreads short words over all bits.
_BASIS = np.uint64(0xCBF29CE484222325)
_PRIME = np.uint64(0x100000001B3)
_FIRST_MULTIPLIER = np.uint64(0xBF58476D1CE4E5B9)
_SECOND_MULTIPLIER = np.uint64(0x94D049BB133111EB)

_COMMA, _POINT = 44, 46


@part_of_compiled
def mixed(value: np.uint64) -> np.uint64:
    """The value with all its bits spread over all."""
    value = (value ^ (value >> np.uint64(30))) * _FIRST_MULTIPLIER
    value = (value ^ (value >> np.uint64(27))) * _SECOND_MULTIPLIER
    return value ^ (value >> np.uint64(31))


@part_of_compiled
def _character(text: Bytes, place: int) -> tuple[int, int]:
    """The code point at `place` of valid UTF-8, and its bytes."""
    first = np.int64(text[place])
    if first < 0x80:
        return int(first), 1
    if first < 0xE0:
        return (first & 0x1F) << 6 | text[place + 1] & 0x3F, 2
    if first < 0xF0:
        return (first & 0x0F) << 12 | (text[place + 1] & 0x3F) << 6 | text[place + 2] & 0x3F, 3
    high = (first & 0x07) << 18 | (text[place + 1] & 0x3F) << 12
    return high | (text[place + 2] & 0x3F) << 6 | text[place + 3] & 0x3F, 4


@part_of_compiled
def _run(text: Bytes, place: int, end: int, tables: Tables, wanted: int, state: np.uint64) -> tuple[int, np.uint64]:
    """The end of the characters of a class from `place`, and the hash with them."""
    of_bytes, lower, of_points = tables
    while place < end:
        byte = text[place]
        of = of_bytes[byte]
        if of == wanted:
            state = (state ^ lower[byte]) * _PRIME
            place += 1
            continue
        if of != WIDE:
            break
        point, size = _character(text, place)
        if of_points[point] != wanted:
            break
        for following in range(place, place + size):
            state = (state ^ lower[text[following]]) * _PRIME
        place += size
    return place, state


@part_of_compiled
def _digits(text: Bytes, place: int, end: int, tables: Tables, state: np.uint64) -> tuple[int, np.uint64]:
    """As `_run`, for digits; a comma before three digits and no fourth separates thousands and is passed over."""
    place, state = _run(text, place, end, tables, DIGIT, state)
    while place < end and text[place] == _COMMA:
        after, digits = place + 1, 0
        while digits < 4 and after < end:
            point, size = _character(text, after)
            if tables[2][point] != DIGIT:
                break
            after, digits = after + size, digits + 1
        if digits != 3:
            break
        place, state = _run(text, place + 1, end, tables, DIGIT, state)
    return place, state


@part_of_compiled
def _rest(text: Bytes, place: int, end: int, tables: Tables, of: int, state: np.uint64) -> tuple[int, np.uint64]:
    """The end of the word, and its hash, where it may go on with wide characters, thousands or decimals."""
    if of == LETTER:
        return _run(text, place, end, tables, LETTER, state)
    place, state = _digits(text, place, end, tables, state)
    if place + 1 < end and text[place] == _POINT:
        point, _ = _character(text, place + 1)
        if tables[2][point] == DIGIT:
            return _digits(text, place + 1, end, tables, (state ^ np.uint64(_POINT)) * _PRIME)
    return place, state


@compiled
def cut_into_words(
    text: Bytes,
    bounds: Whole,
    tables: Tables,
    signs: bool,
    begins: Places,
    ends: Places,
    hashes: Hashes,
    kinds: Bytes,
    starts: Whole,
) -> int:  # pragma: no cover
    """The words of texts that stand one after the other in `text`, valid UTF-8.

    Args:
        text: All texts, less than 2 GiB.
        bounds: Text t is `text[bounds[t]:bounds[t + 1]]`; shape (texts + 1,).
        tables: Class of each byte; what it is hashed as, so that capital letters are small ones; class of each code
            point there may be.
        signs: Whether a sign is a word.
        begins: Where each word begins in `text` is written here, as long as there is room, like the next three.
        ends: Where it ends.
        hashes: Its hash.
        kinds: Its kind.
        starts: The place of each text's first word among all words is written here, shape (texts + 1,).

    Returns:
        How many words there are; -1 where there is no room for all.
    """
    of_bytes, lower, of_points = tables
    words = 0
    for number in range(len(bounds) - 1):
        starts[number] = words
        place, end = bounds[number], bounds[number + 1]
        while place < end:
            of, size = of_bytes[text[place]], 1
            if of == WIDE:
                point, size = _character(text, place)
                of = of_points[point]
            if of == OTHER or (of == SIGN and not signs):
                place += size
                continue
            begin, state = place, _BASIS
            # Letters and digits of ASCII at once; the calls for what is rarer would cost more than all else.
            if of in (LETTER, DIGIT):
                while place < end and of_bytes[text[place]] == of:
                    state = (state ^ lower[text[place]]) * _PRIME
                    place += 1
                if place < end and ((of == DIGIT and text[place] >= _COMMA) or of_bytes[text[place]] == WIDE):
                    place, state = _rest(text, place, end, tables, of, state)
                kind = NUMBER if of == DIGIT else SPOKEN if place > begin + size else SYMBOL
            else:
                for following in range(place, place + size):
                    state = (state ^ lower[text[following]]) * _PRIME
                place += size
                kind = MARK
            if words == len(begins):
                return -1
            begins[words], ends[words], hashes[words], kinds[words] = begin, place, mixed(state), kind
            words += 1
    starts[len(bounds) - 1] = words
    return words
