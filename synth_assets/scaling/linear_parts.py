"""Least squares for the linear parameters of a form, floor and amplitudes, for many shapes at once.

What lives here: the ellipsoid around the solution of w (E + sum A h) = t with E, A >= 0, where h [m, t, n] are the
decays of m shapes at n observations, and the extremes of linear functions over it. Which shapes to try is `problems`'s
and `regions`' subject.

The allowed pairs are an ellipsoid cut by the orthant. The extreme of a linear function lies within some face of the
orthant, and there it is the extreme over that face's own ellipsoid; so all faces are looked at.
"""

from dataclasses import dataclass

import numpy as np

from synth_assets.scaling.laws import Array

TINY = 1e-300


@dataclass(frozen=True)
class LinearParts:
    """Solved floors and amplitudes for m shapes, face by face (f of them, those with every coefficient 0 left out).

    `centres` [m, f, q] are the unbounded solutions within each face, `excess` [m, f] their sums of squares, `roots`
    [m, f, q, q] a square root of the inverse of the normal equations. `floor` [m], `amplitudes` [m, t] and `squares`
    [m] are the solution with no coefficient below 0.
    """

    centres: Array
    roots: Array
    excess: Array
    floor: Array
    amplitudes: Array
    squares: Array

    @property
    def amplitude(self) -> Array:
        """The amplitude of a form of one term, [m]."""
        first: Array = self.amplitudes[:, 0]
        return first

    def extremes(self, by_floor: Array, by_amplitudes: Array, limit: float) -> tuple[Array, Array]:
        """Least and greatest `by_floor E + by_amplitudes A` over E, A >= 0 with sum of squares <= `limit`.

        `by_floor` [m], `by_amplitudes` [m] for one term or [m, t]; +inf and -inf for shapes where no pair stays
        within the limit.
        """
        by = np.concatenate([by_floor[:, None], by_amplitudes.reshape(len(by_floor), -1)], axis=1)
        # Factors may be near the largest numbers: scaled, their squares stay numbers.
        largest = np.maximum(np.abs(by).max(axis=1), TINY)
        by = (by / largest[:, None])[:, None, :]
        along = np.einsum("mfab,mfa->mfb", self.roots, np.broadcast_to(by, self.centres.shape))
        spread = np.sqrt((along**2).sum(axis=-1))
        step = np.einsum("mfab,mfb->mfa", self.roots, along)
        slack = limit - self.excess
        reach = np.sqrt(np.maximum(slack, 0.0)) / np.maximum(spread, TINY)
        least, greatest = np.full(len(by), np.inf), np.full(len(by), -np.inf)
        for signed in (-reach, reach):
            at = self.centres + signed[..., None] * step
            allowed = (slack >= 0.0) & (at >= 0.0).all(axis=-1)
            value = (at * by).sum(axis=-1)
            least = np.minimum(least, np.where(allowed, value, np.inf).min(axis=1))
            greatest = np.maximum(greatest, np.where(allowed, value, -np.inf).max(axis=1))
        return least * largest, greatest * largest


def solve_linear_parts(decays: Array, weights: Array, target: Array) -> LinearParts:
    """Solve `weights (E + sum A decays) = target` with E, A >= 0 for decays [m, t, n], weights [n], target [n]."""
    shapes, terms, n = decays.shape
    q = terms + 1
    columns = np.concatenate([np.broadcast_to(weights, (shapes, 1, n)), decays * weights], axis=1)
    faces = range(2**q - 1, 0, -1)
    centres, roots = np.zeros((shapes, len(faces), q)), np.zeros((shapes, len(faces), q, q))
    excess = np.empty((shapes, len(faces)))
    for place, face in enumerate(faces):
        members = [j for j in range(q) if face >> j & 1]
        solution, root, excess[:, place] = _face(columns[:, members], target)
        centres[:, place, members] = solution
        for a, row in enumerate(members):
            roots[:, place, row, members] = root[:, a]
    inside = np.where((centres >= 0.0).all(axis=-1), excess, np.inf)
    best = inside.argmin(axis=1)
    rows = np.arange(shapes)
    found = np.where(np.isfinite(inside[rows, best])[:, None], centres[rows, best], 0.0)
    squares = np.minimum(inside[rows, best], float(target @ target))
    return LinearParts(centres, roots, excess, found[:, 0], found[:, 1:], squares)


def _face(columns: Array, target: Array) -> tuple[Array, Array, Array]:
    """Unbounded least squares on columns [m, s, n]: solutions [m, s], roots [m, s, s], sums of squares [m].

    By columns made orthogonal one after the other, and explicit residuals: a difference of two large sums would lose
    what is left of a nearly exact fit.
    """
    shapes, size, _ = columns.shape
    basis = columns.copy()
    inverse = np.broadcast_to(np.eye(size), (shapes, size, size)).copy()
    norms, along = np.empty((shapes, size)), np.empty((shapes, size))
    rest = np.broadcast_to(target, basis[:, 0].shape).copy()
    for a in range(size):
        for b in range(a):
            share = np.einsum("mn,mn->m", basis[:, b], basis[:, a]) / norms[:, b]
            basis[:, a] -= share[:, None] * basis[:, b]
            # The inverse of a unit triangle, built as its columns are: column a loses its share of each before it.
            inverse[:, :, a] -= share[:, None] * inverse[:, :, b]
        norms[:, a] = np.maximum(np.einsum("mn,mn->m", basis[:, a], basis[:, a]), TINY)
        along[:, a] = np.einsum("mn,mn->m", basis[:, a], rest) / norms[:, a]
        rest -= along[:, a, None] * basis[:, a]
    solution = np.einsum("mab,mb->ma", inverse, along)
    return solution, inverse / np.sqrt(norms)[:, None, :], (rest**2).sum(axis=1)
