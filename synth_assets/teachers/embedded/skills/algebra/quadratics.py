"""Skills on quadratic equations, their roots and the vertex of a parabola."""

import random
from fractions import Fraction
from math import isqrt

from synth_assets.teachers.embedded.parameters import number, whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.algebra.notation import (
    bracketed,
    nonzero,
    polynomial,
    redrawn,
    signed,
    square_part,
    surd,
    whole_input,
)


def _draw_rectangle(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    if fed is None:
        shorter, longer_by = rng.randint(2, 12 * difficulty), rng.randint(2, 10 * difficulty)
        return {"area": shorter * (shorter + longer_by), "gap": longer_by}
    area = whole_input(rng, fed, 8, 8)
    shorts = [n for n in range(2, isqrt(area or 0) + 1) if area is not None and area % n == 0 and area // n > n + 1]
    if area is None or not shorts:
        return None
    shorter = rng.choice(shorts)
    return {"area": area, "gap": area // shorter - shorter}


def _solve_rectangle(p: Parameters) -> Solution:
    area, gap = whole(p, "area"), whole(p, "gap")
    shorter = (isqrt(gap * gap + 4 * area) - gap) // 2
    return Solution(
        (
            f"With x for the smaller number, x(x + {gap}) = {area}, which is the quadratic equation "
            f"x^2 + {gap}x - {area} = 0.",
            f"Factoring gives (x - {shorter})(x + {shorter + gap}) = 0.",
            f"By the zero product property x = {shorter} or x = -{shorter + gap}, and only {shorter} is positive.",
        ),
        shorter,
    )


@redrawn
def _draw_formula(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    half, inside = nonzero(rng, 4 + 4 * difficulty), rng.randint(2, 12 + 16 * difficulty)
    c = half * half - inside
    if fed is not None or isqrt(inside) ** 2 == inside or c == 0:
        return None
    return {"b": -2 * half, "c": c, "quadratic": polynomial((1, -2 * half, c))}


def _solve_formula(p: Parameters) -> Solution:
    b, c = whole(p, "b"), whole(p, "c")
    discriminant, half = b * b - 4 * c, -b // 2
    root = surd(1, discriminant // 4)
    return Solution(
        (
            f"The discriminant is {bracketed(b)}^2 - 4 * 1 * {bracketed(c)} = {discriminant}.",
            f"By the quadratic formula x = ({-b} + sqrt({discriminant}))/2 or x = ({-b} - sqrt({discriminant}))/2.",
            f"Since sqrt({discriminant}) = {surd(2, discriminant // 4)}, the larger root is {half} + {root}.",
        ),
        f"{half} + {root}",
    )


def _draw_discriminant(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    c = whole_input(rng, fed, 1, 10 * difficulty)
    a, b = rng.randint(1, 3 * difficulty), nonzero(rng, 7 + 5 * difficulty)
    return None if c is None else {"a": a, "b": b, "c": c, "start": polynomial((a, b, 0))}


def _solve_discriminant(p: Parameters) -> Solution:
    a, b, c = (whole(p, name) for name in "abc")
    answer = b * b - 4 * a * c
    return Solution(
        (
            f"The discriminant of ax^2 + bx + c = 0 is b^2 - 4ac, here with a = {a}, b = {b} and c = {c}.",
            f"It equals {bracketed(b)}^2 - 4 * {a} * {c} = {b * b} - {4 * a * c} = {answer}.",
        ),
        answer,
    )


def _draw_vertex(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    c = whole_input(rng, fed, 1, 20 * difficulty)
    if c is None:
        return None
    a, h = rng.choice((-1, 1)) * rng.randint(1, difficulty), nonzero(rng, 4 + 2 * difficulty)
    extreme = "greatest" if a < 0 else "least"
    return {"a": a, "b": -2 * a * h, "c": c, "start": polynomial((a, -2 * a * h, 0)), "extreme": extreme}


def _solve_vertex(p: Parameters) -> Solution:
    a, b, c = (whole(p, name) for name in "abc")
    h = -b // (2 * a)
    answer = a * h * h + b * h + c
    opening = "downwards" if a < 0 else "upwards"
    return Solution(
        (
            f"The graph is a parabola that opens {opening}, so the {word(p, 'extreme')} value lies at its vertex.",
            f"The vertex of the parabola has x = -b/(2a) = {-b}/{bracketed(2 * a)} = {h}.",
            f"The value there is {a * h * h} {signed(b * h)} + {c} = {answer}.",
        ),
        answer,
    )


def _draw_height(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    start = whole_input(rng, fed, 2, 20 * difficulty)
    speed = 10 * rng.randint(1, 10) if difficulty == 1 else 2 * rng.randint(3, 30 * difficulty)
    return None if start is None or start > 3000 else {"start": start, "speed": speed}


def _solve_height(p: Parameters) -> Solution:
    start, speed = number(p, "start"), whole(p, "speed")
    time = Fraction(speed, 10)
    answer = start + 5 * time * time
    return Solution(
        (
            "The maximum of a quadratic function at^2 + bt + c with negative a lies at t = -b/(2a).",
            f"Here t = {speed}/10" + (f" = {written(time)}." if time.denominator < 10 else "."),
            f"The greatest height is -5 * {bracketed(time)}^2 + {speed} * {bracketed(time)} + {written(start)} = "
            f"{written(answer)}.",
        ),
        answer,
    )


def _draw_completing(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    b = whole_input(rng, fed, 2, 40 * difficulty, largest=2000)
    if fed is None and b is not None and difficulty == 1:
        b += b % 2
    return None if b is None else {"b": b, "k": rng.randint(1, 9 * difficulty)}


def _solve_completing(p: Parameters) -> Solution:
    b, k = whole(p, "b"), whole(p, "k")
    half = Fraction(b, 2)
    answer = half * half + k
    return Solution(
        (
            f"Completing the square uses half of the coefficient of x, {written(half)}, and its square "
            f"{written(half * half)}.",
            f"Adding {written(half * half)} to both sides gives (x + {written(half)})^2 = {k} + "
            f"{written(half * half)}.",
            f"So q = {written(answer)}.",
        ),
        answer,
    )


def _draw_root_squares(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    s = whole_input(rng, fed, 3, 10 + 10 * difficulty)
    return None if s is None else {"s": s, "p": rng.randint(1, max(1, min(s * s // 4, 25 * difficulty)))}


def _solve_root_squares(p: Parameters) -> Solution:
    s, product = whole(p, "s"), whole(p, "p")
    return Solution(
        (
            f"The sum of the roots is {s} and the product of the roots is {product}.",
            f"The sum of the squares is the square of the sum less twice the product: {s}^2 - 2 * {product}.",
            f"This equals {s * s} - {2 * product} = {s * s - 2 * product}.",
        ),
        s * s - 2 * product,
    )


def _draw_square_root_property(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    c = whole_input(rng, fed, 2, 60 * difficulty)
    return None if c is None else {"h": rng.randint(1, 12 * difficulty), "c": c}


def _solve_square_root_property(p: Parameters) -> Solution:
    h, c = whole(p, "h"), whole(p, "c")
    factor, rest = square_part(c)
    root = surd(1, c)
    simplified = "" if root == f"sqrt({c})" else f", where sqrt({c}) = {root}"
    answer: Number | str = h + factor if rest == 1 else f"{h} + {root}"
    return Solution(
        (
            f"By the square root property, x - {h} is sqrt({c}) or -sqrt({c}){simplified}.",
            f"Adding {h} to the positive root gives the larger solution, x = {h} + {root}"
            + (f" = {h + factor}." if rest == 1 else "."),
        ),
        answer,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "quadratic_from_product",
        "quadratic equations",
        ("quadratic equation", "zero product property", "factoring"),
        "high school",
        (
            "A positive number and a number that is greater by {gap} have the product {area}. Find the smaller number.",
            "A rectangular garden at {place} is {gap} metres longer than it is wide. Its area is {area} square "
            "metres. How many metres wide is it?",
            "Find the positive solution of x(x + {gap}) = {area}.",
            "{person} arranges {area} {items} in rows of equal length. A row holds {gap} more {items} than there are "
            "rows. How many rows are there?",
            "Solve the quadratic equation x^2 + {gap}x = {area} and give the positive root.",
        ),
        _draw_rectangle,
        _solve_rectangle,
        feed="area",
    ),
    Skill(
        "quadratic_formula",
        "quadratic equations",
        ("quadratic formula", "roots of an equation"),
        "high school",
        (
            "Solve {quadratic} = 0 with the quadratic formula. Give the larger root in exact form.",
            "What is the larger root of the equation {quadratic} = 0? Give the exact value.",
            "{person} and {other} each found one of the two real roots of {quadratic} = 0, and {other} has the larger "
            "one. What is it exactly?",
            "The parabola y = {quadratic} crosses the x-axis twice. Find the exact x-coordinate of the crossing "
            "further to the right.",
            "Find the greatest real number x with {quadratic} = 0, in simplest radical form.",
        ),
        _draw_formula,
        _solve_formula,
    ),
    Skill(
        "discriminant",
        "quadratic equations",
        ("discriminant", "quadratic equation"),
        "high school",
        (
            "What is the discriminant of {start} + {c} = 0?",
            "Compute the discriminant of the quadratic equation {start} + {c} = 0.",
            "{person} wants to know how many real roots {start} + {c} = 0 has and computes b^2 - 4ac. What value "
            "results?",
            "Find the number under the square root sign when the quadratic formula is applied to {start} + {c} = 0, "
            "before anything is simplified.",
            "For the quadratic function f(x) = {start} + {c}, determine the discriminant.",
        ),
        _draw_discriminant,
        _solve_discriminant,
        feed="c",
    ),
    Skill(
        "extreme_value_of_quadratic",
        "quadratic equations",
        ("vertex of a parabola", "parabola", "quadratic function"),
        "high school",
        (
            "What is the {extreme} value of {start} + {c} for real x?",
            "Find the y-coordinate of the vertex of the parabola y = {start} + {c}, where y takes its {extreme} value.",
            "The function f(x) = {start} + {c} has a {extreme} value. Determine it.",
            "{person} draws the graph of y = {start} + {c} and marks the point where y takes its {extreme} value. "
            "Which value of y belongs to this point?",
            "Write y = {start} + {c} in vertex form and read off the {extreme} value of y.",
        ),
        _draw_vertex,
        _solve_vertex,
        feed="c",
    ),
    Skill(
        "maximum_height",
        "quadratic equations",
        ("maximum or minimum of a quadratic", "quadratic function"),
        "high school",
        (
            "{person} throws a ball upwards at {place}. After t seconds its height in metres is -5t^2 + {speed}t + "
            "{start}. What is its greatest height in metres?",
            "The height of a rocket in metres is h = -5t^2 + {speed}t + {start} after t seconds. Find the maximum "
            "height.",
            "A stone is thrown upwards from a height of {start} metres at {speed} metres a second, so its height is "
            "{start} + {speed}t - 5t^2 metres after t seconds. How many metres high does it rise?",
            "Determine the maximum of the quadratic function h(t) = -5t^2 + {speed}t + {start}.",
            "Water leaves a fountain so that its height in decimetres after t seconds is {start} + {speed}t - 5t^2. "
            "At which height, in decimetres, does it turn?",
        ),
        _draw_height,
        _solve_height,
        feed="start",
    ),
    Skill(
        "completing_the_square",
        "quadratic equations",
        ("completing the square", "quadratic equation"),
        "high school",
        (
            "Completing the square turns x^2 + {b}x = {k} into (x + p)^2 = q. What is q?",
            "Write the equation x^2 + {b}x = {k} in the form (x + p)^2 = q and give q.",
            "{person} solves x^2 + {b}x = {k} by completing the square and reaches (x + p)^2 = q. Find q.",
            "The equations x^2 + {b}x = {k} and (x + p)^2 = q are equivalent. Determine q.",
            "Complete the square in x^2 + {b}x = {k}. Which number stands on the right side next to (x + p)^2?",
        ),
        _draw_completing,
        _solve_completing,
        feed="b",
    ),
    Skill(
        "sum_of_squares_of_roots",
        "quadratic equations",
        ("sum and product of the roots", "roots of an equation"),
        "competition",
        (
            "Let r and t be the roots of x^2 - {s}x + {p} = 0. Find r^2 + t^2.",
            "What is the sum of the squares of the roots of x^2 - {s}x + {p} = 0?",
            "Two real numbers have the sum {s} and the product {p}. What is the sum of their squares?",
            "{person} adds the squares of the two solutions of x^2 - {s}x + {p} = 0 without solving the equation. "
            "What is the result?",
            "The sides of a rectangle are the roots of x^2 - {s}x + {p} = 0. Find the square of its diagonal.",
        ),
        _draw_root_squares,
        _solve_root_squares,
        feed="s",
    ),
    Skill(
        "square_root_property",
        "quadratic equations",
        ("square root property", "square root", "quadratic equation"),
        "high school",
        (
            "Solve (x - {h})^2 = {c} and give the larger solution exactly.",
            "What is the greatest number x for which (x - {h})^2 = {c}?",
            "{person} subtracts {h} from a number and squares the result, which gives {c}. What is the largest number "
            "with which {person} can have started?",
            "Use the square root property to find the larger root of (x - {h})^2 = {c}.",
            "A square with area {c} has a side of length x - {h}. Find x exactly.",
        ),
        _draw_square_root_property,
        _solve_square_root_property,
        feed="c",
    ),
)
