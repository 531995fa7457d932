"""The bootstrap: the same fit to observations drawn anew, a thousand times at once.

What lives here: drawing, and the replicates of a learning curve's fit; those of the joint law are in `surfaces`. A
replicate is the fit's problem with other weights (how often each observation was drawn), so that all are solved
together: every one by the whole search, none from the fit itself.

Intervals by profile (`intervals`) are the primary ones: those of a bootstrap of single observations hold the truth too
often at 8 budgets and unevenly at 14 (docs/benchmarks.md), since a curve through 14 points is drawn from 9 distinct
ones. Groups (seeds) are what the bootstrap is better for: it needs no model of what they have in common.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synth_assets.scaling.fitting import Fit, Fitted
from synth_assets.scaling.intervals import Interval
from synth_assets.scaling.laws import Array, Flags
from synth_assets.scaling.problems import Solutions, values_of
from synth_assets.scaling.regions import LEVEL

LEAST_VALUES = 3
"""Distinct values that each input of a replicate has at least."""
DRAWS = 1000
"""Times that replicates with too few distinct observations are drawn anew."""


@dataclass(frozen=True)
class Bootstrap:
    """Replicates of a fitted learning curve.

    `floor` [r], `log_amplitude` [r] and `shape` [r, k] are as in :class:`synth_assets.scaling.fitting.Fit`; where a
    replicate's values do not fall with data, the second is -inf and the third NaN. `scheme` is "pairs" where single
    observations were drawn, "groups" where whole groups were.
    """

    fit: Fit
    floor: Array
    log_amplitude: Array
    shape: Array
    scheme: str

    def values(self, tokens: Array) -> Array:
        """Values of every replicate at tokens [n]: [r, n]."""
        with np.errstate(divide="ignore"):
            inputs = np.log(np.asarray(tokens, dtype=float))[None]
        return values_of(self.fit.law, self.floor, self.log_amplitude[:, None], self.shape, inputs)

    def parameter(self, name: str) -> Array:
        """A reported parameter of every replicate, [r]; NaN where a replicate that does not fall has none."""
        return self.fit.law.parameter(name, self.floor, self.log_amplitude, self.shape)

    def interval(self, samples: Array, level: float = LEVEL) -> Interval:
        """The middle `level` of samples [r]; see :func:`percentile_interval`."""
        return percentile_interval(samples, level)


def bootstrap(
    fitted: Fit, replicates: int = 1000, *, seed: int = 0, groups: NDArray[np.generic] | None = None
) -> Bootstrap:
    """Fit observations drawn anew with replacement, `replicates` times.

    `groups` [n] labels each of `fitted.tokens`: whole groups (seeds, teacher replicates) are drawn then instead of
    single observations. Replicates with fewer distinct budgets than parameters are drawn anew. With Huber's loss every
    replicate uses the fit's noise scale. Raises ValueError where groups are too few to be drawn from.
    """
    solutions = solve_replicates(fitted, replicates, seed, groups)
    floor, log_amplitudes, shape = fitted.problem.in_users_units(solutions.thetas)
    return Bootstrap(fitted, floor, log_amplitudes[:, 0], shape, "pairs" if groups is None else "groups")


def solve_replicates(fitted: Fitted, replicates: int, seed: int, groups: NDArray[np.generic] | None) -> Solutions:
    """The solutions of replicates of any fit, see :func:`bootstrap`."""
    weights = drawn_weights(fitted, replicates, seed, groups)
    return fitted.problem.solve(weights, fitted.minimised[1])


def drawn_weights(fitted: Fitted, replicates: int, seed: int, groups: NDArray[np.generic] | None) -> Array:
    """How often each observation was drawn in each replicate, [r, n]."""
    inputs = fitted.observed[0]
    labels = np.arange(inputs.shape[1]) if groups is None else np.unique(groups, return_inverse=True)[1].ravel()
    if len(labels) != inputs.shape[1]:
        raise ValueError(f"there are {inputs.shape[1]} observations, but {len(labels)} labels of groups")
    count = int(labels.max()) + 1
    if count < 2:
        raise ValueError("there is one group alone: draw single observations instead")
    random = np.random.default_rng(seed)
    weights = np.zeros((replicates, len(labels)))
    wanted = np.arange(replicates)
    for _ in range(DRAWS):
        picks = random.integers(count, size=(len(wanted), count))
        times = np.zeros((len(wanted), count))
        np.add.at(times, (np.arange(len(wanted))[:, None], picks), 1.0)
        weights[wanted] = times[:, labels]
        wanted = wanted[~_enough(inputs, weights[wanted], fitted.form.degrees)]
        if not len(wanted):
            return weights
    raise ValueError("replicates have too few distinct observations to be fitted: draw single observations instead")


def _enough(inputs: Array, weights: Array, degrees: int) -> Flags:
    """Whether the observations drawn in each replicate [r, n] are distinct enough to fit."""
    distinct = _distinct(inputs, weights) >= degrees
    for row in inputs:
        distinct &= _distinct(row[None], weights) >= min(LEAST_VALUES, degrees)
    return distinct


def _distinct(inputs: Array, weights: Array) -> NDArray[np.intp]:
    _, which = np.unique(inputs, axis=1, return_inverse=True)
    which = which.ravel()
    drawn = np.stack([(weights[:, which == one] > 0).any(axis=1) for one in range(which.max() + 1)], axis=1)
    counts: NDArray[np.intp] = drawn.sum(axis=1)
    return counts


def percentile_interval(samples: Array, level: float = LEVEL) -> Interval:
    """The middle `level` of samples [r], NaN left out; None for an end that is infinite, or where all are NaN."""
    known = samples[~np.isnan(samples)]
    if not len(known):
        return Interval(None, None)
    low, high = np.quantile(known, [(1.0 - level) / 2, (1.0 + level) / 2], method="inverted_cdf")
    return Interval(float(low) if np.isfinite(low) else None, float(high) if np.isfinite(high) else None)
