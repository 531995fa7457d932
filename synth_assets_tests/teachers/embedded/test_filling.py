"""Templates filled from a document: exact, within their conditions, with a number of the document in each."""

import math
import random
import re
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations, permutations

import pytest

from synth_assets.generation.methods.template import templates
from synth_assets.teachers.embedded.filling import facts_of, fill, filled_answer, filled_text
from synth_assets.teachers.embedded.formulas import holds, value_of
from synth_assets.teachers.tasks import QuestionTemplate, SourceDocument

DOCUMENT = SourceDocument(
    document_id="d",
    title="At the mill",
    text="In 1907 Rosa stacked 12 sacks, forty crates, 360 bricks and 25 lamps; 7 were broken. Half of 6 is 3.",
)
FACTS = facts_of(DOCUMENT)

INDEPENDENT: dict[str, Callable[..., int | Fraction]] = {
    "{person} packs": lambda a, b: next(left for left in range(b) if any(b * n + left == a for n in range(a))),
    "{person} collects": lambda a, b: next(weeks for weeks in range(b) if weeks * a >= b),
    "One bell": lambda a, b: next(t for t in range(1, a * b + 1) if t % a == 0 and t % b == 0),
    "A sheet of": lambda a, b: min(a * b // s**2 for s in range(1, 241) if a % s == 0 and b % s == 0),
    "A rectangular field": lambda a, b, c: 2 * (a + b) * c + 4 * c**2,
    "A bag holds {a} red and {b} blue {things}. {person} takes two": lambda a, b: Fraction(
        sum(max(pair) < a for pair in permutations(range(a + b), 2)), math.perm(a + b, 2)
    ),
    "In how many ways": lambda a: sum(1 for _ in combinations(range(a), 2)),
    "{person} thinks of": lambda a, b, c: next(n for n in range(1000) if n * a + b == c),
    "Renting a hall": lambda a, b, c: next(hours for hours in range(1000) if a + b * hours == c),
    "{person} has {a} {things} more": lambda a, b: next(n for n in range(b) if n + n + a == b),
    "An arithmetic sequence": lambda a, b, c: list(range(a, a + b * c, b))[-1],
    "{person} saves": lambda a, b, c: sum(a + b * week for week in range(c)),
    "A culture": lambda a, b: sum([a, *(a * 2**hour for hour in range(b))]),
    "What is the remainder": lambda a, b, c: sum([a] * b) - max(m for m in range(0, a * b + 1, c)),
    "How many of the whole": lambda a, b, c: sum(n % b == 0 or n % c == 0 for n in range(1, a + 1)),
    "What is the slope of the graph": lambda a, b, c: Fraction(
        a * (c + 1) ** 2 + b * (c + 1) - a * (c - 1) ** 2 - b * (c - 1), 2
    ),
    "What is the area between": lambda a, b: Fraction(sum(a * (2 * n + 1) for n in range(b)), 2),
    "{a} workers": lambda a, b, c: Fraction(a * b, c),
    "{person} and {other} divide": lambda a, b, c: Fraction(a, b + c) * b,
}
"""Answers found another way, by the beginning of the template."""


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.text[:40])
def test_a_filled_template_is_exact_and_holds_a_number_of_the_document(template: QuestionTemplate) -> None:
    other_way = next((rule for beginning, rule in INDEPENDENT.items() if template.text.startswith(beginning)), None)
    made = 0
    for seed in range(40):
        filled = fill(template, FACTS, random.Random(seed))
        if filled is None:
            continue
        made += 1
        question, answer = filled_text(filled), filled_answer(filled)
        assert set(filled.numbers.values()) & set(FACTS.numbers)
        assert not re.search(r"[{}]", question + answer.solution)
        assert question[0].isupper() or question[0].isdigit()
        assert re.search(rf"(?<![\d/]){re.escape(answer.final_answer)}(?![\d/])", answer.solution.rsplit(". ", 1)[-1])
        for name, (least, most) in template.ranges.items():
            assert least <= filled.numbers[name] <= most
        assert all(holds(condition, filled.numbers) for condition in template.where)
        if other_way is not None:
            assert Fraction(answer.final_answer) == other_way(**filled.numbers)
        assert answer.final_answer not in re.findall(r"\d+", question) or len(filled.numbers) > 1
    assert made >= 5


def test_every_independent_answer_belongs_to_a_template() -> None:
    for beginning in INDEPENDENT:
        assert sum(template.text.startswith(beginning) for template in templates()) == 1


def test_dates_and_one_are_no_quantities() -> None:
    assert FACTS.numbers == (12, 40, 360, 25, 7, 6, 3)


def test_a_document_without_numbers_fills_nothing() -> None:
    empty = facts_of(DOCUMENT.model_copy(update={"text": "Rosa was born in 1907."}))
    assert all(fill(template, empty, random.Random(1)) is None for template in templates())


@pytest.mark.parametrize(
    ("formula", "value"),
    [("a + b * 2", 16), ("a / b", Fraction(2, 3)), ("b ** 2 // a", 9), ("-a % b", 2), ("lcm(a, b) - gcd(a, b)", 10)],
)
def test_formulas_are_computed_exactly(formula: str, value: int | Fraction) -> None:
    assert value_of(formula, {"a": 4, "b": 6}) == value


@pytest.mark.parametrize("formula", ["c", "a / 0", "a.b", "abs(a)", "a if b else 1", "2 ** 99", "'x'", "a +", "a < b"])
def test_anything_but_a_formula_is_refused(formula: str) -> None:
    with pytest.raises(ValueError, match="formula"):
        value_of(formula, {"a": 4, "b": 6})
    with pytest.raises(ValueError, match="no comparison"):
        holds("a + b", {"a": 4, "b": 6})
