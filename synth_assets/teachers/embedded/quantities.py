"""The numbers a text names, whether written in digits or in words, and the words that are left."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen"""
ONES: Mapping[str, int] = {word: value for value, word in enumerate(_ONES.split())}
TENS: Mapping[str, int] = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
SCALES: Mapping[str, int] = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9}
ALONE: Mapping[str, Fraction] = {
    word: Fraction(value)
    for value, words in {
        "1/4": "quarter",
        "1/2": "half halves",
        "2": "twice double doubled doubles doubling",
        "3": "thrice triple tripled triples tripling",
        "4": "quadruple quadrupled",
        "12": "dozen dozens",
    }.items()
    for word in words.split()
}
"""Words that name a number by themselves."""

PARTS: Mapping[str, int] = {
    f"{word}{ending}": value
    for value, word in enumerate("third quarter fifth sixth seventh eighth ninth tenth".split(), start=3)
    for ending in ("", "s")
} | {"half": 2, "halves": 2, "fourth": 4, "fourths": 4}
"""Words that name a fraction after its numerator; alone, most of them are the place in an order."""

_FRAC = re.compile(r"\\[dtc]?frac\s*\{?\s*(\d+)\s*\}?\s*\{?\s*(\d+)\s*\}?")
_SMALL_FRACTION = re.compile("[\u00bc-\u00be\u2150-\u215e]")
_TOKEN = re.compile(
    r"\d+(?:st|nd|rd|th)\b|(?<![\d./])\d+/[1-9]\d*(?![\d/])|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d*\.\d+|\d+|[^\W\d_]+(?:'[^\W\d_]+)?"
)


@dataclass(frozen=True)
class Quantities:
    """What a text says in numbers and in words.

    Attributes:
        numbers: The numbers in the order they are named.
        words: The other words, in lower case and in order, with None in the place of each number.
    """

    numbers: tuple[Fraction, ...]
    words: tuple[str | None, ...]


def quantities_of(text: str) -> Quantities:
    """The numbers and words of a text: "2,500", "two and a half", "3/4", "three quarters", "twice".

    A place in an order is a word: "third", "3rd"."""
    apart = _SMALL_FRACTION.sub(r" \g<0>", text)
    plain = unicodedata.normalize("NFKC", apart).replace("\u2044", "/").replace("\u2019", "'").lower()
    tokens = _TOKEN.findall(_FRAC.sub(r" \1/\2 ", plain))
    numbers: list[Fraction] = []
    words: list[str | None] = []
    for word, value in _read(tokens):
        if value is not None:
            numbers.append(value)
        words.append(word)
    return Quantities(tuple(numbers), tuple(words))


def _read(tokens: list[str]) -> Iterator[tuple[str | None, Fraction | None]]:
    """Each word, or None with the number read there."""
    place = 0
    while place < len(tokens):
        token, after = tokens[place], tokens[place + 1 : place + 2]
        value: Fraction | None = None
        if token[0] in "0123456789." and token[-1].isdigit():
            value, place = Fraction(token.replace(",", "")), place + 1
        elif token in ONES or token in TENS:
            value, place = _spelt(tokens, place)
            if value and tokens[place : place + 1] and tokens[place] in PARTS:
                value, place = value / PARTS[tokens[place]], place + 1
        elif token in ALONE:
            value, place = ALONE[token], place + 1
        elif token in PARTS and after == ["of"]:
            value, place = Fraction(1, PARTS[token]), place + 1
        if value is None:
            yield token, None
            place += 1
        elif tokens[place : place + 2] == ["and", "a"] and tokens[place + 2 : place + 3] in (["half"], ["quarter"]):
            yield None, value + ALONE[tokens[place + 2]]
            place += 3
        else:
            yield None, value


def _spelt(tokens: list[str], place: int) -> tuple[Fraction, int]:
    """The number spelt out from `place` on, and the place after it: "two thousand five hundred and six"."""
    total, group, room = 0, 0, 1_000  # the next word of a group must be smaller than what the last one left open
    while place < len(tokens):
        token = tokens[place]
        value = ONES.get(token) or TENS.get(token)
        if value is not None and value < room:
            group += value
            room = 10 if value >= 20 else 1
        elif token == "hundred" and 0 < group < 100:
            group, room = group * 100, 100
        elif token in SCALES and token != "hundred" and group:
            total, group, room = total + group * SCALES[token], 0, 1_000
        elif not (token == "and" and room == 100 and _smaller(tokens, place + 1)) and token != "zero":
            break
        place += 1
    return Fraction(total + group), place


def _smaller(tokens: list[str], place: int) -> bool:
    """Whether a number below a hundred begins at `place`."""
    return place < len(tokens) and (tokens[place] in ONES or tokens[place] in TENS)
