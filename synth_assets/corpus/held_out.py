"""How well a trained filter does on rated documents that were kept out of its training."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class HeldOut:
    """Scores of held-out documents: what the teacher's ratings make, and what the filter predicts.

    The teacher's scores stand for the truth. A figure is None where nothing defines it.
    """

    scores: Scores
    predicted: Scores
    threshold: float

    @classmethod
    def of(cls, pairs: Sequence[tuple[float, float]], threshold: float) -> "HeldOut":
        """From pairs of score and prediction."""
        columns = np.array(pairs, dtype=np.float64).reshape(-1, 2)
        return cls(columns[:, 0], columns[:, 1], threshold)

    @property
    def rows(self) -> int:
        """How many documents were held out."""
        return len(self.scores)

    @property
    def precision(self) -> float | None:
        """Of those the filter keeps, the share it should."""
        return _share((self.scores > self.threshold)[self.predicted > self.threshold])

    @property
    def recall(self) -> float | None:
        """Of those it should keep, the share it does."""
        return _share((self.predicted > self.threshold)[self.scores > self.threshold])

    @property
    def rank_correlation(self) -> float | None:
        """Spearman's, between score and prediction."""
        if len(np.unique(self.scores)) < 2 or len(np.unique(self.predicted)) < 2:
            return None
        return float(spearmanr(self.scores, self.predicted).statistic)


def _share(flags: NDArray[np.bool_]) -> float | None:
    return float(np.mean(flags)) if len(flags) else None
