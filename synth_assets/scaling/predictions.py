"""What a fit predicts: values at budgets, the plateau, and how well it foretold the largest budgets.

What lives here: rules on top of fits and intervals. The paper's "peak" is a convention it does not state; here a
plateau is where doubling the data stops paying, by a set share of the value.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from synth_assets.scaling.fitting import Fit, TooFewPointsError, fit
from synth_assets.scaling.intervals import UNBOUNDED, Interval, confidence_region
from synth_assets.scaling.laws import Array, Law

PLATEAU_GAIN = 0.01
"""Default plateau rule: another doubling lowers the value by less than this share of it."""
PLATEAU_REACH = 1e12
"""A plateau further than this multiple of the largest budget is none: nobody could look for it there."""


@dataclass(frozen=True)
class Prediction:
    """The value a fit gives at a budget, with the 90% interval of the curve there."""

    tokens: float
    value: float
    interval: Interval


@dataclass(frozen=True)
class HoldOut:
    """A fit to the smaller budgets, its predictions of the held-out ones, and what was observed there.

    `observed` holds the mean over seeds, one for each prediction.
    """

    fit: Fit
    predictions: tuple[Prediction, ...]
    observed: tuple[float, ...]

    @property
    def error(self) -> float:
        """Mean over the held-out budgets of |predicted - observed| / observed."""
        pairs = zip(self.predictions, self.observed, strict=True)
        return float(np.mean([abs(prediction.value - seen) / seen for prediction, seen in pairs]))


def predict_values(fitted: Fit, tokens: Array) -> list[Prediction]:
    """Predictions at tokens [n] (D = 0 only for a law that holds there); open intervals where nothing can be said."""
    tokens = np.asarray(tokens, dtype=float)
    region = confidence_region(fitted)
    intervals = [UNBOUNDED] * len(tokens) if region is None else region.values_at(tokens)
    rows = zip(tokens, fitted.at(tokens), intervals, strict=True)
    return [Prediction(float(budget), float(value), interval) for budget, value, interval in rows]


def doubling_gain(fitted: Fit, tokens: Array) -> Array:
    """The share of the value at tokens [n] that twice the data would save."""
    here: Array = fitted.at(tokens)
    return (here - fitted.at(2.0 * np.asarray(tokens))) / here


def plateau(fitted: Fit, gain: float = PLATEAU_GAIN) -> float | None:
    """The smallest budget from which on every further doubling gains less than `gain` of the value.

    "From which on" matters: far below D_l the rectified law is flat too. 0 for a fit in which no doubling ever gains
    that much; None where the curve keeps falling faster than that over PLATEAU_REACH times the largest budget.
    """
    seen = fitted.tokens[fitted.tokens > 0]
    if fitted.is_flat:
        return 0.0
    first, last = float(np.log(seen.min())), float(np.log(seen.max()))
    steps = np.arange(first - np.log(PLATEAU_REACH), last + np.log(PLATEAU_REACH), np.log(2.0) / 2)
    above = np.flatnonzero(doubling_gain(fitted, np.exp(steps)) >= gain)
    if not len(above):
        return 0.0
    if above[-1] == len(steps) - 1:
        return None

    def excess(log_tokens: float) -> float:
        return float(doubling_gain(fitted, np.exp([log_tokens]))[0]) - gain

    return float(np.exp(brentq(excess, steps[above[-1]], steps[above[-1] + 1], xtol=1e-12)))


def hold_out(tokens: Array, values: Array, law: Law, budgets: int) -> HoldOut | None:
    """Predict the largest `budgets` distinct budgets from the smaller ones; None where those are too few to fit."""
    tokens, values = np.asarray(tokens, dtype=float), np.asarray(values, dtype=float)
    held = np.unique(tokens[tokens > 0])[-budgets:]
    kept = ~np.isin(tokens, held)
    try:
        fitted = fit(tokens[kept], values[kept], law)
    except TooFewPointsError:
        return None
    observed = tuple(float(values[tokens == budget].mean()) for budget in held)
    return HoldOut(fitted, tuple(predict_values(fitted, held)), observed)
