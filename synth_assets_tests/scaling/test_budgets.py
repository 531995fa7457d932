"""Targets and plateaus are where brute force finds them, and their intervals are those of the curve, read sideways."""

import numpy as np
import pytest

from synth_assets.scaling.budgets import budget_for, doubling_gain, plateau, plateau_budget
from synth_assets.scaling.fitting import fit
from synth_assets.scaling.intervals import confidence_region
from synth_assets.scaling.laws import POWER, RECTIFIED
from synth_assets_tests.scaling.curves import BUDGETS, noisy, rectified

TRUTH = (560.0, 166.0, 0.455, 1.07)


@pytest.mark.parametrize("gain", [0.005, 0.01, 0.05])
def test_plateau_is_where_brute_force_finds_it(gain) -> None:
    fitted = fit(BUDGETS, rectified(BUDGETS, *TRUTH), RECTIFIED)
    tokens = np.geomspace(1.0, 1e14, 400_000)
    gains = 1.0 - rectified(2 * tokens, *TRUTH) / rectified(tokens, *TRUTH)
    by_force = tokens[np.flatnonzero(gains >= gain)[-1]]
    assert plateau(fitted, gain) == pytest.approx(by_force, rel=1e-3)
    assert (doubling_gain(fitted, plateau(fitted, gain) * np.array([1.001, 3.0, 1e3])) < gain).all()


def test_a_power_law_without_a_floor_has_no_plateau() -> None:
    assert plateau(fit(BUDGETS, 8.0 / BUDGETS**0.1, POWER)) is None


def test_a_constant_is_on_its_plateau_from_the_start() -> None:
    assert plateau(fit(BUDGETS, np.ones(14), RECTIFIED)) == 0.0


@pytest.fixture(scope="module")
def noisy_fit():
    return fit(BUDGETS, noisy(rectified(BUDGETS, *TRUTH), 0.01, seed=1), RECTIFIED)


@pytest.mark.parametrize("value", [4.0, 2.0, 1.3])
def test_the_budget_of_a_target_is_the_law_read_backwards(value) -> None:
    b, d_l, beta, e = TRUTH
    found = budget_for(fit(BUDGETS, rectified(BUDGETS, *TRUTH), RECTIFIED), value)
    assert found.tokens == pytest.approx((b / (value - e) - d_l) ** (1 / beta), rel=1e-3)
    assert found.interval.low <= found.tokens <= found.interval.high


@pytest.mark.parametrize("value", [2.0, 1.3])
def test_the_ends_of_its_interval_are_where_the_interval_of_the_curve_meets_the_target(noisy_fit, value) -> None:
    found = budget_for(noisy_fit, value)
    at_low, at_high = confidence_region(noisy_fit).values_at(np.array([found.interval.low, found.interval.high]))
    assert at_low.low == pytest.approx(value, rel=1e-6)
    assert at_high.high == pytest.approx(value, rel=1e-6)


def test_a_target_that_some_allowed_curve_never_reaches_has_an_open_end(noisy_fit) -> None:
    floor = confidence_region(noisy_fit).parameter("E")
    found = budget_for(noisy_fit, (floor.low + noisy_fit.floor) / 2)
    assert found.tokens is None and not found.excluded
    assert found.interval.low > BUDGETS[-1] and found.interval.high is None


def test_a_target_below_every_floor_is_never_reached(noisy_fit) -> None:
    found = budget_for(noisy_fit, confidence_region(noisy_fit).parameter("E").low * 0.9)
    assert found.excluded and found.tokens is None


def test_a_target_that_holds_without_data_costs_nothing(noisy_fit) -> None:
    found = budget_for(noisy_fit, 9.0)
    assert (found.tokens, found.interval.low, found.interval.high) == (0.0, 0.0, 0.0)


def test_a_target_that_is_not_positive_is_refused(noisy_fit) -> None:
    with pytest.raises(ValueError, match="positive"):
        budget_for(noisy_fit, 0.0)


def test_the_plain_law_has_targets_and_plateaus_too() -> None:
    values = noisy(8.0 / BUDGETS**0.4 + 1.0, 0.002, seed=2)
    fitted = fit(BUDGETS, values, POWER)
    found, level = budget_for(fitted, 1.1), plateau_budget(fitted, 0.01)
    assert found.interval.low < (8.0 / 0.1) ** (1 / 0.4) < found.interval.high
    assert level.interval.low < level.tokens < level.interval.high


@pytest.mark.slow
def test_the_interval_of_a_plateau_holds_the_plateaus_of_all_allowed_curves_and_no_more(noisy_fit) -> None:
    region = confidence_region(noisy_fit)
    found = plateau_budget(noisy_fit, 0.01, region)
    steps = np.log(np.geomspace(1e3, 1e14, 4000))
    law, middle = noisy_fit.law, np.array([region.log_middle])
    decays, doubled = (
        np.exp(law.log_decay(region.shapes, at) - law.log_decay(region.shapes, middle))
        for at in (steps, steps + np.log(2))
    )
    allowed = region.pairs.squares <= region.limit
    # The best pair of each shape is one of those allowed for it.
    here = region.pairs.floor[:, None] + region.pairs.amplitude[:, None] * decays
    there = region.pairs.floor[:, None] + region.pairs.amplitude[:, None] * doubled
    gains = (here - there >= 0.01 * here)[allowed]
    last = np.exp(steps[gains.shape[1] - 1 - gains[:, ::-1].argmax(axis=1)])
    assert found.interval.low <= last.min() * 1.01 and last.max() <= found.interval.high * 1.01
    assert found.interval.low > last.min() / 10 and found.interval.high < last.max() * 10


@pytest.mark.slow
def test_budgets_follow_the_unit_of_tokens(noisy_fit) -> None:
    again = fit(BUDGETS * 1e6, noisy_fit.values, RECTIFIED)
    for ask in (lambda fitted: budget_for(fitted, 1.3), plateau_budget):
        found, scaled = ask(noisy_fit), ask(again)
        assert scaled.tokens == pytest.approx(found.tokens * 1e6, rel=1e-3)
        assert scaled.interval.low == pytest.approx(found.interval.low * 1e6, rel=1e-2)
        assert scaled.interval.high == pytest.approx(found.interval.high * 1e6, rel=1e-2)


def test_a_flat_fit_has_no_interval_and_no_way_down() -> None:
    flat = fit(BUDGETS, np.ones(14), RECTIFIED)
    assert budget_for(flat, 0.5).tokens is None
    assert plateau_budget(flat).tokens == 0.0
