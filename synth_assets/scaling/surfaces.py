"""The joint law in parameters N and tokens D of arXiv 2203.15556 (Chinchilla), L = E + A / N^alpha + B / D^beta.

What lives here: the form, its fit to runs of several model sizes, intervals and bootstrap. The method is that of one
curve: all (alpha, beta) searched with E, A, B >= 0 solved inside, polished by `problems`, intervals by `regions`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from synth_assets.scaling.bootstrap import percentile_interval, solve_replicates
from synth_assets.scaling.fitting import Fitted, TooFewPointsError
from synth_assets.scaling.intervals import UNBOUNDED, Interval, around
from synth_assets.scaling.laws import BETA_RANGE, Array, Form, finite_exp
from synth_assets.scaling.losses import SQUARES, Loss
from synth_assets.scaling.problems import Problem, values_of
from synth_assets.scaling.regions import LEVEL, Region, region_of

__all__ = [
    "JOINT",
    "JointLaw",
    "SurfaceBootstrap",
    "SurfaceFit",
    "TooFewPointsError",
    "bootstrap_surface",
    "fit_surface",
]

LEAST_VALUES = 3
"""Distinct sizes, and distinct budgets, without which an exponent cannot be told from the floor."""


class JointLaw(Form):
    """L(N, D) = E + A / N^alpha + B / D^beta; inputs are log N and log D."""

    name = "chinchilla"
    formula = r"$L(N,D)=E+A\,/\,N^{\alpha}+B\,/\,D^{\beta}$"
    terms = 2
    bent = False
    shape_names = ("alpha", "beta")
    parameter_names = ("E", "A", "alpha", "B", "beta")

    def log_decays(self, shapes: Array, inputs: Array) -> Array:
        """See :meth:`Form.log_decays`."""
        product: Array = -shapes[..., None] * inputs
        return product

    def shape_domain(self, inputs: Array) -> tuple[Array, Array]:
        """See :meth:`Form.shape_domain`."""
        return np.full(2, BETA_RANGE[0]), np.full(2, BETA_RANGE[1])

    def shape_nodes(self, inputs: Array, nodes: int) -> tuple[Array, ...]:
        """See :meth:`Form.shape_nodes`; two straight terms have fewer valleys than a bend, so fewer nodes do."""
        axis = np.geomspace(*BETA_RANGE, round((nodes / 4) ** 0.5))
        return axis, axis

    def parameter(self, name: str, floors: Array, log_amplitudes: Array, shapes: Array) -> Array:
        """A reported parameter of r parameter sets: floors [r], log amplitudes [r, 2], shapes [r, 2]."""
        if name == "E":
            return floors
        column = int(name in ("B", "beta"))
        found: Array = shapes[:, column] if name in self.shape_names else finite_exp(log_amplitudes[:, column])
        return found


JOINT = JointLaw()


@dataclass(frozen=True)
class SurfaceFit(Fitted):
    """The joint law fitted to runs.

    `floor` is E, `log_amplitudes` log A and log B (-inf for a term that is not there), `shape` alpha and beta;
    `sizes`, `tokens` and `values` [n] are the runs, in the order of sizes and tokens. `squares` is the sum of squared
    log residuals, `clip` where `loss` turns linear.
    """

    floor: float
    log_amplitudes: Array
    shape: Array
    sizes: Array
    tokens: Array
    values: Array
    squares: float
    loss: Loss = SQUARES
    clip: float = float("inf")

    @property
    def form(self) -> Form:
        """See :class:`Fitted`."""
        return JOINT

    @property
    def observed(self) -> tuple[Array, Array]:
        """See :class:`Fitted`; inputs are log sizes and log tokens, [2, n]."""
        return np.log(np.stack([self.sizes, self.tokens])), self.values

    @property
    def fitted(self) -> Array:
        """See :class:`Fitted`."""
        return self.at(self.sizes, self.tokens)

    @property
    def minimised(self) -> tuple[Loss, float]:
        """See :class:`Fitted`."""
        return self.loss, self.clip

    @property
    def is_flat(self) -> bool:
        """Whether the values fall neither with parameters nor with tokens."""
        return bool(np.isneginf(self.log_amplitudes).all())

    @property
    def parameters(self) -> Mapping[str, float]:
        """E, A, alpha, B and beta; A and B in the units of N and D."""
        one = np.array([self.floor]), self.log_amplitudes[None], self.shape[None]
        return {name: float(JOINT.parameter(name, *one)[0]) for name in JOINT.parameter_names}

    def at(self, parameters: Array, tokens: Array) -> Array:
        """Fitted values at parameters [n] and tokens [n]; either may be one number for all."""
        one = np.array([self.floor]), self.log_amplitudes[None], self.shape[None]
        values: Array = values_of(JOINT, *one, _inputs(parameters, tokens))[0]
        return values

    @cached_property
    def region(self) -> Region | None:
        """The region of parameter sets that the data do not reject; None where there is nothing to judge by."""
        return region_of(self, LEVEL)

    def intervals(self) -> Mapping[str, Interval]:
        """90% profile intervals of the parameters by name; open where the data do not bound them."""
        return {name: self._interval(name) for name in JOINT.parameter_names}

    def values_interval(self, parameters: Array, tokens: Array) -> list[Interval]:
        """90% profile intervals of the law's value at parameters [n] and tokens [n]."""
        estimates = self.at(parameters, tokens)
        if self.region is None:
            return [UNBOUNDED] * len(estimates)
        lows, highs = self.region.value_ranges(_inputs(parameters, tokens))
        rows = zip(estimates, lows, highs, strict=True)
        return [around(float(estimate), float(low), float(high)) for estimate, low, high in rows]

    def _interval(self, name: str) -> Interval:
        region, estimate = self.region, self.parameters[name]
        if region is None:
            return UNBOUNDED
        if name == "E":
            low, high = region.floor_range()
            return around(estimate, float(low.min()), float(high.max()))
        term = 0 if name in ("A", "alpha") else 1
        reaches_low, reaches_high = (bool(end[term]) for end in region.reaches)
        exponents = region.shapes[:, term]
        if name in JOINT.shape_names:
            interval = around(estimate, float(exponents.min()), float(exponents.max()))
            return Interval(None if reaches_low else interval.low, None if reaches_high else interval.high)
        # A times a positive number that depends on the shape alone is what is solved for: it is applied afterwards.
        low, high = region.amplitude_range(term)
        factor = np.exp(np.minimum(-region.log_decay_middle[:, term], 700.0))
        with np.errstate(over="ignore"):
            interval = around(estimate, float((low * factor).min()), float((high * factor).max()))
        return Interval(interval.low, None if reaches_high or reaches_low else interval.high)


