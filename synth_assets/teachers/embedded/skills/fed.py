"""How a skill takes a fed value in the place of a drawn one."""

from fractions import Fraction

from synth_assets.teachers.embedded.skill import Number


def fed_whole(fed: Number | None, drawn: int, least: int = 2, most: int = 10**6) -> int | None:
    """`drawn` where nothing is fed; otherwise the fed value, or None where it is not a whole number in the range."""
    if fed is None:
        return drawn
    value = Fraction(fed)
    return value.numerator if value.denominator == 1 and least <= value <= most else None


def fed_cents(fed: Number | None, drawn: int, most: int = 10**6) -> Fraction | None:
    """`drawn` dollars where nothing is fed; otherwise the fed amount, or None where it is no payable one above $1."""
    amount = Fraction(drawn if fed is None else fed)
    return amount if 1 < amount <= most and (amount * 100).denominator == 1 else None
