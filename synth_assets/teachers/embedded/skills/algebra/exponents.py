"""Skills on exponents, radicals and scientific notation."""

import random
from fractions import Fraction
from math import gcd, isqrt

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, decimal, written
from synth_assets.teachers.embedded.skills.algebra.notation import (
    nonzero,
    polynomial,
    redrawn,
    signed,
    square_part,
    surd,
    whole_input,
)


def _draw_rules(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a = whole_input(rng, fed, 2, 4 + 3 * difficulty, largest=1000)
    if a is None:
        return None
    k, c = rng.randint(2, 2 + difficulty), rng.randint(2, 6 * difficulty)
    return {"base": rng.choice((2, 3, 5, 7, 10)), "a": a, "k": k, "c": c, "d": rng.randint(1, min(12, a * k + c - 1))}


def _solve_rules(p: Parameters) -> Solution:
    base, a, k, c, d = (whole(p, name) for name in ("base", "a", "k", "c", "d"))
    return Solution(
        (
            f"For a power of a power the exponents are multiplied: ({base}^{a})^{k} = {base}^{a * k}.",
            f"The product rule for exponents adds them: {base}^{a * k} * {base}^{c} = {base}^{a * k + c}.",
            f"The quotient rule for exponents subtracts {d}: n = {a * k + c} - {d} = {a * k + c - d}.",
        ),
        a * k + c - d,
    )


def _draw_negative(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    base, power = rng.randint(2, 4 + 2 * difficulty), rng.randint(1, 1 + difficulty)
    if fed is None:
        return {"m": base ** rng.randint(0, power) * rng.randint(2, 12), "base": base, "power": power}
    m = whole_input(rng, fed, 1, 1)
    return None if m is None else {"m": m, "base": base, "power": min(power, 2)}


def _solve_negative(p: Parameters) -> Solution:
    m, base, power = whole(p, "m"), whole(p, "base"), whole(p, "power")
    answer = Fraction(m, base**power)
    return Solution(
        (
            f"A negative exponent means a reciprocal: {base}^(-{power}) = 1/{base**power}.",
            f"The product is {m} * 1/{base**power} = {written(answer)}.",
        ),
        answer,
    )


def _draw_radical(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    n = rng.randint(2, 4 + 4 * difficulty) ** 2 * rng.choice((2, 3, 5, 6, 7, 10, 11, 13)) if fed is None else None
    if fed is not None:
        n = whole_input(rng, fed, 4, 4)
    if n is None or square_part(n)[0] == 1:
        return None
    return {"n": n, "outside": rng.randint(2, 3 + 2 * difficulty)}


def _solve_radical(p: Parameters) -> Solution:
    n, outside = whole(p, "n"), whole(p, "outside")
    factor, rest = square_part(n)
    whole_root = rest == 1
    simplified = str(factor) if whole_root else f"{factor}*sqrt({rest})"
    return Solution(
        (
            f"To simplify a radical, look for the largest square in the radicand: {n} = {factor}^2"
            + ("." if whole_root else f" * {rest}."),
            f"So sqrt({n}) = {simplified}, and multiplying by {outside} gives {surd(outside, n)}.",
        ),
        outside * factor if whole_root else surd(outside, n),
    )


def _draw_radical_equation(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    for _ in range(40):
        a, b = rng.randint(1, 2 + difficulty), nonzero(rng, 10 + 4 * difficulty)
        c = whole_input(rng, fed, 2, 9 + 4 * difficulty, smallest=1, largest=1000)
        if c is None:
            return None
        if (c * c - b) % a == 0:
            return {"a": a, "b": b, "c": c, "inside": polynomial((a, b))}
    return None


def _solve_radical_equation(p: Parameters) -> Solution:
    a, b, c = (whole(p, name) for name in "abc")
    answer = (c * c - b) // a
    last = "" if a == 1 else f", and x = {answer}"
    return Solution(
        (
            f"Square both sides of the radical equation: {polynomial((a, b))} = {c}^2 = {c * c}.",
            f"Hence {polynomial((a, 0))} = {c * c} {signed(-b)} = {c * c - b}{last}.",
            f"The check sqrt({c * c}) = {c} shows that the solution is not extraneous.",
        ),
        answer,
    )


@redrawn
def _draw_rational_exponent(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    if fed is None:
        bottom, root = rng.randint(2, 2 + difficulty), rng.randint(2, 5 + 3 * difficulty)
        base: int | None = root**bottom
    else:
        base, bottom = whole_input(rng, fed, 4, 4), rng.choice((2, 3))
        if base is None or _root(base, bottom) is None:
            return None
    tops = [top for top in range(1, 4 + difficulty) if gcd(top, bottom) == 1]
    top = rng.choice(tops)
    if base is None or (_root(base, bottom) or 0) ** top > 10**7:
        return None
    return {"m": rng.randint(2, 9), "base": base, "top": top, "bottom": bottom}


def _root(base: int, degree: int) -> int | None:
    """The exact root of a positive whole number, None where it is irrational."""
    return next((root for root in range(1, isqrt(base) + 1) if root**degree == base), None)


def _solve_rational_exponent(p: Parameters) -> Solution:
    m, base, top, bottom = (whole(p, name) for name in ("m", "base", "top", "bottom"))
    root = _root(base, bottom) or 1
    return Solution(
        (
            f"The rational exponent {top}/{bottom} means: take the root of degree {bottom} and raise it to the power "
            f"{top}.",
            f"Since {root}^{bottom} = {base}, that root is {root}.",
            f"Then {m} * {root}^{top} = {m} * {root**top} = {m * root**top}.",
        ),
        m * root**top,
    )


def _draw_rationalise(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    k = whole_input(rng, fed, 1, 10 + 10 * difficulty)
    m = rng.choice((2, 3, 5, 6, 7, 10, 11, 13, 14, 15, 17, 19, 21)[: 3 + 4 * difficulty])
    return None if k is None else {"k": k, "m": m}


def _solve_rationalise(p: Parameters) -> Solution:
    k, m = whole(p, "k"), whole(p, "m")
    ratio = Fraction(k, m)
    answer = surd(ratio.numerator, m) + ("" if ratio.denominator == 1 else f"/{ratio.denominator}")
    return Solution(
        (
            f"Rationalising the denominator means multiplying numerator and denominator by sqrt({m}).",
            f"This gives {surd(k, m)}/{m}" + ("." if gcd(k, m) == 1 else f" = {answer}."),
        ),
        answer,
    )


def _draw_scientific(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    n = whole_input(rng, fed, 2, 60 * difficulty, largest=10**5)
    tenths, power = rng.choice([t for t in range(11, 100) if t % 10]), rng.randint(2, 3 + 2 * difficulty)
    return None if n is None else {"n": n, "tenths": tenths, "power": power, "mantissa": decimal(Fraction(tenths, 10))}


def _solve_scientific(p: Parameters) -> Solution:
    n, tenths, power = whole(p, "n"), whole(p, "tenths"), whole(p, "power")
    each = tenths * 10 ** (power - 1)
    return Solution(
        (
            f"The scientific notation {decimal(Fraction(tenths, 10))} * 10^{power} stands for {each}: the decimal "
            f"point moves {power} places to the right.",
            f"The product is {n} * {each} = {n * each}.",
        ),
        n * each,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "rules_of_exponents",
        "exponents and radicals",
        ("exponent", "product rule for exponents", "power of a power"),
        "high school",
        (
            "Find n if ({base}^{a})^{k} * {base}^{c} / {base}^{d} = {base}^n.",
            "Write ({base}^{a})^{k} * {base}^{c} / {base}^{d} as a single power of {base}. What is the exponent?",
            "{person} simplifies the product of ({base}^{a})^{k} and {base}^{c} and divides it by {base}^{d}. Which "
            "power of {base} results? Give its exponent.",
            "Which exponent n makes {base}^n equal to {base}^{c} * ({base}^{a})^{k} / {base}^{d}?",
            "Use the properties of exponents to rewrite ({base}^{a})^{k} * {base}^{c} / {base}^{d} as {base}^n and "
            "give n.",
        ),
        _draw_rules,
        _solve_rules,
        feed="a",
    ),
    Skill(
        "negative_exponent",
        "exponents and radicals",
        ("negative exponent", "exponent"),
        "high school",
        (
            "Evaluate {m} * {base}^(-{power}).",
            "What is the product of {m} and {base}^(-{power})? Give a whole number or a fraction in lowest terms.",
            "{person} multiplies {m} by {base}^(-{power}). What is the result as a whole number or fraction?",
            "Write {m} * {base}^(-{power}) without a negative exponent and simplify.",
            "Find the exact value of x if x = {m} * {base}^(-{power}).",
        ),
        _draw_negative,
        _solve_negative,
        feed="m",
    ),
    Skill(
        "simplify_radical",
        "exponents and radicals",
        ("simplifying a radical", "square root", "radical expression"),
        "high school",
        (
            "Simplify {outside} * sqrt({n}).",
            "Write {outside} times the square root of {n} in simplest radical form.",
            "{person} has {outside} square mats, each with an area of {n} square decimetres, and lays them side by "
            "side in a row. Find the exact length of the row in decimetres, simplified.",
            "Take the largest perfect square out of the radicand of {outside} * sqrt({n}). What is the simplified "
            "expression?",
            "Multiply the square root of {n} by {outside}. Give the exact result with the smallest possible radicand.",
        ),
        _draw_radical,
        _solve_radical,
        feed="n",
    ),
    Skill(
        "radical_equation",
        "exponents and radicals",
        ("radical equation", "extraneous solution"),
        "high school",
        (
            "Solve sqrt({inside}) = {c}.",
            "For which x is the square root of {inside} equal to {c}?",
            "Find the solution of the radical equation {c} = sqrt({inside}) and check it.",
            "{person} squares both sides of sqrt({inside}) = {c} and solves for x. Which value of x is found?",
            "A square with area {inside} has sides of length {c}. What is x?",
        ),
        _draw_radical_equation,
        _solve_radical_equation,
        feed="c",
    ),
    Skill(
        "rational_exponent",
        "exponents and radicals",
        ("rational exponent", "nth root"),
        "high school",
        (
            "Evaluate {m} * {base}^({top}/{bottom}).",
            "What is {m} times the number {base} raised to the power {top}/{bottom}?",
            "{person} enters {m} * {base}^({top}/{bottom}) into a calculator. Which whole number appears?",
            "Rewrite {m} * {base}^({top}/{bottom}) with a root and find its value.",
            "Compute the number y = {m} * x^({top}/{bottom}) for x = {base}.",
        ),
        _draw_rational_exponent,
        _solve_rational_exponent,
        feed="base",
    ),
    Skill(
        "rationalise_denominator",
        "exponents and radicals",
        ("rationalising the denominator", "radical expression"),
        "high school",
        (
            "Rationalize the denominator of {k}/sqrt({m}).",
            "Write {k}/sqrt({m}) without a radical in the denominator, in simplest form.",
            "{person} divides {k} by the square root of {m}. Give the exact result with a rational denominator.",
            "A rectangle has area {k} and one side of length sqrt({m}). Find the other side, with no radical in the "
            "denominator.",
            "Solve x * sqrt({m}) = {k} and give x with a rational denominator.",
        ),
        _draw_rationalise,
        _solve_rationalise,
        feed="k",
    ),
    Skill(
        "scientific_notation",
        "exponents and radicals",
        ("scientific notation", "exponent"),
        "middle",
        (
            "Multiply {mantissa} * 10^{power} by {n} and write the result as an ordinary whole number.",
            "A machine makes {mantissa} * 10^{power} pins an hour. How many pins does it make in {n} hours? Write the "
            "number in full.",
            "What is the product of {n} and {mantissa} * 10^{power}, written without scientific notation?",
            "One sample at {place} contains {mantissa} * 10^{power} cells. How many cells are there in {n} such "
            "samples? Write out all digits.",
            "{person} computes {n} times {mantissa} * 10^{power}. Which whole number is the result?",
        ),
        _draw_scientific,
        _solve_scientific,
        feed="n",
    ),
)
