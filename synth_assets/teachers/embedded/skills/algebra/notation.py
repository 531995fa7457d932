"""How algebra is written in problems and steps, and how draws take up a fed value. The skills lie beside it."""

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import wraps
from math import isqrt

from synth_assets.teachers.embedded.skill import Number, Parameters, written

Draw = Callable[[random.Random, int, Number | None], Parameters | None]

ATTEMPTS = 40
"""Draws made before a skill is taken to have no sensible problem."""


def signed(value: Number) -> str:
    """A further summand: `+ 3` or `- 3`."""
    size = -value if value < 0 else value
    return f"{'-' if value < 0 else '+'} {written(size)}"


def difference(left: Number, right: Number) -> str:
    """A subtraction as printed: `5 - 3`, `5 - (-3)`."""
    return f"{written(left)} - {bracketed(right)}"


def bracketed(value: Number) -> str:
    """A value as a factor or base: `3`, `(-3)`, `(1/2)`."""
    text = written(value)
    return text if text.isdigit() else f"({text})"


def polynomial(coefficients: Sequence[Number], variable: str = "x") -> str:
    """A polynomial as printed, highest power first: `2x^2 - 3x + 1`. Coefficients are whole numbers."""
    return _terms(coefficients, variable, times="", power="^")


def polynomial_answer(coefficients: Sequence[Number], variable: str = "x") -> str:
    """A polynomial in SymPy syntax, highest power first: `2*x**2 - 3*x + 1`."""
    return _terms(coefficients, variable, times="*", power="**")


def substituted(coefficients: Sequence[Number], value: Number) -> str:
    """A polynomial with a number in place of the variable: `2*(-1)^2 - 3*(-1) + 1`."""
    return _terms(coefficients, bracketed(value), times="*", power="^")


def value_at(coefficients: Sequence[Number], value: Number) -> Fraction:
    """The value of a polynomial, highest power first."""
    total = Fraction(0)
    for coefficient in coefficients:
        total = total * value + coefficient
    return total


def surd(outside: int, inside: int) -> str:
    """`outside * sqrt(inside)` in SymPy syntax, simplified: `6*sqrt(2)`, `sqrt(5)`, `12`."""
    factor, rest = square_part(inside)
    factor *= outside
    if rest == 1:
        return str(factor)
    return f"sqrt({rest})" if factor == 1 else f"{factor}*sqrt({rest})"


def square_part(radicand: int) -> tuple[int, int]:
    """(k, m) with radicand = k^2 * m and m free of squares; radicand is positive."""
    for root in range(isqrt(radicand), 1, -1):
        if radicand % root**2 == 0:
            return root, radicand // root**2
    return 1, radicand


def nonzero(rng: random.Random, most: int) -> int:
    """A whole number from -most to most, not 0."""
    return rng.choice((-1, 1)) * rng.randint(1, most)


def redrawn(draw: Draw) -> Draw:
    """The same draw, tried again where the numbers happen to fit no problem."""

    @wraps(draw)
    def attempt(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
        attempts = (draw(rng, difficulty, fed) for _ in range(ATTEMPTS))
        return next((parameters for parameters in attempts if parameters is not None), None)

    return attempt


def whole_input(
    rng: random.Random, fed: Number | None, low: int, high: int, smallest: int | None = None, largest: int = 10**6
) -> int | None:
    """Unfed, a number from low to high; else the fed one if it is whole and from `smallest` (else low) to `largest`."""
    if fed is None:
        return rng.randint(low, high)
    fraction = Fraction(fed)
    fits = fraction.denominator == 1 and (low if smallest is None else smallest) <= fraction <= largest
    return fraction.numerator if fits else None


def _terms(coefficients: Sequence[Number], variable: str, times: str, power: str) -> str:
    """The terms that are not 0 with their signs; a coefficient 1 and an exponent 1 stay unwritten."""
    text = ""
    for exponent, coefficient in zip(range(len(coefficients) - 1, -1, -1), coefficients, strict=True):
        if coefficient:
            sign = ("-" if coefficient < 0 else "") if not text else (" - " if coefficient < 0 else " + ")
            size = written(max(coefficient, -coefficient))
            powered = variable if exponent == 1 else f"{variable}{power}{exponent}"
            if exponent:
                size = powered if size == "1" else f"{size}{times}{powered}"
            text += sign + size
    return text or "0"
