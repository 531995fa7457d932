"""Skills of number bases: base ten from other bases, binary digits, digit sums."""

import random

from synth_assets.teachers.embedded.parameters import whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution
from synth_assets.teachers.embedded.skills.fed import fed_whole


def _digits(number: int, base: int) -> list[int]:
    """The digits of a positive number in a base, the leading one first."""
    digits: list[int] = []
    while number:
        number, digit = divmod(number, base)
        digits.insert(0, digit)
    return digits


def _draw_from_base(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    base = rng.choice((2, 5, 8) if difficulty == 1 else range(3, 10))
    number = rng.randint(base**2, base ** (3 + difficulty) if base == 2 else base ** (2 + difficulty))
    return {"base": base, "digits": "".join(map(str, _digits(number, base)))}


def _solve_from_base(p: Parameters) -> Solution:
    base, digits = whole(p, "base"), word(p, "digits")
    value = int(digits, base)
    terms = [f"{digit} * {base ** (len(digits) - 1 - place)}" for place, digit in enumerate(digits)]
    return Solution(
        (
            f"In positional notation with the base {base} the place values from the right are "
            f"{', '.join(str(base**k) for k in range(len(digits)))}.",
            f"So the number is {' + '.join(terms)} = {value}.",
        ),
        value,
    )


def _draw_binary_ones(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    number = fed_whole(fed, rng.randint(9, 300 * difficulty), least=4)
    return {"number": number} if number else None


def _solve_binary_ones(p: Parameters) -> Solution:
    number = whole(p, "number")
    digits = f"{number:b}"
    powers = [str(2 ** (len(digits) - 1 - k)) for k, digit in enumerate(digits) if digit == "1"]
    split = (
        f"as a sum of different powers of 2: {number} = {' + '.join(powers)}" if len(powers) > 1 else "as a power of 2"
    )
    return Solution(
        (
            f"Write {number} {split}.",
            f"As a binary number it is {digits}.",
            f"The digit 1 occurs in it once for every power used, that is, {len(powers)} times."
            if len(powers) > 1
            else "The digit 1 occurs in it 1 time.",
        ),
        len(powers),
    )


def _draw_base_digit_sum(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    number = fed_whole(fed, rng.randint(20, 400 * difficulty), least=5)
    base = rng.choice((3, 4, 5) if difficulty == 1 else range(3, 10))
    return {"number": number, "base": base} if number and number >= base else None


def _solve_base_digit_sum(p: Parameters) -> Solution:
    number, base = whole(p, "number"), whole(p, "base")
    digits = _digits(number, base)
    return Solution(
        (
            f"Divide {number} by the number base {base} again and again; the remainders, from last to first, are "
            f"{', '.join(map(str, digits))}.",
            f"So in base {base} the number is written {''.join(map(str, digits))}.",
            f"The digit sum is {' + '.join(map(str, digits))} = {sum(digits)}.",
        ),
        sum(digits),
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        name="base_to_decimal",
        topic="number bases",
        concepts=("number base", "positional notation", "place value"),
        level="middle",
        phrasings=(
            "The number {digits} is written in base {base}. What is it in base ten?",
            "Convert {digits} from base {base} to base ten.",
            "A number system with the base {base} writes a number as {digits}. What is the number in ordinary decimal "
            "notation?",
            "{person} counts the {items} at {place} in base {base} and notes {digits}. How many {items} are there, "
            "written in base ten?",
            "Find the base-ten value of the base {base} numeral {digits}.",
        ),
        draw=_draw_from_base,
        solve=_solve_from_base,
    ),
    Skill(
        name="ones_in_binary",
        topic="number bases",
        concepts=("binary number", "digit"),
        level="middle",
        phrasings=(
            "How many times does the digit 1 occur when {number} is written in base two?",
            "Write {number} as a binary number. How many ones does it contain?",
            "Write {number} as a sum of powers of 2, of which 1 is one; a power may be used more than once. What is "
            "the least number of powers that will do?",
            "{person} weighs {number} grams on a balance with one weight each of 1, 2, 4, 8, 16 grams and so on, all "
            "on the other pan. How many weights does {person} use?",
            "Count the binary digits of {number} that are equal to 1.",
        ),
        draw=_draw_binary_ones,
        solve=_solve_binary_ones,
        feed="number",
    ),
    Skill(
        name="digit_sum_in_base",
        topic="number bases",
        concepts=("number base", "digit sum", "positional notation"),
        level="competition",
        phrasings=(
            "Write {number} in base {base}. What is the sum of its digits in that base?",
            "Find the digit sum of {number} when it is written in the number base {base}.",
            "{person} converts {number} from base ten to base {base}, and {other} adds the digits of the result. What "
            "sum does {other} find?",
            "What do the digits of the base {base} representation of {number} add up to, in base ten?",
            "{person} pays exactly {number} tokens using as few tickets as possible, where tickets are worth 1, "
            "{base}, {base}^2, {base}^3, ... tokens. How many tickets does {person} use?",
        ),
        draw=_draw_base_digit_sum,
        solve=_solve_base_digit_sum,
        feed="number",
    ),
)
