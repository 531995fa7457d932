"""Means over items and seeds: intervals that hold what they say, and collapse to what is known where they can."""

import numpy as np
import pytest
from scipy import stats

from synth_assets.comparison.crossed import crossed_mean


def test_with_one_seed_it_is_the_interval_of_a_mean_over_items() -> None:
    figures = np.random.default_rng(1).normal(2.0, 1.0, (40, 1))
    known = stats.ttest_1samp(figures[:, 0], 0.0)
    found = crossed_mean(figures)
    assert found.p_value == pytest.approx(known.pvalue)
    assert found.interval == pytest.approx(tuple(known.confidence_interval(0.95)))


def test_where_nothing_varies_the_interval_is_the_value() -> None:
    same = crossed_mean(np.ones((5, 3)))
    assert (same.value, same.interval, same.p_value) == (1.0, (1.0, 1.0), 0.0)
    assert crossed_mean(np.zeros((5, 3))).p_value == 1.0


def test_seeds_that_differ_widen_the_interval_though_every_item_agrees() -> None:
    items = np.random.default_rng(2).normal(0.0, 1.0, (200, 1))
    calm = crossed_mean(items + np.zeros((1, 3)) + np.random.default_rng(3).normal(0, 0.1, (200, 3)))
    rough = crossed_mean(items + np.array([[-0.5, 0.0, 0.5]]) + np.random.default_rng(3).normal(0, 0.1, (200, 3)))
    assert rough.value == pytest.approx(calm.value)
    assert rough.error > 2 * calm.error
    assert rough.freedom < calm.freedom


@pytest.mark.parametrize(("items", "seeds", "noise"), [(1.0, 0.0, 1.0), (1.0, 0.3, 1.0), (1.0, 1.0, 0.2)])
def test_the_interval_covers_the_truth_about_as_often_as_it_says(items: float, seeds: float, noise: float) -> None:
    random, covered, naive = np.random.default_rng(4), 0, 0
    for _ in range(400):
        figures = (
            items * random.normal(size=(80, 1))
            + seeds * random.normal(size=(1, 3))
            + noise * random.normal(size=(80, 3))
        )
        low, high = crossed_mean(figures).interval
        covered += low <= 0 <= high
        low, high = crossed_mean(figures.mean(axis=1, keepdims=True)).interval
        naive += low <= 0 <= high
    assert covered / 400 > 0.91
    if seeds:
        assert naive < covered, "an interval that knows the questions alone is too narrow"
