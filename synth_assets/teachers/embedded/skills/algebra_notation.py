"""How algebra is written in problems and steps, and how a fed value is taken up. The skills lie beside it."""

import random
from collections.abc import Sequence
from fractions import Fraction
from math import isqrt

from synth_assets.teachers.embedded.skill import Number, written


def signed(value: Number) -> str:
    """A further summand: `+ 3` or `- 3`."""
    return f"{'-' if value < 0 else '+'} {written(abs(value))}"


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


def whole_input(
    rng: random.Random, fed: Number | None, low: int, high: int, smallest: int | None = None, largest: int = 10**6
) -> int | None:
    """The fed value where it is a whole number from `smallest` (else `low`) to `largest`; unfed, drawn from low to high."""
    if fed is None:
        return rng.randint(low, high)
    fraction = Fraction(fed)
    fits = fraction.denominator == 1 and (low if smallest is None else smallest) <= fraction <= largest
    return fraction.numerator if fits else None
