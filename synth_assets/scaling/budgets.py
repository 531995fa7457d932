"""Budgets that a fit foretells: what a target costs, and where more data stops paying, each with a 90% interval.

What lives here: the way from a value to tokens. The way from tokens to a value is `predictions`'s subject.

A law falls with data, so the least budget at which any curve of the confidence region meets a target is where the
lower end of the curve's interval meets it, and the greatest where the upper end does: profile intervals of the budget.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from synth_assets.scaling.fitting import Fit
from synth_assets.scaling.intervals import UNBOUNDED, ConfidenceRegion, Interval, confidence_region
from synth_assets.scaling.laws import GREATEST_LOG, Array

REACH = 1e12
"""A budget further than this multiple of the largest observed one, or this fraction of the least, is not looked for."""
PLATEAU_GAIN = 0.01
"""Default plateau rule: another doubling lowers the value by less than this share of it."""
HALVINGS = 8
"""Halvings of a doubling in which the end of an interval of a plateau is found: to a third of a percent."""


@dataclass(frozen=True)
class Budget:
    """Tokens at which a fit meets a condition, with their 90% interval.

    `tokens` is None where the fitted curve never meets it within REACH. `interval.low` is None where the data say
    nothing about the least budget, `interval.high` where some curve that the data do not reject never gets there.
    `excluded` tells that no such curve gets there: the target lies below the whole interval of E.
    """

    tokens: float | None
    interval: Interval
    excluded: bool = False


def budget_for(fitted: Fit, value: float, region: ConfidenceRegion | None = None) -> Budget:
    """The tokens after which the value has come down to `value` > 0; 0 where it is that low without data.

    `region` saves computing the confidence region of `fitted` again.
    """
    if not value > 0:
        raise ValueError("a target must be a positive value")
    region = region or confidence_region(fitted)
    tokens = _first_at_most(lambda budget: float(fitted.at(np.array([budget]))[0]), value, fitted)
    if region is None:
        return Budget(tokens, UNBOUNDED)
    known = region

    def low(budget: float) -> float:
        (interval,) = known.values_at(np.array([budget]))
        return -np.inf if interval.low is None else interval.low

    def high(budget: float) -> float:
        (interval,) = known.values_at(np.array([budget]))
        return np.inf if interval.high is None else interval.high

    least = _first_at_most(low, value, fitted)
    if least is None:
        return Budget(None, UNBOUNDED, excluded=True)
    return Budget(tokens, Interval(least, _first_at_most(high, value, fitted)))


def _first_at_most(curve: Callable[[float], float], value: float, fitted: Fit) -> float | None:
    """The tokens at which a falling curve comes down to `value`; 0 without any, None where it is beyond REACH."""
    first, last = _looked_at(fitted)
    if fitted.law.holds_at_zero and curve(0.0) <= value:
        return 0.0
    if curve(float(np.exp(first))) <= value:
        return float(np.exp(first))
    if curve(float(np.exp(last))) > value:
        return None

    def excess(log_tokens: float) -> float:
        # Far from the target any number leads towards it; an infinite one would not.
        return float(np.log(np.clip(curve(float(np.exp(log_tokens))), value * 1e-6, value * 1e6) / value))

    return float(np.exp(brentq(excess, first, last, xtol=1e-10)))


def _looked_at(fitted: Fit) -> tuple[float, float]:
    """Log tokens between which budgets are looked for."""
    seen = fitted.tokens[fitted.tokens > 0]
    return float(np.log(seen.min() / REACH)), float(np.log(seen.max() * REACH))


def doubling_gain(fitted: Fit, tokens: Array) -> Array:
    """The share of the value at tokens [n] that twice the data would save."""
    here: Array = fitted.at(tokens)
    return (here - fitted.at(2.0 * np.asarray(tokens))) / here


def plateau(fitted: Fit, gain: float = PLATEAU_GAIN) -> float | None:
    """The smallest budget from which on every further doubling gains less than `gain` of the value.

    "From which on" matters: far below D_l the rectified law is flat too. 0 for a fit in which no doubling ever gains
    that much; None where the curve keeps falling faster than that over REACH times the largest budget.
    """
    if fitted.is_flat:
        return 0.0
    steps = np.arange(*_looked_at(fitted), np.log(2.0) / 2)
    above = np.flatnonzero(doubling_gain(fitted, np.exp(steps)) >= gain)
    if not len(above):
        return 0.0
    if above[-1] == len(steps) - 1:
        return None

    def excess(log_tokens: float) -> float:
        return float(doubling_gain(fitted, np.exp([log_tokens]))[0]) - gain

    return float(np.exp(brentq(excess, steps[above[-1]], steps[above[-1] + 1], xtol=1e-12)))


def plateau_budget(fitted: Fit, gain: float = PLATEAU_GAIN, region: ConfidenceRegion | None = None) -> Budget:
    """The plateau with its profile interval: the least and the greatest one among the curves not rejected.

    That a doubling gains at least `gain`, L(2D) <= (1 - gain) L(D), is linear in (E, A) for a given shape. So whether
    some, or every, pair allowed for the shape still gains that much at a budget is a question to its ellipse.
    """
    tokens = plateau(fitted, gain)
    region = region or confidence_region(fitted)
    if region is None:
        return Budget(tokens, UNBOUNDED)
    known, steps = region, np.arange(*_looked_at(fitted), np.log(2.0))
    by_floor = np.full(len(region.shapes), gain)

    def shortfalls(log_tokens: Array) -> tuple[Array, Array]:
        """Least and greatest L(2D) - (1 - gain) L(D) of the pairs of each shape at its log tokens [m]."""
        by_decay = _decays(known, log_tokens + np.log(2.0)) - (1.0 - gain) * _decays(known, log_tokens)
        return known.pairs.extremes(by_floor, by_decay, known.limit)

    ranges = [shortfalls(np.full_like(by_floor, step)) for step in steps]
    least, greatest = (np.stack(ends, axis=1) for ends in zip(*ranges, strict=True))
    allowed = np.isfinite(least).all(axis=1)
    lows = _last_at_most(greatest, steps, lambda log_tokens: shortfalls(log_tokens)[1])
    highs = _last_at_most(least, steps, lambda log_tokens: shortfalls(log_tokens)[0])
    low, high = float(lows[allowed].min()), float(highs[allowed].max())
    if tokens is not None:
        low, high = min(low, tokens), max(high, tokens)
    return Budget(tokens, Interval(low if np.isfinite(low) else None, high if np.isfinite(high) else None))


def _decays(region: ConfidenceRegion, log_tokens: Array) -> Array:
    """The decay of each of the region's shapes at its log tokens, relative to the middle of the budgets: [m]."""
    law = region.fit.law
    at = law.log_decay(region.shapes, log_tokens[:, None])[:, 0]
    middle = law.log_decay(region.shapes, np.array([region.log_middle]))[:, 0]
    return np.exp(np.minimum(at - middle, GREATEST_LOG))


def _last_at_most(shortfall: Array, steps: Array, at: Callable[[Array], Array]) -> Array:
    """Where each row of `shortfall` [m, steps] is last at or below 0, as tokens [m]; `at` computes it elsewhere.

    0 for a row that never is, infinite for one that is at the last step. No step jumps over a fall of the curve: it is
    seen from every budget within one doubling before it.
    """
    gains = shortfall <= 0.0
    last = gains.shape[1] - 1 - gains[:, ::-1].argmax(axis=1)
    low, high = steps[last], steps[np.minimum(last + 1, gains.shape[1] - 1)]
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        inside = at(middle) <= 0.0
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    tokens = np.where(last == gains.shape[1] - 1, np.inf, np.exp((low + high) / 2))
    return np.where(gains.any(axis=1), tokens, 0.0)
