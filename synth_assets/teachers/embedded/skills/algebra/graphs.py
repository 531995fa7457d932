"""Skills on the graphs of functions: average rate of change, shifted graphs."""

import random

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.algebra.notation import (
    bracketed,
    difference,
    nonzero,
    polynomial,
    value_at,
    whole_input,
)


def _draw_rate(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    end = whole_input(rng, fed, 4, 6 + 6 * difficulty, smallest=2, largest=10**4)
    if end is None:
        return None
    a, b, start = nonzero(rng, difficulty), nonzero(rng, 6 + 3 * difficulty), rng.randint(0, min(3, end - 1))
    return {"a": a, "b": b, "start": start, "end": end, "rule": polynomial((a, b, 0))}


def _solve_rate(p: Parameters) -> Solution:
    a, b, start, end = (whole(p, name) for name in ("a", "b", "start", "end"))
    first, last = (value_at((a, b, 0), x) for x in (start, end))
    rise = last - first
    return Solution(
        (
            f"The function values are f({start}) = {written(first)} and f({end}) = {written(last)}.",
            f"The average rate of change is the change of the value, {difference(last, first)} = "
            f"{written(rise)}, divided by the change of x, {end} - {start} = {end - start}.",
            f"This gives {written(rise)}/{end - start} = {written(rise / (end - start))}.",
        ),
        rise / (end - start),
    )


def _draw_shift(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    up = whole_input(rng, fed, 2, 20 * difficulty)
    if up is None:
        return None
    right, x = rng.randint(1, 4 * difficulty), nonzero(rng, 6 + 4 * difficulty)
    return {"up": up, "right": right, "x": x, "stretch": rng.randint(2, 3 + 2 * difficulty)}


def _solve_shift(p: Parameters) -> Solution:
    up, right, x, stretch = (whole(p, name) for name in ("up", "right", "x", "stretch"))
    size = abs(x - right)
    return Solution(
        (
            f"The horizontal shift replaces x by x - {right} and the vertical shift adds {up}: the new graph is "
            f"y = {stretch}|x - {right}| + {up}.",
            f"At x = {x} the absolute value function gives |{x} - {right}| = {size}.",
            f"So y = {stretch} * {bracketed(size)} + {up} = {stretch * size + up}.",
        ),
        stretch * size + up,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "average_rate_of_change",
        "functions and graphs",
        ("average rate of change", "function notation"),
        "high school",
        (
            "What is the average rate of change of f(x) = {rule} from x = {start} to x = {end}?",
            "Let f(x) = {rule}. Find (f({end}) - f({start}))/({end} - {start}).",
            "Compute the average rate of change of the function f(x) = {rule} on the interval [{start}, {end}].",
            "{person} draws the line through the points of the graph of y = {rule} with x = {start} and x = {end}. "
            "What is its slope?",
            "A toy train has covered {rule} centimetres from its mark after x seconds, where the sign shows the "
            "direction. Find its average velocity in centimetres per second from second {start} to second {end}.",
        ),
        _draw_rate,
        _solve_rate,
        feed="end",
    ),
    Skill(
        "shifted_graph",
        "functions and graphs",
        ("transformation of a graph", "absolute value function"),
        "high school",
        (
            "The graph of y = {stretch}|x| is shifted {right} to the right and {up} up. What is y on the new graph at "
            "x = {x}?",
            "Move the graph of f(x) = {stretch}|x| by {right} to the right and by {up} upwards. Find the value of the "
            "new function at x = {x}.",
            "{person} shifts the graph of the absolute value function y = {stretch}|x| to the right by {right} and "
            "upwards by {up}. Which y-coordinate belongs to x = {x} now?",
            "Let g(x) = f(x - {right}) + {up} with f(x) = {stretch}|x|. Compute g({x}).",
            "A graph arises from y = {stretch}|x| by a horizontal shift of {right} to the right and a vertical shift "
            "of {up} upwards. At which height y does it pass x = {x}?",
        ),
        _draw_shift,
        _solve_shift,
        feed="up",
    ),
)
