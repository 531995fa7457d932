"""Which policy of mixing is better, over seeds: means, and differences paired by seed with their 95% intervals.

Runs of a seed start from the same weights and are tested on the same questions, so what differs between two policies of
a seed is the mixture alone. The intervals know how much training varies with the seed; they do not know that other
questions might have been asked.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from synth_assets.comparison.crossed import crossed_mean
from synth_assets.comparison.mixture_policies import POLICIES

MEASURES = ("answer_loss", "error")
SHOWN = 0.05
"""A difference is said to be shown where its corrected p-value is below."""


def policy_summary(runs: pl.DataFrame) -> pl.DataFrame:
    """By policy: seeds, tokens, repeated rows and the mean of each measure, the least answer loss first."""
    return (
        runs.group_by("policy")
        .agg(
            seeds=pl.len(),
            trained_tokens=pl.mean("trained_tokens").round().cast(pl.Int64),
            unique_tokens=pl.mean("unique_tokens").round().cast(pl.Int64),
            validation_loss=pl.mean("validation_loss"),
            answer_loss=pl.mean("answer_loss"),
            error=pl.mean("error"),
        )
        .sort("answer_loss", "policy")
    )


def policy_differences(runs: pl.DataFrame) -> pl.DataFrame:
    """Each two policies and each measure: the mean difference over the seeds both have, and its interval.

    Columns first, second, measure, seeds, difference, low, high, q_value, said. q is the p-value corrected over the
    pairs of a measure by Benjamini and Hochberg's procedure. It and the ends are null with fewer than two seeds.
    """
    pairs = list(combinations(in_order(runs), 2))
    rows = [row for measure in MEASURES for row in _differences(runs, pairs, measure)]
    return pl.DataFrame(rows, schema=_DIFFERENCES)


_DIFFERENCES = {
    "first": pl.String,
    "second": pl.String,
    "measure": pl.String,
    "seeds": pl.Int64,
    "difference": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "q_value": pl.Float64,
    "said": pl.String,
}


def shares(choices: pl.DataFrame) -> pl.DataFrame:
    """By policy and arm, the share of the tokens of all seeds drawn from it."""
    drawn = choices.group_by("policy", "arm").agg(pl.sum("tokens"))
    return drawn.select("policy", "arm", share=pl.col("tokens") / pl.col("tokens").sum().over("policy")).sort(
        "policy", "share", "arm", descending=[False, True, False]
    )


def in_order(rows: pl.DataFrame) -> list[str]:
    """The policies of the rows, the bandit before what it is compared with."""
    return [name for name in POLICIES if name in set(rows["policy"])]


def _differences(runs: pl.DataFrame, pairs: Sequence[tuple[str, str]], measure: str) -> list[dict[str, object]]:
    found = [_paired(runs, first, second, measure) for first, second in pairs]
    known = [crossed_mean(each[:, None]) if len(each) > 1 else None for each in found]
    q_values = iter(stats.false_discovery_control([mean.p_value for mean in known if mean]))
    rows: list[dict[str, object]] = []
    for (first, second), each, mean in zip(pairs, found, known, strict=True):
        low, high = mean.interval if mean else (None, None)
        q = float(next(q_values)) if mean else None
        difference = float(each.mean()) if len(each) else None
        rows.append(
            {
                **{"first": first, "second": second, "measure": measure, "seeds": len(each)},
                **{"difference": difference, "low": low, "high": high, "q_value": q},
                "said": _said(first, second, difference, q),
            }
        )
    return rows


def _paired(runs: pl.DataFrame, first: str, second: str, measure: str) -> NDArray[np.float64]:
    """The first's measure less the second's, for every seed that both have."""
    one, other = (runs.filter(policy=name).select("seed", measure) for name in (first, second))
    both = one.join(other, on="seed", suffix="_other").sort("seed")
    return (both[measure] - both[f"{measure}_other"]).to_numpy()


def _said(first: str, second: str, difference: float | None, q: float | None) -> str:
    if q is None or difference is None:
        return "fewer than two seeds: how much training varies is not known"
    if q >= SHOWN:
        return "no difference is shown"
    return f"{first if difference < 0 else second} is better"
