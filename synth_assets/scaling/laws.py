"""The scaling laws: what value they give at a token budget, and the names of their parameters (paper section 4).

What lives here: closed forms and their derivatives. How parameters are found from data is `fitting`'s subject.

Every law is a floor plus a decay, L(D) = E + S g(log D), with E and S entering linearly and the form of g fixed by
one or two shape parameters, beta the last of them. For the rectified law of arXiv 2402.02314,
B / (D_l + D^beta) + E, the shape is (u, beta) with u = log(D_l) / beta, S = B / D_l and g = expit(-beta (log D - u)):
in these four the curve changes evenly, while B and D_l vary over many decades along one nearly flat valley.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Array = NDArray[np.float64]
Flags = NDArray[np.bool]

BETA_RANGE = (0.01, 10.0)
"""Exponents searched. At 0.01 a doubling lowers the decaying part by 0.7%, at 10 by a factor of 1,000."""

REACH_BELOW, REACH_ABOVE = 40.0, 2.0
"""How far u is searched below the smallest and above the largest budget, in spans of the budgets on a log scale."""


class Law(ABC):
    """A floor plus a decay. Shapes are arrays whose last axis holds the shape parameters, in `shape_names` order."""

    name: ClassVar[str]
    """Name in the tables."""
    formula: ClassVar[str]
    """The law in matplotlib's mathematical notation."""
    shape_names: ClassVar[tuple[str, ...]]
    """Names of the shape parameters, beta last."""
    parameter_names: ClassVar[tuple[str, ...]]
    """Names of the reported parameters, see :meth:`parameters`."""
    holds_at_zero: ClassVar[bool]
    """Whether the law has a finite value at D = 0."""

    @property
    def degrees(self) -> int:
        """Number of free parameters: E, S and the shape."""
        return 2 + len(self.shape_names)

    @abstractmethod
    def log_decay(self, shapes: Array, log_tokens: Array) -> Array:
        """log g for shapes [..., k] at log tokens [n] (-inf for D = 0 where the law holds there): [..., n]."""

    @abstractmethod
    def log_decay_gradient(self, shape: Array, log_tokens: Array) -> Array:
        """Derivatives of log g by the shape parameters, for one shape [k] at log tokens [n]: [n, k]."""

    @abstractmethod
    def shape_domain(self, log_tokens: Array) -> tuple[Array, Array]:
        """Lower and upper corner [k] of the shapes worth searching for finite log tokens [n]; moves with their unit."""

    @abstractmethod
    def log_pre_learned(self, shapes: Array) -> Array:
        """log D_l for shapes [..., k]: [...]; -inf for a law without D_l."""

    @abstractmethod
    def log_scale(self, shapes: Array) -> Array:
        """log(B / S) for shapes [..., k]: [...]."""

    @abstractmethod
    def shape_nodes(self, log_tokens: Array, nodes: int) -> tuple[Array, ...]:
        """Axes of a search grid of about `nodes` shapes over the domain, dense where the curve can bend."""

    def relative_decay(self, shapes: Array, log_tokens: Array, log_middle: float) -> Array:
        """g relative to its value at `log_middle`, for shapes [..., k] at log tokens [n]: [..., n].

        Where D_l is next to nothing, g at D = 0 is beyond any number; the cap keeps squares of it finite.
        """
        middle = self.log_decay(shapes, np.array([log_middle]))
        return np.exp(np.minimum(self.log_decay(shapes, log_tokens) - middle, 150.0))

    def values(self, floor: float, log_amplitude: float, shape: Array, tokens: Array) -> Array:
        """L at tokens [n] for E = `floor` and log S = `log_amplitude`, in the values' unit."""
        with np.errstate(divide="ignore", over="ignore"):
            log_tokens = np.log(np.asarray(tokens, dtype=float))
            decaying: Array = np.exp(log_amplitude + self.log_decay(shape, log_tokens))
        return floor + decaying

    def parameters(self, floor: float, log_amplitude: float, shape: Array) -> Mapping[str, float]:
        """The reported parameters by name, `S` being B / D_l + E, the value before any data (as the tables have it)."""
        every = {
            "B": _finite_exp(log_amplitude + float(self.log_scale(shape))),
            "D_l": _finite_exp(float(self.log_pre_learned(shape))),
            "beta": float(shape[-1]),
            "E": floor,
            "S": floor + _finite_exp(log_amplitude),
        }
        return {name: every[name] for name in self.parameter_names}


