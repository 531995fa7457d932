"""Least squares for the two linear parameters of a law, floor and amplitude, for many shapes at once.

What lives here: the inner problem w (E + A h) = t with E, A >= 0, where h [m, n] are the decays of m shapes at n
observations, and the confidence ellipse around its solution. Which shapes to try is `fitting`'s and `intervals`'.
"""

from dataclasses import dataclass

import numpy as np

from synth_assets.scaling.laws import Array, Flags

TINY = 1e-300


@dataclass(frozen=True)
class LinearPairs:
    """Solved pairs for m shapes; every array is [m].

    The sum of squares at any (E, A) is `unbounded + level_norm (E + mean A - level)^2 + decay_norm (A - decay)^2`:
    the decay column made orthogonal to the constant one leaves the two directions independent.
    """

    floor: Array
    amplitude: Array
    squares: Array
    unbounded: Array
    level: Array
    decay: Array
    mean: Array
    level_norm: float
    decay_norm: Array

    def squares_at(self, floor: Array, amplitude: Array) -> Array:
        """Sum of squares at the given pairs [m]."""
        off_level = floor + self.mean * amplitude - self.level
        off_decay = amplitude - self.decay
        return self.unbounded + self.level_norm * off_level**2 + self.decay_norm * off_decay**2

    def extremes(self, by_floor: Array, by_amplitude: Array, limit: float) -> tuple[Array, Array]:
        """Least and greatest `by_floor E + by_amplitude A` over pairs E, A >= 0 with sum of squares <= `limit`.

        Arrays [m]; +inf and -inf for shapes where no pair stays within the limit. A linear form over an ellipse cut
        by the two axes is extreme at the ellipse's own extreme where that is not cut off, else on an axis.
        """
        along_decay = by_amplitude - by_floor * self.mean
        slack = np.sqrt(np.maximum(limit - self.unbounded, 0.0))
        spread = np.sqrt(by_floor**2 / self.level_norm + along_decay**2 / self.decay_norm)
        pairs = []
        for sign in (-1.0, 1.0):
            step = sign * slack / np.maximum(spread, TINY)
            amplitude = self.decay + step * along_decay / self.decay_norm
            floor = self.level + step * by_floor / self.level_norm - self.mean * amplitude
            pairs.append((floor, amplitude, self.unbounded <= limit))
        on_floor_axis = self._axis_interval(limit, self.level, self.level_norm, self.decay**2 * self.decay_norm)
        pairs += [(floor, np.zeros_like(floor), within) for floor, within in on_floor_axis]
        pairs += [(np.zeros_like(amplitude), amplitude, within) for amplitude, within in self._amplitude_axis(limit)]
        least, greatest = np.full_like(self.decay, np.inf), np.full_like(self.decay, -np.inf)
        for floor, amplitude, within in pairs:
            allowed = within & (floor >= 0.0) & (amplitude >= 0.0)
            value = by_floor * floor + by_amplitude * amplitude
            least = np.where(allowed, np.minimum(least, value), least)
            greatest = np.where(allowed, np.maximum(greatest, value), greatest)
        return least, greatest

    def _axis_interval(
        self, limit: float, centre: Array, norm: float | Array, excess: Array
    ) -> list[tuple[Array, Flags]]:
        """Both ends of the part of an axis within the limit, with whether there is one."""
        slack = limit - self.unbounded - excess
        half = np.sqrt(np.maximum(slack, 0.0) / norm)
        return [(np.maximum(centre - half, 0.0), slack >= 0.0), (centre + half, slack >= 0.0)]

    def _amplitude_axis(self, limit: float) -> list[tuple[Array, Flags]]:
        """The part of E = 0 within the limit, as in :meth:`_axis_interval`."""
        norm = self.level_norm * self.mean**2 + self.decay_norm
        centre = (self.level_norm * self.mean * self.level + self.decay_norm * self.decay) / norm
        excess = self.squares_at(np.zeros_like(centre), centre) - self.unbounded
        return self._axis_interval(limit, centre, norm, excess)


def solve_linear_pairs(decays: Array, weights: Array, target: Array) -> LinearPairs:
    """Solve `weights (E + A decays) = target` with E, A >= 0 for decays [m, n], weights [n], target [n]."""
    weighted = decays * weights
    level_norm = float(weights @ weights)
    mean = weighted @ weights / level_norm
    orthogonal = weighted - mean[:, None] * weights
    decay_norm = np.maximum(np.einsum("mn,mn->m", orthogonal, orthogonal), TINY)
    decay = orthogonal @ target / decay_norm
    level = np.full_like(decay, float(weights @ target) / level_norm)
    # Explicit residuals: the difference of two large sums would lose what is left of a nearly exact fit.
    unbounded = ((target - level[:, None] * weights - decay[:, None] * orthogonal) ** 2).sum(axis=1)

    free = (level - mean * decay, decay)
    alone = np.maximum(weighted @ target / np.maximum((weighted**2).sum(axis=1), TINY), 0.0)
    inside = (free[0] >= 0.0) & (free[1] >= 0.0)
    flat = ~inside & (free[1] < 0.0)
    floor = np.where(inside, free[0], np.where(flat, np.maximum(level, 0.0), 0.0))
    amplitude = np.where(inside, free[1], np.where(flat, 0.0, alone))
    squares = ((target - weights * (floor[:, None] + amplitude[:, None] * decays)) ** 2).sum(axis=1)
    return LinearPairs(floor, amplitude, squares, unbounded, level, decay, mean, level_norm, decay_norm)
