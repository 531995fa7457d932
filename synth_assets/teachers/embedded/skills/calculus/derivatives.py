"""Derivatives at a point, by the rules, and tangent lines."""

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
