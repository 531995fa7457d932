"""Skills on series: arithmetic, geometric, infinite, and in sigma notation."""

import random
from fractions import Fraction

from synth_assets.teachers.embedded.parameters import number, whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.algebra.notation import (
    nonzero,
    polynomial,
    signed,
    whole_input,
)
from synth_assets.teachers.embedded.skills.algebra.sequences import draw_arithmetic_sequence, draw_geometric_sequence


def _solve_arithmetic_series(p: Parameters) -> Solution:
    first, step, n = whole(p, "first"), whole(p, "step"), whole(p, "n")
    last = first + (n - 1) * step
    return Solution(
        (
            f"The numbers form an arithmetic series with first term {first} and last term {first} + {n - 1} * {step} "
            f"= {last}.",
            f"Its sum is the number of terms times the average of the first and last term: {n} * ({first} + {last})/2.",
            f"This equals {n * (first + last) // 2}.",
        ),
        n * (first + last) // 2,
    )


def _solve_geometric_series(p: Parameters) -> Solution:
    first, ratio, n = whole(p, "first"), whole(p, "ratio"), whole(p, "n")
    answer = first * (ratio**n - 1) // (ratio - 1)
    divided = "" if ratio == 2 else f"/{ratio - 1}"
    return Solution(
        (
            f"The amounts form a geometric series with first term {first}, common ratio {ratio} and {n} terms.",
            f"The sum is {first} * ({ratio}^{n} - 1)/({ratio} - 1) = {first} * {ratio**n - 1}{divided} = {answer}.",
        ),
        answer,
    )


def _draw_infinite(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    bottom = rng.randint(2, 5 + 2 * difficulty)
    ratio = Fraction(rng.randint(1, bottom - 1) if difficulty > 1 else 1, bottom)
    unit = (1 / (1 - ratio)).denominator
    if fed is None:
        return {"first": unit * rng.randint(2, 30 * difficulty), "ratio": ratio}
    first = whole_input(rng, fed, 1, 1)
    return None if first is None else {"first": first, "ratio": ratio}


def _solve_infinite(p: Parameters) -> Solution:
    first, ratio = number(p, "first"), number(p, "ratio")
    answer = first / (1 - ratio)
    return Solution(
        (
            f"The common ratio {written(ratio)} lies between -1 and 1, so the infinite geometric series has a sum.",
            f"The sum is the first term divided by 1 minus the ratio, that is, {written(first)} divided by "
            f"{written(1 - ratio)}.",
            f"This equals {written(answer)}.",
        ),
        answer,
    )


def _draw_sigma(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    n = whole_input(rng, fed, 4, 10 + 10 * difficulty, smallest=2, largest=1000)
    a, b = rng.randint(2, 3 + 2 * difficulty), nonzero(rng, 5 + 2 * difficulty)
    return None if n is None else {"n": n, "a": a, "b": b, "term": polynomial((a, b), "k")}


def _solve_sigma(p: Parameters) -> Solution:
    n, a, b = whole(p, "n"), whole(p, "a"), whole(p, "b")
    triangle = n * (n + 1) // 2
    return Solution(
        (
            f"In sigma notation the sum splits into {a} times the sum of k and {n} times the constant {b}.",
            f"The numbers from 1 to {n} add up to {n} * {n + 1}/2 = {triangle}.",
            f"So the sum is {a} * {triangle} {signed(n * b)} = {a * triangle + n * b}.",
        ),
        a * triangle + n * b,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "arithmetic_series",
        "sequences and series",
        ("arithmetic series", "partial sum"),
        "high school",
        (
            "Find the sum of the first {n} terms of the arithmetic sequence with first term {first} and common "
            "difference {step}.",
            "{person} stacks {items} in {n} layers. The top layer has {first} {items}, and each layer below has "
            "{step} more than the one above. How many {items} are in the stack?",
            "The first row at {place} has {first} seats, and each further row has {step} seats more than the row "
            "before. How many seats are there in the {n} rows together?",
            "A runner covers {first} kilometres in the first week and {step} kilometres more each week. How many "
            "kilometres does the runner cover in {n} weeks altogether?",
            "An arithmetic progression starts with {first} and increases by {step} each time. Add its first {n} terms.",
        ),
        draw_arithmetic_sequence,
        _solve_arithmetic_series,
        feed="first",
    ),
    Skill(
        "geometric_series",
        "sequences and series",
        ("geometric series", "common ratio", "partial sum"),
        "high school",
        (
            "Find the sum of the first {n} terms of the geometric sequence with first term {first} and common ratio "
            "{ratio}.",
            "{person} gives away {first} {items} in the first week and in each further week {ratio} times as many as "
            "in the week before. How many {items} does {person} give away in {n} weeks altogether?",
            "A geometric series with {n} terms starts with {first} and has the ratio {ratio}. What is its sum?",
            "In round 1 of a chain letter {first} letters are sent, and each round has {ratio} times as many letters "
            "as the round before. How many letters are sent in the first {n} rounds together?",
            "Add the first {n} terms of the sequence that begins with {first} and in which each term is {ratio} times "
            "the one before.",
        ),
        draw_geometric_sequence,
        _solve_geometric_series,
        feed="first",
    ),
    Skill(
        "infinite_geometric_series",
        "sequences and series",
        ("infinite geometric series", "common ratio"),
        "high school",
        (
            "Find the sum of the infinite geometric series with first term {first} and common ratio {ratio}.",
            "An infinite geometric series starts with {first}, and every term is {ratio} times the one before it. "
            "What is its sum?",
            "A swing at {place} travels {first} decimetres on its first pass and on every further pass {ratio} of the "
            "distance of the pass before. How many decimetres does it travel in all if it is never stopped?",
            "{person} walks {first} metres, then {ratio} of that distance, then {ratio} of the second distance, and "
            "so on for ever. Towards how many metres does the total distance tend?",
            "Compute the sum to infinity of the geometric progression with a_1 = {first} and ratio {ratio}.",
        ),
        _draw_infinite,
        _solve_infinite,
        feed="first",
    ),
    Skill(
        "sigma_notation_sum",
        "sequences and series",
        ("sigma notation", "arithmetic series", "explicit formula"),
        "high school",
        (
            "Evaluate the sum of {term} for k from 1 to {n}.",
            "In sigma notation a sum runs from k = 1 to k = {n} with the terms {term}. What is its value?",
            "A sequence has the explicit formula a_k = {term}. Find the sum of its first {n} terms.",
            "{person} puts every whole number k from 1 to {n} into {term} and adds all the results. What is the total?",
            "Compute a_1 + a_2 + ... up to the term with number {n}, where a_k = {term}.",
        ),
        _draw_sigma,
        _solve_sigma,
        feed="n",
    ),
)
