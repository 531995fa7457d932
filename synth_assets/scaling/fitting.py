"""Fitting one law to one learning curve by least squares on log residuals (paper section 4; arXiv 2402.02314).

The search covers the whole range of shapes at once, with floor and amplitude solved inside for each, so that the
result does not depend on a starting point; the best few are polished with trust-region least squares. All of it is
done on log tokens relative to the budgets themselves, so that the unit of D only rescales B and D_l.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import generate_binary_structure, minimum_filter
from scipy.optimize import least_squares

from synth_assets.scaling.laws import Array, Law
from synth_assets.scaling.linear_pair import solve_linear_pairs

SEARCH_NODES = 1600
"""Shapes tried in the search."""
POLISHED = 3
"""Best separate nodes of the search that are polished."""


class TooFewPointsError(ValueError):
    """A law cannot be fitted: fewer distinct budgets than it has parameters."""


@dataclass(frozen=True)
class Fit:
    """A fitted law with the observations it was fitted to.

    `floor` is E and `log_amplitude` log S of :mod:`synth_assets.scaling.laws` (-inf for a flat fit), in the values'
    unit; `shape` [k]; `tokens` and `values` [n] are the observations used, in the order of tokens. `squares` is the
    sum of squared log residuals over all of them.
    """

    law: Law
    floor: float
    log_amplitude: float
    shape: Array
    tokens: Array
    values: Array
    squares: float

    @property
    def is_flat(self) -> bool:
        """Whether the values do not fall with data, so that nothing but a constant could be fitted."""
        return self.log_amplitude == -np.inf

    @property
    def parameters(self) -> Mapping[str, float]:
        """Reported parameters by name; B and D_l in the unit of the tokens."""
        return self.law.parameters(self.floor, self.log_amplitude, self.shape)

    def at(self, tokens: Array) -> Array:
        """Fitted values at tokens [n]."""
        if self.is_flat:
            return np.full(len(tokens), self.floor)
        return self.law.values(self.floor, self.log_amplitude, self.shape, tokens)

    @property
    def log_rmsd(self) -> float:
        """Root mean square of the log residuals, D = 0 left out (as arXiv 2402.02314 reports it)."""
        return float(np.sqrt(np.mean(self._seen_residuals() ** 2)))

    @property
    def aicc(self) -> float | None:
        """Corrected Akaike criterion over the observations with D > 0; None with too few of them.

        D = 0 is left out because the plain law has no value there: so the two laws are compared on the same points.
        The noise variance counts as a parameter.
        """
        residuals = self._seen_residuals()
        n, parameters = len(residuals), self.law.degrees + 1
        if n - parameters - 1 <= 0:
            return None
        variance = max(float(np.mean(residuals**2)), np.finfo(float).eps ** 2)
        return float(n * np.log(variance) + 2 * parameters + 2 * parameters * (parameters + 1) / (n - parameters - 1))

    def _seen_residuals(self) -> Array:
        seen = self.tokens > 0
        residuals: Array = np.log(self.values[seen]) - np.log(self.at(self.tokens[seen]))
        return residuals


def fit(tokens: Array, values: Array, law: Law) -> Fit:
    """Fit `law` to values [n] > 0 observed at tokens [n] >= 0; repeated budgets are separate observations.

    Observations at D = 0 count with the value E + S where the law has one there and are left out where it has not.
    Raises TooFewPointsError with fewer distinct budgets than parameters, ValueError for values that are not positive
    and finite or tokens that are negative or not finite.
    """
    tokens, values = np.asarray(tokens, dtype=float), np.asarray(values, dtype=float)
    if not (np.isfinite(values).all() and (values > 0).all()):
        raise ValueError("values to fit must be positive and finite")
    if not (np.isfinite(tokens).all() and (tokens >= 0).all()):
        raise ValueError("tokens to fit must be finite and not negative")
    if not law.holds_at_zero:
        tokens, values = tokens[tokens > 0], values[tokens > 0]
    budgets = len(np.unique(tokens))
    if budgets < law.degrees:
        raise TooFewPointsError(
            f"the {law.name} law has {law.degrees} parameters, but there are only {budgets} distinct budgets"
        )
    order = np.lexsort((values, tokens))
    tokens, values = tokens[order], values[order]
    curve = _Curve.of(tokens, values, law)
    candidates = [curve.polished(start) for start in curve.searched()]
    if not candidates:
        return curve.flat_fit(tokens, values)
    return curve.fit_of(min(candidates, key=lambda found: found[1])[0], tokens, values)


@dataclass(frozen=True)
class _Curve:
    """Observations in the units the search works in: log tokens from their middle, values over their geometric mean.

    The polish works on (E, log A, shape) with A the decaying part at the middle of the budgets: unlike S it is well
    determined even where D_l is not.
    """

    law: Law
    log_tokens: Array
    values: Array
    middle: float
    scale: float

    @classmethod
    def of(cls, tokens: Array, values: Array, law: Law) -> "_Curve":
        with np.errstate(divide="ignore"):
            log_tokens = np.log(tokens)
        seen = log_tokens[np.isfinite(log_tokens)]
        middle = (float(seen.min()) + float(seen.max())) / 2
        scale = float(np.exp(np.log(values).mean()))
        return cls(law, log_tokens - middle, values / scale, middle, scale)

    @property
    def domain(self) -> tuple[Array, Array]:
        return self.law.shape_domain(self.log_tokens[np.isfinite(self.log_tokens)])

    def searched(self) -> list[Array]:
        """Starts (E, log A, shape) for the polish: the lowest separate valleys; none where a constant fits as well."""
        seen = self.log_tokens[np.isfinite(self.log_tokens)]
        axes = self.law.shape_nodes(seen, SEARCH_NODES)
        grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
        shapes = grid.reshape(-1, grid.shape[-1])
        # Residuals relative to the values are log residuals to first order.
        decays = self.law.relative_decay(shapes, self.log_tokens, 0.0)
        pairs = solve_linear_pairs(decays, 1.0 / self.values, np.ones_like(self.values))
        usable = np.where(pairs.amplitude > 0.0, pairs.squares, np.inf)
        level = float(np.sum(1.0 / self.values) / np.sum(self.values**-2.0))
        constant = float(np.sum((1.0 - level / self.values) ** 2))
        if not usable.min() < constant * (1.0 - 1e-9) - 1e-24:
            return []
        valleys = _valleys(usable.reshape(grid.shape[:-1]))
        best = valleys[np.argsort(usable[valleys], kind="stable")][:POLISHED]
        return [np.array([pairs.floor[i], np.log(pairs.amplitude[i]), *shapes[i]]) for i in best]

    def polished(self, start: Array) -> tuple[Array, float]:
        """The nearest minimum of the sum of squared log residuals from a start (E, log A, shape), and that sum."""
        lower, upper = self.domain
        found = least_squares(
            self._residuals,
            start,
            jac=self._jacobian,
            bounds=(np.array([0.0, -np.inf, *lower]), np.array([np.inf, np.inf, *upper])),
            method="trf",
            x_scale="jac",
            ftol=1e-14,
            xtol=1e-14,
            gtol=1e-14,
            max_nfev=300,
        )
        theta, squares = found.x, 2.0 * float(found.cost)
        # The trust region stays inside its bounds and only comes near E = 0, where many curves have their minimum.
        on_bound = np.concatenate([[0.0], theta[1:]])
        at_bound = float(np.sum(self._residuals(on_bound) ** 2))
        return (on_bound, at_bound) if at_bound <= squares * (1.0 + 1e-9) else (theta, squares)

    def _decaying(self, theta: Array) -> Array:
        decaying: Array = np.exp(theta[1]) * self.law.relative_decay(theta[2:], self.log_tokens, 0.0)
        return decaying

    def _residuals(self, theta: Array) -> Array:
        residuals: Array = np.log(theta[0] + self._decaying(theta)) - np.log(self.values)
        return residuals

    def _jacobian(self, theta: Array) -> Array:
        decaying = self._decaying(theta)
        by_shape = self.law.log_decay_gradient(theta[2:], self.log_tokens)
        by_shape = by_shape - self.law.log_decay_gradient(theta[2:], np.zeros(1))
        columns = [np.ones_like(decaying)[:, None], decaying[:, None], decaying[:, None] * by_shape]
        jacobian: Array = np.concatenate(columns, axis=1) / (theta[0] + decaying)[:, None]
        return jacobian

    def fit_of(self, theta: Array, tokens: Array, values: Array) -> Fit:
        """The fit in the user's units."""
        shape = theta[2:].copy()
        log_amplitude = theta[1] - float(self.law.log_decay(shape, np.zeros(1))[0])
        if len(shape) > 1:
            shape[0] += self.middle
        else:
            log_amplitude += shape[-1] * self.middle
        log_amplitude += float(np.log(self.scale))
        squares = float(np.sum(self._residuals(theta) ** 2))
        return Fit(self.law, float(theta[0]) * self.scale, float(log_amplitude), shape, tokens, values, squares)

    def flat_fit(self, tokens: Array, values: Array) -> Fit:
        """A constant: the geometric mean, which minimises log residuals, with the middle of the domain as shape."""
        shape = np.array([*(self.middle for _ in self.law.shape_names[:-1]), 1.0])
        return Fit(self.law, self.scale, -np.inf, shape, tokens, values, float(np.sum(np.log(self.values) ** 2)))


def _valleys(squares: Array) -> NDArray[np.intp]:
    """Flat indices of grid nodes that are finite and no higher than their neighbours along each axis."""
    lowest = minimum_filter(squares, footprint=generate_binary_structure(squares.ndim, 1), mode="nearest")
    return np.flatnonzero(np.isfinite(squares) & (squares <= lowest))
