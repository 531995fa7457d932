"""Skills on logarithms, exponential equations, growth, decay and compound interest."""

import random
from fractions import Fraction

from synth_assets.teachers.embedded.parameters import number, whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, decimal, money, written
from synth_assets.teachers.embedded.skills.algebra.notation import bracketed, whole_input

_FACTORS = {2: "doubles", 3: "triples", 4: "quadruples"}


def _draw_laws(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    p = whole_input(rng, fed, 2, 4 + 5 * difficulty, largest=10**4)
    if p is None:
        return None
    q, m, n = rng.randint(2, 4 + 5 * difficulty), rng.randint(2, 2 + difficulty), rng.randint(2, 2 + difficulty)
    return {"base": rng.choice((2, 3, 5, 10)), "p": p, "q": q, "m": m, "n": n}


def _solve_laws(p: Parameters) -> Solution:
    base, first, second, m, n = (whole(p, name) for name in ("base", "p", "q", "m", "n"))
    answer = m * first - n * second
    return Solution(
        (
            f"By the laws of logarithms, log_{base}(x^{m} / y^{n}) = {m} * log_{base}(x) - {n} * log_{base}(y).",
            f"This is {m} * {first} - {n} * {second} = {m * first} - {n * second} = {answer}.",
        ),
        answer,
    )


def _draw_log_equation(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a = whole_input(rng, fed, 1, 30 * difficulty)
    base = rng.choice((2, 3, 5, 10) if difficulty == 1 else (2, 3, 4, 5, 6, 7, 10))
    n = rng.randint(2, 5 if base < 4 else 3)
    return None if a is None else {"a": a, "base": base, "n": n}


def _solve_log_equation(p: Parameters) -> Solution:
    a, base, n = whole(p, "a"), whole(p, "base"), whole(p, "n")
    return Solution(
        (
            f"By the definition of the logarithm, log_{base}(x - {a}) = {n} means x - {a} = {base}^{n} = {base**n}.",
            f"Hence the logarithmic equation has the solution x = {base**n} + {a} = {base**n + a}.",
        ),
        base**n + a,
    )


def _draw_exponential_equation(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a = whole_input(rng, fed, 1, 10 * difficulty, largest=10**5)
    base = rng.randint(2, 5 + difficulty)
    n = rng.randint(2, 7 if base < 4 else 4)
    if a is None:
        return None
    m = rng.choice([m for m in range(1, 2 + difficulty) if (n + a) % m == 0])
    return {"a": a, "base": base, "m": m, "power": base**n, "lead": "x" if m == 1 else f"{m}x"}


def _solve_exponential_equation(p: Parameters) -> Solution:
    a, base, m, power = (whole(p, name) for name in ("a", "base", "m", "power"))
    n = next(n for n in range(1, 64) if base**n == power)
    lead = word(p, "lead")
    last = "" if m == 1 else f", and x = {(n + a) // m}"
    return Solution(
        (
            f"Write both sides of the exponential equation with the base {base}: {power} = {base}^{n}.",
            f"Equal powers of {base} have equal exponents: {lead} - {a} = {n}.",
            f"So {lead} = {n} + {a} = {n + a}{last}.",
        ),
        (n + a) // m,
    )


def _draw_growth(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    start = whole_input(rng, fed, 2, 60 * difficulty)
    factor, period, count = rng.choice(tuple(_FACTORS)), rng.randint(2, 9), rng.randint(2, 3 + difficulty)
    if start is None:
        return None
    return {"start": start, "factor": factor, "period": period, "span": period * count, "verb": _FACTORS[factor]}


def _solve_growth(p: Parameters) -> Solution:
    start, factor, period, span = (whole(p, name) for name in ("start", "factor", "period", "span"))
    count = span // period
    return Solution(
        (
            f"In {span} hours there are {span}/{period} = {count} periods of {period} hours.",
            f"Exponential growth multiplies by {factor} in each period, in all by {factor}^{count} = {factor**count}.",
            f"The final number is {start} * {factor**count} = {start * factor**count}.",
        ),
        start * factor**count,
    )


def _draw_decay(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    period, count = rng.randint(2, 9 + 6 * difficulty), rng.randint(1, 2 + difficulty)
    if fed is None:
        return {"start": 2**count * rng.randint(2, 40 * difficulty), "period": period, "span": period * count}
    start = whole_input(rng, fed, 2, 2)
    return None if start is None else {"start": start, "period": period, "span": period * count}


def _solve_decay(p: Parameters) -> Solution:
    start, period, span = number(p, "start"), whole(p, "period"), whole(p, "span")
    count = span // period
    return Solution(
        (
            f"The half-life is {period} days, so {span} days are {span}/{period} = {count} half-li"
            + ("fe." if count == 1 else "ves."),
            f"In this exponential decay, {written(start)} is divided by 2^{count} = {2**count}.",
            f"What remains is {written(start)}/{2**count}"
            + _shown(start / 2**count, f"{written(start)}/{2**count}")
            + ".",
        ),
        start / 2**count,
    )


def _shown(value: Fraction, already: str) -> str:
    """` = 5` after a quotient, nothing where the quotient is already in lowest terms."""
    return "" if written(value) == already else f" = {written(value)}"


def _draw_compound(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    if fed is None:
        rate, years = rng.choice((4, 5, 10, 20, 25)), 2 if difficulty == 1 else rng.randint(2, 3)
        unit = (Fraction(100 + rate, 100) ** years).denominator
        return {"principal": unit * rng.randint(1, max(1, 20000 * difficulty // unit)), "rate": rate, "years": years}
    principal = whole_input(rng, fed, 10, 10)
    fitting = [
        {"principal": principal, "rate": rate, "years": years}
        for rate in (2, 4, 5, 6, 8, 10, 20, 25, 50)
        for years in (2, 3)
        if principal is not None and (principal * Fraction(100 + rate, 100) ** years).denominator == 1
    ]
    chosen = rng.choice(fitting) if fitting else None
    return None if principal is None or chosen is None else {**chosen, "principal": principal}


def _solve_compound(p: Parameters) -> Solution:
    principal, rate, years = whole(p, "principal"), whole(p, "rate"), whole(p, "years")
    factor = Fraction(100 + rate, 100)
    balances = [principal * factor**year for year in range(years + 1)]
    lines = [f"{money(balances[year])} after year {year}" for year in range(1, years)] if _in_cents(balances) else []
    middle = f" ({', '.join(lines)})" if lines else ""
    return Solution(
        (
            f"With compound interest at {rate}% the balance is multiplied by {decimal(factor)} every year.",
            f"After {years} years it is {principal} * {decimal(factor)}^{years} = {written(balances[-1])} "
            f"dollars{middle}.",
        ),
        balances[-1],
    )


def _in_cents(balances: list[Fraction]) -> bool:
    return all((100 * balance).denominator == 1 for balance in balances)


def _draw_log_value(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    m = whole_input(rng, fed, 2, 5 + 3 * difficulty, smallest=1, largest=10**4)
    base = rng.randint(2, 7 + difficulty)
    b = rng.randint(2, 4 if base > 3 else 6)
    if m is None:
        return None
    return {"m": m, "base": base, "argument": base**b, "add": rng.randint(1, 9)}


def _solve_log_value(p: Parameters) -> Solution:
    m, base, argument, add = (whole(p, name) for name in ("m", "base", "argument", "add"))
    log = next(n for n in range(1, 64) if base**n == argument)
    answer = m * log + add
    return Solution(
        (
            f"The logarithm log_{base}({argument}) is {log}, because {base}^{log} = {argument}.",
            f"So the value is {m} * {bracketed(log)} + {add} = {answer}.",
        ),
        answer,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "value_of_logarithm",
        "exponential and logarithmic functions",
        ("logarithm", "exponent"),
        "high school",
        (
            "Compute {m} * log_{base}({argument}) + {add}.",
            "What is the sum of {add} and {m} times the logarithm of {argument} to base {base}?",
            "{person} multiplies log_{base}({argument}) by {m} and adds {add}. What is the result?",
            "Evaluate f({argument}) for the function f(x) = {m} * log_{base}(x) + {add}.",
            "The number L satisfies {base}^L = {argument}. Find {m} * L + {add}.",
        ),
        _draw_log_value,
        _solve_log_value,
        feed="m",
    ),
    Skill(
        "laws_of_logarithms",
        "exponential and logarithmic functions",
        ("laws of logarithms", "logarithm"),
        "high school",
        (
            "If log_{base}(x) = {p} and log_{base}(y) = {q}, what is log_{base}(x^{m} / y^{n})?",
            "Given that log_{base}(x) = {p} and log_{base}(y) = {q}, find log_{base}(x^{m}) - log_{base}(y^{n}).",
            "The logarithms of x and y to base {base} are {p} and {q}. Find the logarithm of x^{m} / y^{n} to the "
            "same base.",
            "{person} knows that log_{base}(x) = {p}, and {other} knows that log_{base}(y) = {q}. Together they work "
            "out log_{base}(x^{m} / y^{n}). What do they get?",
            "Suppose x = {base}^{p} and y = {base}^{q}. Compute log_{base}(x^{m} / y^{n}).",
        ),
        _draw_laws,
        _solve_laws,
        feed="p",
    ),
    Skill(
        "logarithmic_equation",
        "exponential and logarithmic functions",
        ("logarithmic equation", "logarithm"),
        "high school",
        (
            "Solve log_{base}(x - {a}) = {n}.",
            "For which x is the logarithm of x - {a} to base {base} equal to {n}?",
            "Find the solution of the logarithmic equation {n} = log_{base}(x - {a}).",
            "{person} subtracts {a} from a number and takes the logarithm of the difference to base {base}. The "
            "result is {n}. What is the number?",
            "At which x does the graph of y = log_{base}(x - {a}) reach the height {n}?",
        ),
        _draw_log_equation,
        _solve_log_equation,
        feed="a",
    ),
    Skill(
        "exponential_equation",
        "exponential and logarithmic functions",
        ("exponential equation", "exponent"),
        "high school",
        (
            "Solve {base}^({lead} - {a}) = {power}.",
            "Find x if {base} raised to the exponent {lead} - {a} is {power}.",
            "{person} writes {power} as a power of {base} to solve {base}^({lead} - {a}) = {power}. What is x?",
            "Which value of x satisfies the exponential equation {power} = {base}^({lead} - {a})?",
            "The function f(x) = {base}^({lead} - {a}) takes the value {power} for exactly one x. Find it.",
        ),
        _draw_exponential_equation,
        _solve_exponential_equation,
        feed="a",
    ),
    Skill(
        "exponential_growth",
        "exponential and logarithmic functions",
        ("exponential growth", "exponential function"),
        "high school",
        (
            "A culture of bacteria {verb} in size every {period} hours. It starts with {start} cells. How many cells "
            "are there after {span} hours?",
            "The number of shares of a message {verb} every {period} hours. {person} counts {start} shares. How many "
            "are there {span} hours later?",
            "A quantity has the value {start} now and {verb} every {period} hours. Find its value {span} hours from "
            "now.",
            "In a laboratory a colony of yeast {verb} every {period} hours. At noon there are {start} cells. How many "
            "cells will there be {span} hours after noon?",
            "In a computer game at {place}, the number of {items} {verb} every {period} hours. {person} begins with "
            "{start} {items}. How many {items} are there after {span} hours?",
        ),
        _draw_growth,
        _solve_growth,
        feed="start",
    ),
    Skill(
        "half_life",
        "exponential and logarithmic functions",
        ("exponential decay", "exponential function"),
        "high school",
        (
            "A substance has a half-life of {period} days. How many grams of {start} grams are left after {span} days?",
            "A sample at {place} contains {start} grams of a substance that decays with a half-life of {period} days. "
            "Find the number of grams that remain after {span} days.",
            "Every {period} days half of a radioactive material decays. There are {start} milligrams now. How many "
            "milligrams will there be in {span} days?",
            "The amount of a dye in a pond halves every {period} days. {person} measures {start} grams. How many "
            "grams does {person} find {span} days later?",
            "A quantity decays exponentially with a half-life of {period} days, starting from {start}. What is its "
            "value after {span} days?",
        ),
        _draw_decay,
        _solve_decay,
        feed="start",
    ),
    Skill(
        "compound_interest",
        "exponential and logarithmic functions",
        ("compound interest", "exponential growth"),
        "high school",
        (
            "{person} invests {principal} dollars at {rate}% interest compounded annually. How many dollars is the "
            "investment worth after {years} years?",
            "A deposit of {principal} dollars earns {rate}% compound interest a year. Find the balance in dollars "
            "after {years} years.",
            "The value of a painting, now {principal} dollars, grows by {rate}% each year. What is it worth in "
            "dollars in {years} years?",
            "{person} lends {principal} dollars to {other} at {rate}% a year, with interest compounded yearly. How "
            "many dollars must {other} pay back after {years} years?",
            "An account holds {principal} dollars. At the end of each year {rate}% interest is added to it and stays "
            "in the account. How many dollars does it hold after {years} years?",
        ),
        _draw_compound,
        _solve_compound,
        feed="principal",
    ),
)
