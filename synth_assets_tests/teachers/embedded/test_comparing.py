"""The embedded teacher's rule for "the same problem"; on GSM8K it is measured in `decontamination/test_judging.py`."""

from fractions import Fraction

import pytest

from synth_assets.teachers.embedded.comparing import compare
from synth_assets.teachers.embedded.quantities import quantities_of

APPLES = "Tom picked 24 apples on Monday and 18 pears on Tuesday. How many pieces of fruit did he pick in all?"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("2,500 books, 3.5 kg and .5 of it", ["2500", "7/2", "1/2"]),
        ("twenty-five men, two hundred and six women", ["25", "206"]),
        ("three thousand four hundred and twelve", ["3412"]),
        ("two million and five, nineteen hundred", ["2000000", "5", "1900"]),
        ("3/4 of it, three quarters, two-thirds, a fifth of the rest", ["3/4", "3/4", "2/3", "1/5"]),
        (r"\frac{3}{4} and \dfrac12", ["3/4", "1/2"]),
        ("half of it, twice as many, a dozen", ["1/2", "2", "12"]),
        ("\u00bd and 2\u00bc", ["1/2", "2", "1/4"]),
        ("two and a half hours", ["5/2"]),
        ("the third man, the 3rd day, zero", ["0"]),
        ("five or ten, one two three", ["5", "10", "1", "2", "3"]),
        ("1/0 of 2/3/4", ["1", "0", "2", "3", "4"]),
        ("", []),
    ],
)
def test_numbers_are_read_in_digits_and_in_words(text: str, numbers: list[str]) -> None:
    assert [str(number) for number in quantities_of(text).numbers] == numbers


def test_what_is_no_number_stays_a_word() -> None:
    assert quantities_of("Tom's 3 apples").words == ("tom's", None, "apples")
    assert quantities_of("Tom\u2019s three apples") == quantities_of("tom's 3 apples")
    assert quantities_of("half").numbers == (Fraction(1, 2),)


@pytest.mark.parametrize(
    "question",
    [
        APPLES,
        "tom picked twenty-four apples on monday, and eighteen pears on tuesday; how many pieces of fruit in all?",
        "On Tuesday Tom picked 18 pears, after 24 apples on Monday. How many pieces of fruit has he picked altogether?",
    ],
)
def test_a_problem_in_other_words_is_the_same(question: str) -> None:
    assert compare(question, APPLES).same


@pytest.mark.parametrize(
    ("question", "item", "why"),
    [
        (APPLES.replace("18", "19"), APPLES, "Only the first names 19 and only the second names 18."),
        (APPLES.replace("24 apples", "18 apples").replace("18 pears", "24 pears"), APPLES, "in other places"),
        (
            "Tom gathered 18 apples on a Monday; 24 pears followed. How many pieces of fruit did he pick in all?",
            APPLES,
            "18, 24 count different things",
        ),
        (APPLES.replace("pieces of fruit did he pick in all", "more apples than pears are there"), APPLES, "asked for"),
        (
            "A train runs 24 hours and rests for 18 minutes at each of its stations. How long is its way?",
            APPLES,
            "are needed",
        ),
        ("Solve 3x - 5 = 7 for x.", "Solve 3x + 5 = 7 for x.", "The formulas differ in + -."),
        (r"Solve $x \le 4$.", r"Solve $x \ge 4$.", "The formulas differ"),
        ("Find the integral of sin x.", "Find the derivative of sin x.", "Neither names a number, and 50%"),
        ("Is 5 or 8 the larger, 5 or 8 or 8?", "Is 5 or 8 the larger, 5 or 8 or 5?", "more often"),
    ],
)
def test_what_differs_is_told(question: str, item: str, why: str) -> None:
    told = compare(question, item)
    assert not told.same and why in told.reason
    assert not compare(item, question).same


def test_a_minus_and_a_hyphen_are_told_apart_and_notations_of_one_sign_are_not() -> None:
    assert compare("A 10-foot pole weighs 4 kg. Its weight?", "A 10 foot pole weighs 4 kg. Its weight?").same
    assert compare(r"Solve $x \leq 4 - y$.", "Solve x ≤ 4 − y.").same  # noqa: RUF001


@pytest.mark.parametrize(("question", "item"), [("", ""), ("?", ""), ("", APPLES), ("$$", "7"), ("\ud800", "…")])
def test_any_text_can_be_compared(question: str, item: str) -> None:
    assert compare(question, item) == compare(question, item)
    assert compare(item, item).same
