"""The rows of `method_diversity` and `diversity_histograms` as they are put together: names, figures, bins."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synth_assets.tables import DIVERSITY_HISTOGRAMS, METHOD_DIVERSITY

DOCUMENT_SIMILARITY, OTHER_SIMILARITY = "document_similarity", "other_similarity"
OWN_TRIGRAMS = "own_trigrams"
CONCEPT_COMBINATIONS, CONCEPT_COVERAGE = "concept_combinations", "concept_coverage"
NEAR_DUPLICATES = "near_duplicates"

ALL, QUESTIONS, WORDS = "all", "questions", "words"
"""What a figure is taken over."""

SHARES = tuple(round(0.05 * place, 2) for place in range(21))
"""Edges of the bins of what lies between 0 and 1."""


@dataclass(frozen=True)
class Figure:
    """A row of `method_diversity`; see there."""

    method: str
    measure: str
    basis: str
    value: float
    count: int
    how: str
    low: float | None = None
    high: float | None = None
    against: str = ""


@dataclass
class Findings:
    """What the measures add to, one after the other.

    Attributes:
        figures: In any order.
        shares: By method and measure, values between 0 and 1, to be counted in bins.
        counts: By method and measure, whole numbers from 0, to be counted in bins that grow.
    """

    figures: list[Figure] = field(default_factory=list)
    shares: dict[tuple[str, str], NDArray[np.float64]] = field(default_factory=dict)
    counts: dict[tuple[str, str], NDArray[np.int64]] = field(default_factory=dict)

    def rows(self) -> pl.DataFrame:
        """Rows of `method_diversity`, in the order of its key."""
        made = pl.DataFrame([vars(figure) for figure in self.figures], schema=METHOD_DIVERSITY.schema)
        # The last digits of a mean depend on how many threads added up.
        rounded = METHOD_DIVERSITY.conform(made).with_columns(pl.col("value", "low", "high").round(9))
        return rounded.sort(METHOD_DIVERSITY.key)

    def histograms(self) -> pl.DataFrame:
        """Rows of `diversity_histograms`, in the order of its key. All methods have the same bins of a measure."""
        most = {
            measure: max(int(values.max(initial=0)) for (_, other), values in self.counts.items() if other == measure)
            for _, measure in self.counts
        }
        rows = [row for key, values in self.shares.items() for row in _binned(*key, np.clip(values, 0, 1), SHARES)]
        rows += [row for key, values in self.counts.items() for row in _binned(*key, values, growing(most[key[1]]))]
        made = pl.DataFrame(rows, schema=DIVERSITY_HISTOGRAMS.schema, orient="row")
        return DIVERSITY_HISTOGRAMS.conform(made).sort(DIVERSITY_HISTOGRAMS.key)


def growing(most: int) -> tuple[float, ...]:
    """Edges of bins for whole numbers from 0 to `most`: 0, 1, 2, 3 to 4, 5 to 8, and so on, each twice as wide."""
    edges = [0, 1, 2, 3]
    while edges[-1] <= most:
        edges.append(2 * edges[-1] - 1)
    return tuple(map(float, edges))


def _binned(
    method: str, measure: str, values: NDArray[np.float64] | NDArray[np.int64], edges: Sequence[float]
) -> list[tuple[str, str, float, float, int]]:
    # A cosine of 1 may come out a little less.
    counts, _ = np.histogram(values.round(9), bins=np.array(edges))
    return [
        (method, measure, low, high, int(count)) for low, high, count in zip(edges, edges[1:], counts, strict=False)
    ]
