"""The next run that is proposed narrows the prediction when it is made, and the useless ones are seen to be useless."""

import numpy as np
import pytest

from synth_assets.scaling.bootstrap import bootstrap
from synth_assets.scaling.fitting import fit
from synth_assets.scaling.laws import RECTIFIED
from synth_assets.scaling.next_runs import next_runs
from synth_assets.scaling.predictions import predict_values
from synth_assets_tests.scaling.curves import BUDGETS, noisy, rectified

TRUTH = (560.0, 166.0, 0.455, 1.07)
SEEN = BUDGETS[:10]
GOAL = float(BUDGETS[-1] * 4)


def fitted(tokens, seed: int = 1):
    return fit(tokens, noisy(rectified(tokens, *TRUTH), 0.01, seed), RECTIFIED)


@pytest.fixture(scope="module")
def runs():
    return next_runs(bootstrap(fitted(SEEN), 200, seed=1), GOAL)


def test_the_best_run_comes_first_and_none_widens_the_prediction(runs) -> None:
    after = [run.width_after for run in runs]
    assert after == sorted(after)
    assert all(0.0 < run.width_after <= run.width_now for run in runs)


def test_a_run_near_the_goal_is_worth_more_than_one_among_the_smallest_budgets(runs) -> None:
    assert runs[0].tokens == max(run.tokens for run in runs)
    by_tokens = {run.tokens: run for run in runs}
    assert by_tokens[SEEN[0]].width_after > 2 * runs[0].width_after


def test_the_run_that_is_made_narrows_the_profile_interval_about_as_promised(runs) -> None:
    def width(tokens) -> float:
        (found,) = predict_values(fitted(tokens), np.array([GOAL]))
        return np.log(found.interval.high / found.interval.low)

    promised = runs[0].width_after / runs[0].width_now
    made = width(np.append(SEEN, runs[0].tokens)) / width(SEEN)
    assert made < 0.8
    assert promised / 2.5 < made < promised * 2.5


def test_own_candidates_can_be_asked_for() -> None:
    found = next_runs(bootstrap(fitted(SEEN), 40, seed=1), GOAL, budgets=[1e6, 1e4])
    assert sorted(run.tokens for run in found) == [1e4, 1e6]


def test_a_flat_curve_or_one_without_a_spare_observation_has_no_next_run() -> None:
    flat = fit(SEEN, np.ones(10), RECTIFIED)
    assert next_runs(bootstrap(flat, 40, seed=1), GOAL) == []
