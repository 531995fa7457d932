"""Observations in, tables out: every series and law is fitted or refused by name."""

import numpy as np
import polars as pl
import pytest

from synth_assets import tables
from synth_assets.scaling.observations import from_student_runs
from synth_assets.scaling.stage import fit_observations, predict
from synth_assets_tests.scaling.curves import BUDGETS, noisy, observations, rectified

TRUTH = (560.0, 166.0, 0.455, 1.07)


def curve(model: str, tokens=BUDGETS) -> pl.DataFrame:
    return observations(model, tokens, noisy(rectified(tokens, *TRUTH), 0.01, seed=1))


def test_every_series_is_fitted_with_both_laws() -> None:
    result = fit_observations(pl.concat([curve("small"), curve("large")]))
    result.check("scaling_fits")
    assert (result.received, result.passed) == (4, 4)
    assert result.rows.schema == tables.SCALING_FITS.schema
    assert not result.rows.select(tables.SCALING_FITS.key).is_duplicated().any()
    parameters = result.rows.filter(model="small").group_by("law", maintain_order=True).agg("parameter")
    assert parameters.rows() == [("rectified", ["B", "D_l", "beta", "E", "S"]), ("power", ["B", "beta", "E"])]
    assert result.rows["hold_out_error"].null_count() == 0


def test_too_few_budgets_are_quarantined_by_name() -> None:
    result = fit_observations(pl.concat([curve("small"), curve("three", BUDGETS[:3])]))
    result.check("scaling_fits")
    assert (result.received, result.passed) == (4, 3)
    assert result.quarantined.select("id", "reason").rows() == [("all/three/answer_loss/rectified", "too_few_points")]
    assert "only 3 distinct budgets" in result.quarantined["detail"][0]


def test_no_observations_give_empty_tables() -> None:
    result = fit_observations(tables.SCALING_OBSERVATIONS.empty())
    result.check("scaling_fits")
    assert result.rows.height == result.received == 0
    assert predict(tables.SCALING_OBSERVATIONS.empty()).height == 0


def test_several_seeds_at_a_budget_are_separate_observations() -> None:
    rows = fit_observations(curve("small", np.repeat(BUDGETS, 3))).rows
    assert rows["points"].unique().to_list() == [42]


@pytest.mark.parametrize(
    "values", [np.ones(15), np.linspace(1.0, 1.2, 15), np.r_[np.ones(14), 0.5]], ids=["constant", "rising", "one step"]
)
def test_degenerate_series_do_not_crash(values) -> None:
    rows = observations("odd", np.concatenate([[0.0], BUDGETS]), values, metric="error")
    result = fit_observations(rows)
    assert result.rows["value"].is_finite().all()
    predicted = predict(rows)
    assert (predicted["value"] > 0).all()
    if values[-1] >= 1.0:
        assert result.rows["verdict"].str.contains("do not fall with data").all()


def test_an_error_of_zero_is_left_out_and_said() -> None:
    values = np.r_[rectified(BUDGETS, *TRUTH)[:-1], 0.0]
    rows = fit_observations(observations("perfect", BUDGETS, values)).rows
    assert rows["points"].unique().to_list() == [13]
    assert rows["verdict"].str.contains("1 observations without a positive value").all()


def test_predictions_hold_budgets_plateau_and_hold_out() -> None:
    rows = predict(curve("small"), held_out_budgets=2)
    assert rows.schema == tables.SCALING_PREDICTIONS.schema
    assert not rows.select(tables.SCALING_PREDICTIONS.key).is_duplicated().any()
    counts = dict(rows.filter(law="rectified").group_by("kind").len().rows())
    assert counts == {"budget": 18, "plateau": 1, "hold_out": 2}
    held = rows.filter(kind="hold_out", law="rectified")
    assert held["tokens"].to_list() == list(BUDGETS[-2:])
    assert held["observed"].null_count() == 0


def test_asked_budgets_are_the_predicted_ones_and_the_plain_law_skips_zero() -> None:
    rows = predict(curve("small"), budgets=[0.0, 1e9]).filter(kind="budget")
    assert rows.filter(law="rectified")["tokens"].to_list() == [0.0, 1e9]
    assert rows.filter(law="power")["tokens"].to_list() == [1e9]


def test_same_observations_give_the_same_tables_in_any_order() -> None:
    rows = pl.concat([curve("small"), curve("large")])
    again = rows.sample(fraction=1.0, shuffle=True, seed=1)
    assert fit_observations(rows).rows.equals(fit_observations(again).rows)
    assert predict(rows).equals(predict(again))


def test_student_runs_become_two_observations_each() -> None:
    run = {
        "training_set": "all",
        "student": "tiny",
        "run_id": "r",
        "budget": 1000,
        "parameters": 37_000,
        "unique_tokens": 990,
        "trained_tokens": 2970,
        "epochs": 3,
        "seed": 7,
        "answer_loss": 1.5,
        "error": 0.75,
        "evaluated_questions": 20,
        "seconds": 1.0,
        "tokens_per_second": None,
    }
    runs = tables.STUDENT_RUNS.conform(pl.DataFrame([run], schema=tables.STUDENT_RUNS.schema))
    rows = from_student_runs(runs)
    assert rows.schema == tables.SCALING_OBSERVATIONS.schema
    assert rows.select("source", "model", "metric", "tokens", "value", "seed").rows() == [
        ("student_runs", "tiny", "answer_loss", 990.0, 1.5, 7),
        ("student_runs", "tiny", "error", 990.0, 0.75, 7),
    ]
    assert from_student_runs(tables.STUDENT_RUNS.empty()).height == 0
