"""How sure a fitted learning curve is: 90% profile intervals of its parameters, values and budgets.

What lives here: what is asked of a confidence region, whose making is `regions`' subject. Intervals are of the curve,
not of a further noisy observation. The paper gives none.
"""

from dataclasses import dataclass
from math import isfinite

import numpy as np

from synth_assets.scaling.fitting import Fit
from synth_assets.scaling.laws import Array
from synth_assets.scaling.linear_parts import LinearParts
from synth_assets.scaling.losses import LEAST_NOISE
from synth_assets.scaling.regions import LEVEL, Region, region_of

__all__ = ["LEAST_NOISE", "LEVEL", "UNBOUNDED", "ConfidenceRegion", "Interval", "confidence_region"]

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
    """Every parameter set of a law that the data do not reject."""

    fit: Fit
    region: Region

    @property
    def shapes(self) -> Array:
        """Shapes [m, k] that cover the region."""
        return self.region.shapes

    @property
    def pairs(self) -> LinearParts:
        """The pairs (E, A) allowed for each shape, A the decaying part of the value at `log_middle`."""
        return self.region.parts

    @property
    def limit(self) -> float:
        """The largest sum of squares allowed."""
        return self.region.limit

    @property
    def log_middle(self) -> float:
        """The middle of the log budgets."""
        return float(self.region.problem.middles[0])

    def values_at(self, tokens: Array) -> list[Interval]:
        """Interval of the law's value at each of the tokens; all are at least 0."""
        with np.errstate(divide="ignore"):
            log_tokens = np.log(np.asarray(tokens, dtype=float))
        lows, highs = self.region.value_ranges(log_tokens[None])
        rows = zip(self.fit.at(tokens), lows, highs, strict=True)
        return [around(float(estimate), float(low), float(high)) for estimate, low, high in rows]

    def parameter(self, name: str) -> Interval:
        """Interval of a reported parameter of the fit's law."""
        estimate = self.fit.parameters[name]
        low, high = self._parameter_ranges(name)
        interval = around(estimate, float(low.min()), float(high.max()))
        open_low, open_high = self._open_ends(name)
        return Interval(None if open_low else interval.low, None if open_high else interval.high)

    def _parameter_ranges(self, name: str) -> tuple[Array, Array]:
        """Least and greatest value of a parameter for each shape, [m]."""
        law, log_decay_middle = self.fit.law, self.region.log_decay_middle[:, 0]
        with np.errstate(over="ignore"):
            if name == "beta":
                return self.shapes[:, -1], self.shapes[:, -1]
            if name == "D_l":
                pre_learned = np.exp(law.log_pre_learned(self.shapes))
                return pre_learned, pre_learned
            if name == "E":
                return self.region.floor_range()
            if name == "S":
                # With next to no D_l, S is beyond any number: the cap keeps its square one, and past it S is unbounded.
                rise = np.exp(np.minimum(-log_decay_middle, LOG_UNBOUNDED))
                least, greatest = self.pairs.extremes(np.ones(len(rise)), rise, self.limit)
                return least, np.where(greatest > UNBOUNDED_VALUE, np.inf, greatest)
            # B times a positive number that depends on the shape alone is A: the factor is applied afterwards.
            factor = np.exp(law.log_scale(self.shapes) - log_decay_middle)
            least, greatest = self.region.amplitude_range(0)
            return least * factor, greatest * factor

    def _open_ends(self, name: str) -> tuple[bool, bool]:
        """Whether a parameter's range ends where the search ends and not where the data say so.

        Towards small u the law tends to the plain one: D_l goes to 0 and the value at D = 0 grows without bound,
        while B, beta and E settle. Towards large u, and towards the ends of beta, D_l and B run away together.
        """
        low, high = self.region.reaches
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
    """The region of `fit` for intervals at `level`; None where there is nothing to judge by (`regions.region_of`)."""
    region = region_of(fit, level)
    return None if region is None else ConfidenceRegion(fit, region)


def around(estimate: float, low: float, high: float) -> Interval:
    """The interval with the estimate inside (the mesh may miss it by a rounding), None for an infinite end."""
    low, high = min(low, estimate), max(high, estimate)
    return Interval(low if isfinite(low) else None, high if isfinite(high) else None)
