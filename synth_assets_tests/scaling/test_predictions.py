"""Predictions and hold-outs follow the rules they state."""

import numpy as np
import pytest

from synth_assets.scaling.fitting import fit
from synth_assets.scaling.laws import RECTIFIED
from synth_assets.scaling.predictions import hold_out, predict_values
from synth_assets_tests.scaling.curves import BUDGETS, noisy, rectified

TRUTH = (560.0, 166.0, 0.455, 1.07)


def test_hold_out_does_not_see_the_largest_budgets() -> None:
    tokens = np.repeat(BUDGETS, 2)
    values = noisy(rectified(tokens, *TRUTH), 0.01, seed=1)
    spoiled = np.where(tokens >= BUDGETS[-2], 9.0, values)
    held, spoiled_held = hold_out(tokens, values, RECTIFIED, 2), hold_out(tokens, spoiled, RECTIFIED, 2)
    assert held.fit.tokens.max() == BUDGETS[-3]
    assert [p.tokens for p in held.predictions] == list(BUDGETS[-2:])
    assert held.predictions == spoiled_held.predictions
    assert spoiled_held.observed == (9.0, 9.0)
    expected = np.mean([abs(p.value - seen) / seen for p, seen in zip(held.predictions, held.observed, strict=True)])
    assert held.error == pytest.approx(expected)
    assert held.error < 0.05 < spoiled_held.error


def test_hold_out_of_too_few_budgets_is_none() -> None:
    assert hold_out(BUDGETS[:4], rectified(BUDGETS[:4], *TRUTH), RECTIFIED, 1) is None


def test_predictions_fall_with_data_and_widen_beyond_it() -> None:
    fitted = fit(BUDGETS, noisy(rectified(BUDGETS, *TRUTH), 0.01, seed=1), RECTIFIED)
    found = predict_values(fitted, np.array([0.0, 1e3, 1e6, 1e9, 1e12]))
    values = [prediction.value for prediction in found]
    assert values == sorted(values, reverse=True)
    relative = [(p.interval.high - p.interval.low) / p.value for p in found]
    assert relative[2] < relative[3] < relative[4]
    assert all(p.interval.low <= p.value <= p.interval.high for p in found)
