"""Intervals hold the truth as often as they say, and admit where data say nothing."""

import numpy as np
import pytest
from scipy.optimize import minimize

from synth_assets.scaling.fitting import fit
from synth_assets.scaling.intervals import confidence_region
from synth_assets.scaling.laws import POWER, RECTIFIED
from synth_assets.scaling.losses import HUBER, SQUARES
from synth_assets.scaling.verdicts import verdict
from synth_assets_tests.scaling.curves import BUDGETS, noisy, public_curves, rectified

TRUTH = (560.0, 166.0, 0.455, 1.07)


def words(fitted, name: str) -> str:
    region = confidence_region(fitted)
    return verdict(fitted, name, region.parameter(name))


def test_ninety_percent_intervals_hold_the_truth_about_nine_times_in_ten() -> None:
    budgets = np.geomspace(200.0, 1.6384e6, 10)
    exact = rectified(budgets, *TRUTH)
    truth = {"B": 560.0, "D_l": 166.0, "beta": 0.455, "E": 1.07, "S": 560.0 / 166.0 + 1.07}
    far = np.array([1e8])
    inside = dict.fromkeys([*truth, "prediction"], 0)
    for seed in range(100):
        region = confidence_region(fit(budgets, noisy(exact, 0.01, seed), RECTIFIED))
        intervals = {name: region.parameter(name) for name in truth}
        intervals["prediction"] = region.values_at(far)[0]
        for name, interval in intervals.items():
            true = truth.get(name, float(rectified(far, *TRUTH)[0]))
            low = -np.inf if interval.low is None else interval.low
            high = np.inf if interval.high is None else interval.high
            inside[name] += low <= true <= high
    assert all(80 <= count <= 98 for count in inside.values()), inside


def test_ends_are_those_of_a_direct_profile() -> None:
    """Against the profile done the slow way: fix E, minimise over the rest, find where the limit is crossed."""
    values = noisy(rectified(BUDGETS, *TRUTH), 0.01, seed=1)
    fitted = fit(BUDGETS, values, RECTIFIED)
    region = confidence_region(fitted)
    interval = region.parameter("E")

    def profile(floor: float) -> float:
        def squares(theta: np.ndarray) -> float:
            fitted_values = RECTIFIED.values(floor, theta[0], theta[1:], BUDGETS)
            return float(np.sum((np.log(values) - np.log(fitted_values)) ** 2)) * 1e4

        start = np.array([fitted.log_amplitude, *fitted.shape])
        return minimize(squares, start, method="Nelder-Mead", options={"maxiter": 4000, "fatol": 1e-10}).fun / 1e4

    assert profile(interval.low) == pytest.approx(region.limit, rel=0.03)
    assert profile(interval.high) == pytest.approx(region.limit, rel=0.03)


def test_more_noise_widens_and_the_estimate_is_always_inside() -> None:
    widths = []
    for noise in (0.003, 0.01, 0.03):
        fitted = fit(BUDGETS, noisy(rectified(BUDGETS, *TRUTH), noise, seed=2), RECTIFIED)
        region = confidence_region(fitted)
        interval = region.parameter("beta")
        assert interval.low < fitted.parameters["beta"] < interval.high
        widths.append(interval.high - interval.low)
    assert widths == sorted(widths)


def test_exact_data_give_a_very_narrow_interval() -> None:
    region = confidence_region(fit(BUDGETS, rectified(BUDGETS, *TRUTH), RECTIFIED))
    interval = region.parameter("D_l")
    assert interval.low == pytest.approx(166.0, rel=5e-3)
    assert interval.high == pytest.approx(166.0, rel=5e-3)
    assert words(region.fit, "D_l") == "well determined"


def test_d_l_far_below_all_budgets_is_called_undetermined() -> None:
    fitted = fit(BUDGETS, noisy(8.0 / BUDGETS**0.3 + 0.5, 0.01, seed=1), RECTIFIED)
    interval = confidence_region(fitted).parameter("D_l")
    assert interval.low is None
    assert words(fitted, "D_l") == "D_l is not determined: all budgets are far above it"
    assert words(fitted, "S").startswith("S is not determined")
    assert words(fitted, "beta") != words(fitted, "S")


