"""Where to write labels on a picture so that they lie on neither each other nor the nodes.

A greedy search over a few places around each point, in the order given: the most important labels choose first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np
import numpy.typing as npt

Real = npt.NDArray[np.float64]

DIRECTIONS = tuple(k * pi / 8 for k in (0, 8, 4, 12, 2, 14, 6, 10, 1, 15, 7, 9, 3, 5, 11, 13))
"""Angles tried around a point, the most readable (right, left, above, below) first."""

DISTANCES = (1.0, 1.9, 3.0)
"""Multiples of the gap between a point's rim and its label that are tried, nearest first."""


@dataclass(frozen=True)
class Box:
    """A rectangle by its centre and half its width and height, in pixels."""

    x: float
    y: float
    half_width: float
    half_height: float

    def overlap(self, others: Real) -> float:
        """Area shared with `others`, rows (x, y, half width, half height), in square pixels."""
        widths = self.half_width + others[:, 2] - np.abs(self.x - others[:, 0])
        heights = self.half_height + others[:, 3] - np.abs(self.y - others[:, 1])
        return float((np.clip(widths, 0, None) * np.clip(heights, 0, None)).sum())


def place_labels(
    points: Real, radii: Real, sizes: Sequence[tuple[float, float]], canvas: tuple[float, float], gap: float
) -> list[tuple[float, float]]:
    """Centres for labels of `sizes` (width, height) beside `points`, shape (n, 2), of `radii`; all in pixels.

    Each label takes the first place that covers nothing and lies on the canvas (width, height), else the place that
    covers least.
    """
    taken = np.column_stack([points, radii, radii])
    centres = []
    for (x, y), radius, (width, height) in zip(points.tolist(), radii.tolist(), sizes, strict=True):
        candidates = [
            Box(
                x + cos(angle) * (radius + gap * distance + width / 2),
                y + sin(angle) * (radius + gap * distance + height / 2),
                width / 2,
                height / 2,
            )
            for distance in DISTANCES
            for angle in DIRECTIONS
        ]
        best = min(candidates, key=lambda box: box.overlap(taken) + _outside(box, canvas))
        taken = np.vstack([taken, [best.x, best.y, best.half_width + gap / 2, best.half_height + gap / 4]])
        centres.append((best.x, best.y))
    return centres


def _outside(box: Box, canvas: tuple[float, float]) -> float:
    """How much of `box` lies off the canvas, weighed so that a cut label is the last resort."""
    over = [
        max(0.0, -(centre - half)) + max(0.0, centre + half - limit)
        for centre, half, limit in ((box.x, box.half_width, canvas[0]), (box.y, box.half_height, canvas[1]))
    ]
    return 100 * sum(over)
