"""Skills on rational expressions, rational equations and inverse variation."""

import random
from fractions import Fraction

from synth_assets.teachers.embedded.parameters import number, whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.algebra.notation import (
    bracketed,
    nonzero,
    polynomial,
    polynomial_answer,
    redrawn,
    signed,
    whole_input,
)


@redrawn
def _draw_simplify(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    r, s, t = (nonzero(rng, 6 + 3 * difficulty) for _ in range(3))
    if fed is not None or len({r, s, t}) < 3:
        return None
    return {
        "r": r,
        "s": s,
        "t": t,
        "top": polynomial((1, r + s, r * s)),
        "bottom": polynomial((1, r + t, r * t)),
    }


def _solve_simplify(p: Parameters) -> Solution:
    r, s, t = (polynomial((1, whole(p, name))) for name in "rst")
    top, bottom = (polynomial_answer((1, whole(p, name))) for name in "st")
    return Solution(
        (
            f"To simplify a rational expression, factor: the numerator is ({r})({s}), the denominator is ({r})({t}).",
            f"The common factor {r} cancels wherever it is not 0.",
            f"What remains is ({s})/({t}).",
        ),
        f"({top})/({bottom})",
    )


@redrawn
def _draw_value(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    x = whole_input(rng, fed, 2, 30 * difficulty, smallest=-(10**4), largest=10**5)
    r, s = nonzero(rng, 9), nonzero(rng, 6 + 3 * difficulty)
    if x is None or x == -r or r + s == 0:
        return None
    return {"x": x, "r": r, "s": s, "top": polynomial((1, r + s, r * s)), "bottom": polynomial((1, r))}


def _solve_value(p: Parameters) -> Solution:
    x, r, s = whole(p, "x"), whole(p, "r"), whole(p, "s")
    return Solution(
        (
            f"Factor the numerator of the rational expression: {word(p, 'top')} = ({polynomial((1, r))})"
            f"({polynomial((1, s))}).",
            f"The factor {polynomial((1, r))} cancels, because it is not 0 at x = {x}; {polynomial((1, s))} remains.",
            f"Its value is {x} {signed(s)} = {x + s}.",
        ),
        x + s,
    )


def _draw_equation(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    r = rng.randint(1, 9 * difficulty)
    if fed is None:
        m = rng.randint(2, 6 + 3 * difficulty)
        return {"k": m * rng.randint(2, 8 * difficulty), "m": m, "r": r}
    k = whole_input(rng, fed, 2, 2)
    divisors = [m for m in range(2, 26) if k is not None and k % m == 0]
    return None if k is None or not divisors else {"k": k, "m": rng.choice(divisors), "r": r}


def _solve_equation(p: Parameters) -> Solution:
    k, m, r = whole(p, "k"), whole(p, "m"), whole(p, "r")
    return Solution(
        (
            f"Multiply both sides of the rational equation by x - {r}, where x = {r} is an excluded value: "
            f"{k} = {m}(x - {r}).",
            f"Divide by {m}: x - {r} = {k // m}.",
            f"So x = {k // m} + {r} = {k // m + r}, which is not excluded.",
        ),
        k // m + r,
    )


@redrawn
def _draw_excluded(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    r, s, top = nonzero(rng, 6 + 4 * difficulty), nonzero(rng, 6 + 4 * difficulty), rng.randint(1, 9)
    if fed is not None or r == s or r + s == 0:
        return None
    return {"r": r, "s": s, "top": top, "bottom": polynomial((1, -r - s, r * s))}


def _solve_excluded(p: Parameters) -> Solution:
    r, s = whole(p, "r"), whole(p, "s")
    return Solution(
        (
            "The excluded values are the numbers for which the denominator is 0.",
            f"The denominator factors: {word(p, 'bottom')} = ({polynomial((1, -r))})({polynomial((1, -s))}).",
            f"It is 0 for x = {r} and x = {s}, so the larger excluded value is {max(r, s)}.",
        ),
        max(r, s),
    )


@redrawn
def _draw_inverse_variation(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first = rng.randint(2, 8 + 4 * difficulty)
    value = whole_input(rng, fed, 2, 30 * difficulty, smallest=1)
    if value is None:
        return None
    most = 1 if fed is None and difficulty == 1 else 4
    fitting = [n for n in range(2, 41) if n != first and Fraction(first * value, n).denominator <= most]
    return {"first": first, "value": value, "second": rng.choice(fitting)} if fitting else None


def _solve_inverse_variation(p: Parameters) -> Solution:
    first, value, second = whole(p, "first"), number(p, "value"), whole(p, "second")
    answer = first * value / second
    return Solution(
        (
            f"In inverse variation the product is constant: {first} * {bracketed(value)} = {written(first * value)}.",
            f"Dividing this by {second} gives {written(answer)}.",
        ),
        answer,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "simplify_rational_expression",
        "rational expressions",
        ("simplifying a rational expression", "rational expression"),
        "high school",
        (
            "Simplify ({top})/({bottom}).",
            "Write the rational expression ({top})/({bottom}) in lowest terms.",
            "{person} factors the numerator and the denominator of ({top})/({bottom}) and cancels the common factor. "
            "What is left?",
            "Divide {top} by {bottom} and cancel common factors. Which rational expression results?",
            "Reduce the algebraic fraction with numerator {top} and denominator {bottom}.",
        ),
        _draw_simplify,
        _solve_simplify,
    ),
    Skill(
        "value_of_rational_expression",
        "rational expressions",
        ("rational expression", "evaluating an expression", "factoring"),
        "high school",
        (
            "Find the value of ({top})/({bottom}) for x = {x}.",
            "Evaluate the rational expression ({top})/({bottom}) when x = {x}.",
            "{person} simplifies ({top})/({bottom}) first and then puts x = {x}. Which number results?",
            "Let x = {x}. What is {top} divided by {bottom}?",
            "What value does the rational function f(x) = ({top})/({bottom}) take at x = {x}?",
        ),
        _draw_value,
        _solve_value,
        feed="x",
    ),
    Skill(
        "rational_equation",
        "rational expressions",
        ("rational equation", "excluded value"),
        "high school",
        (
            "Solve {k}/(x - {r}) = {m}.",
            "For which x does the fraction with numerator {k} and denominator x - {r} have the value {m}?",
            "{person} shares {k} {items} equally among the guests at {place}. There are x guests, but {r} of them take "
            "nothing, and each of the others gets {m} {items}. Find x.",
            "Find the solution of the rational equation {m} = {k}/(x - {r}).",
            "When {k} is divided by a number that has been made smaller by {r}, the result is {m}. What is the number?",
        ),
        _draw_equation,
        _solve_equation,
        feed="k",
    ),
    Skill(
        "excluded_value",
        "rational expressions",
        ("excluded value", "rational expression", "factoring"),
        "high school",
        (
            "The expression {top}/({bottom}) is undefined for two values of x. What is the larger one?",
            "Find the largest number x for which {top}/({bottom}) is not defined.",
            "Which is the greater of the two excluded values of the rational expression {top}/({bottom})?",
            "{person} lists the numbers that may not be put for x in {top}/({bottom}). What is the larger of these "
            "two numbers?",
            "The domain of f(x) = {top}/({bottom}) leaves out two real numbers. Give the greater one.",
        ),
        _draw_excluded,
        _solve_excluded,
    ),
    Skill(
        "inverse_variation",
        "rational expressions",
        ("inverse variation", "rational function"),
        "high school",
        (
            "The quantity y varies inversely as x, and y = {value} when x = {first}. Find y when x = {second}.",
            "If y is inversely proportional to x and y is {value} for x equal to {first}, what is y for x equal to "
            "{second}?",
            "At {place}, {first} workers need {value} hours to load all the {items}. The time varies inversely as the "
            "number of workers. How many hours do {second} workers need?",
            "The food at a camp lasts {value} days for {first} people. How many days does it last for {second} people "
            "who eat at the same rate?",
            "The points ({first}, {value}) and ({second}, y) lie on the graph of a function y = k/x. What is y?",
        ),
        _draw_inverse_variation,
        _solve_inverse_variation,
        feed="value",
    ),
)
