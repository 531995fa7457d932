"""Typed access to the drawn parameters of a skill."""

from fractions import Fraction

from synth_assets.teachers.embedded.skill import Parameters


def number(parameters: Parameters, name: str) -> Fraction:
    """The number drawn as `name`. Raises TypeError where it is a word or a tuple."""
    value = parameters[name]
    if isinstance(value, str | tuple):
        raise TypeError(f"parameter {name} is {value!r}, not a number")
    return Fraction(value)


def whole(parameters: Parameters, name: str) -> int:
    """The whole number drawn as `name`. Raises TypeError where it is anything else."""
    value = number(parameters, name)
    if value.denominator != 1:
        raise TypeError(f"parameter {name} is {value}, not a whole number")
    return value.numerator


def numbers(parameters: Parameters, name: str) -> tuple[Fraction, ...]:
    """The tuple of numbers drawn as `name`. Raises TypeError where it is anything else."""
    value = parameters[name]
    if not isinstance(value, tuple):
        raise TypeError(f"parameter {name} is {value!r}, not a tuple of numbers")
    return tuple(Fraction(part) for part in value)


def word(parameters: Parameters, name: str) -> str:
    """The word drawn as `name`. Raises TypeError where it is a number."""
    value = parameters[name]
    if not isinstance(value, str):
        raise TypeError(f"parameter {name} is {value!r}, not a word")
    return value
