"""Replicates are the fits of what was drawn, all of them, whoever draws and in whatever order."""

import numpy as np
import pytest

from synth_assets.scaling.bootstrap import bootstrap, drawn_weights, percentile_interval, solve_replicates
from synth_assets.scaling.fitting import fit
from synth_assets.scaling.laws import POWER, RECTIFIED
from synth_assets_tests.scaling.curves import BUDGETS, noisy, rectified

TRUTH = (560.0, 166.0, 0.455, 1.07)


@pytest.mark.parametrize("law", [RECTIFIED, POWER])
def test_every_replicate_is_the_fit_of_its_own_observations(law) -> None:
    budgets = np.geomspace(200.0, 1.6384e6, 9)
    fitted = fit(budgets, noisy(rectified(budgets, *TRUTH), 0.03, seed=1), law)
    weights = drawn_weights(fitted, 60, 0, None)
    losses = solve_replicates(fitted, 60, 0, None).losses
    replicates = bootstrap(fitted, 60)
    for place in range(60):
        times = weights[place].astype(int)
        alone = fit(np.repeat(fitted.tokens, times), np.repeat(fitted.values, times), law)
        # Replicates that lie within the rounding of their values have no minimum to compare.
        assert losses[place] == pytest.approx(alone.squares, rel=1e-6, abs=1e-20)
        assert replicates.values(alone.tokens)[place] == pytest.approx(alone.at(alone.tokens), rel=1e-5)


def test_whole_groups_are_drawn_where_they_are_named() -> None:
    tokens = np.tile(BUDGETS, 4)
    seeds = np.repeat(np.arange(4), 14)
    values = noisy(rectified(tokens, *TRUTH), 0.005, seed=2) * np.exp(np.repeat([0.0, 0.05, -0.05, 0.02], 14))
    fitted = fit(tokens, values, RECTIFIED)
    groups = seeds[np.lexsort((values, tokens))]
    by_group, by_pair = bootstrap(fitted, 200, groups=groups), bootstrap(fitted, 200)
    assert (by_group.scheme, by_pair.scheme) == ("groups", "pairs")
    weights = drawn_weights(fitted, 200, 0, groups)
    assert all(len(np.unique(row[groups == seed])) == 1 for row in weights for seed in range(4))
    asked = BUDGETS[[7]]
    assert np.std(by_group.values(asked)) > 1.5 * np.std(by_pair.values(asked))
    with pytest.raises(ValueError, match="one group alone"):
        bootstrap(fitted, 10, groups=np.zeros(len(tokens)))


def test_the_seed_decides_and_the_order_of_observations_does_not() -> None:
    values = noisy(rectified(BUDGETS, *TRUTH), 0.02, seed=3)
    shuffled = np.random.default_rng(0).permutation(14)
    one, other = fit(BUDGETS, values, RECTIFIED), fit(BUDGETS[shuffled], values[shuffled], RECTIFIED)
    first, again, reseeded = bootstrap(one, 50, seed=4), bootstrap(other, 50, seed=4), bootstrap(one, 50, seed=5)
    assert (first.shape == again.shape).all() and (first.floor == again.floor).all()
    assert (first.floor != reseeded.floor).any()


def test_replicates_have_as_many_distinct_budgets_as_parameters() -> None:
    fitted = fit(BUDGETS[:5], noisy(rectified(BUDGETS[:5], *TRUTH), 0.02, seed=4), RECTIFIED)
    assert ((drawn_weights(fitted, 300, 0, None) > 0).sum(axis=1) >= 4).all()


def test_replicates_that_do_not_fall_are_constants_without_a_shape() -> None:
    values = np.linspace(1.0, 1.2, 14)
    values[0] = 1.3
    replicates = bootstrap(fit(BUDGETS, values, RECTIFIED), 100)
    flat = np.isneginf(replicates.log_amplitude)
    assert flat.any() and not flat.all()
    assert np.isnan(replicates.parameter("beta")[flat]).all()
    assert np.isfinite(replicates.values(BUDGETS)).all()
    assert replicates.interval(replicates.parameter("beta")).low is not None


def test_an_interval_is_the_middle_of_the_samples_and_open_where_they_are_infinite() -> None:
    samples = np.concatenate([np.arange(100.0), [np.nan]])
    interval = percentile_interval(samples, 0.9)
    assert (interval.low, interval.high) == (4.0, 94.0)
    assert percentile_interval(np.where(samples > 80, np.inf, samples), 0.9).high is None
    assert percentile_interval(np.full(3, np.nan)).low is None
