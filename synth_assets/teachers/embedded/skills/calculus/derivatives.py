"""Derivatives and what they are used for."""

from fractions import Fraction
from random import Random

from synth_assets.teachers.embedded.parameters import number, whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.fed import fed_whole


def _draw_derivative(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    x = fed_whole(fed, rng.randint(1, 4 * difficulty), least=1, most=1000)
    if x is None:
        return None
    return {"a": rng.randint(2, 3 * difficulty + 2), "n": rng.randint(2, 3), "b": rng.randint(2, 12), "x": x}


def _solve_derivative(p: Parameters) -> Solution:
    a, n, b, x = whole(p, "a"), whole(p, "n"), whole(p, "b"), whole(p, "x")
    slope = a * n * x ** (n - 1) + b
    lowered = "x" if n == 2 else f"x^{n - 1}"
    return Solution(
        (
            f"By the power rule the derivative of {a}x^{n} + {b}x is {a * n}{lowered} + {b}.",
            f"At x = {x} this is {a * n} * {x ** (n - 1)} + {b} = {slope}.",
        ),
        slope,
    )


def _draw_product(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    x = fed_whole(fed, rng.randint(1, 3 * difficulty), least=1, most=1000)
    if x is None:
        return None
    return {"a": rng.randint(2, 9), "b": rng.randint(1, 9), "c": rng.randint(1, 9), "x": x}


def _solve_product(p: Parameters) -> Solution:
    a, b, c, x = whole(p, "a"), whole(p, "b"), whole(p, "c"), whole(p, "x")
    first, second = a * (x**2 + c), (a * x + b) * 2 * x
    return Solution(
        (
            f"The product rule takes the derivative of each factor in turn: {a}(x^2 + {c}) + ({a}x + {b}) * 2x.",
            (
                f"At x = {x} the first term is {a} * {x**2 + c} = {first} and the second is {a * x + b} * {2 * x} ="
                f" {second}."
            ),
            f"The derivative is {first} + {second} = {first + second}.",
        ),
        first + second,
    )


def _draw_chain(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    x = fed_whole(fed, rng.randint(1, 3 * difficulty), least=1, most=100)
    if x is None:
        return None
    return {"a": rng.randint(2, 6), "b": rng.randint(1, 9), "n": rng.randint(2, 3), "x": x}


def _solve_chain(p: Parameters) -> Solution:
    a, b, n, x = whole(p, "a"), whole(p, "b"), whole(p, "n"), whole(p, "x")
    inside = a * x + b
    answer = n * a * inside ** (n - 1)
    outside = f"({a}x + {b})" if n == 2 else f"({a}x + {b})^2"
    return Solution(
        (
            f"By the chain rule the derivative is {n} * {outside} * {a}, the derivative of the outer power times {a}.",
            f"At x = {x} the inner function is {inside}, so the value is {n * a} * {inside ** (n - 1)} = {answer}.",
        ),
        answer,
    )


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


def _draw_tangent(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    p = fed_whole(fed, rng.randint(1, 4 * difficulty), least=1, most=1000)
    if p is None:
        return None
    return {"a": rng.randint(2, 2 * difficulty + 2), "p": p, "q": rng.randint(1, 12)}


def _solve_tangent(parameters: Parameters) -> Solution:
    a, p, q = whole(parameters, "a"), whole(parameters, "p"), number(parameters, "q")
    slope, height = 2 * a * p, a * p**2
    answer = height + slope * q
    return Solution(
        (
            f"The derivative {2 * a}x gives the slope {slope} of the tangent line at x = {p}, where y = {height}.",
            (
                f"Moving {written(q)} to the right along the tangent line adds {slope} * {written(q)} ="
                f" {written(slope * q)}."
            ),
            f"So y = {height} + {written(slope * q)} = {written(answer)}.",
        ),
        answer,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "derivative_of_a_polynomial_at_a_point",
        "derivatives",
        ("power rule", "derivative"),
        "college",
        (
            "Let f(x) = {a}x^{n} + {b}x. What is the derivative of f at x = {x}?",
            "Differentiate {a}x^{n} + {b}x and evaluate the result at x = {x}.",
            "Find f'({x}) for the function f(x) = {a}x^{n} + {b}x.",
            "The height of a curve above the point x is {a}x^{n} + {b}x. How steep is the curve at x = {x}?",
            (
                "{person} models the cost of x {items} as {a}x^{n} + {b}x dollars. What is the derivative of the cost"
                " at x = {x}?"
            ),
        ),
        _draw_derivative,
        _solve_derivative,
        feed="x",
    ),
    Skill(
        "product_rule_at_a_point",
        "derivatives",
        ("product rule", "derivative"),
        "college",
        (
            "Let f(x) = ({a}x + {b})(x^2 + {c}). Find f'({x}).",
            "Use the product rule to find the derivative of ({a}x + {b})(x^2 + {c}) at x = {x}.",
            "What is the slope of the graph of y = ({a}x + {b})(x^2 + {c}) at x = {x}?",
            "A rectangle has sides {a}x + {b} and x^2 + {c}. At what rate does its area change with x when x = {x}?",
            "Differentiate the product ({a}x + {b})(x^2 + {c}) and give the value at x = {x}.",
        ),
        _draw_product,
        _solve_product,
        feed="x",
    ),
    Skill(
        "chain_rule_at_a_point",
        "derivatives",
        ("chain rule", "derivative"),
        "college",
        (
            "Let g(x) = ({a}x + {b})^{n}. Find g'({x}).",
            "Use the chain rule to differentiate ({a}x + {b})^{n}, then evaluate at x = {x}.",
            "What is the instantaneous rate of change of ({a}x + {b})^{n} at x = {x}?",
            "Compute the derivative of y = ({a}x + {b})^{n} at the point where x = {x}.",
            (
                "The brightness of a lamp at {place} is ({a}x + {b})^{n} when its dial stands at x. "
                "How fast does the brightness change with x at x = {x}?"
            ),
        ),
        _draw_chain,
        _solve_chain,
        feed="x",
    ),
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
    Skill(
        "value_on_a_tangent_line",
        "derivatives",
        ("tangent line", "power rule"),
        "college",
        (
            (
                "The tangent line to y = {a}x^2 at x = {p} is followed to the point {q} units further right. What is y"
                " there?"
            ),
            (
                "Draw the tangent line to the parabola y = {a}x^2 at x = {p}. What is its height {q} units to the right"
                " of that point?"
            ),
            (
                "A track follows y = {a}x^2 up to x = {p} and then runs straight along the tangent line. "
                "What is y when x has grown by another {q}?"
            ),
            (
                "Use the tangent line of y = {a}x^2 at x = {p} to estimate y when x is {q} larger. What estimate do you"
                " get?"
            ),
            (
                "{person} approximates y = {a}x^2 by its tangent line at x = {p}. What y does the tangent line give {q}"
                " units further along the x-axis?"
            ),
        ),
        _draw_tangent,
        _solve_tangent,
        feed="p",
    ),
)