def _finite_exp(exponent: float) -> float:
    """exp, at most 1e304: a parameter that runs away stays a number that a table can hold."""
    return float(np.exp(min(exponent, 700.0)))


class RectifiedLaw(Law):
    """L(D) = B / (D_l + D^beta) + E, arXiv 2402.02314: flat below D_l^(1/beta), a power law above."""

    name = "rectified"
    formula = r"$L(D)=B\,/\,(D_l+D^{\beta})+E$"
    shape_names = ("u", "beta")
    parameter_names = ("B", "D_l", "beta", "E", "S")
    holds_at_zero = True

    def log_decay(self, shapes: Array, log_tokens: Array) -> Array:
        """See :meth:`Law.log_decay`."""
        u, beta = shapes[..., :1], shapes[..., 1:]
        return -np.logaddexp(0.0, beta * (log_tokens - u))

    def log_decay_gradient(self, shape: Array, log_tokens: Array) -> Array:
        """See :meth:`Law.log_decay_gradient`."""
        u, beta = shape
        # At D = 0 the value is E + S whatever the shape, so a finite stand-in for log 0 avoids 0 * inf.
        distance = np.where(np.isfinite(log_tokens), log_tokens - u, 0.0)
        passed = np.where(np.isfinite(log_tokens), expit(beta * distance), 0.0)
        return np.stack([beta * passed, -distance * passed], axis=-1)

    def shape_domain(self, log_tokens: Array) -> tuple[Array, Array]:
        """See :meth:`Law.shape_domain`; u ranges well past the budgets on both sides."""
        first, last = float(log_tokens.min()), float(log_tokens.max())
        span = max(last - first, np.log(10.0))
        lower = np.array([first - REACH_BELOW * span, BETA_RANGE[0]])
        return lower, np.array([last + REACH_ABOVE * span, BETA_RANGE[1]])

    def shape_nodes(self, log_tokens: Array, nodes: int) -> tuple[Array, ...]:
        """See :meth:`Law.shape_nodes`; far below the budgets u matters only by its distance, on a log scale."""
        (lowest, _), (highest, _) = self.shape_domain(log_tokens)
        first, last = float(log_tokens.min()), float(log_tokens.max())
        span = max(last - first, np.log(10.0))
        along = round((nodes * 1.5) ** 0.5)
        far = first - np.geomspace(span, first - lowest, along // 4)[::-1]
        near = np.linspace(first - span, highest, along - len(far) + 1)[1:]
        return np.concatenate([far, near]), np.geomspace(*BETA_RANGE, nodes // along)

    def log_pre_learned(self, shapes: Array) -> Array:
        """See :meth:`Law.log_pre_learned`."""
        product: Array = shapes[..., 0] * shapes[..., 1]
        return product

    def log_scale(self, shapes: Array) -> Array:
        """See :meth:`Law.log_scale`: S = B / D_l."""
        return self.log_pre_learned(shapes)


class PowerLaw(Law):
    """L(D) = B / D^beta + E, the plain law the rectified one is compared with; S is B, and D = 0 has no value."""

    name = "power"
    formula = r"$L(D)=B\,/\,D^{\beta}+E$"
    shape_names = ("beta",)
    parameter_names = ("B", "beta", "E")
    holds_at_zero = False

    def log_decay(self, shapes: Array, log_tokens: Array) -> Array:
        """See :meth:`Law.log_decay`."""
        product: Array = -shapes * log_tokens
        return product

    def log_decay_gradient(self, shape: Array, log_tokens: Array) -> Array:
        """See :meth:`Law.log_decay_gradient`."""
        return -log_tokens[:, None]

    def shape_domain(self, log_tokens: Array) -> tuple[Array, Array]:
        """See :meth:`Law.shape_domain`."""
        return np.array([BETA_RANGE[0]]), np.array([BETA_RANGE[1]])

    def shape_nodes(self, log_tokens: Array, nodes: int) -> tuple[Array, ...]:
        """See :meth:`Law.shape_nodes`."""
        return (np.geomspace(*BETA_RANGE, nodes),)

    def log_pre_learned(self, shapes: Array) -> Array:
        """See :meth:`Law.log_pre_learned`."""
        return np.full(shapes.shape[:-1], -np.inf)

    def log_scale(self, shapes: Array) -> Array:
        """See :meth:`Law.log_scale`: S is B."""
        return np.zeros(shapes.shape[:-1])


RECTIFIED = RectifiedLaw()
POWER = PowerLaw()
LAWS: Mapping[str, Law] = {law.name: law for law in (RECTIFIED, POWER)}
"""Every law by its name in the tables."""
