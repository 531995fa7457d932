"""Skills on sequences and series."""

import random
from fractions import Fraction

from synth_assets.teachers.embedded.parameters import number, whole
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution, written
from synth_assets.teachers.embedded.skills.algebra_notation import (
    bracketed,
    difference,
    nonzero,
    polynomial,
    signed,
    whole_input,
)


def _draw_arithmetic_term(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
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


def _draw_geometric_term(rng: random.Random, difficulty: int, fed: Number | None) -> Parameters | None:
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
        _draw_arithmetic_term,
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
        _draw_arithmetic_term,
        _solve_arithmetic_series,
        feed="first",
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
        _draw_geometric_term,
        _solve_geometric_term,
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
        _draw_geometric_term,
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
