"""A fit finds the law behind the data, wherever it starts and whatever the unit of D."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import least_squares

from synth_assets.scaling.fitting import TooFewPointsError, fit
from synth_assets.scaling.laws import POWER, RECTIFIED
from synth_assets_tests.scaling.curves import BUDGETS, noisy, public_curves, rectified


@settings(max_examples=25, deadline=None)
@given(bend=st.floats(0.2, 0.8), beta=st.floats(0.25, 1.2), floor=st.floats(0.2, 2.0), drop=st.floats(0.5, 5.0))
def test_exact_rectified_data_give_back_their_parameters(bend: float, beta: float, floor: float, drop: float) -> None:
    d_l = float(np.exp(beta * np.interp(bend, [0, 1], np.log(BUDGETS[[0, -1]]))))
    found = fit(BUDGETS, rectified(BUDGETS, drop * d_l, d_l, beta, floor), RECTIFIED).parameters
    assert found == pytest.approx({"B": drop * d_l, "D_l": d_l, "beta": beta, "E": floor, "S": drop + floor}, rel=1e-4)


@settings(max_examples=25, deadline=None)
@given(beta=st.floats(0.1, 1.5), floor=st.floats(0.2, 2.0), b=st.floats(1.0, 1e4))
def test_exact_power_data_give_back_their_parameters(beta: float, floor: float, b: float) -> None:
    floor = floor * b * BUDGETS[4] ** -beta
    found = fit(BUDGETS, b / BUDGETS**beta + floor, POWER).parameters
    assert found == pytest.approx({"B": b, "beta": beta, "E": floor}, rel=1e-4)


@pytest.mark.parametrize("law", [RECTIFIED, POWER])
@pytest.mark.parametrize("unit", [1e-9, 608.0, 1e9])
def test_the_unit_of_tokens_only_rescales_b_and_d_l(law, unit) -> None:
    values = noisy(rectified(BUDGETS, 560.0, 166.0, 0.455, 1.07), 0.02, seed=3)
    one, other = fit(BUDGETS, values, law), fit(BUDGETS * unit, values, law)
    rescaled = unit ** one.parameters["beta"]
    assert other.parameters["beta"] == pytest.approx(one.parameters["beta"], rel=1e-6)
    assert other.parameters["E"] == pytest.approx(one.parameters["E"], rel=1e-6)
    assert other.parameters["B"] == pytest.approx(one.parameters["B"] * rescaled, rel=1e-5)
    if law is RECTIFIED:
        assert other.parameters["D_l"] == pytest.approx(one.parameters["D_l"] * rescaled, rel=1e-5)
    assert other.log_rmsd == pytest.approx(one.log_rmsd, rel=1e-9)


def test_the_order_of_observations_does_not_matter() -> None:
    values = noisy(rectified(BUDGETS, 560.0, 166.0, 0.455, 1.07), 0.02, seed=4)
    shuffled = np.random.default_rng(0).permutation(len(BUDGETS))
    assert fit(BUDGETS[shuffled], values[shuffled], RECTIFIED).parameters == fit(BUDGETS, values, RECTIFIED).parameters


def test_no_start_of_a_many_start_search_finds_a_better_fit() -> None:
    values = noisy(rectified(BUDGETS, 560.0, 166.0, 0.455, 1.07), 0.05, seed=5)
    ours = fit(BUDGETS, values, RECTIFIED)
    random = np.random.default_rng(0)

    def residuals(p: np.ndarray) -> np.ndarray:
        with np.errstate(over="ignore"):
            decaying = np.exp(p[0]) / (np.exp(p[1]) + BUDGETS ** np.exp(p[2]))
        return np.log(decaying + np.exp(p[3])) - np.log(values)

    for _ in range(15):
        start = random.uniform([0, 0, -3, -3], [10, 10, 0.5, 0.5])
        assert ours.squares <= 2 * least_squares(residuals, start, max_nfev=300).cost * (1 + 1e-9)


def test_observations_without_data_are_used_where_the_law_has_a_value_there() -> None:
    tokens = np.concatenate([[0.0, 0.0], BUDGETS])
    values = np.concatenate([[5.0, 5.2], rectified(BUDGETS, 560.0, 166.0, 0.455, 1.07)])
    with_zero, without = fit(tokens, values, RECTIFIED), fit(BUDGETS, values[2:], RECTIFIED)
    assert with_zero.parameters["S"] > without.parameters["S"] + 0.05
    assert len(with_zero.values) == 16
    plain = fit(tokens, values, POWER)
    assert len(plain.values) == 14
    assert plain.parameters == fit(BUDGETS, values[2:], POWER).parameters


def test_log_rmsd_leaves_observations_without_data_out() -> None:
    tokens = np.concatenate([[0.0], BUDGETS])
    values = np.concatenate([[5.0], rectified(BUDGETS, 560.0, 166.0, 0.455, 1.07)])
    fitted = fit(tokens, values, RECTIFIED)
    residuals = np.log(values[1:] / fitted.at(BUDGETS))
    assert fitted.log_rmsd == pytest.approx(float(np.sqrt(np.mean(residuals**2))))


def test_aicc_prefers_the_law_the_data_came_from() -> None:
    bent = noisy(rectified(BUDGETS, 560.0, 166.0, 0.455, 1.07), 0.01, seed=6)
    straight = noisy(8.0 / BUDGETS**0.1 + 0.5, 0.01, seed=6)
    assert fit(BUDGETS, bent, RECTIFIED).aicc < fit(BUDGETS, bent, POWER).aicc
    assert fit(BUDGETS, straight, POWER).aicc < fit(BUDGETS, straight, RECTIFIED).aicc
    assert fit(BUDGETS[:6], bent[:6], RECTIFIED).aicc is None


@pytest.mark.parametrize("law", [RECTIFIED, POWER])
def test_fewer_budgets_than_parameters_are_refused_even_with_many_seeds(law) -> None:
    budgets = np.repeat(BUDGETS[: law.degrees - 1], 5)
    with pytest.raises(TooFewPointsError, match=f"has {law.degrees} parameters"):
        fit(budgets, rectified(budgets, 560.0, 166.0, 0.455, 1.07), law)


@pytest.mark.parametrize("law", [RECTIFIED, POWER])
@pytest.mark.parametrize("values", [np.ones(14), np.linspace(1.0, 2.0, 14)], ids=["constant", "rising"])
def test_values_that_do_not_fall_are_fitted_by_a_constant(law, values) -> None:
    fitted = fit(BUDGETS, values, law)
    assert fitted.is_flat
    assert fitted.at(np.array([1e3, 1e12])) == pytest.approx([np.exp(np.log(values).mean())] * 2)


@pytest.mark.parametrize("value", [0.0, -1.0, np.nan, np.inf])
def test_values_without_a_logarithm_are_refused(value) -> None:
    with pytest.raises(ValueError, match="positive and finite"):
        fit(BUDGETS, np.concatenate([np.ones(13), [value]]), RECTIFIED)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("MBZUAI/LaMini-GPT-124M", {"B": 563.8, "D_l": 166.1, "beta": 0.4553, "E": 1.069}),
        ("gpt2", {"B": 856.0, "D_l": 261.0, "beta": 0.5005, "E": 1.242}),
        ("microsoft/phi-2", {"B": 91.2, "D_l": 75.7, "beta": 0.332, "E": 1.40}),
    ],
)
def test_flan_curves_give_the_published_parameters(model, expected) -> None:
    tokens, values = next((d, v) for name, d, v in public_curves("finetuning_flan.csv") if name == model)
    found = fit(tokens, values, RECTIFIED).parameters
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=0.01)


def test_public_curves_are_fitted_as_closely_as_by_sixty_starts() -> None:
    curves = [c for name in ("finetuning_flan.csv", "finetuning_wmt19.csv") for c in public_curves(name)]
    begin = time.perf_counter()
    rectified_rmsd = np.mean([fit(d, v, RECTIFIED).log_rmsd for _, d, v in curves])
    seconds = (time.perf_counter() - begin) / len(curves)
    # 60 random starts of scipy's least_squares in (log B, log D_l, log beta, E) reach 0.0089942518 on these 60 curves.
    assert rectified_rmsd <= 0.00899426
    assert np.mean([fit(d, v, POWER).log_rmsd for _, d, v in curves]) > 5 * rectified_rmsd
    assert seconds < 0.2
