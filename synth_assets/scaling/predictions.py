"""What a fit predicts: values at budgets, and how well it foretold the largest budgets.

What lives here: the way from tokens to a value. The way back, targets and plateaus, is `budgets`'s subject.
"""

from dataclasses import dataclass

import numpy as np

from synth_assets.scaling.fitting import Fit, TooFewPointsError, fit
from synth_assets.scaling.intervals import UNBOUNDED, ConfidenceRegion, Interval, confidence_region
from synth_assets.scaling.laws import Array, Law
from synth_assets.scaling.losses import SQUARES, Loss


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


def predict_values(fitted: Fit, tokens: Array, region: ConfidenceRegion | None = None) -> list[Prediction]:
    """Predictions at tokens [n] (D = 0 only for a law that holds there); open intervals where nothing can be said.

    `region` saves computing the confidence region of `fitted` again.
    """
    tokens = np.asarray(tokens, dtype=float)
    region = region or confidence_region(fitted)
    intervals = [UNBOUNDED] * len(tokens) if region is None else region.values_at(tokens)
    rows = zip(tokens, fitted.at(tokens), intervals, strict=True)
    return [Prediction(float(budget), float(value), interval) for budget, value, interval in rows]


def hold_out(tokens: Array, values: Array, law: Law, budgets: int, loss: Loss = SQUARES) -> HoldOut | None:
    """Predict the largest `budgets` distinct budgets from the smaller ones; None where those are too few to fit."""
    tokens, values = np.asarray(tokens, dtype=float), np.asarray(values, dtype=float)
    held = np.unique(tokens[tokens > 0])[-budgets:]
    kept = ~np.isin(tokens, held)
    try:
        fitted = fit(tokens[kept], values[kept], law, loss)
    except TooFewPointsError:
        return None
    observed = tuple(float(values[tokens == budget].mean()) for budget in held)
    return HoldOut(fitted, tuple(predict_values(fitted, held)), observed)
