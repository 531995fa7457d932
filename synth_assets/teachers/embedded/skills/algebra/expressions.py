"""Skills on algebraic expressions: evaluating, like terms, brackets, words into symbols."""

import random
from fractions import Fraction

from synth_assets.teachers.embedded.parameters import number, whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.algebra.notation import (
    nonzero,
    polynomial,
    polynomial_answer,
    redrawn,
    signed,
    substituted,
    value_at,
    whole_input,
)


def _draw_evaluate(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    x = nonzero(rng, 3 + 3 * difficulty) if fed is None else fed
    if not -1000 <= x <= 1000 or Fraction(x).denominator > 6:
        return None
    a = 0 if difficulty == 1 else nonzero(rng, 2 * difficulty)
    b, c = nonzero(rng, 9), nonzero(rng, 12)
    if a == 0 and b == 1:
        b = 2
    return {"a": a, "b": b, "c": c, "x": x, "expression": polynomial((a, b, c))}


def _solve_evaluate(p: Parameters) -> Solution:
    coefficients, x = [whole(p, name) for name in "abc"], number(p, "x")
    terms = [coefficient * x**power for coefficient, power in zip(coefficients, (2, 1, 0), strict=True) if coefficient]
    answer = value_at(coefficients, x)
    total = " ".join([written(terms[0]), *(signed(term) for term in terms[1:])])
    return Solution(
        (
            f"Evaluating an expression means replacing the variable by its value: {substituted(coefficients, x)}.",
            f"Working out each term gives {total} = {written(answer)}.",
        ),
        answer,
    )


@redrawn
def _draw_like_terms(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a, b, c, d = (nonzero(rng, 5 + 4 * difficulty) for _ in range(4))
    if fed is not None or a + c == 0 or b + d == 0:
        return None
    second = "" if difficulty == 1 else "y"
    expression = polynomial((a, 0)) + _summand(b, second) + _summand(c, "x") + _summand(d, second)
    return {"a": a, "b": b, "c": c, "d": d, "second": second, "expression": expression}


def _summand(coefficient: int, variable: str, times: str = "") -> str:
    """A further term of a sum with its sign: ` + 3x`, ` - x`, ` + 7`."""
    size = "" if abs(coefficient) == 1 and variable else f"{abs(coefficient)}{times if variable else ''}"
    return f" {'-' if coefficient < 0 else '+'} {size}{variable}"


def _solve_like_terms(p: Parameters) -> Solution:
    a, b, c, d = (whole(p, name) for name in "abcd")
    second = word(p, "second")
    kind = "y-terms" if second else "constants"
    return Solution(
        (
            f"Only like terms can be combined: the x-terms with each other and the {kind} with each other.",
            f"The coefficients of x give {a} {signed(c)} = {a + c}, and the {kind} give {b} {signed(d)} = {b + d}.",
            f"Hence the expression is equivalent to {polynomial((a + c, 0))}{_summand(b + d, second)}.",
        ),
        polynomial_answer((a + c, 0)) + _summand(b + d, second, times="*"),
    )


def _draw_expand(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    d = whole_input(rng, fed, 2, 9 * difficulty, smallest=1)
    if d is None:
        return None
    a, b, c = rng.randint(2, 4 + 2 * difficulty), rng.randint(2, 9), rng.randint(2, 4 + 2 * difficulty)
    return {"a": a, "b": b, "c": c, "d": d}


def _solve_expand(p: Parameters) -> Solution:
    a, b, c, d = (whole(p, name) for name in "abcd")
    return Solution(
        (
            f"By the distributive property, {a}(x + {b}) = {a}x + {a * b} and {c}(x + {d}) = {c}x + {c * d}.",
            f"Combining like terms gives {a + c}x + {a * b + c * d}.",
            f"The constant term, the one without x, is {a * b} + {c * d} = {a * b + c * d}.",
        ),
        a * b + c * d,
    )


def _draw_translate(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    more = whole_input(rng, fed, 2, 30 * difficulty)
    return None if more is None else {"times": rng.randint(2, 6 + 4 * difficulty), "more": more}


def _solve_translate(p: Parameters) -> Solution:
    times, more = whole(p, "times"), whole(p, "more")
    return Solution(
        (
            f"Translating words into an expression, {times} times the quantity x is {times}x.",
            f"The words {more} more mean that {more} is added, so the algebraic expression is {times}x + {more}.",
        ),
        f"{times}*x + {more}",
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "evaluate_expression",
        "algebraic expressions",
        ("evaluating an expression", "variable"),
        "middle",
        (
            "Evaluate the expression {expression} for x = {x}.",
            "What is the value of {expression} if x is equal to {x}?",
            "{person} keeps a formula in a notebook: {expression}. What value does the formula give for x = {x}?",
            "A number machine turns every number x into {expression}. Which number comes out when {x} goes in?",
            "{person} replaces x by {x} in the expression {expression} while {other} checks the arithmetic. "
            "What result should they get?",
            "Let x = {x}. Work out {expression}.",
        ),
        _draw_evaluate,
        _solve_evaluate,
        feed="x",
    ),
    Skill(
        "combine_like_terms",
        "algebraic expressions",
        ("like terms", "equivalent expression", "coefficient"),
        "middle",
        (
            "Simplify {expression} by combining like terms.",
            "Collect the like terms in the expression {expression} and write the result.",
            "{person} writes the expression {expression} on the board. What is its simplest form?",
            "Which expression with only two terms is equivalent to {expression}?",
            "{person} and {other} both simplify {expression} and compare their work. What should they both have?",
        ),
        _draw_like_terms,
        _solve_like_terms,
    ),
    Skill(
        "constant_term_after_expanding",
        "algebraic expressions",
        ("expanding brackets", "constant term", "distributive property"),
        "middle",
        (
            "Expand and simplify {a}(x + {b}) + {c}(x + {d}). What is the constant term of the result?",
            "Remove the parentheses in {a}(x + {b}) + {c}(x + {d}) and combine like terms. Find the constant term.",
            "{person} rewrites {a}(x + {b}) + {c}(x + {d}) in the form px + q. What is the value of q?",
            "When {a}(x + {b}) + {c}(x + {d}) is written without parentheses and simplified, which number stands "
            "alone, without x?",
            "{person} has {a} trays with x + {b} {items} each and {c} baskets with x + {d} {items} each. The total "
            "number of {items} is an expression of the form px + q. Find q.",
        ),
        _draw_expand,
        _solve_expand,
        feed="d",
    ),
    Skill(
        "translate_words",
        "algebraic expressions",
        ("translating words into an expression", "algebraic expression"),
        "middle",
        (
            "{other} has x {items}. {person} has {more} more than {times} times as many {items}. Write an algebraic "
            "expression for the number of {items} that {person} has.",
            "Translate into an algebraic expression in x: {more} more than {times} times x.",
            "Write an expression in x for the sum of {more} and the product of {times} and x.",
            "A shelf at {place} holds x {items}, and {times} such shelves are full. Another {more} {items} lie on the "
            "floor. Write an expression in x for the number of {items} altogether.",
            "{person} earns x dollars a day for {times} days and then gets a bonus of {more} dollars. Which "
            "expression in x gives the total earnings in dollars?",
        ),
        _draw_translate,
        _solve_translate,
        feed="more",
    ),
)
