"""Skills on lines in the coordinate plane and on direct variation."""

import random
from fractions import Fraction

from synth_assets.teachers.embedded.parameters import number, whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.algebra.notation import (
    bracketed,
    difference,
    nonzero,
    polynomial,
    signed,
    whole_input,
)


def _draw_slope(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    y2 = whole_input(rng, fed, -9 * difficulty, 9 * difficulty, smallest=-(10**4), largest=10**4)
    if y2 is None:
        return None
    x1, run = rng.randint(-6, 6), rng.choice((2, 3, 4, 5, 6, 8, 10))
    rise = nonzero(rng, 4) * run if difficulty == 1 else nonzero(rng, 12)
    return {"x1": x1, "y1": y2 - rise, "x2": x1 + run, "y2": y2}


def _solve_slope(p: Parameters) -> Solution:
    x1, y1, x2, y2 = (whole(p, name) for name in ("x1", "y1", "x2", "y2"))
    answer = Fraction(y2 - y1, x2 - x1)
    return Solution(
        (
            f"The rise from the first point to the second is {difference(y2, y1)} = {y2 - y1}.",
            f"The run is {difference(x2, x1)} = {x2 - x1}.",
            f"The slope is rise over run: {y2 - y1} divided by {x2 - x1}, which is {written(answer)}.",
        ),
        answer,
    )


def _draw_y_intercept(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    y1 = whole_input(rng, fed, 1, 15 * difficulty, smallest=-(10**4), largest=10**4)
    if y1 is None:
        return None
    x1, slope, run = rng.randint(1, 5), nonzero(rng, 3 + 2 * difficulty), rng.randint(1, 5)
    return {"x1": x1, "y1": y1, "x2": x1 + run, "y2": y1 + slope * run}


def _solve_y_intercept(p: Parameters) -> Solution:
    x1, y1, x2, y2 = (whole(p, name) for name in ("x1", "y1", "x2", "y2"))
    slope = (y2 - y1) // (x2 - x1)
    answer = y1 - slope * x1
    return Solution(
        (
            f"The slope is ({difference(y2, y1)})/({x2} - {x1}) = {slope}.",
            f"In slope-intercept form y = {polynomial((slope, 0))} + b, and the first point gives {y1} = "
            f"{slope} * {x1} + b.",
            f"So the y-intercept is b = {difference(y1, slope * x1)} = {answer}.",
        ),
        answer,
    )


def _draw_intercepts(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    if fed is None:
        a, b = rng.sample(range(2, 6 + 3 * difficulty), 2)
        return {"a": a, "b": b, "c": a * b * rng.randint(1, 5 * difficulty)}
    c = whole_input(rng, fed, 4, 4)
    divisors = [a for a in range(2, 25) if c is not None and (2 * c) % a == 0 and a <= c]
    if c is None or len(divisors) < 2:
        return None
    a, b = rng.sample(divisors, 2)
    return {"a": a, "b": b, "c": c}


def _solve_intercepts(p: Parameters) -> Solution:
    a, b, c = (whole(p, name) for name in "abc")
    x, y = Fraction(c, a), Fraction(c, b)
    return Solution(
        (
            f"For the x-intercept put y = 0: {a}x = {c}, so x = {written(x)}.",
            f"For the y-intercept put x = 0: {b}y = {c}, so y = {written(y)}.",
            f"The sum of the intercepts is {written(x)} + {written(y)} = {written(x + y)}.",
        ),
        x + y,
    )


def _draw_related_line(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    q = whole_input(rng, fed, 1, 12 * difficulty, smallest=-(10**4), largest=10**4)
    if q is None:
        return None
    perpendicular = difficulty > 1 and rng.random() < 0.5
    m, x, steps = rng.choice((-5, -4, -3, -2, 2, 3, 4, 5)), rng.randint(-4, 6), nonzero(rng, 2 + difficulty)
    run = steps * abs(m) if perpendicular else steps
    return {
        "m": m,
        "x": x,
        "q": q,
        "t": x + run,
        "relation": "perpendicular" if perpendicular else "parallel",
        "line": f"y = {polynomial((m, nonzero(rng, 9)))}",
    }


def _solve_related_line(p: Parameters) -> Solution:
    m, x, q, t = (whole(p, name) for name in "mxqt")
    perpendicular = word(p, "relation") == "perpendicular"
    slope = Fraction(-1, m) if perpendicular else Fraction(m)
    reason = "the negative reciprocal of" if perpendicular else "the same as"
    answer = q + slope * (t - x)
    return Solution(
        (
            f"The line {word(p, 'line')} has slope {m}; the slope of the {word(p, 'relation')} line is {reason} this, "
            f"{written(slope)}.",
            f"In point-slope form the line is y = {q} {signed(slope)} * (x {signed(-x)}).".replace("(x + 0)", "x"),
            f"At x = {t} this gives y = {q} + {bracketed(slope)} * {bracketed(t - x)} = {written(answer)}.",
        ),
        answer,
    )


def _draw_variation(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    if fed is None:
        first, rate = rng.randint(2, 6 * difficulty), rng.randint(2, 10 * difficulty)
        value: int | None = first * rate
    else:
        value = whole_input(rng, fed, 2, 2)
        divisors = [n for n in range(2, 13) if value is not None and (2 * value) % n == 0]
        if not divisors:
            return None
        first = rng.choice(divisors)
    if value is None:
        return None
    second = rng.choice([n for n in range(2, 8 + 6 * difficulty) if n != first])
    return {"first": first, "value": value, "second": second}


def _solve_variation(p: Parameters) -> Solution:
    first, value, second = whole(p, "first"), number(p, "value"), whole(p, "second")
    constant = value / first
    return Solution(
        (
            f"In direct variation y = kx, and the constant of variation is k = {written(value)}/{first} = "
            f"{written(constant)}.".replace(
                f"{written(value)}/{first} = {written(value)}/{first}", f"{written(constant)}"
            ),
            f"For {second} the value is {bracketed(constant)} * {second} = {written(constant * second)}.",
        ),
        constant * second,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "slope_through_two_points",
        "lines and slope",
        ("slope", "ordered pair"),
        "middle",
        (
            "Find the slope of the line through ({x1}, {y1}) and ({x2}, {y2}).",
            "A line in the coordinate plane passes through the points ({x1}, {y1}) and ({x2}, {y2}). What is its "
            "slope?",
            "{person} plots the ordered pairs ({x1}, {y1}) and ({x2}, {y2}) and draws the line through them. Compute "
            "its slope.",
            "What is rise over run for the straight line from ({x1}, {y1}) to ({x2}, {y2})?",
            "On a map of {place}, a straight path joins the points ({x1}, {y1}) and ({x2}, {y2}). Which slope does "
            "the path have on the map?",
        ),
        _draw_slope,
        _solve_slope,
        feed="y2",
    ),
    Skill(
        "y_intercept_of_line",
        "lines and slope",
        ("y-intercept", "slope-intercept form", "equation of a line"),
        "high school",
        (
            "Find the y-intercept of the line through ({x1}, {y1}) and ({x2}, {y2}).",
            "The line y = mx + b passes through the points ({x1}, {y1}) and ({x2}, {y2}). What is b?",
            "A line goes through ({x1}, {y1}) and ({x2}, {y2}). At which value of y does it cross the y-axis?",
            "{person} writes the line through ({x1}, {y1}) and ({x2}, {y2}) in slope-intercept form. Which constant "
            "stands at the end?",
            "A linear function has the value {y1} at x = {x1} and the value {y2} at x = {x2}. What is its value at x "
            "= 0?",
        ),
        _draw_y_intercept,
        _solve_y_intercept,
        feed="y1",
    ),
    Skill(
        "sum_of_intercepts",
        "lines and slope",
        ("x-intercept", "standard form of a line", "y-intercept"),
        "high school",
        (
            "What is the sum of the x-intercept and the y-intercept of the line {a}x + {b}y = {c}?",
            "The line {a}x + {b}y = {c} crosses the x-axis at (p, 0) and the y-axis at (0, q). Find p + q.",
            "A line is given in standard form by {a}x + {b}y = {c}. Add its two intercepts. What is the result?",
            "{person} finds the x-intercept of {a}x + {b}y = {c} and {other} finds the y-intercept. What is the sum "
            "of their two results?",
            "In the coordinate plane, {a}x + {b}y = {c} cuts both axes. Calculate the sum of the two intercepts.",
        ),
        _draw_intercepts,
        _solve_intercepts,
        feed="c",
    ),
    Skill(
        "parallel_or_perpendicular_line",
        "lines and slope",
        ("point-slope form", "slopes of parallel lines", "slopes of perpendicular lines"),
        "high school",
        (
            "A line passes through ({x}, {q}) and is {relation} to {line}. What is y on this line when x = {t}?",
            "The line through ({x}, {q}) {relation} to {line} contains the point ({t}, y). Find y.",
            "{person} draws the line {line} and a {relation} line through the point ({x}, {q}). Which y-coordinate "
            "does the second line have at x = {t}?",
            "Find the y-coordinate of the point with x-coordinate {t} on the line that goes through ({x}, {q}) and is "
            "{relation} to {line}.",
            "On a plan of {place}, one path lies along {line}. A second path is {relation} to it and passes through "
            "({x}, {q}). For which y does the second path pass through ({t}, y)?",
        ),
        _draw_related_line,
        _solve_related_line,
        feed="q",
    ),
    Skill(
        "direct_variation",
        "lines and slope",
        ("direct variation", "linear equation in two variables"),
        "middle",
        (
            "The quantity y varies directly as x, and y = {value} when x = {first}. Find y when x = {second}.",
            "If y is directly proportional to x and y is {value} for x equal to {first}, what is y for x equal to "
            "{second}?",
            "The cost of {items} at {place} varies directly as their number. If {first} {items} cost {value} dollars, "
            "how many dollars do {second} {items} cost?",
            "The distance {person} walks is directly proportional to the time. In {first} minutes {person} walks "
            "{value} metres. How many metres does {person} walk in {second} minutes?",
            "A line through the origin passes through ({first}, {value}) and ({second}, y). What is y?",
        ),
        _draw_variation,
        _solve_variation,
        feed="value",
    ),
)
