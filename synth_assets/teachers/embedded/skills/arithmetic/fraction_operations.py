"""Skills of the operations with fractions: sums, differences, quotients, complex fractions."""

import random
from fractions import Fraction
from math import lcm

from synth_assets.teachers.embedded.parameters import number
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.arithmetic.fractions import over_denominator, proper_fraction


def _mixed(value: Fraction) -> str:
    count, rest = divmod(value, 1)
    return f"{count} {rest}"


def _draw_sum(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first = proper_fraction(rng, 4 + 5 * difficulty) if fed is None else Fraction(fed)
    second = proper_fraction(rng, 4 + 5 * difficulty)
    return {"first": first, "second": second} if 0 < first <= 1000 and first.denominator <= 60 else None


def _solve_sum(p: Parameters) -> Solution:
    first, second = number(p, "first"), number(p, "second")
    common = lcm(first.denominator, second.denominator)
    steps = [
        f"The least common denominator of {written(first)} and {second} is {common}.",
        f"With this common denominator {written(first)} = {over_denominator(first, common)} and {second} = "
        f"{over_denominator(second, common)}.",
        f"Add the numerators: {first * common} + {second * common} = {(first + second) * common}, "
        f"so the sum is {over_denominator(first + second, common)}.",
    ]
    if (first + second).denominator != common:
        steps.append(f"In lowest terms this is {written(first + second)}.")
    return Solution(tuple(steps), first + second)


def _draw_mixed_difference(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    second = rng.randint(1, 3 * difficulty) + proper_fraction(rng, 3 + 3 * difficulty)
    first = second + rng.randint(0, 4 * difficulty) + proper_fraction(rng, 3 + 3 * difficulty)
    if first.denominator == 1:
        first += Fraction(1, 2)
    return {"first": _mixed(first), "second": _mixed(second), "minuend": first, "subtrahend": second}


def _solve_mixed_difference(p: Parameters) -> Solution:
    first, second = number(p, "minuend"), number(p, "subtrahend")
    common = lcm(first.denominator, second.denominator)
    difference = first - second
    return Solution(
        (
            f"As improper fractions the mixed numbers are {_mixed(first)} = {first} and {_mixed(second)} = {second}.",
            f"The least common denominator is {common}, so they become {over_denominator(first, common)} and "
            f"{over_denominator(second, common)}.",
            f"Subtract the numerators: {first * common} - {second * common} = {difference * common}.",
            f"The difference is {over_denominator(difference, common)} = {written(difference)}."
            if difference.denominator != common
            else f"The difference is {over_denominator(difference, common)}.",
        ),
        difference,
    )


def _draw_pieces(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    if fed is None:
        piece = proper_fraction(rng, 4 + 4 * difficulty) + rng.randint(0, difficulty - 1)
        return {"length": piece * rng.randint(3, 8 * difficulty), "piece": piece}
    length = Fraction(fed)
    pieces = [length / k for k in range(2, 13) if 1 < (length / k).denominator <= 24]
    return {"length": length, "piece": rng.choice(pieces)} if 0 < length <= 1000 and pieces else None


def _solve_pieces(p: Parameters) -> Solution:
    length, piece = number(p, "length"), number(p, "piece")
    return Solution(
        (
            f"Division of fractions means multiplication by the reciprocal; the reciprocal of {piece} is "
            f"{piece.denominator}/{piece.numerator}.",
            f"So {written(length)} divided by {piece} equals "
            f"{written(length)} * {piece.denominator}/{piece.numerator} = {written(length / piece)}.",
        ),
        length / piece,
    )


def _draw_complex(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    return {name: proper_fraction(rng, 3 + 3 * difficulty) for name in ("first", "second", "divisor")}


def _solve_complex(p: Parameters) -> Solution:
    first, second, divisor = number(p, "first"), number(p, "second"), number(p, "divisor")
    top = first + second
    return Solution(
        (
            f"The numerator of the complex fraction is {first} + {second} = {written(top)}.",
            f"Divide by multiplying with the reciprocal of {divisor}: "
            f"{written(top)} * {divisor.denominator}/{divisor.numerator} = {written(top / divisor)}.",
        ),
        top / divisor,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        name="add_fractions",
        topic="fractions",
        concepts=("addition of fractions", "common denominator", "least common denominator"),
        level="primary",
        phrasings=(
            "Add the fractions: {first} + {second}.",
            "What is the sum of {first} and {second}? Give an exact fraction.",
            "{person} carries the relay baton for {first} km and {other} for the next {second} km. How many "
            "kilometres have they run together? Give an exact fraction.",
            "At {place} a load of {first} tonnes of sand is followed by another of {second} tonnes. How many tonnes "
            "of sand is that in all, as an exact fraction?",
            "Use a common denominator to find {first} + {second}.",
        ),
        draw=_draw_sum,
        solve=_solve_sum,
        feed="first",
    ),
    Skill(
        name="subtract_mixed_numbers",
        topic="fractions",
        concepts=("mixed number", "improper fraction", "difference"),
        level="primary",
        phrasings=(
            "Subtract the mixed numbers: ({first}) - ({second}).",
            "A rope is {first} metres long. {person} cuts off {second} metres of it. How many metres of rope are "
            "left, as an exact fraction?",
            "Find the difference between the mixed numbers {first} and {second}.",
            "{person} walked {first} miles and {other} walked {second} miles. How many miles farther did {person} "
            "walk? Give an exact fraction.",
            "By how much is {first} greater than {second}? Answer with an exact fraction.",
        ),
        draw=_draw_mixed_difference,
        solve=_solve_mixed_difference,
    ),
    Skill(
        name="divide_fractions",
        topic="fractions",
        concepts=("division of fractions", "reciprocal", "quotient"),
        level="middle",
        phrasings=(
            "Find the quotient of {length} and {piece}.",
            "A ribbon has a length of {length} metres. {person} cuts it into pieces with a length of {piece} metres "
            "each. How many pieces are there?",
            "Divide {length} by {piece} by multiplying with the reciprocal.",
            "How many times does {piece} go into {length}?",
            "A supply of {length} litres of paint is poured into tins that take {piece} litres each. How many tins are "
            "filled?",
        ),
        draw=_draw_pieces,
        solve=_solve_pieces,
        feed="length",
    ),
    Skill(
        name="complex_fraction",
        topic="fractions",
        concepts=("complex fraction", "reciprocal"),
        level="middle",
        phrasings=(
            "Simplify the complex fraction ({first} + {second}) / ({divisor}).",
            "Divide the sum of {first} and {second} by {divisor}. Give an exact fraction.",
            "A complex fraction has the numerator {first} + {second} and the denominator {divisor}. What is its value?",
            "{person} adds {first} and {second} and divides the sum by {divisor}. What exact number does {person} get?",
            "Evaluate ({first} + {second}) divided by ({divisor}) as a fraction in lowest terms.",
        ),
        draw=_draw_complex,
        solve=_solve_complex,
    ),
)
