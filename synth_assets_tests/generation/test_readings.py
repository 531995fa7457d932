"""The rule of the vote, example by example: which final answers of one question are the same."""

import pytest

from synth_assets.generation.comparing import grouped, verified
from synth_assets.generation.readings import LONGEST

DECIDED_WITHOUT_MATH_VERIFY = [
    ("12", "12 apples", True),
    ("12 apples", "12 red apples", True),
    ("12 apples", "12 pens", False),
    ("3/4", "0.75", True),
    (r"\frac34", r"\dfrac{3}{4}", True),
    ("1/3", "0.333", False),
    ("1,234", "1234", True),
    ("1 234", r"1{,}234", True),
    (r"10\,000", "10000", True),
    ("x=5", "5", True),
    ("$x = 5$", "X=5", True),
    ("x=5", "y=5", False),
    (r"\$5", "5", True),
    ("$5", "5 dollars", True),
    ("$5", "5 euros", False),
    (r"50\%", "0.5", True),
    ("50%", "50", True),
    ("50", "0.5", False),
    ("20% more", "20% less", False),
    ("1 1/2", "3/2", True),
    ("1 1/2", "11/2", False),
    (r"1\frac{1}{2}", "1.5", True),
    (r"-\frac{1}{2}", "-0.5", True),
    (r"90^\circ", "90 degrees", True),
    ("90°", "90", True),
    (r"5\text{ cm}", "5cm", True),
    ("5 cm", "5 m", False),
    ("10 m^2", r"10 \text{ square metres}", True),
    ("10 m/s", "10 metres per second", True),
    ("2 million", "2,000,000", True),
    (r"1.5 \times 10^3", "1500", True),
    ("1e5", "100000", True),
    (r"\boxed{7}", "**7.**", True),
    ("(A)", "a", True),
    ("Tuesday", "tuesday", True),
    ("Tuesday", "Monday", False),
    ("10:20", "5:10", False),
    ("2 hours 30 minutes", "2 hours", False),
    ("R^2 - r^2", "r^2 - R^2", False),
]

DECIDED_BY_MATH_VERIFY = [
    ("x^2-1", "(x-1)(x+1)", True),
    (r"\sqrt{8}", r"2\sqrt{2}", True),
    (r"2\sqrt{3}\text{ cm}", r"\sqrt{12}", True),
    (r"2\pi\text{ cm}", r"2\pi\text{ m}", False),
    (r"\pi", "3.14159265", True),
    (r"\pi", "3.14", False),
    ("2^{10}", "1024", True),
    ("5!", "120", True),
    (r"\binom{5}{2}", "10", True),
    ("1, 2", "2, 1", True),
    (r"\{1, 2\}", "1 and 2", True),
    ("1, 2, 3", "1, 2", False),
    ("x = 1 or x = 2", "x = 2, x = 1", True),
    (r"x = \pm 2", "2, -2", True),
    ("x = 3, y = 4", "x = 4, y = 3", False),
    ("(1, 2)", "(2, 1)", False),
    ("(1, 2)", "[1, 2]", False),
    ("x > 3", "3 < x", True),
    ("x > 3", r"(3, \infty)", True),
    ("x > 3", r"x \ge 3", False),
    (r"(-1,2)\cup(3,4)", r"(3,4)\cup(-1,2)", True),
    (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", r"\begin{bmatrix}1&2\\3&4\end{bmatrix}", True),
    (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", r"\begin{pmatrix}1&3\\2&4\end{pmatrix}", False),
    ("y = 2x + 1", "2x + 1", True),
    ("3x + 2y = 6", "2y = 6 - 3x", True),
    ("3:4", "0.75", True),
    (r"\frac{n(n+1)}{2}", "(n^2+n)/2", True),
    (r"x \in (2, 3]", "(2, 3]", True),
    (r"10 \foo 7", "7", False),
    ("7/0", "8/0", False),
]


def never(first: str, second: str) -> bool:
    raise AssertionError(f"{first!r} and {second!r} were to be decided already")


@pytest.mark.parametrize(("first", "second", "equal"), DECIDED_WITHOUT_MATH_VERIFY)
def test_texts_numbers_and_quantities_are_compared_by_rule(first: str, second: str, equal: bool) -> None:
    assert (grouped([first, second], never) == (0, 0)) == equal
    assert (grouped([second, first], never) == (0, 0)) == equal


@pytest.mark.parametrize(("first", "second", "equal"), DECIDED_BY_MATH_VERIFY)
def test_expressions_are_compared_by_math_verify_either_way_round(first: str, second: str, equal: bool) -> None:
    asked: list[tuple[str, str]] = []

    def noting(one: str, other: str) -> bool:
        asked.append((one, other))
        return verified(one, other)

    assert (grouped([first, second], noting) == (0, 0)) == equal
    assert (grouped([second, first], noting) == (0, 0)) == equal
    assert len(asked) == 2 or not equal


def test_an_answer_must_equal_all_members_of_its_group() -> None:
    assert grouped(["50%", "50", "0.5", "50"], never) == (0, 0, 1, 0)
    assert grouped(["5", "5 cm", "5 m", "x = 5", "y = 5"], never) == (0, 0, 1, 0, 1)


def test_a_long_answer_counts_by_its_text() -> None:
    long = "1 + " * 200 + "1"
    assert grouped([long, long.replace(" ", "  "), "201"], never) == (0, 0, 1)


@pytest.mark.parametrize(
    "part", ["1 ", "ab ", "ab^2 ", "1/", "1,", "$1", r"\text{", r"\frac{1}{", "x=", "10^", "m ", "{"]
)
def test_reading_takes_no_longer_for_a_hostile_answer(part: str) -> None:
    """It runs in the process of the run; a pattern that tries every way of splitting would not end."""
    for ending in ("", "!", "1"):
        grouped([(part * LONGEST)[: LONGEST - 1] + ending, "1"], lambda first, second: False)
