"""The parameter sets the data do not reject, for a fit of any form.

What lives here: covering that region. A quantity's profile interval is its range over every parameter set whose sum of
squares is at most RSS (1 + F / (n - p)), F the 90% point of F(1, n - p); the set of shapes is covered by a fitted
mesh, and for each shape floor and amplitudes range over an exact ellipsoid. So the valleys of badly determined fits,
which no standard error describes, are followed to their ends. Log residuals are linearised in the value (not in the
parameters) around the fit. For Huber's loss they are the pseudo residuals of `losses`, of which the fit is the least
squares too. What is asked of the region is `intervals`' and `surfaces`' subject.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.stats import f as f_distribution

from synth_assets.scaling.fitting import Fitted
from synth_assets.scaling.laws import GREATEST_LOG, Array, Flags
from synth_assets.scaling.linear_parts import LinearParts, solve_linear_parts
from synth_assets.scaling.losses import LEAST_NOISE
from synth_assets.scaling.problems import Problem

LEVEL = 0.90
"""Confidence level of every interval in the tables."""
MESH = (41, 33)
"""Mesh of the region: values of the last shape parameter, and of the other for each."""
NODES = 12800
"""Size of the search grid whose first axis is looked through for the best first parameter."""
SCALES, SECTIONS, ROUNDS = 34, 5, 8
"""Scales looked at for a boundary, then the points tried at once, and how often, to narrow it down."""


@dataclass(frozen=True)
class Region:
    """Every parameter set the data do not reject, as shapes [m, k] with the floors and amplitudes allowed for each.

    Amplitudes are of the decays at the middle of the inputs. `limit` is the largest sum of squares allowed.
    """

    problem: Problem
    shapes: Array
    parts: LinearParts
    limit: float

    @cached_property
    def log_decay_middle(self) -> Array:
        """Logarithms of the decays at the middles, [m, t]."""
        return self.problem.form.log_decays(self.shapes, self.problem.middles[:, None])[..., 0]

    @cached_property
    def reaches(self) -> tuple[Flags, Flags]:
        """Whether the region reaches the lower and the upper end of the domain, for each shape parameter [k]."""
        shift = self.problem.form.shift(self.problem.middles)
        lower, upper = self.problem.domain
        near = 1e-6 * (upper - lower)
        reaches_low: Flags = np.any(self.shapes - shift <= lower + near, axis=0)
        reaches_high: Flags = np.any(self.shapes - shift >= upper - near, axis=0)
        return reaches_low, reaches_high

    def floor_range(self) -> tuple[Array, Array]:
        """Least and greatest floor for each shape, [m]."""
        ones = np.ones(len(self.shapes))
        return self.parts.extremes(ones, np.zeros((len(ones), self.problem.form.terms)), self.limit)

    def amplitude_range(self, term: int) -> tuple[Array, Array]:
        """Least and greatest amplitude of a term for each shape, [m]."""
        by = np.zeros((len(self.shapes), self.problem.form.terms))
        by[:, term] = 1.0
        return self.parts.extremes(np.zeros(len(by)), by, self.limit)

    def value_ranges(self, inputs: Array) -> tuple[Array, Array]:
        """Least and greatest value of the form at inputs [t, n], over all shapes: [n] each."""
        decays = self.problem.form.log_decays(self.shapes, inputs) - self.log_decay_middle[..., None]
        decays = np.exp(np.minimum(decays, GREATEST_LOG))
        ones = np.ones(len(self.shapes))
        ranges = [self.parts.extremes(ones, decays[..., place], self.limit) for place in range(inputs.shape[1])]
        lows = np.array([least.min() for least, _ in ranges])
        return lows, np.array([greatest.max() for _, greatest in ranges])


def region_of(fitted: Fitted, level: float = LEVEL) -> Region | None:
    """The region of a fit for intervals at `level`; None where there is nothing to judge by.

    That is so with no more observations than parameters, and for a flat fit, which has no decay.
    """
    n = len(fitted.observed[1])
    left = n - fitted.form.degrees
    if left <= 0 or fitted.is_flat:
        return None
    surface = _Squares(fitted)
    least = max(float(np.sum(fitted.pseudo_log_residuals**2)), n * LEAST_NOISE**2)
    limit = least * (1.0 + float(f_distribution.ppf(level, 1, left)) / left)
    shapes = _Cover(surface, limit).mesh()
    return Region(fitted.problem, shapes + surface.shift, surface.parts(shapes), limit)


class _Squares:
    """The sum of squares over shapes in the problem's units, with floor and amplitudes solved."""

    def __init__(self, fitted: Fitted) -> None:
        self.problem = fitted.problem
        self.shift = self.problem.form.shift(self.problem.middles)
        self.best = fitted.shape - self.shift
        self.lower, self.upper = self.problem.domain
        self.inputs = _array(self.problem.inputs)
        self.weights = _array(1.0 / fitted.fitted)
        self.target = _array(1.0 + fitted.pseudo_log_residuals)
        self.nodes = self.problem.form.shape_nodes(self.problem.inputs, NODES)[0]

    def parts(self, shapes: Array) -> LinearParts:
        """Solved floors and amplitudes for shapes [m, k]."""
        form = self.problem.form
        decays = form.log_decays(shapes, self.problem.inputs) - form.log_decays(shapes, np.zeros((form.terms, 1)))
        return solve_linear_parts(np.exp(np.minimum(decays, GREATEST_LOG)), self.weights, self.target)

    def __call__(self, shapes: Array) -> Array:
        """Sums of squares for shapes [..., k]: [...]."""
        from synth_assets.scaling.fitting_loops import solve_shapes

        flat = _array(shapes.reshape(-1, shapes.shape[-1]))
        squares = np.empty(len(flat))
        solve_shapes(self.problem.form.bent, flat, self.inputs, self.weights, self.target, squares)
        return squares.reshape(shapes.shape[:-1])

    def lowest(self, lasts: Array) -> tuple[Array, Array]:
        """The best first parameter for each last one [b], and its sum of squares, [b] each."""
        from synth_assets.scaling.fitting_loops import lowest_firsts

        firsts, squares = np.empty(len(lasts)), np.empty(len(lasts))
        given = self.problem.form.bent, _array(self.nodes), _array(lasts), self.inputs, self.weights, self.target
        lowest_firsts(*given, firsts, squares)
        return firsts, squares


