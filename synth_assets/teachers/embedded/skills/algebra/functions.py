"""Skills on functions: notation, composition, inverse, pieces, domain and range."""

import random
from fractions import Fraction

from synth_assets.teachers.embedded.parameters import number, numbers, whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.algebra.notation import (
    nonzero,
    polynomial,
    signed,
    substituted,
    value_at,
    whole_input,
)


def _draw_notation(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    x = whole_input(rng, fed, 2, 6 + 4 * difficulty, smallest=-1000, largest=1000)
    coefficients = (nonzero(rng, difficulty), nonzero(rng, 6), nonzero(rng, 9))
    return None if x is None else {"coefficients": coefficients, "rule": polynomial(coefficients), "x": x}


def _solve_notation(p: Parameters) -> Solution:
    coefficients, x = numbers(p, "coefficients"), number(p, "x")
    at_zero = coefficients[-1]
    at_x = value_at(coefficients, x)
    return Solution(
        (
            f"In function notation f({written(x)}) is the value for x = {written(x)}: "
            f"{substituted(coefficients, x)} = {written(at_x)}.",
            f"Likewise f(0) = {written(at_zero)}.",
            f"The sum is {written(at_x)} {signed(at_zero)} = {written(at_x + at_zero)}.",
        ),
        at_x + at_zero,
    )


def _draw_composition(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    x = whole_input(rng, fed, -3, 4 + 3 * difficulty, smallest=-1000, largest=1000)
    outer = (0 if difficulty == 1 else nonzero(rng, 2), rng.randint(2, 6), nonzero(rng, 9))
    inner = (rng.randint(2, 2 + difficulty), nonzero(rng, 8))
    if x is None:
        return None
    return {"outer": outer, "inner": inner, "f": polynomial(outer), "g": polynomial(inner), "x": x}


def _solve_composition(p: Parameters) -> Solution:
    outer, inner, x = numbers(p, "outer"), numbers(p, "inner"), number(p, "x")
    middle = value_at(inner, x)
    answer = value_at(outer, middle)
    return Solution(
        (
            f"In a composition of functions the inner one comes first: g({written(x)}) = {substituted(inner, x)} = "
            f"{written(middle)}.",
            f"Then f({written(middle)}) = {substituted(outer, middle)} = {written(answer)}.",
        ),
        answer,
    )


def _draw_inverse(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    for _ in range(40):
        a, b = rng.randint(2, 5 + 2 * difficulty), nonzero(rng, 10 * difficulty)
        y = whole_input(rng, fed, -10, 40 * difficulty, smallest=-(10**5))
        if y is None:
            return None
        if (y - b) % a == 0:
            return {"a": a, "b": b, "y": y, "rule": polynomial((a, b))}
    return None


def _solve_inverse(p: Parameters) -> Solution:
    a, b, y = whole(p, "a"), whole(p, "b"), whole(p, "y")
    return Solution(
        (
            f"The inverse function takes {y} back to the number x with {polynomial((a, b))} = {y}.",
            f"So {a}x = {y} {signed(-b)} = {y - b}, and x = {(y - b) // a}.",
        ),
        (y - b) // a,
    )


def _draw_piecewise(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    x = whole_input(rng, fed, 2, 30 * difficulty)
    if x is None:
        return None
    limit = rng.randint(5, 15 * difficulty)
    low, high = rng.sample(range(2, 8 + 3 * difficulty), 2)
    return {"x": x, "limit": limit, "low": low, "high": high}


def _solve_piecewise(p: Parameters) -> Solution:
    x, limit, low, high = (whole(p, name) for name in ("x", "limit", "low", "high"))
    if x <= limit:
        return Solution(
            (
                f"Since {x} is not greater than {limit}, the first part of the piecewise function applies.",
                f"The value is {low} * {x} = {low * x}.",
            ),
            low * x,
        )
    answer = low * limit + high * (x - limit)
    return Solution(
        (
            f"Since {x} is greater than {limit}, the second part of the piecewise function applies.",
            f"The first {limit} count {low} each, which makes {low * limit}; the other {x - limit} count {high} each.",
            f"The value is {low * limit} + {high} * {x - limit} = {answer}.",
        ),
        answer,
    )


def _draw_domain(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    if fed is None:
        a = rng.randint(2, 5 + 3 * difficulty)
        return {"a": a, "b": a * rng.randint(1, 15 * difficulty), "c": rng.randint(1, 9)}
    b = whole_input(rng, fed, 2, 2)
    return None if b is None else {"a": rng.randint(2, 5 + 3 * difficulty), "b": b, "c": rng.randint(1, 9)}


def _solve_domain(p: Parameters) -> Solution:
    a, b = whole(p, "a"), whole(p, "b")
    return Solution(
        (
            "The domain of the function contains the numbers x for which the radicand is not negative.",
            f"{a}x - {b} >= 0 means {a}x >= {b}, that is, x >= {written(Fraction(b, a))}.",
        ),
        Fraction(b, a),
    )


def _draw_range(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    c = whole_input(rng, fed, 1, 15 * difficulty)
    if c is None:
        return None
    count = 2 + difficulty
    domain = tuple(sorted(rng.sample(range(-3 - difficulty, 4 + 2 * difficulty), count)))
    a = rng.randint(1, 1 + difficulty)
    return {"a": a, "c": c, "domain": domain, "square": polynomial((a, 0, 0))}


def _solve_range(p: Parameters) -> Solution:
    a, c, domain = whole(p, "a"), number(p, "c"), numbers(p, "domain")
    values = [a * x * x + c for x in domain]
    spread = max(values) - min(values)
    return Solution(
        (
            f"The values for x = {written(domain)} are {written(tuple(values))}; they make up the range of the "
            "function.",
            f"The largest value is {written(max(values))} and the smallest is {written(min(values))}.",
            f"Their sum is {written(max(values))} + {written(min(values))} = {written(max(values) + min(values))}."
            if spread
            else f"Twice this value is {written(2 * max(values))}.",
        ),
        max(values) + min(values),
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "function_notation",
        "functions and graphs",
        ("function notation", "quadratic function"),
        "high school",
        (
            "Let f(x) = {rule}. Find f({x}) + f(0).",
            "The function f is given by f(x) = {rule}. What is the sum of f({x}) and f(0)?",
            "{person} computes f({x}) and {other} computes f(0) for f(x) = {rule}. What do they get when they add "
            "their results?",
            "For f(x) = {rule}, add the function values at x = {x} and at x = 0. What is the sum?",
            "Evaluate f(0) + f({x}), where f(x) = {rule}.",
        ),
        _draw_notation,
        _solve_notation,
        feed="x",
    ),
    Skill(
        "composition_of_functions",
        "functions and graphs",
        ("composition of functions", "function notation"),
        "high school",
        (
            "Let f(x) = {f} and g(x) = {g}. Find f(g({x})).",
            "The functions f(x) = {f} and g(x) = {g} are given. What is the value of the composite function f(g(x)) at "
            "x = {x}?",
            "{person} puts {x} into g(x) = {g} and hands the result to {other}, who puts it into f(x) = {f}. Which "
            "number comes out?",
            "Compute f(g({x})) for f(x) = {f} and g(x) = {g}.",
            "First g(x) = {g} and then f(x) = {f} is applied to the number {x}. What is the result?",
        ),
        _draw_composition,
        _solve_composition,
        feed="x",
    ),
    Skill(
        "inverse_function",
        "functions and graphs",
        ("inverse function", "linear function"),
        "high school",
        (
            "Let f(x) = {rule}. What is the value of the inverse function of f at {y}?",
            "The function f(x) = {rule} has an inverse function g. Find g({y}).",
            "For which x does f(x) = {rule} take the value {y}?",
            "{person} codes a number x as {rule}, and the code is {y}. Which number x does {other} find when decoding?",
            "Find the inverse of the function f(x) = {rule} and evaluate it at {y}.",
        ),
        _draw_inverse,
        _solve_inverse,
        feed="y",
    ),
    Skill(
        "piecewise_function",
        "functions and graphs",
        ("piecewise function", "function notation"),
        "high school",
        (
            "A piecewise function is defined by f(x) = {low}x for 0 <= x <= {limit} and f(x) = {low} * {limit} + "
            "{high}(x - {limit}) for x > {limit}. Find f({x}).",
            "At {place} the first {limit} {items} of an order cost {low} dollars each, and all further {items} cost "
            "{high} dollars each. How many dollars do {x} {items} cost?",
            "{person} earns {low} dollars for each of the first {limit} hours of work in a month and {high} dollars "
            "for every hour after that. How many dollars does {person} earn for {x} hours?",
            "Water costs {low} dollars per unit up to {limit} units and {high} dollars for each unit above {limit}. "
            "What is the bill in dollars for {x} units?",
            "The function f(x) is {low}x as long as x is at most {limit}; beyond {limit} it rises by {high} for each "
            "further unit of x. What is f({x})?",
        ),
        _draw_piecewise,
        _solve_piecewise,
        feed="x",
    ),
    Skill(
        "domain_of_root_function",
        "functions and graphs",
        ("domain of a function", "square root"),
        "high school",
        (
            "What is the smallest number in the domain of f(x) = sqrt({a}x - {b}) + {c}?",
            "The domain of the function f(x) = sqrt({a}x - {b}) + {c} is the set of all x >= m. Find m.",
            "For which smallest real number x is sqrt({a}x - {b}) + {c} defined?",
            "{person} draws the graph of y = sqrt({a}x - {b}) + {c}. At which x does the graph begin?",
            "Determine the least real x that may be put into f(x) = {c} + sqrt({a}x - {b}).",
        ),
        _draw_domain,
        _solve_domain,
        feed="b",
    ),
    Skill(
        "range_over_finite_domain",
        "functions and graphs",
        ("range of a function", "domain of a function"),
        "high school",
        (
            "The domain of the function f(x) = {square} + {c} consists of the numbers {domain}. What is the sum of "
            "the largest and the smallest number in its range?",
            "Add the greatest and the least value of f(x) = {square} + {c} when x may only be one of the numbers "
            "{domain}.",
            "{person} puts each of the numbers {domain} into f(x) = {square} + {c}. What is the sum of the greatest "
            "and the least result?",
            "The domain of f consists of the numbers {domain}, and f(x) = {square} + {c}. Find the sum of the maximum "
            "and the minimum of its range.",
            "For x equal to one of the numbers {domain}, let M be the greatest and m the least value of {square} + "
            "{c}. Compute M + m.",
        ),
        _draw_range,
        _solve_range,
        feed="c",
    ),
)
