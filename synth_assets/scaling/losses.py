"""What a fit minimises: a loss of log residuals, by least squares or by Huber's rule.

What lives here: the losses, the noise scale that Huber's needs, and what likelihood and intervals make of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synth_assets.scaling.laws import Array

LEAST_NOISE = 1e-5
"""Log residuals are taken to be no smaller than this, so that exact data give a narrow interval and not none."""
SCALE_ROUNDS = 60


@dataclass(frozen=True)
class Loss:
    """The square of a log residual up to `clip` noise scales, and from there on linear with the same slope.

    The noise scale is 1.4826 times the median absolute log residual, times sqrt(n / (n - p)) for p fitted parameters:
    the standard deviation where the noise is normal, and hardly moved by a few outliers.
    """

    name: str
    clip: float

    def noise_scale(self, residuals: Array, degrees: int) -> float:
        """The noise scale of log residuals [n] of a fit with so many parameters; at least LEAST_NOISE."""
        n = len(residuals)
        share = float(np.sqrt(n / max(n - degrees, 1)))
        return max(1.4826 * float(np.median(np.abs(residuals))) * share, LEAST_NOISE)


SQUARES = Loss("squares", np.inf)
"""Least squares, the default."""
HUBER = Loss("huber", 1.345)
"""Huber's loss; 1.345 noise scales lose 5% of the efficiency where the noise is normal (Huber 1981)."""
LOSSES: Mapping[str, Loss] = {loss.name: loss for loss in (SQUARES, HUBER)}


def pseudo_residuals(residuals: Array, clip: float) -> Array:
    """Residuals [n] cut at `clip` and divided by the share that is not cut.

    Around a minimum of Huber's loss, least squares on these have the same minimum, and their sum of squares over the
    degrees of freedom, is Huber's estimate of the variance: so intervals of least squares become those of Huber's fit.
    """
    if np.isinf(clip):
        return residuals
    inside = float(np.mean(np.abs(residuals) <= clip))
    return np.clip(residuals, -clip, clip) / max(inside, 1.0 / len(residuals))


def log_likelihood_term(residuals: Array, loss: Loss) -> float:
    """-2 log likelihood of log residuals [n] at the likeliest noise scale, less what is the same for every law.

    For least squares n log(mean square). For Huber's loss the noise is that for which it is the likelihood: normal in
    the middle, exponential in the tails; the scale is that of this very law, so that laws can be compared.
    """
    n = len(residuals)
    size = np.abs(residuals)
    variance = max(float(np.mean(size**2)), np.finfo(float).eps ** 2)
    if np.isinf(loss.clip):
        return n * float(np.log(variance))
    # The scale s solves sum psi(r / s) r / s = n; the left side falls with s, so halving finds it.
    low, high = -80.0, float(np.log(variance)) / 2 + 1.0
    for _ in range(SCALE_ROUNDS):
        middle = (low + high) / 2
        scaled = size / np.exp(middle)
        if np.sum(np.minimum(scaled, loss.clip) * scaled) > n:
            low = middle
        else:
            high = middle
    scaled = size / np.exp(high)
    rho = np.where(scaled <= loss.clip, scaled**2, loss.clip * (2.0 * scaled - loss.clip))
    return 2.0 * n * high + float(np.sum(rho)) - n
