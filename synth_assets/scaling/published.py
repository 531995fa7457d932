"""The curves the paper published, held against its own points (paper section 4; Table 1).

What lives here: numbers of arXiv 2503.19551, and the comparison. Errors are on MATH, in percent; D is in billions of
tokens. Of the parameters the paper prints only that beta is the same for 3B and 8B, and B / D_l = 56.3 for 8B. The
curves here are inverted from Table 1: of all rectified laws with these two properties, those whose greatest distance
from its twelve accuracies is smallest.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import expit

from synth_assets.scaling.laws import Array

BILLION = 1e9
LARGEST_SET = 4.5e9
"""Tokens of the paper's largest training set, of 7.4 million samples."""
SAMPLES = (3.2e6, 7.4e6)
"""Its two largest training sets, in samples; the tokens of the smaller one are taken in proportion."""

OBSERVED: Mapping[str, tuple[float, float]] = {"1B": (67.1, 62.6), "3B": (45.7, 40.0), "8B": (33.9, 28.7)}
"""MATH error that the paper reports at SAMPLES."""

TABLE_1_TOKENS = (10.0, 50.0, 250.0, 300.0, 1000.0, 4000.0)
TABLE_1: Mapping[str, tuple[float, ...]] = {
    "3B": (64.6, 74.7, 80.5, 80.9, 83.1, 84.4),
    "8B": (73.2, 78.6, 81.4, 81.6, 82.6, 83.2),
}
"""Accuracies the paper predicts at TABLE_1_TOKENS billions of tokens."""


@dataclass(frozen=True)
class PublishedCurve:
    """A rectified law with D in billions of tokens and errors in percent."""

    B: float
    D_l: float
    beta: float
    E: float

    def error(self, tokens: Array) -> Array:
        """Error in percent at tokens [n], as they are counted (not in billions)."""
        log_tokens = np.log(np.asarray(tokens, dtype=float) / BILLION)
        decay: Array = expit(-self.beta * log_tokens + np.log(self.D_l))
        return self.E + self.B / self.D_l * decay


INVERTED: Mapping[str, PublishedCurve] = {
    "3B": PublishedCurve(B=100.01, D_l=1.4229, beta=0.519, E=14.253),
    "8B": PublishedCurve(B=43.017, D_l=0.7641, beta=0.519, E=16.246),
}


def comparison() -> pl.DataFrame:
    """Published and computed errors in percent, side by side.

    Columns `model`, `tokens`, `what` (`Table 1`, or `point`: an error the paper measured), `published`, `curve` and
    `difference` (curve - published). Points of the 1B model are left out: no curve of it can be had from the paper.
    """
    rows: list[dict[str, object]] = []
    for model, curve in INVERTED.items():
        points = zip(observed_tokens(), OBSERVED[model], strict=True)
        table = zip(np.array(TABLE_1_TOKENS) * BILLION, (100 - seen for seen in TABLE_1[model]), strict=True)
        for what, pairs in (("point", points), ("Table 1", table)):
            for tokens, published in pairs:
                error = float(curve.error(np.array([tokens]))[0])
                rows.append({"model": model, "what": what, "tokens": tokens, "published": published, "curve": error})
    return pl.DataFrame(rows).with_columns(difference=pl.col("curve") - pl.col("published"))


def observed_tokens() -> tuple[float, float]:
    """Tokens of the two sets the paper reports points for: the larger as printed, the smaller in proportion."""
    smaller, larger = SAMPLES
    return LARGEST_SET * smaller / larger, LARGEST_SET
