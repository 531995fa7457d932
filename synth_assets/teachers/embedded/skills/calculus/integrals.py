"""Integrals: areas, accumulated change, averages."""

from fractions import Fraction
from random import Random

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written


def _end(rng: Random, difficulty: int, fed: Number | None, most: int = 300) -> int | None:
    """The upper end of an interval: drawn, or the fed value where it is a whole number of sensible size."""
    if fed is None:
        return rng.randint(1, 4 * difficulty)
    return int(fed) if Fraction(fed).denominator == 1 and 1 <= fed <= most else None


def _draw_power(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    end = _end(rng, difficulty, fed)
    return None if end is None else {"a": 3 * rng.randint(1, 4 * difficulty), "b": 2 * rng.randint(1, 9), "end": end}


def _solve_power(p: Parameters) -> Solution:
    a, b, end = whole(p, "a"), whole(p, "b"), whole(p, "end")
    cubes, squares = a // 3 * end**3, b // 2 * end**2
    return Solution(
        (
            f"An antiderivative of {a}x^2 + {b}x is {a // 3}x^3 + {b // 2}x^2.",
            f"By the fundamental theorem of calculus the definite integral is its value at {end} less its value at 0.",
            f"That is {cubes} + {squares} = {cubes + squares}.",
        ),
        cubes + squares,
    )


def _draw_linear_area(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    end = _end(rng, difficulty, fed, most=2000)
    return None if end is None else {"m": rng.randint(2, 5 * difficulty), "c": rng.randint(1, 20), "end": end}


def _solve_linear_area(p: Parameters) -> Solution:
    m, c, end = whole(p, "m"), whole(p, "c"), whole(p, "end")
    half = Fraction(m * end**2, 2)
    answer = half + c * end
    return Solution(
        (
            f"The area under a curve is the definite integral, here of {m}x + {c} from 0 to {end}.",
            f"An antiderivative is {m}x^2/2 + {c}x, which is 0 at x = 0.",
            f"At x = {end} it is {written(half)} + {c * end} = {written(answer)}.",
        ),
        answer,
    )


def _draw_average(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    end = _end(rng, difficulty, fed)
    return None if end is None else {"a": 3 * rng.randint(1, 3 * difficulty), "c": rng.randint(1, 30), "end": end}


def _solve_average(p: Parameters) -> Solution:
    a, c, end = whole(p, "a"), whole(p, "c"), whole(p, "end")
    answer = a // 3 * end**2 + c
    return Solution(
        (
            f"The average value of a function on [0, {end}] is its definite integral divided by {end}.",
            f"The integral of {a}x^2 + {c} from 0 to {end} is {a // 3} * {end**3} + {c * end} = {answer * end}.",
            f"Dividing by {end} gives {answer}.",
        ),
        answer,
    )


def _draw_filling(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    end = _end(rng, difficulty, fed)
    if end is None:
        return None
    return {"start": rng.randint(5, 60), "a": 2 * rng.randint(1, 4 * difficulty), "b": rng.randint(1, 9), "end": end}


def _solve_filling(p: Parameters) -> Solution:
    start, a, b, end = whole(p, "start"), whole(p, "a"), whole(p, "b"), whole(p, "end")
    gained = a // 2 * end**2 + b * end
    return Solution(
        (
            f"The accumulated change is the integral of the rate {a}t + {b} from 0 to {end}.",
            f"It is {a // 2} * {end**2} + {b} * {end} = {gained}.",
            f"Together with the {start} at the start there are {start} + {gained} = {start + gained}.",
        ),
        start + gained,
    )


def _draw_distance(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    end = _end(rng, difficulty, fed, most=1000)
    return None if end is None else {"a": 2 * rng.randint(1, 6 * difficulty), "b": rng.randint(1, 15), "end": end}


def _solve_distance(p: Parameters) -> Solution:
    a, b, end = whole(p, "a"), whole(p, "b"), whole(p, "end")
    answer = a // 2 * end**2 + b * end
    return Solution(
        (
            f"Distance is the definite integral of the velocity function {a}t + {b} from 0 to {end}.",
            f"With the antiderivative {a // 2}t^2 + {b}t this is {a // 2 * end**2} + {b * end} = {answer}.",
        ),
        answer,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "definite_integral_of_a_polynomial",
        "integrals",
        ("definite integral", "antiderivative", "fundamental theorem of calculus"),
        "college",
        (
            "Evaluate the definite integral of {a}x^2 + {b}x from 0 to {end}.",
            "Integrate {a}x^2 + {b}x over the interval from x = 0 to x = {end}.",
            "Let F be the antiderivative of {a}x^2 + {b}x with F(0) = 0. Find F({end}).",
            "Use the fundamental theorem of calculus to compute the integral of {a}x^2 + {b}x between 0 and {end}.",
            "What is the area between the x-axis and the graph of y = {a}x^2 + {b}x from x = 0 to x = {end}?",
        ),
        _draw_power,
        _solve_power,
        feed="end",
    ),
    Skill(
        "area_under_a_line",
        "integrals",
        ("area under a curve", "definite integral"),
        "college",
        (
            "Find the area under the graph of y = {m}x + {c} from x = 0 to x = {end}.",
            "What is the area of the region below y = {m}x + {c} and above the x-axis for x from 0 to {end}?",
            (
                "A ramp at {place} has height {m}x + {c} above the point x. What is the area of its side wall from x ="
                " 0 to x = {end}?"
            ),
            "Integrate {m}x + {c} from 0 to {end} to find the area under the line.",
            "The line y = {m}x + {c}, the two axes and the vertical line x = {end} enclose a region. What is its area?",
        ),
        _draw_linear_area,
        _solve_linear_area,
        feed="end",
    ),
    Skill(
        "average_value_of_a_quadratic",
        "integrals",
        ("average value of a function", "definite integral"),
        "college",
        (
            "Find the average value of f(x) = {a}x^2 + {c} on the interval from 0 to {end}.",
            "What is the mean height of the graph of y = {a}x^2 + {c} between x = 0 and x = {end}?",
            (
                "The temperature at {place}, t hours after opening, follows {a}t^2 + {c}. What is its average over the"
                " first {end} hours?"
            ),
            (
                "Divide the integral of {a}x^2 + {c} over the interval from 0 to {end} by the interval's length. What"
                " do you get?"
            ),
            "Over the interval from 0 to {end}, what constant has the same integral as {a}x^2 + {c}?",
        ),
        _draw_average,
        _solve_average,
        feed="end",
    ),
    Skill(
        "amount_from_a_changing_rate",
        "integrals",
        ("accumulated change", "definite integral"),
        "college",
        (
            (
                "A tank holds {start} litres and is filled at a rate of {a}t + {b} litres a minute after t minutes. "
                "How many litres does it hold at t = {end}?"
            ),
            (
                "{person} starts with {start} {items} and adds them at a rate of {a}t + {b} a day. "
                "According to this model, how many are there at t = {end} days?"
            ),
            "A quantity is {start} at t = 0 and changes at the rate {a}t + {b}. What is it at t = {end}?",
            (
                "Sand falls onto a heap of {start} kilograms at {a}t + {b} kilograms a minute. What does the heap"
                " weigh, in kilograms, at minute {end}?"
            ),
            "If Q(0) = {start} and Q'(t) = {a}t + {b}, find Q({end}).",
        ),
        _draw_filling,
        _solve_filling,
        feed="end",
    ),
    Skill(
        "distance_from_velocity",
        "integrals",
        ("accumulated change", "velocity function"),
        "college",
        (
            (
                "A tram moves at {a}t + {b} metres per second after t seconds. How many metres does it cover in the"
                " first {end} seconds?"
            ),
            "The velocity of a cart is v(t) = {a}t + {b}. What distance does it travel from t = 0 to t = {end}?",
            (
                "{person} leaves {place} by bicycle, and t minutes later the speed is {a}t + {b} metres per minute. How"
                " many metres has {person} covered at t = {end}?"
            ),
            "Integrate the velocity {a}t + {b} from 0 to {end} to find the distance travelled.",
            "A lift speeds up so that its velocity after t seconds is {a}t + {b}. How far has it gone at t = {end}?",
        ),
        _draw_distance,
        _solve_distance,
        feed="end",
    ),
)
