"""What is counted once stands in the singular, and expressions are written as books print them."""

import re
from fractions import Fraction
from random import Random

import pytest

from synth_assets.teachers.embedded.composing import compose, cook, final_answer
from synth_assets.teachers.embedded.skill import Setting, Solution
from synth_assets.teachers.embedded.skills import all_skills
from synth_assets.teachers.embedded.wording import as_printed, singular_for_one


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("It took 1 hours and 21 minutes.", "It took 1 hour and 21 minutes."),
        ("60/60 = 1 hours", "60/60 = 1 hour"),
        ("1 feet 1 inches", "1 foot 1 inch"),
        ("The side is 3x + 1 metres long.", "The side is 3x + 1 metres long."),
        ("1 1/2 hours, 0.1 hours, 3/1 hours", "1 1/2 hours, 0.1 hours, 3/1 hours"),
        ("11 metres", "11 metres"),
    ],
)
def test_one_of_a_unit_is_singular(text: str, mended: str) -> None:
    assert singular_for_one(text) == mended


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ("-2*x**2 + 2*x + 1", "-2x^2 + 2x + 1"),
        ("3*x**2*(3*x - 5)", "3x^2(3x - 5)"),
        ("(3*x - 5)*(x - 8)", "(3x - 5)(x - 8)"),
        ("10 + 6*sqrt(2)", "10 + 6*sqrt(2)"),
        ("648*pi", "648*pi"),
    ],
)
def test_an_expression_is_printed_as_in_books(expression: str, printed: str) -> None:
    assert as_printed(expression) == printed


def test_a_final_answer_has_the_form_of_the_last_step_with_its_sign() -> None:
    assert final_answer(Solution(("The z-score is -60/24 = -2.5.",), Fraction(-5, 2))) == "-2.5"
    assert final_answer(Solution(("So x = 7/3.",), Fraction(7, 3))) == "7/3"


def test_a_recipe_gives_the_same_problem_again_and_its_text_counts_properly() -> None:
    scene = Setting("Mira", "Tom", "lanterns", "the harbour")
    for number, skill in enumerate(all_skills().values()):
        composed = compose([skill], scene, 1 + number % 3, Random(number))
        assert composed is not None
        again = cook(composed.recipe)
        assert (again.question, again.solution) == (composed.question, composed.solution)
        assert not re.search(r"(?<![\w.,/])(?<![-+*/^:] )1 (?:metres|hours|degrees|dollars)\b", composed.question)
