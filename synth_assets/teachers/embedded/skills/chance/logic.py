"""Problem skills of logic: truth tables, implications and their counterexamples."""

from itertools import product
from math import lcm
from random import Random

from synth_assets.teachers.embedded.parameters import whole, word
from synth_assets.teachers.embedded.skill import Number, Parameters, Skill, Solution
from synth_assets.teachers.embedded.skills.chance.feeding import whole_between

LOGIC = "mathematical logic"
CONNECTIVES = ("and", "or", "implies")


def _draw_implication(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    n = whole_between(rng, fed, 20, 100 * difficulty, 5000)
    a, b = rng.sample(range(2, 8 + 2 * difficulty), 2)
    return None if n is None or n < 2 * a or a % b == 0 else {"n": n, "a": a, "b": b}


def _solve_implication(p: Parameters) -> Solution:
    n, a, b = whole(p, "n"), whole(p, "a"), whole(p, "b")
    common = lcm(a, b)
    first, both = n // a, n // common
    return Solution(
        (
            "An implication is false only where its premise is true and its conclusion is false; such a number is a "
            "counterexample.",
            f"The premise is true for {first} numbers, the multiples of {a}.",
            f"Of these the conclusion is true for the multiples of {common}, of which there are {both}.",
            f"So there are {first} - {both} = {first - both} counterexamples.",
        ),
        first - both,
    )


def _truth(connective: str, left: bool, right: bool) -> bool:
    if connective == "and":
        return left and right
    return left or right if connective == "or" else not left or right


def _draw_truth_table(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    """A statement `(p first q) second r`, or with a fourth letter; each letter may be negated."""
    del fed
    letters = [
        ("not " if rng.random() < 0.35 else "") + letter for letter in ("p", "q", "r", "s")[: 2 + min(difficulty, 2)]
    ]
    first, second, third = (rng.choice(CONNECTIVES) for _ in range(3))
    if len(letters) == 3:
        return {"left": f"{letters[0]} {first} {letters[1]}", "middle": second, "right": letters[2], "letters": 3}
    right = f"({letters[2]} {third} {letters[3]})"
    return {"left": f"{letters[0]} {first} {letters[1]}", "middle": second, "right": right, "letters": 4}


def _value(text: str, row: dict[str, bool]) -> bool:
    """The truth value of `p`, `not p` or `p or not q` in a row of the table."""
    for connective in CONNECTIVES:
        left, found, right = text.partition(f" {connective} ")
        if found:
            return _truth(connective, _value(left, row), _value(right, row))
    return not row[text[4:]] if text.startswith("not ") else row[text]


def _solve_truth_table(p: Parameters) -> Solution:
    left, middle, right = word(p, "left"), word(p, "middle"), word(p, "right")
    size = whole(p, "letters")
    rows = [dict(zip("pqrs", values, strict=False)) for values in product((True, False), repeat=size)]
    halves = [(_value(left, row), _value(right.strip("()"), row)) for row in rows]
    first, both = sum(one for one, _ in halves), sum(one and other for one, other in halves)
    second = sum(other for _, other in halves)
    answer = sum(_truth(middle, one, other) for one, other in halves)
    total = len(rows)
    if middle == "and":
        last = f"A conjunction is true where both parts are: in {both} rows."
    elif middle == "or":
        last = (
            f"Both parts are true in {both} rows, and a disjunction is true where at least one part is: in {first} + "
            f"{second} - {both} = {answer} rows."
        )
    else:
        last = (
            f"An implication is false only where the first part is true and the second is false, in {first} - {both} = "
            f"{first - both} rows, so it is true in {total} - {first - both} = {answer}."
        )
    return Solution(
        (
            f"With {size} letters the truth table has 2^{size} = {total} rows.",
            f"The part ({left}) is true in {first} of them, and the part {right} is true in {second}"
            + (f", both together in {both}." if middle == "implies" else "."),
            last,
        ),
        answer,
    )


SKILLS: tuple[Skill, ...] = (
    Skill(
        "counterexamples_to_implication",
        LOGIC,
        ("logical implication", "counterexample"),
        "high school",
        (
            'Consider the statement "if a number is divisible by {a}, then it is divisible by {b}". How many of the '
            "whole numbers "
            "from 1 to {n} are counterexamples to it?",
            '{person} claims: "Every multiple of {a} is a multiple of {b}." How many numbers from 1 to {n} refute the '
            "claim?",
            "For how many whole numbers x from 1 to {n} is the implication (x is a multiple of {a}) implies (x is a "
            "multiple of {b}) false?",
            "Find the number of counterexamples, among the numbers 1 to {n}, to the assertion that divisibility by "
            "{a} implies divisibility by {b}.",
            'At {place} a sign says: "If your ticket number is divisible by {a}, it is divisible by {b}." The ticket '
            "numbers run from "
            "1 to {n}. How many of them break this rule?",
        ),
        _draw_implication,
        _solve_implication,
        "n",
    ),
    Skill(
        "truth_table_rows",
        LOGIC,
        ("truth table", "proposition", "truth value"),
        "college",
        (
            "The truth table of the statement ({left}) {middle} {right} has one row for each assignment of truth "
            "values to its {letters} letters. In how many rows is the statement true?",
            "{person} writes down the truth table of ({left}) {middle} {right}, with {letters} letters. How many rows "
            "end in true?",
            "Count the truth assignments of the {letters} letters for which ({left}) {middle} {right} is true.",
            "For how many choices of true and false for its {letters} letters does the proposition ({left}) {middle} "
            "{right} hold?",
            "A lamp at {place} is controlled by {letters} switches, one for each letter, and is lit exactly when "
            "({left}) {middle} {right} is true, where a letter is true if its switch is on. How many positions of the "
            "switches light the lamp?",
        ),
        _draw_truth_table,
        _solve_truth_table,
    ),
)
