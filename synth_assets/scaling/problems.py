"""The problem every fit solves: a form, observations, a loss; one or many of them that differ in weights alone.

What lives here: the units the search works in, and the search itself. All shapes of a grid over the whole domain are
tried, with floor and amplitudes solved inside for each, so that the result does not depend on a starting point; the
lowest few valleys are polished by a trust region (Levenberg-Marquardt, analytic Jacobian) on the loss itself. Inputs
are logarithms relative to the middle of the observations, so that units only rescale what depends on them. The loops
are in `fitting_loops`.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np

from synth_assets.chunks import over_chunks
from synth_assets.scaling.laws import Array, Form
from synth_assets.scaling.losses import LEAST_NOISE, Loss

SEARCH_NODES = 1600
"""Shapes tried in the search."""
CHUNK = 64
"""Problems that a thread solves at a time."""
ROUNDS = 12
"""Times that Huber's noise scale and the fit follow each other, at most."""


class TooFewPointsError(ValueError):
    """A law cannot be fitted: fewer distinct budgets than it has parameters."""


@dataclass(frozen=True)
class Solutions:
    """Minima of r problems, in the problem's units.

    `thetas` [r, p] are floor, amplitudes at the middle of the inputs, shape; a constant has amplitudes 0 and NaN as
    shape. `losses` [r]. `clip` is where the loss turns linear, in log residuals.
    """

    thetas: Array
    losses: Array
    clip: float


@dataclass(frozen=True)
class Problem:
    """Observations as inputs [t, n] from their middles [t] and log values [n] from their mean, for a form."""

    form: Form
    inputs: Array
    log_values: Array
    middles: Array
    log_scale: float

    @classmethod
    def of(cls, form: Form, inputs: Array, values: Array) -> "Problem":
        """From inputs [t, n] in the user's units, of which -inf stands for D = 0, and values [n]."""
        finite = np.isfinite(inputs)
        low = np.where(finite, inputs, np.inf).min(axis=1)
        high = np.where(finite, inputs, -np.inf).max(axis=1)
        middles = (low + high) / 2
        log_values = np.log(values)
        log_scale = float(log_values.mean())
        return cls(form, inputs - middles[:, None], log_values - log_scale, middles, log_scale)

    @cached_property
    def domain(self) -> tuple[Array, Array]:
        """Lower and upper corner of the shapes, in the problem's units."""
        return self.form.shape_domain(self.inputs)

    def solve(self, weights: Array, clip: float = np.inf, search_weights: Array | None = None) -> Solutions:
        """The minima for weights [r, n] >= 0 of the observations (how often each counts)."""
        from synth_assets.scaling.fitting_loops import fit_weighted

        axes = self.form.shape_nodes(self.inputs, SEARCH_NODES)
        shapes = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))
        linear = 1 + self.form.terms
        lower, upper = self.domain
        lower = np.concatenate([np.zeros(linear), lower])
        upper = np.concatenate([np.full(linear, np.inf), upper])
        weights = _array(weights)
        thetas, losses = np.empty((len(weights), len(lower))), np.empty(len(weights))
        searched = weights if search_weights is None else _array(search_weights)
        given = (self.form.bent, _array(shapes), len(axes[-1]), _array(self.inputs), _array(self.log_values))

        def work(first: int, last: int) -> None:
            fit_weighted(*given, weights, searched, clip, lower, upper, first, last, thetas, losses)

        over_chunks(work, len(weights), CHUNK)
        return Solutions(thetas, losses, clip)

    def minimum(self, loss: Loss) -> Solutions:
        """The minimum with every observation counted once; for Huber's loss at a noise scale that it reproduces.

        The scale of the least-squares fit's residuals gives the first fit, that of its residuals the next. Each search
        weighs the observations as the fit before does, since an outlier may hide a valley.
        """
        once = np.ones((1, len(self.log_values)))
        found = self.solve(once)
        if np.isinf(loss.clip):
            return found
        clip = np.inf
        for _ in range(ROUNDS):
            residuals = self.residuals(found.thetas[0])
            new = loss.clip * loss.noise_scale(residuals, self.form.degrees)
            if abs(new - clip) <= 1e-6 * new:
                break
            clip = new
            trusted = np.minimum(1.0, clip / np.maximum(np.abs(residuals), LEAST_NOISE))
            found = min(
                (self.solve(once, clip), self.solve(once, clip, trusted[None])), key=lambda one: float(one.losses[0])
            )
        return found

    def residuals(self, theta: Array) -> Array:
        """Log residuals [n], observed less fitted."""
        floor, amplitudes, shape = self.in_users_units(theta[None])
        values = values_of(self.form, floor, amplitudes, shape, self.inputs + self.middles[:, None])[0]
        residuals: Array = self.log_values + self.log_scale - np.log(values)
        return residuals

    def in_users_units(self, thetas: Array) -> tuple[Array, Array, Array]:
        """Floors [r], log amplitudes [r, t] and shapes [r, k]; -inf and NaN for constants."""
        linear = 1 + self.form.terms
        shapes = thetas[:, linear:] + self.form.shift(self.middles)
        with np.errstate(divide="ignore", invalid="ignore"):
            at_middles = self.form.log_decays(shapes, self.middles[:, None])[..., 0]
            log_amplitudes = np.log(thetas[:, 1:linear]) - at_middles + self.log_scale
        log_amplitudes = np.where(thetas[:, 1:linear] > 0.0, log_amplitudes, -np.inf)
        return thetas[:, 0] * np.exp(self.log_scale), log_amplitudes, shapes


def values_of(form: Form, floors: Array, log_amplitudes: Array, shapes: Array, inputs: Array) -> Array:
    """Values [r, n] of r parameter sets (as `in_users_units` gives them) at inputs [t, n]."""
    with np.errstate(over="ignore", invalid="ignore"):
        decaying = np.exp(log_amplitudes[..., None] + form.log_decays(shapes, inputs))
    decaying = np.where(np.isneginf(log_amplitudes)[..., None], 0.0, decaying)
    return cast(Array, floors[:, None] + decaying.sum(axis=1))


def _array(numbers: Array) -> Array:
    return np.require(numbers, np.float64, ["C_CONTIGUOUS", "ALIGNED", "OWNDATA"])
