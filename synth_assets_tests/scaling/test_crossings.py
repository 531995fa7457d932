"""Crossings are where two known curves cross, as probable as the data make them."""

import numpy as np
import pytest

from synth_assets.scaling.bootstrap import bootstrap
from synth_assets.scaling.crossings import crossing
from synth_assets.scaling.fitting import fit
from synth_assets.scaling.laws import RECTIFIED
from synth_assets_tests.scaling.curves import BUDGETS, noisy, rectified

LOW_FLOOR, HIGH_FLOOR = (560.0, 166.0, 0.455, 0.6), (300.0, 120.0, 0.455, 1.2)


def replicates(truth, noise: float, seed: int):
    return bootstrap(fit(BUDGETS, noisy(rectified(BUDGETS, *truth), noise, seed), RECTIFIED), 60, seed=seed)


@pytest.fixture(scope="module")
def precise():
    return replicates(LOW_FLOOR, 0.001, 1), replicates(HIGH_FLOOR, 0.001, 2)


def test_a_crossing_is_found_where_the_true_curves_cross(precise) -> None:
    tokens = np.geomspace(BUDGETS[0], BUDGETS[-1], 100_000)
    gap = rectified(tokens, *LOW_FLOOR) - rectified(tokens, *HIGH_FLOOR)
    true = tokens[np.flatnonzero(np.diff(np.sign(gap)))[0]]
    found = crossing(*precise)
    assert found.tokens == pytest.approx(true, rel=0.03)
    assert found.interval.low < true < found.interval.high
    assert found.probability == found.first_ends_lower == 1.0


def test_the_order_of_the_models_does_not_matter(precise) -> None:
    there, back = crossing(*precise), crossing(*reversed(precise))
    assert back.tokens == pytest.approx(there.tokens)
    assert (back.probability, back.first_ends_lower) == (there.probability, 1.0 - there.first_ends_lower)


def test_curves_that_are_well_apart_do_not_cross() -> None:
    above = (560.0, 166.0, 0.455, 2.0)
    found = crossing(replicates(LOW_FLOOR, 0.001, 1), replicates(above, 0.001, 2))
    assert found.tokens is None and found.probability == 0.0
    assert (found.interval.low, found.interval.high) == (None, None)
    assert found.first_ends_lower == 1.0


@pytest.mark.slow
def test_noisy_curves_cross_with_some_probability_only() -> None:
    nearly = (560.0, 166.0, 0.455, 0.75)
    found = crossing(replicates(LOW_FLOOR, 0.03, 3), replicates(nearly, 0.03, 4))
    assert 0.0 < found.probability < 1.0
