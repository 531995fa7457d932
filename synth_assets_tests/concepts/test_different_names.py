"""Names that look alike and surely mean different things are told from those a person should judge."""

import pytest

from synth_assets.concepts.different_names import mean_different_things


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("base 2", "base 10"),
        ("area in 2d", "area in 3d"),
        ("x intercept", "y intercept"),
        ("x-axis", "y-axis"),
        ("type i error", "type ii error"),
        ("first derivative", "second derivative"),
        ("even function", "odd function"),
        ("percent increase", "percent decrease"),
        ("upper left corner", "lower right corner"),
        ("proper fraction", "improper fraction"),
        ("linear equation", "nonlinear equation"),
        ("linear equation", "non-linear equation"),
        ("drawing with replacement", "drawing without replacement"),
        ("fraction", "unit fraction"),
        ("linear equation", "linear equations in one variable"),
    ],
)
def test_numbers_symbols_opposites_and_narrower_names_are_no_synonyms(one: str, other: str) -> None:
    assert mean_different_things(one, other)
    assert mean_different_things(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sine rule", "cosine rule"),
        ("least common multiple", "lowest common multiple"),
        ("pythagorean theorem", "pythagoras' theorem"),
        ("area of a circle", "circle area"),
        ("even and odd functions", "odd and even functions"),
        ("system of equations", "systems of equation"),
        ("place value", "place-value"),
        ("centre of mass", "center of mass"),
        ("percent increase", "percentage increase"),
    ],
)
def test_other_names_are_left_to_a_person(one: str, other: str) -> None:
    assert not mean_different_things(one, other)
    assert not mean_different_things(other, one)
