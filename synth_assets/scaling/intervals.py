"""How sure a fit is: 90% profile intervals of parameters and of the curve.

What lives here: the confidence region of a fit and what follows from it. A quantity's profile interval is its range
over every parameter set whose sum of squares is at most RSS (1 + F / (n - p)), F the 90% point of F(1, n - p); the
set of shapes is covered by a fitted mesh, and for each shape floor and amplitude range over an exact ellipse. So
the valleys of badly determined fits, which no standard error describes, are followed to their ends. Log residuals
are linearised in the value (not in the parameters) around the fit.

Intervals are of the curve, not of a further noisy observation. The paper gives none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import isfinite

import numpy as np
from scipy.stats import f as f_distribution

from synth_assets.scaling.fitting import Fit
from synth_assets.scaling.laws import Array, Flags
from synth_assets.scaling.linear_pair import LinearPairs, solve_linear_pairs

LEVEL = 0.90
"""Confidence level of every interval in the tables."""
MESH = (41, 33)
"""Mesh of the confidence region: betas, and u for each beta."""
SECTIONS = 17
"""Points tried at once when a boundary is narrowed down."""
LEAST_NOISE = 1e-5
"""Log residuals are taken to be no smaller than this, so that exact data give a narrow interval and not none."""
LOG_UNBOUNDED, UNBOUNDED_VALUE = 300.0, 1e100
"""A value before any data above the second counts as infinite; no factor larger than e to the first is computed."""


@dataclass(frozen=True)
class Interval:
    """Ends of an interval; None where the data do not bound it."""

    low: float | None
    high: float | None


UNBOUNDED = Interval(None, None)


@dataclass(frozen=True)
class ConfidenceRegion:
    """Every parameter set the data do not reject, as shapes [m, k] with the pairs (E, A) allowed for each.

    A is the decaying part of the value at the middle of the budgets (`log_middle`). `limit` is the largest sum of
    squares allowed.
    """

    fit: Fit
    shapes: Array
    pairs: LinearPairs
    limit: float
    log_middle: float

    @cached_property
    def log_decay_middle(self) -> Array:
        """log g at the middle budget, [m]."""
        return self.fit.law.log_decay(self.shapes, np.array([self.log_middle]))[:, 0]

    @cached_property
    def reaches(self) -> tuple[Flags, Flags]:
        """Whether the region reaches the lower and the upper end of the domain, for each shape parameter [k]."""
        lower, upper = _domain(self.fit)
        near = 1e-6 * (upper - lower)
        reaches_low: Flags = np.any(self.shapes <= lower + near, axis=0)
        reaches_high: Flags = np.any(self.shapes >= upper - near, axis=0)
        return reaches_low, reaches_high

    def values_at(self, tokens: Array) -> list[Interval]:
        """Interval of the law's value at each of the tokens; all are at least 0."""
        with np.errstate(divide="ignore"):
            log_tokens = np.log(np.asarray(tokens, dtype=float))
        ones = np.ones(len(self.shapes))
        decays = self.fit.law.relative_decay(self.shapes, log_tokens, self.log_middle)
        intervals = []
        for column, estimate in zip(decays.T, self.fit.at(tokens), strict=True):
            least, greatest = self.pairs.extremes(ones, column, self.limit)
            intervals.append(_around(float(estimate), float(least.min()), float(greatest.max())))
        return intervals

    def parameter(self, name: str) -> Interval:
        """Interval of a reported parameter of the fit's law."""
        estimate = self.fit.parameters[name]
        low, high = self._parameter_ranges(name)
        interval = _around(estimate, float(low.min()), float(high.max()))
        open_low, open_high = self._open_ends(name)
        return Interval(None if open_low else interval.low, None if open_high else interval.high)

    def _parameter_ranges(self, name: str) -> tuple[Array, Array]:
        """Least and greatest value of a parameter for each shape, [m]."""
        ones, zeros = np.ones(len(self.shapes)), np.zeros(len(self.shapes))
        law = self.fit.law
        with np.errstate(over="ignore"):
            if name == "beta":
                return self.shapes[:, -1], self.shapes[:, -1]
            if name == "D_l":
                pre_learned = np.exp(law.log_pre_learned(self.shapes))
                return pre_learned, pre_learned
            if name == "E":
                return self.pairs.extremes(ones, zeros, self.limit)
            if name == "S":
                # With next to no D_l, S is beyond any number: the cap keeps its square one, and past it S is unbounded.
                rise = np.exp(np.minimum(-self.log_decay_middle, LOG_UNBOUNDED))
                least, greatest = self.pairs.extremes(ones, rise, self.limit)
                return least, np.where(greatest > UNBOUNDED_VALUE, np.inf, greatest)
            # B times a positive number that depends on the shape alone is A: the factor is applied afterwards.
            factor = np.exp(law.log_scale(self.shapes) - self.log_decay_middle)
            least, greatest = self.pairs.extremes(zeros, ones, self.limit)
            return least * factor, greatest * factor

    def _open_ends(self, name: str) -> tuple[bool, bool]:
        """Whether a parameter's range ends where the search ends and not where the data say so.

        Towards small u the law tends to the plain one: D_l goes to 0 and the value at D = 0 grows without bound,
        while B, beta and E settle. Towards large u, and towards the ends of beta, D_l and B run away together.
        """
        low, high = self.reaches
        beta_low, beta_high = bool(low[-1]), bool(high[-1])
        u_low, u_high = (bool(low[0]), bool(high[0])) if len(low) > 1 else (False, False)
        return {
            "B": (beta_low, beta_high or u_high),
            "D_l": (beta_low or u_low, beta_high or u_high),
            "beta": (beta_low, beta_high),
            "E": (False, False),
            "S": (False, u_low),
        }[name]


