"""Skills on inequalities and on equations and inequalities with absolute values."""

import random
from fractions import Fraction
from math import ceil, floor

from synth_assets.teachers.embedded.parameters import whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.algebra.notation import difference, nonzero, polynomial, whole_input


def _draw_linear(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a, b = rng.randint(2, 6 + 3 * difficulty), rng.randint(2, 15 * difficulty)
    c = whole_input(rng, fed, 2 * a + b, 60 + 80 * difficulty, smallest=8)
    if c is None:
        return None
    a = min(a, (c - 2) // 2)
    return {"a": a, "b": min(b, c - 2 * a), "c": c}


def _solve_linear(p: Parameters) -> Solution:
    a, b, c = (whole(p, name) for name in "abc")
    bound, answer = Fraction(c - b, a), (c - b) // a
    last = (
        f"x <= {written(bound)}"
        if bound.denominator == 1
        else f"x <= {c - b}/{a}, and {c - b}/{a} lies below {answer + 1}"
    )
    return Solution(
        (
            f"The linear inequality is {a}x + {b} <= {c}; subtracting {b} gives {a}x <= {c - b}.",
            f"Dividing by the positive number {a} keeps the inequality sign: {last}.",
            f"The largest whole number that satisfies this is {answer}.",
        ),
        answer,
    )


def _draw_compound(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a, b = rng.randint(2, 4 + difficulty), nonzero(rng, 6 + 4 * difficulty)
    high = whole_input(rng, fed, 5, 20 + 20 * difficulty, smallest=-100, largest=10**4)
    if high is None:
        return None
    low = high - rng.randint(2 * a, 12 * a * difficulty)
    return {"a": a, "b": b, "low": low, "high": high, "middle": polynomial((a, b))}


def _solve_compound(p: Parameters) -> Solution:
    a, b, low, high = (whole(p, name) for name in ("a", "b", "low", "high"))
    first, last = floor(Fraction(low - b, a)) + 1, floor(Fraction(high - b, a))
    verb = f"Subtract {b} from" if b > 0 else f"Add {-b} to"
    return Solution(
        (
            f"{verb} all three parts of the compound inequality: {low - b} < {a}x <= {high - b}.",
            f"Dividing by {a}, the integers x lie above {written(Fraction(low - b, a))} and reach at most "
            f"{written(Fraction(high - b, a))}.",
            f"These are the integers from {first} to {last}, and there are {difference(last, first)} + 1 = "
            f"{last - first + 1} of them.",
        ),
        last - first + 1,
    )


def _draw_absolute_equation(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    for _ in range(40):
        a, b = rng.randint(1, 1 + 2 * difficulty), nonzero(rng, 10 + 5 * difficulty)
        c = whole_input(rng, fed, 2, 30 * difficulty, smallest=1)
        if c is None:
            return None
        if (c - b) % a == 0:
            return {"a": a, "b": b, "c": c, "inside": polynomial((a, b))}
    return None


def _solve_absolute_equation(p: Parameters) -> Solution:
    a, b, c = (whole(p, name) for name in "abc")
    inside = word(p, "inside")
    larger, smaller = Fraction(c - b, a), Fraction(-c - b, a)
    return Solution(
        (
            f"The absolute value equation means that {inside} = {c} or {inside} = {-c}.",
            f"The first case gives x = {written(larger)}, the second x = {written(smaller)}.",
            f"The larger of the two solutions is {written(larger)}.",
        ),
        larger,
    )


def _draw_absolute_inequality(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    c = whole_input(rng, fed, 2, 20 * difficulty, smallest=3)
    if c is None:
        return None
    a = rng.randint(1, difficulty)
    b = nonzero(rng, 15 + 5 * difficulty)
    return {"a": a, "b": b, "c": c, "inside": polynomial((a, b))}


def _solve_absolute_inequality(p: Parameters) -> Solution:
    a, b, c = (whole(p, name) for name in "abc")
    low, high = Fraction(-c - b, a), Fraction(c - b, a)
    first, last = floor(low) + 1, ceil(high) - 1
    return Solution(
        (
            f"The absolute value inequality |{word(p, 'inside')}| < {c} means -{c} < {word(p, 'inside')} < {c}.",
            f"Solving for x gives {written(low)} < x < {written(high)}.",
            f"The integers in this interval run from {first} to {last}: there are {difference(last, first)} + 1 = "
            f"{last - first + 1}.",
        ),
        last - first + 1,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "largest_integer_of_inequality",
        "linear and absolute value inequalities",
        ("linear inequality", "inequality symbol"),
        "middle",
        (
            "What is the largest integer x that satisfies {a}x + {b} <= {c}?",
            "{person} has {c} dollars. Getting into {place} costs {b} dollars, and the {items} sold there cost {a} "
            "dollars each. What is the greatest number of {items} that {person} can buy?",
            "Solve the inequality {a}x + {b} <= {c} and name the greatest whole number among its solutions.",
            "A lift may carry {c} kilograms. It carries a trolley of {b} kilograms and as many crates of {a} "
            "kilograms as possible. How many crates does it carry?",
            "Find the greatest whole number for which {a} times the number, increased by {b}, is less than or equal "
            "to {c}.",
        ),
        _draw_linear,
        _solve_linear,
        feed="c",
    ),
    Skill(
        "integers_in_compound_inequality",
        "linear and absolute value inequalities",
        ("compound inequality", "interval notation"),
        "high school",
        (
            "How many integers x satisfy {low} < {middle} <= {high}?",
            "Solve the compound inequality {low} < {middle} <= {high} and count its integer solutions.",
            "The expression {middle} takes a value in the interval ({low}, {high}], where x is an integer. How many "
            "values of x are possible?",
            "{person} lists all integers x for which {middle} is greater than {low} and at most {high}. How long is "
            "the list?",
            "For how many integers x are both {middle} > {low} and {middle} <= {high} true?",
        ),
        _draw_compound,
        _solve_compound,
        feed="high",
    ),
    Skill(
        "absolute_value_equation",
        "linear and absolute value inequalities",
        ("absolute value equation", "solution set"),
        "high school",
        (
            "Solve |{inside}| = {c}. What is the larger of the two solutions?",
            "Find the greatest number x with |{inside}| = {c}.",
            "The absolute value of {inside} is {c}. What is the largest possible value of x?",
            "{person} and {other} each found one of the two solutions of |{inside}| = {c}, and {person} has the "
            "larger one. Which number did {person} find?",
            "The equation |{inside}| = {c} has two solutions. Give the one that lies further to the right on the "
            "number line.",
        ),
        _draw_absolute_equation,
        _solve_absolute_equation,
        feed="c",
    ),
    Skill(
        "absolute_value_inequality",
        "linear and absolute value inequalities",
        ("absolute value inequality", "solution set"),
        "high school",
        (
            "How many integers x satisfy |{inside}| < {c}?",
            "Solve the inequality |{inside}| < {c} and count the integers in its solution set.",
            "For how many integers x does the absolute value of {inside} stay below {c}?",
            "{person} marks on a number line every integer x with |{inside}| < {c}. How many points does {person} "
            "mark?",
            "The solution set of |{inside}| < {c} is an open interval. How many integers does it contain?",
        ),
        _draw_absolute_inequality,
        _solve_absolute_inequality,
        feed="c",
    ),
)
