"""Skills on linear equations in one unknown."""

import random
from fractions import Fraction
from math import lcm

from synth_assets.teachers.embedded.parameters import whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.algebra.notation import nonzero, polynomial, signed, whole_input


def _draw_two_step(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a, x = rng.randint(2, 6 + 3 * difficulty), rng.randint(2, 10 * difficulty)
    c = whole_input(rng, fed, a * x + 2, a * x + 20 * difficulty)
    if c is None or c < 2 * a + 2:
        return None
    x = min(x, (c - 2) // a)
    return {"a": a, "b": c - a * x, "c": c}


def _solve_two_step(p: Parameters) -> Solution:
    a, b, c = (whole(p, name) for name in "abc")
    return Solution(
        (
            f"Writing x for the unknown number, the linear equation is {a}x + {b} = {c}.",
            f"Subtract {b} from both sides: {a}x = {c} - {b} = {c - b}.",
            f"Divide both sides by {a}: x = {c - b}/{a} = {(c - b) // a}.",
        ),
        (c - b) // a,
    )


def _draw_both_sides(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    c, gap, x = rng.randint(2, 4 * difficulty), rng.randint(1, 4 * difficulty), rng.randint(2, 8 * difficulty)
    d = whole_input(rng, fed, gap * x + 2, gap * x + 30 * difficulty)
    if d is None or d < gap * 2 + 2:
        return None
    return {"a": c + gap, "b": d - gap * min(x, (d - 2) // gap), "c": c, "d": d}


def _solve_both_sides(p: Parameters) -> Solution:
    a, b, c, d = (whole(p, name) for name in "abcd")
    gap = a - c
    collected = "x" if gap == 1 else f"{gap}x"
    steps = [
        f"The equation is {a}x + {b} = {c}x + {d}, with variables on both sides.",
        f"Subtract {c}x and {b} from both sides: {collected} = {d} - {b} = {d - b}.",
    ]
    if gap > 1:
        steps.append(f"Divide both sides by {gap}: x = {(d - b) // gap}.")
    return Solution(tuple(steps), (d - b) // gap)


def _draw_parentheses(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    a, b, x = rng.randint(2, 5 + 3 * difficulty), rng.randint(2, 12 * difficulty), rng.randint(2, 12 * difficulty)
    if fed is None:
        return {"a": a, "b": b, "c": a * (x + b)}
    c = whole_input(rng, fed, 8, 8)
    divisors = [a for a in range(2, 13) if c is not None and c % a == 0 and c // a >= 4]
    if c is None or not divisors:
        return None
    a = rng.choice(divisors)
    return {"a": a, "b": rng.randint(2, c // a - 2), "c": c}


def _solve_parentheses(p: Parameters) -> Solution:
    a, b, c = (whole(p, name) for name in "abc")
    return Solution(
        (
            f"The unknown number x satisfies the equation with parentheses {a}(x + {b}) = {c}.",
            f"Divide both sides by {a}: x + {b} = {c // a}.",
            f"Subtract {b} from both sides: x = {c // a} - {b} = {c // a - b}.",
        ),
        c // a - b,
    )


def _draw_fractions(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    most = 4 + 2 * difficulty
    pairs = [(a, b) for a in range(2, most + 1) for b in range(a + 1, most + 1)]
    if fed is None:
        a, b = rng.choice(pairs)
        return {"a": a, "b": b, "c": _shares(a, b) * rng.randint(2, 8 * difficulty)}
    c = whole_input(rng, fed, 3, 3)
    fitting = [pair for pair in pairs if c is not None and c % _shares(*pair) == 0]
    if c is None or not fitting:
        return None
    a, b = rng.choice(fitting)
    return {"a": a, "b": b, "c": c}


def _shares(a: int, b: int) -> int:
    """1/a + 1/b counted in parts of the least common denominator."""
    return lcm(a, b) // a + lcm(a, b) // b


def _solve_fractions(p: Parameters) -> Solution:
    a, b, c = (whole(p, name) for name in "abc")
    common, shares = lcm(a, b), _shares(a, b)
    answer = Fraction(common * c, shares)
    return Solution(
        (
            f"With x for the number, x/{a} + x/{b} = {c}.",
            f"Clear the fractions by multiplying both sides by {common}: "
            f"{polynomial((common // a, 0))} + {polynomial((common // b, 0))} = {common * c}.",
            f"So {shares}x = {common * c}, and x = {common * c}/{shares} = {written(answer)}.",
        ),
        answer,
    )


def _draw_literal(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    if fed is not None:
        return None
    a, b = rng.randint(2, 8 + 3 * difficulty), nonzero(rng, 15 * difficulty)
    return {"a": a, "b": b, "formula": f"y = {a}x {signed(b)}"}


def _solve_literal(p: Parameters) -> Solution:
    a, b = whole(p, "a"), whole(p, "b")
    verb = f"Subtract {b} from" if b > 0 else f"Add {-b} to"
    return Solution(
        (
            f"Treat {word(p, 'formula')} as a literal equation and isolate x.",
            f"{verb} both sides: y {signed(-b)} = {a}x.",
            f"Divide both sides by {a}: x = (y {signed(-b)})/{a}.",
        ),
        f"(y {signed(-b)})/{a}",
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "two_step_equation",
        "linear equations",
        ("linear equation", "addition property of equality", "multiplication property of equality"),
        "middle",
        (
            "Solve the equation {a}x + {b} = {c}.",
            "For which value of x is {a}x + {b} equal to {c}?",
            "{person} orders {items} that cost {a} dollars each. Delivery costs {b} dollars, and {person} pays {c} "
            "dollars in all. How many {items} does {person} order?",
            "A number is multiplied by {a}, then {b} is added, and the outcome is {c}. What is the number?",
            "{person} puts equal numbers of {items} on {a} shelves at {place} and has {b} {items} left over. There "
            "were {c} {items} to begin with. How many {items} are on each shelf?",
            "Isolate the variable to find x: {c} = {b} + {a}x.",
        ),
        _draw_two_step,
        _solve_two_step,
        feed="c",
    ),
    Skill(
        "equation_with_variables_on_both_sides",
        "linear equations",
        ("variables on both sides", "solution of an equation"),
        "middle",
        (
            "Solve for x: {a}x + {b} = {c}x + {d}.",
            "Find the solution of the equation {c}x + {d} = {a}x + {b}.",
            "{person} owns {b} {items} and gets {a} more every week. {other} owns {d} {items} and gets {c} more every "
            "week. After how many weeks do they own the same number of {items}?",
            "At {place} one club charges {b} dollars to join and {a} dollars a month, and another charges {d} dollars "
            "to join and {c} dollars a month. After how many months is the total cost the same?",
            "If {b} is added to {a} times a number, the result is the same as when {d} is added to {c} times the "
            "number. What is the number?",
        ),
        _draw_both_sides,
        _solve_both_sides,
        feed="d",
    ),
    Skill(
        "equation_with_parentheses",
        "linear equations",
        ("equation with parentheses", "isolating the variable"),
        "middle",
        (
            "Solve the equation {a}(x + {b}) = {c}.",
            "Determine x if {a} times the sum of x and {b} is equal to {c}.",
            "{person} makes {a} equal parcels. Each parcel holds {b} {items} from {other} and some {items} from "
            "{person}, the same number in every parcel. The parcels hold {c} {items} in all. How many {items} from "
            "{person} are in each?",
            "{person} adds {b} to a number and multiplies the sum by {a}. The result is {c}. With which number did "
            "{person} start?",
            "A guest at {place} pays an unknown price for dinner and {b} dollars for a ticket. For {a} guests this "
            "comes to {c} dollars in all. What is the price of one dinner in dollars?",
        ),
        _draw_parentheses,
        _solve_parentheses,
        feed="c",
    ),
    Skill(
        "equation_with_fractions",
        "linear equations",
        ("clearing fractions", "linear equation"),
        "middle",
        (
            "Solve the equation x/{a} + x/{b} = {c}.",
            "A number is divided by {a} and also by {b}. The two quotients add up to {c}. What is the number?",
            "{person} gives 1/{a} of a collection of {items} to {other} and 1/{b} of the same collection to a school. "
            "That is {c} {items} given away. How many {items} were in the collection?",
            "Clear the fractions and find x: x/{a} + x/{b} = {c}.",
            "Of the {items} at {place}, 1/{a} are red, 1/{b} are blue and the others are green. Red and blue together "
            "make {c} {items}. How many {items} are there at {place}?",
        ),
        _draw_fractions,
        _solve_fractions,
        feed="c",
    ),
    Skill(
        "solve_formula_for_variable",
        "linear equations",
        ("literal equation", "isolating the variable"),
        "high school",
        (
            "Solve {formula} for x.",
            "Rearrange the formula {formula} so that x is given in terms of y.",
            "The quantities x and y satisfy {formula}. Express x in terms of y.",
            "{person} computes y from x with the formula {formula}. Which expression gives x when y is known?",
            "At {place}, an order of x {items} has the price number y, where {formula}. Write x as an expression in y.",
        ),
        _draw_literal,
        _solve_literal,
    ),
)
