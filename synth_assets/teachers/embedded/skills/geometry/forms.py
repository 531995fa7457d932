"""Exact forms of geometry's answers (multiples of pi, surds) and the sizes a figure may take from another problem."""

import random
from fractions import Fraction
from math import isqrt

from synth_assets.teachers.embedded.skill import Number, written
from synth_assets.teachers.embedded.skills.fed import fed_whole


def fed_or_drawn(fed: Number | None, drawn: int, least: int = 1, most: int = 10_000) -> int | None:
    """The drawn size, or `fed` where an earlier result is handed on; None where that is not whole or out of bounds."""
    return fed_whole(fed, drawn, least, most)


def multiple(coefficient: Number, factor: str) -> str:
    """`coefficient` times a factor such as `pi` in SymPy's writing: `9*pi`, `pi`, `-5*pi/2`."""
    value = Fraction(coefficient)
    size = abs(value.numerator)
    top = factor if size == 1 else f"{size}*{factor}"
    sign = "-" if value < 0 else ""
    return sign + (top if value.denominator == 1 else f"{top}/{value.denominator}")


def pi_times(coefficient: Number) -> str:
    """A multiple of pi: `9*pi`, `5*pi/2`."""
    return multiple(coefficient, "pi")


def surd(coefficient: Number, radicand: int) -> Number | str:
    """`coefficient` times the square root of a whole `radicand`, simplified: `12`, `3/2`, `3*sqrt(2)`."""
    outside, inside = Fraction(coefficient), radicand
    for divisor in range(isqrt(radicand), 1, -1):
        if inside % divisor**2 == 0:
            inside //= divisor**2
            outside *= divisor
    if inside == 1:
        return outside.numerator if outside.denominator == 1 else outside
    return multiple(outside, f"sqrt({inside})")


def simplified(raw: str, value: Number | str) -> str:
    """A root or quotient and its value, `sqrt(12) = 2*sqrt(3)`, or the value alone where nothing simplifies."""
    return raw if raw == written(value) else f"{raw} = {written(value)}"


def bracketed(value: Number) -> str:
    """A number as it stands after an operation sign: `7`, `3/4`, `(-3)`."""
    return f"({written(value)})" if value < 0 else written(value)


def base_of_power(value: Number) -> str:
    """A number as it stands under an exponent: `7`, `(-3)`, `(3/4)`."""
    return f"({written(value)})" if value < 0 or Fraction(value).denominator > 1 else written(value)


PRIMITIVE_TRIPLES = (
    (3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25), (20, 21, 29), (12, 35, 37), (9, 40, 41), (28, 45, 53),
    (11, 60, 61), (16, 63, 65), (33, 56, 65), (48, 55, 73),
)  # fmt: skip
"""Primitive Pythagorean triples, smallest hypotenuse first."""


def whole_right_triangle(rng: random.Random, difficulty: int, fed: Number | None) -> tuple[int, int, int] | None:
    """A leg (`fed` where given), the other leg and the hypotenuse, all whole; None where no handy triangle fits."""
    short, long, hypotenuse = rng.choice(PRIMITIVE_TRIPLES[: 4 * difficulty])
    factor = rng.randint(1, 2 + 3 * difficulty)
    if fed is None:
        legs = (short, long) if rng.random() < 0.5 else (long, short)
        return legs[0] * factor, legs[1] * factor, hypotenuse * factor
    leg = fed_or_drawn(fed, 0, least=3, most=500)
    sides = [] if leg is None else _triangles_on(leg, most=max(100, 10 * leg))
    return rng.choice(sides) if sides else None


def _triangles_on(leg: int, most: int) -> list[tuple[int, int, int]]:
    found = []
    for short in range(1, leg):  # leg^2 = (hypotenuse - other) * (hypotenuse + other)
        long, rest = divmod(leg * leg, short)
        if rest == 0 and (long - short) % 2 == 0 and (long + short) // 2 <= most:
            found.append((leg, (long - short) // 2, (long + short) // 2))
    return found
