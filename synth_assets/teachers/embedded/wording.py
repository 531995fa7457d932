"""Small repairs of written problems: a noun counted once stands in the singular, an expression as books print it."""

import re

_COUNTED = """centimetres cups days decimetres degrees dimes dollars feet grams hours inches kilograms kilometres
    litres metres millimetres minutes newtons nickels parts pints points quarters quarts rows seats seconds successes
    tiles units weeks years"""
_IRREGULAR = {"feet": "foot", "inches": "inch", "successes": "success"}
_ONE_OF_MANY = re.compile(rf"(?<![\w.,/])(?<![-+*/^:] )1 (?P<noun>{'|'.join(_COUNTED.split())})\b")
_PRODUCT = re.compile(r"(?<=[\da-z)])\*(?=[a-z]\b|\()")


def singular_for_one(text: str) -> str:
    """`text` with "1 metre" for "1 metres"; "x + 1 metres" stays, for there the sum is counted."""
    return _ONE_OF_MANY.sub(lambda match: f"1 {_singular(match['noun'])}", text)


def as_printed(expression: str) -> str:
    """An expression in SymPy's syntax as the problems print it: `3x^2(x - 5)` for `3*x**2*(x - 5)`."""
    return _PRODUCT.sub("", expression.replace("**", "^"))


def _singular(noun: str) -> str:
    return _IRREGULAR.get(noun, noun.removesuffix("s"))
