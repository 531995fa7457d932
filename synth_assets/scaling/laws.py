"""The scaling laws: what value they give at a token budget, and the names of their parameters (paper section 4).

What lives here: closed forms of one curve, and what every form has, that of `surfaces` included. How parameters are
found from data is `problems`'s subject; the derivatives it needs are in `fitting_loops`.

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

Array = NDArray[np.float64]
Flags = NDArray[np.bool]

BETA_RANGE = (0.01, 10.0)
"""Exponents searched. At 0.01 a doubling lowers the decaying part by 0.7%, at 10 by a factor of 1,000."""

REACH_BELOW, REACH_ABOVE = 40.0, 2.0
"""How far u is searched below the smallest and above the largest budget, in spans of the budgets on a log scale."""


GREATEST_LOG = 150.0
"""Decays relative to that at the middle budget are at most e to this (as in `fitting_loops`)."""


class Form(ABC):
    """A floor plus decaying terms. Shapes are arrays whose last axis holds the shape parameters, as in `shape_names`.

    Inputs are arrays [t, n]: for each term the logarithm of what it decays with.
    """

    name: ClassVar[str]
    """Name in the tables."""
    formula: ClassVar[str]
    """The law in matplotlib's mathematical notation."""
    terms: ClassVar[int]
    """How many terms decay, each with an input of its own."""
    bent: ClassVar[bool]
    """Whether the one term is flat up to u, or each term is a power of its input."""
    shape_names: ClassVar[tuple[str, ...]]
    """Names of the shape parameters: an exponent for each term, after u where there is a bend."""
    parameter_names: ClassVar[tuple[str, ...]]
    """Names of the reported parameters."""

    @property
    def degrees(self) -> int:
        """Number of free parameters: the floor, an amplitude for each term, and the shape."""
        return 1 + self.terms + len(self.shape_names)

    @abstractmethod
    def log_decays(self, shapes: Array, inputs: Array) -> Array:
        """Logarithms of the decays for shapes [..., k] at inputs [t, n]: [..., t, n]."""

    @abstractmethod
    def shape_domain(self, inputs: Array) -> tuple[Array, Array]:
        """Lower and upper corner [k] of the shapes worth searching for inputs [t, n]; moves with their unit."""

    @abstractmethod
    def shape_nodes(self, inputs: Array, nodes: int) -> tuple[Array, ...]:
        """Axes of a search grid of about `nodes` shapes over the domain, dense where the form can bend."""

    def shift(self, by: Array) -> Array:
        """How shapes move [k] where the inputs move by `by` [t]: u with its input, exponents not at all."""
        return np.array([by[0], 0.0]) if self.bent else np.zeros(self.terms)