@pytest.mark.parametrize(
    ("name", "model", "says"),
    [
        ("finetuning_flan.csv", "gpt2", "determined"),
        ("finetuning_flan.csv", "facebook/opt-6.7b", "all budgets may be far above"),
        ("finetuning_wmt19.csv", "t5-base", "all budgets are far above"),
    ],
)
def test_verdicts_on_real_curves_agree_with_where_the_budgets_lie(name, model, says) -> None:
    tokens, values = next((d, v) for known, d, v in public_curves(name) if known == model)
    fitted = fit(tokens, values, RECTIFIED)
    bend = np.exp(fitted.shape[0])
    assert says in words(fitted, "D_l")
    assert (bend < tokens.min()) == ("are far above" in words(fitted, "D_l"))
    assert words(fitted, "beta").endswith(("determined", "wide"))


def test_a_bend_that_may_lie_below_the_budgets_is_said_to() -> None:
    # The largest half of a real curve's budgets: its fitted bend is among them, but laws without one fit as well.
    curve = list(public_curves("finetuning_wmt19.csv"))[19]
    fitted = fit(curve[1][-8:], curve[2][-8:], RECTIFIED)
    assert fitted.tokens.min() < np.exp(fitted.shape[0]) < fitted.tokens.max()
    assert words(fitted, "D_l") == "D_l is not determined: all budgets may be far above it"


def test_budgets_that_have_hardly_bent_the_curve_bound_neither_b_nor_the_floor() -> None:
    small = np.geomspace(1e3, 1e5, 8)
    fitted = fit(small, noisy(rectified(small, 2e6, 1e6, 1.0, 1.0), 0.01, seed=2), RECTIFIED)
    region = confidence_region(fitted)
    assert region.parameter("B").high is None
    assert region.parameter("D_l").high is None
    assert region.parameter("E").low == 0.0
    assert words(fitted, "D_l").startswith("D_l is not determined")


def test_a_floor_not_reached_is_bounded_from_above_alone() -> None:
    fitted = fit(BUDGETS, noisy(8.0 / BUDGETS**0.1, 0.01, seed=1), POWER)
    assert confidence_region(fitted).parameter("E").low == 0.0
    assert words(fitted, "E").startswith("E is only bounded from above")


def test_as_many_observations_as_parameters_give_no_interval() -> None:
    fitted = fit(BUDGETS[::4], rectified(BUDGETS[::4], *TRUTH), RECTIFIED)
    assert confidence_region(fitted) is None


def test_intervals_of_hubers_fit_hardly_widen_with_an_outlier() -> None:
    values = noisy(rectified(BUDGETS, *TRUTH), 0.01, seed=1)
    spoilt = values.copy()
    spoilt[6] *= 1.4
    widths = {}
    for name, given, loss in [("clean", values, SQUARES), ("huber", spoilt, HUBER), ("squares", spoilt, SQUARES)]:
        interval = confidence_region(fit(BUDGETS, given, RECTIFIED, loss)).parameter("beta")
        widths[name] = interval.high - interval.low
    assert widths["huber"] < 3 * widths["clean"] < widths["squares"]


def test_the_value_before_any_data_keeps_its_lower_end_where_it_has_no_upper_one() -> None:
    # Errors of a student that hardly learns: the region reaches laws whose S is beyond any number.
    tokens = np.array([0.0, 7476.0, 14868.0, 29830.0, 59818.0, 119939.0])
    errors = np.array([1.0, 1.0, 1.0, 0.984375, 1.0, 1.0])
    with np.errstate(all="raise", under="ignore"):
        fitted = fit(tokens, errors, RECTIFIED)
        interval = confidence_region(fitted).parameter("S")
    assert interval.low is not None and 0.95 < interval.low < 1.0
    assert interval.high is None
    assert words(fitted, "S").startswith("S is not determined: the noise is as large")
