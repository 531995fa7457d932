"""Final answers are read where a solution states them, and compared as mathematics, not as spelling."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from synth_assets.final_answers import read_final_answer, same_answer, stated_final_answer, with_final_answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("3 + 4 = 7.\nThe answer is 7.", "7"),
        ("The answer is 5. No.\nThe final answer is: $3.50.", "3.50"),
        ("So x = 2\n\\boxed{x}\nThe answer is \\boxed{\\frac{1}{2}}.", "\\frac{1}{2}"),
        ("First add.\n12\n\n", "12"),
        ("", ""),
        ("**Final Answer:** 42", "42"),
        ("**Answer:**\n\n$\\frac{1}{2}$\n", "\\frac{1}{2}"),
        ("The correct answer is (B).", "(B)"),
        ("The final answer is \\(x = 5\\).", "x = 5"),
        ("3 + 4 = 7\n#### 7", "7"),
        ("So it is \\boxed{\\frac{1}{\\sqrt{2}}}, as was to be shown.\nI hope this helps.", "\\frac{1}{\\sqrt{2}}"),
        ("The answer is 5, I thought.\nNo: \\fbox{6}", "6"),
        ("\\boxed{6}\nThe answer is 7.", "7"),
        ("Either \\boxed{\\left\\{1, 2\\right\\}}", "\\left\\{1, 2\\right\\}"),
        ("At \\boxed{4} it breaks off: \\boxed{5", "4"),
        ("All questions were answered.\n9", "9"),
    ],
)
def test_the_final_answer_is_the_last_one_stated(text: str, answer: str) -> None:
    assert read_final_answer(text) == answer


def test_a_solution_without_a_box_or_the_usual_words_states_no_final_answer() -> None:
    assert stated_final_answer("First add.\n12\n") is None
    assert stated_final_answer("First add.\nAnswer: 12\n") == "12"


def test_a_solution_that_states_its_final_answer_is_left_alone_and_another_gets_a_line() -> None:
    assert with_final_answer("2 + 2 = 4.\nThe answer is 4.", "4") == "2 + 2 = 4.\nThe answer is 4."
    assert with_final_answer("2 + 2 = 4.", "4") == "2 + 2 = 4.\nThe answer is 4."
    assert read_final_answer(with_final_answer("Two roots.", "x = 1 or x = 2")) == "x = 1 or x = 2"


@pytest.mark.parametrize(
    ("reference", "candidate"),
    [
        ("7", " 7. "),
        ("1/2", "0.5"),
        ("1200", "1,200"),
        ("$7", "7"),
        ("9*pi", "pi*9"),
        ("x + 1", "1 + x"),
        ("2x^2 + x", "x + 2x^2"),
        ("-0.50", "-1/2"),
    ],
)
def test_equal_answers_are_equal_however_written(reference: str, candidate: str) -> None:
    assert same_answer(reference, candidate)


@pytest.mark.parametrize(
    ("reference", "candidate"),
    [
        ("7", "8"),
        ("1 1/2", "11/2"),
        ("1, 234", "1,234"),
        ("1/2", "1/0"),
        ("7", ""),
        ("12", "the pens are"),
        ("9*pi", "9"),
        ("9*pi", "9^9^9^9^9"),
        ("17", "M8u8uuu = = ="),
        ("1/0", "2/0"),
        ("x^3 + x^2", "x^3 + x"),
        ("x^2 + 1", "(((9^99)^99)^99)^99"),
    ],
)
def test_other_answers_differ(reference: str, candidate: str) -> None:
    assert not same_answer(reference, candidate)


def test_no_timeout_depends_on_signals_so_threads_may_compare() -> None:
    with ThreadPoolExecutor(2) as threads:
        compared = threads.map(same_answer, ["3*y", "5*y"], ["y*3", "y*4"])
    assert list(compared) == [True, False]


def test_numbers_are_compared_without_loading_math_verify() -> None:
    program = (
        "import sys; from synth_assets.final_answers import same_answer; "
        "assert same_answer('1/2', '0.5') and not same_answer('7', 'seven pens'); "
        "assert 'math_verify' not in sys.modules and 'sympy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("part", ["\n", " \n", "answer ", "answer: *", "\\boxed{", "{}", "####", "$"])
def test_reading_a_long_text_without_an_answer_ends(part: str) -> None:
    """A pattern that tries every way of splitting would not."""
    assert isinstance(read_final_answer(part * 100_000), str)
