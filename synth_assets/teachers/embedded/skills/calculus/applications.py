"""What derivatives are used for: extremes, velocity, acceleration."""

from fractions import Fraction
from random import Random

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.fed import fed_whole


def _solve_critical(p: Parameters) -> Solution:
    a, b, c = whole(p, "a"), whole(p, "b"), whole(p, "c")
    x = Fraction(b, 2 * a)
    least = a * x**2 - b * x + c
    return Solution(
        (
            f"The derivative of {a}x^2 - {b}x + {c} is {2 * a}x - {b}.",
            (
                f"It is zero at the critical point x = {b}/{2 * a} = {written(x)}, where the function has its local"
                " minimum."
            ),
            f"The value there is {a} * {written(x**2)} - {b} * {written(x)} + {c} = {written(least)}.",
        ),
        least,
    )


def _draw_critical(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    c = fed_whole(fed, rng.randint(1, 40 * difficulty), least=1, most=10**6)
    if c is None:
        return None
    a, h = rng.randint(2, 2 * difficulty + 2), rng.randint(1, 6 * difficulty)
    return {"a": a, "b": 2 * a * h, "c": c}


def _draw_fence(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    length = fed_whole(fed, 4 * rng.randint(3, 60 * difficulty), least=4, most=10**4)
    return None if length is None or length % 4 else {"length": length}


def _solve_fence(p: Parameters) -> Solution:
    length = whole(p, "length")
    side = length // 4
    return Solution(
        (
            f"With side lengths x and {length // 2} - x the area is A(x) = x({length // 2} - x).",
            (
                f"Its derivative {length // 2} - 2x is zero at the critical point x = {side}; this optimization gives a"
                " square."
            ),
            f"The largest area is {side} * {side} = {side**2}.",
        ),
        side**2,
    )


def _draw_velocity(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    t = fed_whole(fed, rng.randint(1, 5 * difficulty), least=1, most=2000)
    if t is None:
        return None
    return {"a": rng.randint(2, 3 * difficulty + 2), "b": rng.randint(2, 30), "t": t}


def _solve_velocity(p: Parameters) -> Solution:
    a, b, t = whole(p, "a"), whole(p, "b"), whole(p, "t")
    return Solution(
        (
            f"The velocity function is the derivative of the position: v(t) = {2 * a}t + {b}.",
            f"At t = {t} it is {2 * a} * {t} + {b} = {2 * a * t + b} metres per second.",
        ),
        2 * a * t + b,
    )


def _draw_acceleration(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    t = fed_whole(fed, rng.randint(1, 5 * difficulty), least=1, most=2000)
    if t is None:
        return None
    return {"a": rng.randint(2, 3 * difficulty + 1), "b": rng.randint(2, 12), "t": t}


def _solve_acceleration(p: Parameters) -> Solution:
    a, b, t = whole(p, "a"), whole(p, "b"), whole(p, "t")
    answer = 6 * a * t + 2 * b
    return Solution(
        (
            f"The first derivative of {a}t^3 + {b}t^2 is {3 * a}t^2 + {2 * b}t.",
            f"Acceleration is the second derivative, {6 * a}t + {2 * b}.",
            f"At t = {t} it is {6 * a * t} + {2 * b} = {answer}.",
        ),
        answer,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "least_value_of_a_parabola",
        "applications of derivatives",
        ("critical point", "local minimum"),
        "college",
        (
            "Find the least value of f(x) = {a}x^2 - {b}x + {c}.",
            "What is the minimum of {a}x^2 - {b}x + {c} over all real x?",
            "Use the critical point of f(x) = {a}x^2 - {b}x + {c} to find its smallest value.",
            (
                "The running cost of a machine at {place} is {a}x^2 - {b}x + {c} at speed x. What is the least cost the"
                " formula gives?"
            ),
            "At its critical point, what value does the function {a}x^2 - {b}x + {c} take?",
        ),
        _draw_critical,
        _solve_critical,
        feed="c",
    ),
    Skill(
        "largest_rectangle_for_a_fence",
        "applications of derivatives",
        ("optimization", "critical point"),
        "college",
        (
            (
                "{person} has {length} metres of fence for a rectangular plot. What is the largest area, in square"
                " metres, that the fence can enclose?"
            ),
            "A rectangle has perimeter {length}. What is its largest possible area?",
            (
                "Of all rectangles with a perimeter of {length} centimetres, how many square centimetres does the"
                " largest have?"
            ),
            (
                "A rope of length {length} metres is laid out as a rectangle at {place}. "
                "What is the greatest area in square metres that it can surround?"
            ),
            "Maximise the area of a rectangle whose four sides add up to {length}. What is the maximum area?",
        ),
        _draw_fence,
        _solve_fence,
        feed="length",
    ),
    Skill(
        "velocity_from_position",
        "applications of derivatives",
        ("velocity function", "instantaneous rate of change"),
        "college",
        (
            (
                "A cart is at position {a}t^2 + {b}t metres after t seconds. What is its velocity in metres per second"
                " at t = {t}?"
            ),
            (
                "The position of a train leaving {place} is s(t) = {a}t^2 + {b}t metres. Find its speed at t = {t}"
                " seconds."
            ),
            "An object moves so that s(t) = {a}t^2 + {b}t. What is its instantaneous velocity at time {t}?",
            (
                "{person} rolls a ball whose distance after t seconds is {a}t^2 + {b}t metres. How fast is it moving at"
                " t = {t}?"
            ),
            "Differentiate the position {a}t^2 + {b}t to find the velocity at t = {t}.",
        ),
        _draw_velocity,
        _solve_velocity,
        feed="t",
    ),
    Skill(
        "acceleration_from_position",
        "applications of derivatives",
        ("acceleration", "second derivative"),
        "college",
        (
            "The position of a lift is {a}t^3 + {b}t^2 at time t. What is its acceleration at t = {t}?",
            "Find the second derivative of {a}t^3 + {b}t^2 at t = {t}.",
            (
                "A drone flies {a}t^3 + {b}t^2 metres in t seconds. What is its acceleration, in metres per second"
                " squared, at t = {t}?"
            ),
            "If s(t) = {a}t^3 + {b}t^2, what is s''({t})?",
            "{person} records a position of {a}t^3 + {b}t^2. What acceleration does this give at time t = {t}?",
        ),
        _draw_acceleration,
        _solve_acceleration,
        feed="t",
    ),
)