class _Cover:
    """Where the sum of squares stays within the limit."""

    def __init__(self, squares: _Squares, limit: float) -> None:
        self.squares, self.limit = squares, limit
        self.best, self.lower, self.upper = squares.best, squares.lower, squares.upper

    def mesh(self) -> Array:
        """Shapes that cover the region and touch its boundary, the fitted one among them: [m, k]."""
        last = self.best[-1:]
        ends = [_boundary(self._last_within, last, np.array([end[-1]])) for end in (self.lower, self.upper)]
        lasts = np.union1d(_between(ends[0], ends[1], MESH[0]).ravel(), last)
        if len(self.best) == 1:
            return lasts[:, None]
        centres, _ = self.squares.lowest(lasts)

        def within(firsts: Array) -> Flags:
            inside: Flags = self.squares(_pairs(firsts, lasts)) <= self.limit
            return inside

        lows, highs = (_boundary(within, centres, np.full_like(lasts, end[0])) for end in (self.lower, self.upper))
        every = _pairs(_between(lows, highs, MESH[1]), lasts).reshape(-1, 2)
        return np.concatenate([every, self.best[None]])

    def _last_within(self, lasts: Array) -> Flags:
        flat = lasts.ravel()
        squares = self.squares(flat[:, None]) if len(self.best) == 1 else self.squares.lowest(flat)[1]
        inside: Flags = squares <= self.limit
        return inside.reshape(lasts.shape)


def _pairs(firsts: Array, lasts: Array) -> Array:
    """Shapes [..., b, 2] of first parameters [..., b] and last ones [b]."""
    return np.stack([firsts, np.broadcast_to(lasts, firsts.shape)], axis=-1)


def _between(low: Array, high: Array, count: int) -> Array:
    """`count` points from low [b] to high [b], denser towards both: [count, b]."""
    share = (1.0 - np.cos(np.linspace(0.0, np.pi, count))) / 2
    return low + share[:, None] * (high - low)


def _boundary(within: Callable[[Array], Flags], start: Array, end: Array) -> Array:
    """The last point within the region on the way from start [b] to end [b]; `end` itself where all of it is."""
    share_in, share_out = np.zeros_like(start), np.ones_like(start)
    # The first round looks at every scale, since a region may be any fraction of the domain.
    shares = np.concatenate([np.zeros(1), np.geomspace(1e-9, 1.0, SCALES)])[:, None] * np.ones_like(start)
    for _ in range(1 + ROUNDS):
        inside = within(start + shares * (end - start))
        inside[0] = True
        first_out = np.where(inside.all(axis=0), len(shares), inside.argmin(axis=0))
        rows = np.arange(len(start))
        share_in = shares[first_out - 1, rows]
        share_out = shares[np.minimum(first_out, len(shares) - 1), rows]
        shares = np.linspace(share_in, share_out, SECTIONS)
    return start + share_in * (end - start)


def _array(numbers: Array) -> Array:
    return np.require(numbers, np.float64, ["C_CONTIGUOUS", "ALIGNED", "OWNDATA"])
