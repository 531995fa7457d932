"""The mean of figures measured for every item and every seed, and how far it can be trusted.

Which questions a student is asked, and the seed it was trained with, are both drawn at random, and every seed is asked
the same questions. A mean over both varies with both. An interval that knows only the questions is too narrow as soon
as training varies, one that knows only the seeds needs many of them. The variance here is that of two crossed random
factors (the quasi-F of Clark 1973, with Satterthwaite's degrees of freedom).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

LEVEL = 0.95
"""Of the intervals."""


@dataclass(frozen=True)
class CrossedMean:
    """A mean over items and seeds.

    Attributes:
        value: The mean.
        error: Its standard error.
        freedom: Degrees of freedom of the error; infinite where nothing varies.
        items: How many items.
        seeds: How many seeds; with one the error knows the items alone.
    """

    value: float
    error: float
    freedom: float
    items: int
    seeds: int

    @property
    def interval(self) -> tuple[float, float]:
        """The ends of the 95% interval by Student's t."""
        if self.error == 0:
            return self.value, self.value
        reach = float(stats.t.ppf((1 + LEVEL) / 2, self.freedom)) * self.error
        return self.value - reach, self.value + reach

    @property
    def p_value(self) -> float:
        """The probability of a mean at least as far from 0 if it were 0 in truth; two-sided."""
        if self.error == 0:
            return 1.0 if self.value == 0 else 0.0
        return float(2 * stats.t.sf(abs(self.value) / self.error, self.freedom))


def crossed_mean(figures: NDArray[np.float64]) -> CrossedMean:
    """The mean of `figures`, an array [items, seeds]. There must be at least two items and one seed."""
    items, seeds = figures.shape
    mean = float(figures.mean())
    if seeds == 1:
        variance = float(figures.var(ddof=1)) / items
        return CrossedMean(mean, variance**0.5, items - 1.0, items, seeds)
    of_items, of_seeds = figures.mean(axis=1), figures.mean(axis=0)
    left = figures - of_items[:, None] - of_seeds[None, :] + mean
    residual = float((left**2).sum()) / ((items - 1) * (seeds - 1))
    between_items, between_seeds = seeds * float(of_items.var(ddof=1)), items * float(of_seeds.var(ddof=1))
    # A factor that varies less than the residual is taken not to vary.
    squares = max(between_items, residual) + max(between_seeds, residual) - residual
    if squares <= 0:
        return CrossedMean(mean, 0.0, np.inf, items, seeds)
    parts = (
        (max(between_items, residual), items - 1),
        (max(between_seeds, residual), seeds - 1),
        (residual, (items - 1) * (seeds - 1)),
    )
    freedom = squares**2 / sum(part**2 / degrees for part, degrees in parts)
    return CrossedMean(mean, (squares / (items * seeds)) ** 0.5, freedom, items, seeds)
