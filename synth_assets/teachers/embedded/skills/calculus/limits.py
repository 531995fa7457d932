"""Limits of quotients at a point and at infinity."""

from fractions import Fraction
from random import Random

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.fed import fed_whole


def _draw_limit(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a = rng.randint(1, 20 * difficulty)
    return {"a": a, "square": a * a, "k": rng.randint(2, 6 * difficulty)}


def _solve_limit(p: Parameters) -> Solution:
    a, k, square = whole(p, "a"), whole(p, "k"), whole(p, "square")
    return Solution(
        (
            f"Putting x = {a} gives the indeterminate form 0/0, so factor: x^2 - {square} = (x - {a})(x + {a}).",
            f"Away from x = {a} the expression equals {k}(x + {a}).",
            f"The limit of the function is therefore {k} * {2 * a} = {2 * a * k}.",
        ),
        2 * a * k,
    )


def _draw_limit_infinity(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a = fed_whole(fed, rng.randint(2, 12 * difficulty), least=1, most=10**6)
    if a is None:
        return None
    return {"a": a, "b": rng.randint(2, 20), "c": rng.randint(2, 4 * difficulty + 2), "d": rng.randint(1, 20)}


def _solve_limit_infinity(p: Parameters) -> Solution:
    a, c = whole(p, "a"), whole(p, "c")
    answer = Fraction(a, c)
    return Solution(
        (
            "Divide numerator and denominator by x^2; every term with x left in its denominator goes to 0.",
            f"The limit at infinity is the ratio of the leading coefficients, {a}/{c} = {written(answer)}.",
        ),
        answer,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "limit_by_factoring",
        "limits and continuity",
        ("limit of a function", "indeterminate form"),
        "college",
        (
            "Find the limit of {k}(x^2 - {square})/(x - {a}) as x approaches {a}.",
            "What value does {k}(x^2 - {square})/(x - {a}) approach as x tends to {a}?",
            "Evaluate the limit as x goes to {a} of {k}(x^2 - {square}) divided by (x - {a}).",
            "The expression {k}(x^2 - {square})/(x - {a}) is undefined at x = {a}. What is its limit there?",
            "What number should f({a}) be so that f(x) = {k}(x^2 - {square})/(x - {a}) becomes continuous at x = {a}?",
        ),
        _draw_limit,
        _solve_limit,
    ),
    Skill(
        "limit_at_infinity_of_a_quotient",
        "limits and continuity",
        ("limit at infinity", "limit of a function"),
        "college",
        (
            "Find the limit of ({a}x^2 + {b}x)/({c}x^2 + {d}) as x tends to infinity.",
            "What does ({a}x^2 + {b}x)/({c}x^2 + {d}) approach as x grows without bound?",
            "Evaluate the limit at infinity of the quotient ({a}x^2 + {b}x)/({c}x^2 + {d}).",
            "For very large x, to which number does ({a}x^2 + {b}x)/({c}x^2 + {d}) come as near as we like?",
            (
                "The share of repaired {items} after x weeks is modelled by ({a}x^2 + {b}x)/({c}x^2 + {d}). What is its"
                " limit as x goes to infinity?"
            ),
        ),
        _draw_limit_infinity,
        _solve_limit_infinity,
        feed="a",
    ),
)
