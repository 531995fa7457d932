"""What a problem skill is: a family of problems with exact solutions, tied to key concepts of the lexicon.

The skills themselves lie in `skills/`, one package a field of mathematics; chaining them is `composing.py`'s work.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from synth_assets.teachers.tasks import SchoolLevel

Number = int | Fraction
Parameters = Mapping[str, Number | str | tuple[Number, ...]]
"""Drawn values by name: numbers, words, or tuples of numbers (a data set, a vector)."""


@dataclass(frozen=True)
class Setting:
    """The scene of a problem, taken from a document where it has one."""

    person: str
    other: str
    items: str
    place: str


@dataclass(frozen=True)
class Solution:
    """Worked steps (whole sentences, in order) and the exact answer: a number, or an expression such as `9*pi`."""

    steps: tuple[str, ...]
    answer: Number | str


@dataclass(frozen=True)
class Skill:
    """A family of problems.

    name: unique, snake_case. topic, concepts: canonical names of the lexicon (concepts of any topic; the first is the
    main one). phrasings: at least five `str.format` templates over the parameters and the setting's `person`, `other`,
    `items`, `place`; each asks the same problem in other words and ends with a question or an instruction.
    draw(rng, difficulty, fed): parameters for difficulty 1 to 3; when `fed` is not None the parameter named by `feed`
    must have that value, and None is returned where no sensible problem has it. feed: the parameter an earlier result
    may supply (its placeholder is then filled with a symbol such as `N`), or None where none can.
    solve(parameters): the worked solution in exact arithmetic.
    """

    name: str
    topic: str
    concepts: tuple[str, ...]
    level: SchoolLevel
    phrasings: tuple[str, ...]
    draw: Callable[[random.Random, int, Number | None], Parameters | None]
    solve: Callable[[Parameters], Solution]
    feed: str | None = None

    @property
    def told(self) -> tuple[int, ...]:
        """The places of the phrasings that tell of a person."""
        return tuple(place for place, phrasing in enumerate(self.phrasings) if "{person}" in phrasing)


def written(value: Number | str | tuple[Number, ...]) -> str:
    """A value as it stands in a problem: `12`, `3/4`, `2, 3, 5`; negative numbers with a plain minus sign."""
    if isinstance(value, tuple):
        return ", ".join(written(part) for part in value)
    if isinstance(value, Fraction) and value.denominator == 1:
        return str(value.numerator)
    return str(value)


def decimal(value: Number) -> str:
    """A terminating decimal: `2.5`, `0.125`, `7`. Raises ValueError where the expansion does not end."""
    fraction = Fraction(value)
    places = next((n for n in range(19) if (fraction * 10**n).denominator == 1), None)
    if places is None:
        raise ValueError(f"{value} has no terminating decimal expansion")
    if places == 0:
        return str(fraction.numerator)
    digits = str(abs(fraction) * 10**places).rjust(places + 1, "0")
    return ("-" if fraction < 0 else "") + digits[:-places] + "." + digits[-places:]


def money(value: Number) -> str:
    """An amount in dollars: `$7`, `$2.50`. Raises ValueError where it is not a whole number of cents."""
    cents = Fraction(value) * 100
    if cents.denominator != 1:
        raise ValueError(f"{value} dollars is not a whole number of cents")
    whole, rest = divmod(abs(int(cents)), 100)
    return ("-" if cents < 0 else "") + (f"${whole}" if rest == 0 else f"${whole}.{rest:02d}")
