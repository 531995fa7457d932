"""The joint law in parameters and tokens: found exactly, in any unit, and sure of itself where it may be."""

import numpy as np
import pytest
from scipy.optimize import least_squares

from synth_assets.scaling.bootstrap import drawn_weights, solve_replicates
from synth_assets.scaling.fitting import TooFewPointsError
from synth_assets.scaling.losses import HUBER
from synth_assets.scaling.surfaces import JOINT, bootstrap_surface, fit_surface
from synth_assets.scaling.verdicts import verdict
from synth_assets_tests.scaling.curves import noisy

TRUTH = {"E": 1.69, "A": 406.4, "alpha": 0.34, "B": 410.7, "beta": 0.28}
"""As arXiv 2203.15556 fits them."""
SIZES, TOKENS = (axis.ravel() for axis in np.meshgrid(np.geomspace(5e7, 1e10, 6), np.geomspace(1e9, 1e12, 7)))


def joint(sizes, tokens, e=1.69, a=406.4, alpha=0.34, b=410.7, beta=0.28):
    return e + a / sizes**alpha + b / tokens**beta


def words(fitted, name: str) -> str:
    return verdict(fitted, name, fitted.intervals()[name])


def test_exact_runs_give_back_their_parameters() -> None:
    assert fit_surface(SIZES, TOKENS, joint(SIZES, TOKENS)).parameters == pytest.approx(TRUTH, rel=1e-6)


@pytest.mark.parametrize(("of_sizes", "of_tokens"), [(1e-9, 1e-9), (1.0, 1e12), (1e6, 1.0)])
def test_units_only_rescale_a_and_b(of_sizes, of_tokens) -> None:
    values = noisy(joint(SIZES, TOKENS), 0.01, seed=1)
    shuffled = np.random.default_rng(0).permutation(len(values))
    one = fit_surface(SIZES, TOKENS, values)
    other = fit_surface(SIZES[shuffled] * of_sizes, TOKENS[shuffled] * of_tokens, values[shuffled])
    found = one.parameters
    expected = {
        **found,
        "A": found["A"] * of_sizes ** found["alpha"],
        "B": found["B"] * of_tokens ** found["beta"],
    }
    assert other.parameters == pytest.approx(expected, rel=1e-5)
    assert other.aicc == pytest.approx(one.aicc, abs=1e-6)


def test_no_start_of_many_finds_a_better_surface() -> None:
    values = noisy(joint(SIZES, TOKENS), 0.03, seed=2)
    random = np.random.default_rng(0)

    def residuals(p: np.ndarray) -> np.ndarray:
        with np.errstate(over="ignore"):
            fitted = np.exp(p[0]) + np.exp(p[1] - p[3] * np.log(SIZES)) + np.exp(p[2] - p[4] * np.log(TOKENS))
        return np.log(fitted) - np.log(values)

    ours = fit_surface(SIZES, TOKENS, values).squares
    for _ in range(10):
        start = random.uniform([-1, 0, 0, 0.05, 0.05], [1, 15, 15, 0.8, 0.8])
        assert ours <= 2 * least_squares(residuals, start, max_nfev=300).cost * (1 + 1e-9)


def test_intervals_hold_the_truth_and_the_estimate() -> None:
    held = dict.fromkeys([*TRUTH, "value"], 0)
    far = np.array([7e10]), np.array([1.4e12])
    for seed in range(25):
        fitted = fit_surface(SIZES, TOKENS, noisy(joint(SIZES, TOKENS), 0.01, seed))
        intervals = {**fitted.intervals(), "value": fitted.values_interval(*far)[0]}
        estimates = {**fitted.parameters, "value": fitted.at(*far)[0]}
        for name, interval in intervals.items():
            assert interval.low <= estimates[name] <= interval.high
            held[name] += interval.low <= {**TRUTH, "value": joint(*far)[0]}[name] <= interval.high
    assert all(count >= 18 for count in held.values()), held
    assert words(fitted, "E") == "well determined"


def test_sizes_that_make_no_difference_leave_alpha_undetermined() -> None:
    values = noisy(joint(SIZES, TOKENS, a=0.0), 0.01, seed=3)
    fitted = fit_surface(SIZES, TOKENS, values)
    assert words(fitted, "alpha") == "alpha is not determined: the values may not fall with model size at all"
    assert words(fitted, "A").startswith("A is not determined")
    assert words(fitted, "beta").endswith("determined") or "roughly" in words(fitted, "beta")


def test_replicates_are_the_fits_of_their_own_runs() -> None:
    fitted = fit_surface(SIZES, TOKENS, noisy(joint(SIZES, TOKENS), 0.02, seed=4))
    weights, losses = drawn_weights(fitted, 20, 0, None), solve_replicates(fitted, 20, 0, None).losses
    for row, loss in zip(weights.astype(int), losses, strict=True):
        alone = fit_surface(*(np.repeat(each, row) for each in (fitted.sizes, fitted.tokens, fitted.values)))
        assert loss == pytest.approx(alone.squares, rel=1e-7)
    replicates = bootstrap_surface(fitted, 100)
    interval = replicates.interval(replicates.parameter("beta"))
    assert interval.low < fitted.parameters["beta"] < interval.high
    assert replicates.values(np.array([1e9, 1e10]), np.array([1e11])).shape == (100, 2)


def test_hubers_loss_holds_an_outlier_down() -> None:
    values = noisy(joint(SIZES, TOKENS), 0.005, seed=5)
    values[[3, 20]] *= [1.5, 0.7]
    robust, plain = fit_surface(SIZES, TOKENS, values, HUBER), fit_surface(SIZES, TOKENS, values)
    assert abs(robust.parameters["beta"] - 0.28) < 0.03 < abs(plain.parameters["beta"] - 0.28)


def test_too_few_sizes_are_refused_in_words() -> None:
    few = SIZES < 2e8
    with pytest.raises(TooFewPointsError, match=f"the {JOINT.name} law needs 5 distinct runs with 3 sizes"):
        fit_surface(SIZES[few], TOKENS[few], joint(SIZES, TOKENS)[few])


def test_values_that_fall_with_nothing_are_fitted_by_a_constant() -> None:
    fitted = fit_surface(SIZES, TOKENS, np.full(len(SIZES), 2.0))
    assert fitted.is_flat
    assert words(fitted, "alpha") == "alpha is not determined: the values do not fall with data or size"
    assert fitted.at(1e9, 1e10) == pytest.approx([2.0])
