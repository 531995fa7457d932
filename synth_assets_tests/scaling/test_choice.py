"""The law that made a curve wins it, and where the data cannot tell, no law does."""

import numpy as np
import pytest

from synth_assets.scaling.choice import choose
from synth_assets.scaling.series import fit_series
from synth_assets_tests.scaling.curves import BUDGETS, noisy, observations, public_curves, rectified


def choice(tokens, values, held_out=2):
    rectified_fit, plain = fit_series(observations("model", tokens, values), held_out_budgets=held_out)[0]
    return choose(rectified_fit, plain)


def test_a_rectified_curve_is_won_by_the_rectified_law() -> None:
    found = choice(BUDGETS, noisy(rectified(BUDGETS, 560.0, 166.0, 0.455, 1.07), 0.005, seed=1))
    assert found.winner == "rectified"
    assert "the rectified law wins: hold-out error" in found.said and "AICc lower by" in found.said


def test_a_plain_curve_is_not_won_by_the_rectified_law() -> None:
    winners = [choice(BUDGETS, noisy(5.0 / BUDGETS**0.3 + 1.0, 0.01, seed=seed)).winner for seed in range(6)]
    assert "rectified" not in winners


def test_with_too_few_budgets_for_both_criteria_nothing_is_claimed() -> None:
    budgets = BUDGETS[:4]
    found = choice(budgets, rectified(budgets, 560.0, 166.0, 0.455, 1.07))
    assert found.winner == "undecided"
    assert "too few budgets for a hold-out; too few budgets to compare how they fit" in found.said


def test_seven_budgets_with_a_clear_bend_are_enough_for_the_rectified_law() -> None:
    tokens = np.geomspace(1e4, 2e7, 7)
    found = choice(tokens, noisy(rectified(tokens, 240.0, 243.0, 0.45, 0.1), 0.01, seed=3), held_out=1)
    assert found.winner == "rectified"
    assert "F test of D_l p = " in found.said


def test_two_laws_that_both_failed_to_foretell_are_not_ranked_by_how_badly() -> None:
    tokens = np.geomspace(1e4, 1e8, 9)
    values = np.where(tokens < 3e7, noisy(np.ones(9), 0.01, seed=1), 0.3)
    assert "both failed to foretell the largest budgets" in choice(tokens, values, held_out=2).said


@pytest.mark.slow
@pytest.mark.parametrize("file", ["finetuning_flan.csv", "finetuning_wmt19.csv"])
def test_most_of_the_public_curves_are_rectified_even_without_their_value_before_any_data(file) -> None:
    winners = [choice(tokens, values).winner for _, tokens, values in public_curves(file)]
    assert len(winners) == 30
    assert winners.count("rectified") >= 24


def test_a_curve_that_does_not_fall_is_won_by_no_law() -> None:
    found = choice(BUDGETS, np.ones(len(BUDGETS)))
    assert found.winner == "undecided"
    assert "the values do not fall with data" in found.said
