"""Skills of place value: rounding, the value of a digit, estimation."""

import random

from synth_assets.teachers.embedded.parameters import whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution
from synth_assets.teachers.embedded.skills.fed import fed_whole

_COLUMNS = ("ones", "tens", "hundreds", "thousands", "ten thousands", "hundred thousands")


_NEAREST = ("one", "ten", "hundred", "thousand", "ten thousand")


def _nearest(number: int, unit: int) -> int:
    return (number + unit // 2) // unit * unit


def _draw_rounding(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    number = fed_whole(fed, rng.randint(120, 12 * 10 ** (difficulty + 2)), least=11)
    if number is None:
        return None
    exponents = [k for k in range(1, min(difficulty + 1, 4) + 1) if number > 10**k and number % 10**k]
    if not exponents:
        return None if fed is not None else _draw_rounding(rng, difficulty, fed)
    exponent = rng.choice(exponents)
    return {"number": number, "unit": 10**exponent, "unit_name": _NEAREST[exponent]}


def _solve_rounding(p: Parameters) -> Solution:
    number, unit, name = whole(p, "number"), whole(p, "unit"), word(p, "unit_name")
    below, digit = number // unit * unit, number % unit * 10 // unit
    side = "5 or more, so round up" if digit >= 5 else "less than 5, so round down"
    return Solution(
        (
            f"The number {number} lies between {below} and {below + unit}, two neighbouring multiples of {unit}.",
            f"The digit just right of the rounding place is {digit}, which is {side}.",
            f"Rounding {number} to the nearest {name} gives {_nearest(number, unit)}.",
        ),
        _nearest(number, unit),
    )


def _draw_digit_value(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    number = fed_whole(fed, rng.randint(1234, 99 * 10 ** (difficulty + 1)), least=12, most=999_999)
    if number is None:
        return None
    exponents = [k for k in range(1, len(str(number))) if number // 10**k % 10]
    exponent = rng.choice(exponents)
    return {"number": number, "unit": 10**exponent, "column": _COLUMNS[exponent]}


def _solve_digit_value(p: Parameters) -> Solution:
    number, unit, column = whole(p, "number"), whole(p, "unit"), word(p, "column")
    digit = number // unit % 10
    return Solution(
        (
            f"In {number} the digit in the {column} place is {digit}.",
            f"The place value of the {column} place is {unit}.",
            f"So the digit stands for {digit} * {unit} = {digit * unit}.",
        ),
        digit * unit,
    )


def _draw_estimate(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first = fed_whole(fed, rng.randint(11, 90 * difficulty), least=11, most=10**5)
    second = rng.randint(12, 50 * difficulty)
    if first is None:
        return None
    return {"first": first, "second": second + (second % 10 == 0)}


def _solve_estimate(p: Parameters) -> Solution:
    first, second = whole(p, "first"), whole(p, "second")
    left, right = _nearest(first, 10), _nearest(second, 10)
    return Solution(
        (
            f"For the estimation, rounding to the nearest ten turns {first} into {left} and {second} into {right}.",
            f"The estimated product is {left} * {right} = {left * right}.",
        ),
        left * right,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        name="round_whole_number",
        topic="place value and rounding",
        concepts=("rounding", "place value", "digit"),
        level="primary",
        phrasings=(
            "Round {number} to the nearest {unit_name}.",
            "What is {number} when it is rounded to the nearest {unit_name}?",
            "A newspaper reports the number of visitors to {place}, which was {number}, rounded to the nearest "
            "{unit_name}. What number does it print?",
            "{person} counted {number} {items} and tells {other} the count to the nearest {unit_name}. Which number "
            "does {person} say?",
            "Which multiple of {unit} is closest to {number}, rounding up if two are equally close?",
        ),
        draw=_draw_rounding,
        solve=_solve_rounding,
        feed="number",
    ),
    Skill(
        name="value_of_digit",
        topic="place value and rounding",
        concepts=("place value", "digit", "expanded form"),
        level="primary",
        phrasings=(
            "What value does the digit in the {column} place of {number} stand for?",
            "Give the value, that is, digit times place value, of the {column} digit of {number}.",
            "{person} counted {number} {items} at {place} and wrote the number down. What value does the digit in the "
            "{column} place stand for?",
            "When {number} is written in expanded form, what is the term for the {column} place?",
            "By how much would {number} decrease if the digit in its {column} place were replaced with 0?",
        ),
        draw=_draw_digit_value,
        solve=_solve_digit_value,
        feed="number",
    ),
    Skill(
        name="estimate_product",
        topic="place value and rounding",
        concepts=("estimation", "rounding", "product"),
        level="primary",
        phrasings=(
            "Estimate {first} * {second} by first rounding each factor to the nearest ten.",
            "Round {first} and {second} to the nearest ten, halves upwards, and multiply the rounded numbers. "
            "What estimate results?",
            "{person} orders {first} lots of {second} {items} each and rounds both numbers to the nearest ten "
            "to estimate how many {items} will arrive. What is the estimate?",
            "About {first} people a day visit {place}. To estimate the visits in {second} days, {person} rounds both "
            "numbers to the nearest ten and multiplies. What estimate does {person} get?",
            "Give an estimate for the product of {first} and {second}, using each number rounded to the nearest ten.",
        ),
        draw=_draw_estimate,
        solve=_solve_estimate,
        feed="first",
    ),
)