@dataclass(frozen=True)
class SurfaceBootstrap:
    """Replicates of the joint law's fit; arrays as in :class:`SurfaceFit`, with a first axis over replicates."""

    fit: SurfaceFit
    floor: Array
    log_amplitudes: Array
    shape: Array
    scheme: str

    def values(self, parameters: Array, tokens: Array) -> Array:
        """Values of every replicate at parameters [n] and tokens [n]: [r, n]."""
        return values_of(JOINT, self.floor, self.log_amplitudes, self.shape, _inputs(parameters, tokens))

    def parameter(self, name: str) -> Array:
        """A parameter of every replicate, [r]; NaN for an exponent of a replicate that does not fall."""
        return JOINT.parameter(name, self.floor, self.log_amplitudes, self.shape)

    def interval(self, samples: Array, level: float = LEVEL) -> Interval:
        """The middle `level` of samples [r]; see :func:`synth_assets.scaling.bootstrap.percentile_interval`."""
        return percentile_interval(samples, level)


def fit_surface(parameters: Array, tokens: Array, values: Array, loss: Loss = SQUARES) -> SurfaceFit:
    """Fit the joint law to values [n] > 0 of runs with so many parameters [n] > 0 and tokens [n] >= 0.

    Runs without tokens have no value in this law and are left out. Raises TooFewPointsError with fewer distinct runs
    than the law has parameters, or fewer than three distinct sizes or budgets; ValueError for what is not finite or
    not positive.
    """
    sizes, tokens, values = (np.asarray(given, dtype=float) for given in (parameters, tokens, values))
    if not all(np.isfinite(given).all() for given in (sizes, tokens, values)) or not (values > 0).all():
        raise ValueError("values to fit must be positive and finite, sizes and tokens finite")
    if not ((sizes > 0).all() and (tokens >= 0).all()):
        raise ValueError("sizes to fit must be positive and tokens not negative")
    order = np.lexsort((values, tokens, sizes))
    order = order[tokens[order] > 0]
    sizes, tokens, values = sizes[order], tokens[order], values[order]
    runs = len(np.unique(np.stack([sizes, tokens]), axis=1).T)
    fewest = min(len(np.unique(sizes)), len(np.unique(tokens)))
    if runs < JOINT.degrees or fewest < LEAST_VALUES:
        raise TooFewPointsError(
            f"the {JOINT.name} law needs {JOINT.degrees} distinct runs with {LEAST_VALUES} sizes and {LEAST_VALUES} "
            f"budgets, but there are {runs} with {len(np.unique(sizes))} and {len(np.unique(tokens))}"
        )
    problem = Problem.of(JOINT, _inputs(sizes, tokens), values)
    found = problem.minimum(loss)
    floors, log_amplitudes, shapes = problem.in_users_units(found.thetas)
    shape = np.where(np.isnan(shapes[0]), 1.0, shapes[0])
    squares = float(np.sum(problem.residuals(found.thetas[0]) ** 2))
    return SurfaceFit(float(floors[0]), log_amplitudes[0], shape, sizes, tokens, values, squares, loss, found.clip)


def bootstrap_surface(
    fitted: SurfaceFit, replicates: int = 1000, *, seed: int = 0, groups: NDArray[np.generic] | None = None
) -> SurfaceBootstrap:
    """Fit runs drawn anew with replacement; `groups` [n] labels each run of `fitted`, whole groups are drawn then.

    See :func:`synth_assets.scaling.bootstrap.bootstrap`.
    """
    solutions = solve_replicates(fitted, replicates, seed, groups)
    scheme = "pairs" if groups is None else "groups"
    return SurfaceBootstrap(fitted, *fitted.problem.in_users_units(solutions.thetas), scheme)


def _inputs(parameters: Array, tokens: Array) -> Array:
    both = np.broadcast_arrays(np.atleast_1d(parameters), np.atleast_1d(tokens))
    with np.errstate(divide="ignore"):
        inputs: Array = np.log(np.stack(both).astype(float))
    return inputs