def confidence_region(fit: Fit, level: float = LEVEL) -> ConfidenceRegion | None:
    """The region of `fit` for intervals at `level`; None where there is nothing to judge by.

    That is so with no more observations than parameters, and for a flat fit, which has no decay.
    """
    left = len(fit.values) - fit.law.degrees
    if left <= 0 or fit.is_flat:
        return None
    floor_squares = len(fit.values) * LEAST_NOISE**2
    limit = max(fit.squares, floor_squares) * (1.0 + float(f_distribution.ppf(level, 1, left)) / left)
    surface = _Surface(fit, limit)
    shapes = surface.mesh()
    return ConfidenceRegion(fit, shapes, surface.pairs(shapes), limit, surface.log_middle)


class _Surface:
    """The sum of squares over shapes, with floor and amplitude solved, and where it stays within the limit."""

    def __init__(self, fit: Fit, limit: float) -> None:
        self.law, self.limit = fit.law, limit
        self.best = fit.shape
        self.lower, self.upper = _domain(fit)
        with np.errstate(divide="ignore"):
            self.log_tokens = np.log(fit.tokens)
        seen = self.log_tokens[np.isfinite(self.log_tokens)]
        self.log_middle = (float(seen.min()) + float(seen.max())) / 2
        fitted = fit.at(fit.tokens)
        self.weights = 1.0 / fitted
        self.target = 1.0 + np.log(fit.values) - np.log(fitted)

    def pairs(self, shapes: Array) -> LinearPairs:
        """Solved floors and amplitudes for shapes [m, k]."""
        decays = self.law.relative_decay(shapes, self.log_tokens, self.log_middle)
        return solve_linear_pairs(decays, self.weights, self.target)

    def squares(self, shapes: Array) -> Array:
        """Sum of squares for shapes [..., k]: [...]."""
        return self.pairs(shapes.reshape(-1, shapes.shape[-1])).squares.reshape(shapes.shape[:-1])

    def mesh(self) -> Array:
        """Shapes that cover the region and touch its boundary, the fitted one among them: [m, k]."""
        beta = self.best[-1:]
        ends = [_boundary(self._beta_within, beta, np.array([end[-1]])) for end in (self.lower, self.upper)]
        betas = np.union1d(_between(ends[0], ends[1], MESH[0]).ravel(), beta)
        if len(self.best) == 1:
            return betas[:, None]
        centres = self._best_u(betas)

        def within(us: Array) -> Flags:
            return self.squares(np.stack([us, np.broadcast_to(betas, us.shape)], axis=-1)) <= self.limit

        lows, highs = (_boundary(within, centres, np.full_like(betas, end[0])) for end in (self.lower, self.upper))
        us = _between(lows, highs, MESH[1])
        every = np.stack([us, np.broadcast_to(betas, us.shape)], axis=-1).reshape(-1, 2)
        return np.concatenate([every, self.best[None]])

    def _beta_within(self, betas: Array) -> Flags:
        flat = betas.ravel()
        shapes = flat[:, None] if len(self.best) == 1 else np.stack([self._best_u(flat), flat], axis=-1)
        inside: Flags = self.squares(shapes) <= self.limit
        return inside.reshape(betas.shape)

    def _best_u(self, betas: Array) -> Array:
        """The best u for each beta [b], by narrowing a window around the lowest of a row of points."""
        low, high = np.full_like(betas, self.lower[0]), np.full_like(betas, self.upper[0])
        best, count = low, 6 * MESH[1]
        for _ in range(6):
            us = np.linspace(low, high, count)
            lowest = self.squares(np.stack([us, np.broadcast_to(betas, us.shape)], axis=-1)).argmin(axis=0)
            best = us[lowest, np.arange(len(betas))]
            step, count = (high - low) / (count - 1), MESH[1]
            low, high = np.maximum(best - step, self.lower[0]), np.minimum(best + step, self.upper[0])
        return best


def _domain(fit: Fit) -> tuple[Array, Array]:
    return fit.law.shape_domain(np.log(fit.tokens[fit.tokens > 0]))


def _between(low: Array, high: Array, count: int) -> Array:
    """`count` points from low [b] to high [b], denser towards both: [count, b]."""
    share = (1.0 - np.cos(np.linspace(0.0, np.pi, count))) / 2
    return low + share[:, None] * (high - low)


def _boundary(within: Callable[[Array], Flags], start: Array, end: Array) -> Array:
    """The last point within the region on the way from start [b] to end [b]; `end` itself where all of it is."""
    share_in, share_out = np.zeros_like(start), np.ones_like(start)
    # The first round looks at every scale, since a region may be any fraction of the domain.
    shares = np.concatenate([np.zeros(1), np.geomspace(1e-9, 1.0, 2 * SECTIONS)])[:, None] * np.ones_like(start)
    for _ in range(5):
        inside = within(start + shares * (end - start))
        inside[0] = True
        first_out = np.where(inside.all(axis=0), len(shares), inside.argmin(axis=0))
        rows = np.arange(len(start))
        share_in = shares[first_out - 1, rows]
        share_out = shares[np.minimum(first_out, len(shares) - 1), rows]
        shares = np.linspace(share_in, share_out, SECTIONS)
    return start + share_in * (end - start)


def _around(estimate: float, low: float, high: float) -> Interval:
    """The interval with the estimate inside (the mesh may miss it by a rounding), None for an infinite end."""
    low, high = min(low, estimate), max(high, estimate)
    return Interval(low if isfinite(low) else None, high if isfinite(high) else None)