class Law(Form):
    """A floor plus one decay with D: the form of a learning curve. Beta is the last shape parameter."""

    terms = 1
    holds_at_zero: ClassVar[bool]
    """Whether the law has a finite value at D = 0."""

    @abstractmethod
    def log_decay(self, shapes: Array, log_tokens: Array) -> Array:
        """log g for shapes [..., k] at log tokens [n] (-inf for D = 0 where the law holds there): [..., n]."""

    def log_decays(self, shapes: Array, inputs: Array) -> Array:
        """See :meth:`Form.log_decays`."""
        return self.log_decay(shapes, inputs[0])[..., None, :]

    @abstractmethod
    def log_pre_learned(self, shapes: Array) -> Array:
        """log D_l for shapes [..., k]: [...]; -inf for a law without D_l."""

    @abstractmethod
    def log_scale(self, shapes: Array) -> Array:
        """log(B / S) for shapes [..., k]: [...]."""

    def values(self, floor: float, log_amplitude: float, shape: Array, tokens: Array) -> Array:
        """L at tokens [n] for E = `floor` and log S = `log_amplitude`, in the values' unit."""
        with np.errstate(divide="ignore", over="ignore"):
            log_tokens = np.log(np.asarray(tokens, dtype=float))
            decaying: Array = np.exp(log_amplitude + self.log_decay(shape, log_tokens))
        return floor + decaying

    def parameters(self, floor: float, log_amplitude: float, shape: Array) -> Mapping[str, float]:
        """The reported parameters by name, see :meth:`parameter`."""
        one = np.array([floor]), np.array([log_amplitude]), np.asarray(shape)[None]
        return {name: float(self.parameter(name, *one)[0]) for name in self.parameter_names}

    def parameter(self, name: str, floors: Array, log_amplitudes: Array, shapes: Array) -> Array:
        """A reported parameter of r parameter sets: floors [r], log amplitudes [r], shapes [r, k].

        `S` is B / D_l + E, the value before any data (as the tables have it). NaN where the shape is.
        """
        match name:
            case "B":
                scaled: Array = finite_exp(log_amplitudes + self.log_scale(shapes))
                return np.where(np.isneginf(log_amplitudes), 0.0, scaled)
            case "D_l":
                return finite_exp(self.log_pre_learned(shapes))
            case "beta":
                return np.asarray(shapes[:, -1])
            case "E":
                return floors
            case _:
                return floors + finite_exp(log_amplitudes)


def extent(inputs: Array) -> tuple[float, float, float]:
    """Least and greatest of the finite inputs, and how far apart they are, a factor of ten at least."""
    finite = inputs[np.isfinite(inputs)]
    first, last = float(finite.min()), float(finite.max())
    return first, last, max(last - first, float(np.log(10.0)))


def finite_exp(exponents: Array) -> Array:
    """exp, at most 1e304: a parameter that runs away stays a number that a table can hold."""
    finite: Array = np.exp(np.minimum(exponents, 700.0))
    return finite


class RectifiedLaw(Law):
    """L(D) = B / (D_l + D^beta) + E, arXiv 2402.02314: flat below D_l^(1/beta), a power law above."""

    name = "rectified"
    bent = True
    formula = r"$L(D)=B\,/\,(D_l+D^{\beta})+E$"
    shape_names = ("u", "beta")
    parameter_names = ("B", "D_l", "beta", "E", "S")
    holds_at_zero = True

    def log_decay(self, shapes: Array, log_tokens: Array) -> Array:
        """See :meth:`Law.log_decay`."""
        u, beta = shapes[..., :1], shapes[..., 1:]
        return -np.logaddexp(0.0, beta * (log_tokens - u))

    def shape_domain(self, inputs: Array) -> tuple[Array, Array]:
        """See :meth:`Form.shape_domain`; u ranges well past the budgets on both sides."""
        first, last, span = extent(inputs)
        lower = np.array([first - REACH_BELOW * span, BETA_RANGE[0]])
        return lower, np.array([last + REACH_ABOVE * span, BETA_RANGE[1]])

    def shape_nodes(self, inputs: Array, nodes: int) -> tuple[Array, ...]:
        """See :meth:`Form.shape_nodes`; far below the budgets u matters only by its distance, on a log scale."""
        (lowest, _), (highest, _) = self.shape_domain(inputs)
        first, _, span = extent(inputs)
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
    bent = False
    formula = r"$L(D)=B\,/\,D^{\beta}+E$"
    shape_names = ("beta",)
    parameter_names = ("B", "beta", "E")
    holds_at_zero = False

    def log_decay(self, shapes: Array, log_tokens: Array) -> Array:
        """See :meth:`Law.log_decay`."""
        product: Array = -shapes * log_tokens
        return product

    def shape_domain(self, inputs: Array) -> tuple[Array, Array]:
        """See :meth:`Form.shape_domain`."""
        return np.array([BETA_RANGE[0]]), np.array([BETA_RANGE[1]])

    def shape_nodes(self, inputs: Array, nodes: int) -> tuple[Array, ...]:
        """See :meth:`Form.shape_nodes`."""
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
