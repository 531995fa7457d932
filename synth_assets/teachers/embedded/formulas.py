"""Formulas in whole numbers, as templates have them: computed exactly, and nothing else is."""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from synth_assets.teachers.embedded.skill import Number

_OPERATIONS: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Fraction, Fraction], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_FUNCTIONS: Mapping[str, Callable[..., int]] = {"gcd": math.gcd, "lcm": math.lcm, "min": min, "max": max}
_HIGHEST_POWER = 6


def value_of(formula: str, numbers: Mapping[str, int]) -> Number:
    """The exact value of a formula of numbers by name: `+ - * / // % **`, `gcd`, `lcm`, `min`, `max`.

    Raises ValueError for anything else, a name that is not among `numbers`, or a division by zero.
    """
    try:
        value = _value(_parsed(formula), numbers)
    except (ZeroDivisionError, SyntaxError) as error:
        raise ValueError(f"the formula {formula!r} has no value: {error}") from None
    return value.numerator if value.denominator == 1 else value


def holds(condition: str, numbers: Mapping[str, int]) -> bool:
    """Whether a comparison of formulas is true, such as `a % b == 0`. Raises ValueError as :func:`value_of`."""
    match _parsed(condition):
        case ast.Compare(left=left, ops=[comparison], comparators=[right]):
            return _COMPARISONS[type(comparison)](_value(left, numbers), _value(right, numbers))
    raise ValueError(f"{condition!r} is no comparison of two formulas")


@lru_cache(maxsize=1_000)
def _parsed(formula: str) -> ast.expr:
    return ast.parse(formula.strip(), mode="eval").body


def _value(node: Any, numbers: Mapping[str, int]) -> Fraction:
    match node:
        case ast.Constant(value=int(value)):
            return Fraction(value)
        case ast.Name(id=name) if name in numbers:
            return Fraction(numbers[name])
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, numbers)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            power = _value(right, numbers)
            if power.denominator == 1 and 0 <= power <= _HIGHEST_POWER:
                return _value(left, numbers) ** power.numerator
        case ast.BinOp(left=left, op=operation, right=right) if type(operation) in _OPERATIONS:
            return Fraction(_OPERATIONS[type(operation)](_value(left, numbers), _value(right, numbers)))
        case ast.Call(func=ast.Name(id=name), args=given, keywords=[]) if name in _FUNCTIONS:
            values = [_value(argument, numbers) for argument in given]
            if all(value.denominator == 1 for value in values):
                return Fraction(_FUNCTIONS[name](*(value.numerator for value in values)))
    raise ValueError(f"{ast.unparse(node)} is no formula of {', '.join(numbers)}")
