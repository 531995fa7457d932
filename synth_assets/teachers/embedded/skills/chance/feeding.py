"""Numbers of chance problems: drawn, or taken from an earlier result where that is sensible.

The skills that use them lie in the other modules of this package.
"""

from fractions import Fraction
from math import comb
from random import Random

from synth_assets.teachers.embedded.skill import Number


def whole_between(rng: Random, fed: Number | None, low: int, high: int, limit: int) -> int | None:
    """A whole number from `low` to `high`, or `fed`; None where that is no whole number from `low` to `limit`."""
    if fed is None:
        return rng.randint(low, high)
    value = Fraction(fed)
    return value.numerator if value.denominator == 1 and low <= value <= limit else None


def proper_probability(rng: Random, fed: Number | None, largest: int) -> Fraction | None:
    """A fraction strictly between 0 and 1, or `fed` itself; denominators of up to `largest` only."""
    if fed is None:
        below = rng.randint(2, largest)
        return Fraction(rng.randint(1, below - 1), below)
    value = Fraction(fed)
    return value if 0 < value < 1 and value.denominator <= largest else None


def chosen(n: int, k: int) -> str:
    """A binomial coefficient with its working: `C(5, 2) = (5 * 4)/(2 * 1) = 10`."""
    if k in (0, n):
        return f"C({n}, {k}) = 1"
    fewer = min(k, n - k)
    name = f"C({n}, {k})" if fewer == k else f"C({n}, {k}) = C({n}, {fewer})"
    above = " * ".join(str(n - i) for i in range(fewer))
    below = " * ".join(str(fewer - i) for i in range(fewer))
    return f"{name} = {comb(n, k)}" if fewer == 1 else f"{name} = ({above})/({below}) = {comb(n, k)}"


def raised(base: Number, exponent: int) -> str:
    """A power as it is written: `(2/3)^4`, `5^2`, `(1/2)` for exponent 1."""
    value = Fraction(base)
    shown = str(value) if value.denominator == 1 and value >= 0 else f"({value})"
    return shown if exponent == 1 else f"{shown}^{exponent}"
