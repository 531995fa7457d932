"""Skills on sequences: their terms, common differences and recursions."""

import random

from synth_assets.teachers.embedded.parameters import whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.algebra.notation import (
    bracketed,
    difference,
    nonzero,
    signed,
    whole_input,
)


def draw_arithmetic_sequence(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    """First term, step, and a number of terms."""
    first = whole_input(rng, fed, 2, 30 * difficulty)
    if first is None:
        return None
    return {"first": first, "step": rng.randint(2, 5 + 4 * difficulty), "n": rng.randint(5, 10 + 15 * difficulty)}


def _solve_arithmetic_term(p: Parameters) -> Solution:
    first, step, n = whole(p, "first"), whole(p, "step"), whole(p, "n")
    answer = first + (n - 1) * step
    return Solution(
        (
            f"This is an arithmetic sequence with first term {first} and common difference {step}.",
            f"From term 1 to term {n} the difference is added {n - 1} times: {first} + {n - 1} * {step} = {answer}.",
        ),
        answer,
    )


def draw_geometric_sequence(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    """First term, ratio, and a number of terms."""
    first = whole_input(rng, fed, 2, 20 * difficulty)
    ratio, n = rng.randint(2, 3 + difficulty), rng.randint(4, 5 + difficulty)
    return None if first is None else {"first": first, "ratio": ratio, "n": n}


def _solve_geometric_term(p: Parameters) -> Solution:
    first, ratio, n = whole(p, "first"), whole(p, "ratio"), whole(p, "n")
    answer = first * ratio ** (n - 1)
    return Solution(
        (
            f"This is a geometric sequence with first term {first} and common ratio {ratio}.",
            f"Term {n} is {first} * {ratio}^{n - 1} = {first} * {ratio ** (n - 1)} = {answer}.",
        ),
        answer,
    )


def _draw_recursion(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first = whole_input(rng, fed, 1, 10 * difficulty, smallest=-(10**4), largest=10**4)
    if first is None:
        return None
    times, add = rng.randint(2, 2 + difficulty), nonzero(rng, 9)
    if first * (times - 1) + add == 0:
        add += 1 if add > 0 else -1
    rule = f"{times}a_n {signed(add)}"
    return {"first": first, "times": times, "add": add, "n": rng.randint(3, 3 + difficulty), "rule": rule}


def _solve_recursion(p: Parameters) -> Solution:
    times, add, n = whole(p, "times"), whole(p, "add"), whole(p, "n")
    terms, lines = [whole(p, "first")], []
    for place in range(2, n + 1):
        following = times * terms[-1] + add
        lines.append(f"a_{place} = {times} * {bracketed(terms[-1])} {signed(add)} = {following}")
        terms.append(following)
    return Solution(
        (
            "Apply the recursive formula step by step, starting from the first term.",
            f"This gives {', '.join(lines)}.",
        ),
        terms[-1],
    )


def _draw_fibonacci(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    first = whole_input(rng, fed, 1, 10 * difficulty)
    if first is None:
        return None
    return {"first": first, "second": rng.randint(1, 12 * difficulty), "n": rng.randint(5, 6 + 2 * difficulty)}


def _solve_fibonacci(p: Parameters) -> Solution:
    terms, n = [whole(p, "first"), whole(p, "second")], whole(p, "n")
    while len(terms) < n:
        terms.append(terms[-1] + terms[-2])
    return Solution(
        (
            "As in the Fibonacci sequence, every term from the third on is the sum of the two terms before it.",
            f"The terms are {written(tuple(terms))}.",
            f"Term {n} is {terms[-1]}.",
        ),
        terms[-1],
    )


def _draw_common_difference(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
    last = whole_input(rng, fed, 60, 200 * difficulty, smallest=8)
    if last is None:
        return None
    j, gap = rng.randint(2, 4 + difficulty), rng.randint(2, 5 + 3 * difficulty)
    step = rng.randint(1, max(1, min(20 * difficulty, (last - 1) // gap)))
    return {"j": j, "early": last - gap * step, "k": j + gap, "last": last}


def _solve_common_difference(p: Parameters) -> Solution:
    j, early, k, last = whole(p, "j"), whole(p, "early"), whole(p, "k"), whole(p, "last")
    rise = last - early
    return Solution(
        (
            f"From term {j} to term {k} the common difference is added {k} - {j} = {k - j} times.",
            f"The terms grow by {difference(last, early)} = {rise} in all.",
            f"So the common difference is {rise}/{k - j} = {rise // (k - j)}.",
        ),
        rise // (k - j),
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "arithmetic_sequence_term",
        "sequences and series",
        ("arithmetic sequence", "term of a sequence"),
        "high school",
        (
            "An arithmetic sequence has first term {first} and common difference {step}. Find term number {n}.",
            "The first row of seats at {place} has {first} seats, and every further row has {step} seats more than "
            "the row before. How many seats are in row {n}?",
            "{person} saves {first} dollars in the first week and {step} dollars more each week than in the week "
            "before. How many dollars does {person} save in week {n}?",
            "A sequence starts with {first}, and each term is {step} greater than the one before it. What is term "
            "number {n}?",
            "What is a_{n} if a_1 = {first} and the terms of the arithmetic progression increase by {step}?",
        ),
        draw_arithmetic_sequence,
        _solve_arithmetic_term,
        feed="first",
    ),
    Skill(
        "common_difference",
        "sequences and series",
        ("common difference", "arithmetic sequence"),
        "high school",
        (
            "In an arithmetic sequence, term {j} is {early} and term {k} is {last}. Find the common difference.",
            "An arithmetic progression has a_{j} = {early} and a_{k} = {last}. What is the difference of neighbouring "
            "terms?",
            "{person} adds the same number of {items} to a collection every day. On day {j} there are {early} "
            "{items}, and on day {k} there are {last} {items}. How many {items} are added each day?",
            "The rows at {place} grow by the same number of seats from each row to the next. Row {j} has {early} "
            "seats, and row {k} has {last} seats. By how many seats do the rows grow?",
            "The terms of a sequence grow by a fixed amount d. If term number {j} equals {early} and term number {k} "
            "equals {last}, what is d?",
        ),
        _draw_common_difference,
        _solve_common_difference,
        feed="last",
    ),
    Skill(
        "geometric_sequence_term",
        "sequences and series",
        ("geometric sequence", "common ratio"),
        "high school",
        (
            "A geometric sequence has first term {first} and common ratio {ratio}. Find term number {n}.",
            "A sequence begins with {first}, and every term is {ratio} times the one before it. What is term number "
            "{n}?",
            "On day 1 a video is watched {first} times. Each day it is watched {ratio} times as often as the day "
            "before. How many times is it watched on day {n}?",
            "{person} folds and cuts paper so that the number of pieces is multiplied by {ratio} in every round. "
            "After round 1 there are {first} pieces. How many pieces are there after round {n}?",
            "In a geometric progression a_1 = {first}, and the ratio of neighbouring terms is {ratio}. What is a_{n}?",
        ),
        draw_geometric_sequence,
        _solve_geometric_term,
        feed="first",
    ),
    Skill(
        "recursive_sequence",
        "sequences and series",
        ("recursive formula", "term of a sequence"),
        "high school",
        (
            "A sequence is defined by a_1 = {first} and a_(n+1) = {rule}. Find term number {n}.",
            "Let a_1 = {first}, and let the recursive formula a_(n+1) = {rule} hold for every n. What is a_{n}?",
            "{person} writes down {first} as term 1 and finds each next term by the rule a_(n+1) = {rule}. What is "
            "term {n}?",
            "The recurrence relation a_(n+1) = {rule} is started with a_1 = {first}. Compute a_{n}.",
            "In a recursively defined sequence the first term is {first} and a_(n+1) = {rule}. Which number is term "
            "{n}?",
        ),
        _draw_recursion,
        _solve_recursion,
        feed="first",
    ),
    Skill(
        "fibonacci_type_sequence",
        "sequences and series",
        ("fibonacci sequence", "recursive formula"),
        "middle",
        (
            "A sequence starts with {first} and {second}. From the third term on, each term is the sum of the two "
            "terms before it. Find term {n}.",
            "Like the Fibonacci sequence, a sequence adds the last two terms to get the next one, but it begins with "
            "{first} and {second}. What is term number {n}?",
            "{person} writes {first} and {other} writes {second}. Then they take turns to write the sum of the last "
            "two numbers. What is number {n} in their list?",
            "Let a_1 = {first}, a_2 = {second} and a_(k+2) = a_(k+1) + a_k for every k. Compute a_{n}.",
            "A pattern of tiles at {place} has {first} tiles in row 1 and {second} tiles in row 2. Each later row has "
            "as many tiles as the two rows before it together. How many tiles are in row {n}?",
        ),
        _draw_fibonacci,
        _solve_fibonacci,
        feed="first",
    ),
)
