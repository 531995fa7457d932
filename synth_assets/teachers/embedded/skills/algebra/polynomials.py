"""Skills on polynomials: adding, multiplying, factoring, remainders."""

import random
from math import gcd, isqrt

from synth_assets.teachers.embedded.parameters import number, numbers, whole
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


@redrawn
def _draw_subtract(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first, second = (tuple(nonzero(rng, 6 + 3 * difficulty) for _ in range(3)) for _ in range(2))
    if fed is not None or any(a == b for a, b in zip(first, second, strict=True)):
        return None
    return {"first": first, "second": second, "minuend": polynomial(first), "subtrahend": polynomial(second)}


def _solve_subtract(p: Parameters) -> Solution:
    first, second = numbers(p, "first"), numbers(p, "second")
    difference = [a - b for a, b in zip(first, second, strict=True)]
    squares, singles, constants = (
        f"{written(a)} {signed(-b)} = {written(a - b)}" for a, b in zip(first, second, strict=True)
    )
    return Solution(
        (
            "Subtracting polynomials means changing every sign of the second polynomial and combining like terms.",
            f"The coefficient of x^2 is {squares}, that of x is {singles}, and the constant term is {constants}.",
            f"The difference is {polynomial(difference)}.",
        ),
        polynomial_answer(difference),
    )


def _draw_binomials(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    d = whole_input(rng, fed, 1, 9 + 3 * difficulty, smallest=1)
    if d is None:
        return None
    a, c = (1, 1) if difficulty == 1 else (rng.randint(2, 3 + difficulty), rng.randint(2, 3 + difficulty))
    b = nonzero(rng, 9 + 6 * difficulty)
    return {"a": a, "b": b, "c": c, "d": d, "first": polynomial((a, b)), "start": polynomial((c, 0))}


def _solve_binomials(p: Parameters) -> Solution:
    a, b, c, d = (whole(p, name) for name in "abcd")
    return Solution(
        (
            f"In the product of binomials ({polynomial((a, b))})({polynomial((c, d))}), x appears in the outer and in "
            "the inner product.",
            f"The outer product is {polynomial((a, 0))} * {d} = {polynomial((a * d, 0))}, and the inner product is "
            f"{b} * {polynomial((c, 0))} = {polynomial((b * c, 0))}.",
            f"The coefficient of x is {a * d} {signed(b * c)} = {a * d + b * c}.",
        ),
        a * d + b * c,
    )


@redrawn
def _draw_trinomial(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a = rng.randint(2, 5) if difficulty == 3 else 1
    r, s = nonzero(rng, 8 + 2 * difficulty), nonzero(rng, 8 + 2 * difficulty)
    if fed is not None or gcd(a, r) > 1 or a * s + r == 0 or (a == 1 and r == s):
        return None
    return {"a": a, "r": r, "s": s, "trinomial": polynomial((a, a * s + r, r * s))}


def _solve_trinomial(p: Parameters) -> Solution:
    a, r, s = whole(p, "a"), whole(p, "r"), whole(p, "s")
    target = "the constant term" if a == 1 else f"{a} times the constant term"
    return Solution(
        (
            f"For factoring a trinomial, look for two numbers whose product is {target}, {a * r * s}, and whose sum is "
            f"{a * s + r}.",
            f"The numbers {r} and {a * s} fit.",
            f"This gives the factored form ({polynomial((a, r))})({polynomial((1, s))}), as multiplying out confirms.",
        ),
        f"({polynomial_answer((a, r))})*({polynomial_answer((1, s))})",
    )


def _draw_difference_of_squares(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    total = whole_input(rng, fed, 3, 40 * difficulty)
    return None if total is None else {"total": total, "gap": rng.randint(2, 12 * difficulty)}


def _solve_difference_of_squares(p: Parameters) -> Solution:
    total, gap = whole(p, "total"), whole(p, "gap")
    return Solution(
        (
            "A difference of squares factors as x^2 - y^2 = (x + y)(x - y).",
            f"Here that is {total} * {gap} = {total * gap}.",
        ),
        total * gap,
    )


def _draw_remainder(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    r = whole_input(rng, fed, 1, 2 + 2 * difficulty, largest=50)
    if r is None:
        return None
    coefficients = (rng.randint(1, difficulty), *(nonzero(rng, 4 + 2 * difficulty) for _ in range(3)))
    return {"coefficients": coefficients, "r": r, "polynomial": polynomial(coefficients)}


def _solve_remainder(p: Parameters) -> Solution:
    coefficients, r = numbers(p, "coefficients"), whole(p, "r")
    answer = value_at(coefficients, r)
    return Solution(
        (
            f"By the remainder theorem, the remainder on division by x - {r} is the value of the polynomial at x = "
            f"{r}.",
            f"That value is {substituted(coefficients, r)} = {written(answer)}.",
        ),
        answer,
    )


def _draw_factor_theorem(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    if fed is None:
        r = rng.randint(2, 5 + 3 * difficulty)
        c: int | None = r * rng.randint(1, 12 * difficulty)
    else:
        c = whole_input(rng, fed, 2, 2)
        divisors = [r for r in range(1, 21) if c is not None and c % r == 0]
        r = rng.choice(divisors or [1])
    a = rng.randint(1, 1 + 2 * difficulty)
    return None if c is None else {"a": a, "c": c, "r": r, "start": polynomial((a, 0, 0))}


def _solve_factor_theorem(p: Parameters) -> Solution:
    a, c, r = whole(p, "a"), whole(p, "c"), whole(p, "r")
    multiple = polynomial((r, 0), "k")
    return Solution(
        (
            f"By the factor theorem, x - {r} is a factor exactly when the polynomial is 0 at x = {r}.",
            f"This means {substituted((a, 0, 0), r)} + {multiple} + {c} = 0, or {multiple} = -{a * r * r + c}.",
            f"So k = {-(a * r * r + c) // r}.",
        ),
        -(a * r * r + c) // r,
    )


@redrawn
def _draw_common_factor(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a, b = rng.randint(1, 6 + 3 * difficulty), nonzero(rng, 6 + 3 * difficulty)
    if fed is not None or gcd(a, b) > 1 or abs(a * b) == 1:
        return None
    factor, power = rng.randint(2, 4 + 3 * difficulty), rng.randint(1, difficulty)
    expanded = polynomial((factor * a, factor * b, *(0 for _ in range(power))))
    return {"a": a, "b": b, "factor": factor, "power": power, "expanded": expanded}


def _solve_common_factor(p: Parameters) -> Solution:
    a, b, factor, power = (whole(p, name) for name in ("a", "b", "factor", "power"))
    zeros = (0,) * power
    return Solution(
        (
            f"The numbers {abs(factor * a)} and {abs(factor * b)} have greatest common factor {factor}, and both terms "
            f"contain {polynomial((1, *zeros))}.",
            f"So the common monomial factor is {polynomial((factor, *zeros))}.",
            f"Dividing both terms by it leaves {polynomial((a, b))}, so the factored form is "
            f"{polynomial((factor, *zeros))}({polynomial((a, b))}).",
        ),
        f"{polynomial_answer((factor, *zeros))}*({polynomial_answer((a, b))})",
    )


def _draw_perfect_square(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a = rng.randint(1, 2 + 4 * difficulty)
    c = rng.randint(2, 20 + 10 * difficulty) ** 2 if fed is None else whole_input(rng, fed, 4, 4)
    if c is None or isqrt(c) ** 2 != c:
        return None
    return {"a": a, "c": c, "start": polynomial((a * a, 0, 0))}


def _solve_perfect_square(p: Parameters) -> Solution:
    a, c = whole(p, "a"), number(p, "c")
    root = isqrt(int(c))
    return Solution(
        (
            f"The perfect square trinomial ({polynomial((a, 0))} + m)^2 has first term {polynomial((a * a, 0, 0))}, "
            f"middle term {2 * a}mx and last term m^2.",
            f"From m^2 = {written(c)} and k > 0 it follows that m = {root}.",
            f"Hence k = 2 * {a} * {root} = {2 * a * root}.",
        ),
        2 * a * root,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "subtract_polynomials",
        "polynomials and factoring",
        ("adding and subtracting polynomials", "polynomial"),
        "high school",
        (
            "Simplify ({minuend}) - ({subtrahend}).",
            "Subtract the polynomial {subtrahend} from the polynomial {minuend}.",
            "{person} has the polynomial {minuend} and takes away {subtrahend}. Which polynomial is left?",
            "Which polynomial must be added to {subtrahend} to give {minuend}?",
            "Find the difference of the polynomials {minuend} and {subtrahend}, in this order.",
        ),
        _draw_subtract,
        _solve_subtract,
    ),
    Skill(
        "product_of_binomials",
        "polynomials and factoring",
        ("product of binomials", "binomial", "coefficient"),
        "high school",
        (
            "What is the coefficient of x in the product ({first})({start} + {d})?",
            "Multiply the binomials {first} and {start} + {d}. Which coefficient does x have in the result?",
            "{person} expands ({first})({start} + {d}) and combines like terms. What number stands in front of x?",
            "When ({first})({start} + {d}) is written as a trinomial px^2 + qx + r, what is q?",
            "Use the FOIL method on ({first})({start} + {d}) and give the coefficient of the term in x.",
        ),
        _draw_binomials,
        _solve_binomials,
        feed="d",
    ),
    Skill(
        "factor_trinomial",
        "polynomials and factoring",
        ("factoring a trinomial", "factoring", "trinomial"),
        "high school",
        (
            "Factor {trinomial}.",
            "Write the trinomial {trinomial} as a product of two binomials.",
            "{person} looks for two binomials with whole-number coefficients whose product is {trinomial}. What is the "
            "factored form?",
            "Find the factorization of {trinomial} into linear factors with integer coefficients.",
            "The area of a rectangle is {trinomial}, and its sides are binomials with integer coefficients. Write the "
            "area as the product of the sides.",
        ),
        _draw_trinomial,
        _solve_trinomial,
    ),
    Skill(
        "difference_of_squares",
        "polynomials and factoring",
        ("difference of squares", "factoring"),
        "high school",
        (
            "If x + y = {total} and x - y = {gap}, what is x^2 - y^2?",
            "Two numbers have the sum {total} and the difference {gap}. What is the difference of their squares, the "
            "larger square minus the smaller?",
            "{person} knows that x + y = {total} and x - y = {gap}. Find x^2 - y^2 without finding x and y.",
            "A square tile with side x has a square hole with side y in it, where x + y = {total} and x - y = {gap}. "
            "What area is left?",
            "Factor x^2 - y^2 and use the result to find its value when x + y = {total} and x - y = {gap}.",
        ),
        _draw_difference_of_squares,
        _solve_difference_of_squares,
        feed="total",
    ),
    Skill(
        "polynomial_remainder",
        "polynomials and factoring",
        ("remainder theorem", "polynomial division"),
        "high school",
        (
            "What is the remainder when {polynomial} is divided by x - {r}?",
            "Find the remainder of the polynomial division ({polynomial}) : (x - {r}).",
            "{person} divides {polynomial} by x - {r} with long division, and {other} uses synthetic division. Which "
            "remainder do they both get?",
            "Write {polynomial} as (x - {r})q(x) + c with a constant c. What is c?",
            "Use the remainder theorem to find what is left over when {polynomial} is divided by x - {r}.",
        ),
        _draw_remainder,
        _solve_remainder,
        feed="r",
    ),
    Skill(
        "unknown_coefficient_from_factor",
        "polynomials and factoring",
        ("factor theorem", "factoring"),
        "high school",
        (
            "For which k is x - {r} a factor of {start} + kx + {c}?",
            "The polynomial {start} + kx + {c} is divisible by x - {r}. Find k.",
            "{person} remembers that {start} + kx + {c} has the factor x - {r}, but has forgotten k. What is k?",
            "Determine k so that x = {r} is a zero of the polynomial {start} + kx + {c}.",
            "Dividing {start} + kx + {c} by x - {r} leaves no remainder. What is the value of k?",
        ),
        _draw_factor_theorem,
        _solve_factor_theorem,
        feed="c",
    ),
    Skill(
        "factor_out_common_monomial",
        "polynomials and factoring",
        ("common monomial factor", "monomial", "factoring"),
        "high school",
        (
            "Factor out the greatest common factor of {expanded}.",
            "Write {expanded} as the product of a monomial and a binomial, with the greatest possible monomial.",
            "{person} takes the greatest common monomial factor out of {expanded}. Write the factored form.",
            "Factor completely: {expanded}.",
            "Use the distributive property in reverse to write {expanded} in factored form.",
        ),
        _draw_common_factor,
        _solve_common_factor,
    ),
    Skill(
        "perfect_square_trinomial",
        "polynomials and factoring",
        ("perfect square trinomial", "trinomial"),
        "high school",
        (
            "For which positive number k is {start} + kx + {c} a perfect square trinomial?",
            "The trinomial {start} + kx + {c} is the square of a binomial, and k is positive. Find k.",
            "{person} wants to write {start} + kx + {c} as the square of a binomial. Which positive value of k makes "
            "this possible?",
            "Find k > 0 so that {start} + kx + {c} = 0 has a double root.",
            "The area of a square is {start} + kx + {c}, where k is positive and the side is a binomial in x. What is "
            "k?",
        ),
        _draw_perfect_square,
        _solve_perfect_square,
        feed="c",
    ),
)
