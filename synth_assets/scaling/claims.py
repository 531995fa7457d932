"""The paper's three claims on learning curves, judged by stated rules: supported, not supported, or cannot be said.

What lives here: the rules and their words. They take a frame of observations (columns of `scaling_observations`) of one
training set and metric with several sizes of model; fits, intervals and plateaus come from the modules beside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from scipy.stats import kendalltau, wilcoxon

from synth_assets.scaling.budgets import Budget, budget_for, plateau_budget
from synth_assets.scaling.fitting import Fit, TooFewPointsError, fit
from synth_assets.scaling.laws import POWER, RECTIFIED, Array
from synth_assets.scaling.predictions import HoldOut, hold_out
from synth_assets.scaling.wording import figure, tokens_text

Verdict = Literal["supported", "not supported", "cannot be said"]

HELD_OUT_BUDGETS = 2
"""Largest budgets that are predicted from the smaller."""
GOOD_HOLD_OUT = 0.10
"""Mean relative error of those predictions up to which the rectified law is said to hold."""
AICC_POINTS = 10
"""Observations with D > 0 from which on AICc counts: with fewer its correction for four parameters decides alone."""
MOST = 2 / 3
"""Share of the sizes that have to agree."""
CHANCE = 0.10
"""Largest chance of as strong an order, or difference, by luck alone, at which it counts (as 90% intervals do)."""


@dataclass(frozen=True)
class Claim:
    """A claim with its verdict, the reason in words and numbers, and the figures of each size (or pair of levels)."""

    statement: str
    verdict: Verdict
    reason: str
    figures: pl.DataFrame


@dataclass(frozen=True)
class Curve:
    """One size's observations with both laws fitted; None where there are too few budgets."""

    model: str
    parameters: int
    tokens: Array
    values: Array
    rectified: Fit | None
    plain: Fit | None

    @property
    def largest(self) -> float:
        """The largest budget observed."""
        return float(self.tokens.max())

    @property
    def last_value(self) -> float:
        """The mean value over seeds at the largest budget."""
        return float(self.values[self.tokens == self.tokens.max()].mean())


def curves_of(observations: pl.DataFrame, training_set: str, metric: str) -> list[Curve]:
    """The curves of a training set and metric, smallest model first; models without a size are left out."""
    chosen = observations.filter(
        pl.col("training_set") == training_set, pl.col("metric") == metric, pl.col("parameters").is_not_null()
    ).filter(pl.col("value") > 0)
    curves = []
    for (parameters, model), rows in sorted(chosen.group_by("parameters", "model")):
        ordered = rows.sort("tokens", "seed")
        tokens, values = ordered["tokens"].to_numpy().astype(float), ordered["value"].to_numpy()
        laws = [_fitted(tokens, values, plain) for plain in (False, True)]
        curves.append(Curve(str(model), int(str(parameters)), tokens, values, *laws))
    return curves


def law_holds(curves: Sequence[Curve]) -> Claim:
    """Claim 1: curves follow the rectified law, better than the plain one.

    For each size the largest budgets are predicted from the smaller by both laws, and the laws are compared by AICc on
    all budgets. Supported: the rectified law is ahead by hold-out error or AICc and behind by neither for at least two
    thirds of the sizes, and its mean hold-out error is at most 10%. Not supported: it is behind by one and ahead by
    neither for more than half of them.
    """
    rows: list[dict[str, object]] = []
    ahead = behind = 0
    errors: list[float] = []
    for curve in curves:
        if curve.rectified is None or curve.plain is None:
            continue
        held = [_held(curve, plain) for plain in (False, True)]
        by_error = _sign(None if None in held else held[1].error - held[0].error)  # type: ignore[union-attr]
        aicc = (curve.rectified.aicc, curve.plain.aicc)
        enough = int((curve.tokens > 0).sum()) >= AICC_POINTS
        by_aicc = _sign(aicc[1] - aicc[0] if enough and None not in aicc else None)  # type: ignore[operator]
        ahead += max(by_error, by_aicc) > 0 and min(by_error, by_aicc) >= 0
        behind += min(by_error, by_aicc) < 0 and max(by_error, by_aicc) <= 0
        if held[0] is not None:
            errors.append(held[0].error)
        rows.append(
            {
                "model": curve.model,
                "hold-out error, rectified": None if held[0] is None else held[0].error,
                "hold-out error, plain": None if held[1] is None else held[1].error,
                "AICc, rectified": aicc[0],
                "AICc, plain": aicc[1],
                "log-RMSD, rectified": curve.rectified.log_rmsd,
                "log-RMSD, plain": curve.plain.log_rmsd,
            }
        )
    statement = "Learning curves follow the rectified scaling law."
    if not rows or not errors:
        return Claim(
            statement, "cannot be said", "there are too few budgets to fit and to hold out", pl.DataFrame(rows)
        )
    error = float(np.mean(errors))
    reason = (
        f"of {len(rows)} sizes the rectified law is ahead of the plain one for {ahead} and behind for {behind}; it "
        f"predicts the {HELD_OUT_BUDGETS} largest budgets with a mean error of {error:.1%}"
    )
    verdict: Verdict = "cannot be said"
    if ahead >= MOST * len(rows) and error <= GOOD_HOLD_OUT:
        verdict = "supported"
    elif behind > len(rows) / 2:
        verdict = "not supported"
    return Claim(statement, verdict, reason, pl.DataFrame(rows))


def plateau_reached(curves: Sequence[Curve]) -> Claim:
    """Claim 2: returns diminish to a plateau, from which on another doubling lowers the value by less than 1%.

    A size's plateau is seen where the whole 90% interval of its budget lies within the budgets observed. Supported:
    seen for at least half of the sizes. Not supported: for every size the whole interval lies beyond what was observed.
    """
    rows: list[dict[str, object]] = []
    seen = beyond = 0
    for curve in curves:
        if curve.rectified is None:
            continue
        found = plateau_budget(curve.rectified)
        low, high = found.interval.low, found.interval.high
        # A flat curve has its plateau at 0, and shows nothing about returns that diminish.
        is_seen = not curve.rectified.is_flat and high is not None and high <= curve.largest
        is_beyond = low is not None and low > curve.largest
        seen, beyond = seen + is_seen, beyond + is_beyond
        rows.append(
            {
                "model": curve.model,
                "plateau": found.tokens,
                "low": low,
                "high": high,
                "largest budget": curve.largest,
                "is": "seen" if is_seen else "beyond the budgets" if is_beyond else "not determined",
            }
        )
    statement = "Performance reaches a plateau: from some budget on, doubling the data gains less than 1%."
    if not rows:
        return Claim(statement, "cannot be said", "there are too few budgets to fit", pl.DataFrame(rows))
    reason = (
        f"of {len(rows)} sizes the plateau is seen within the budgets for {seen}, lies beyond them for {beyond} and is "
        f"not determined for {len(rows) - seen - beyond}"
    )
    verdict: Verdict = "supported" if seen >= len(rows) / 2 else "cannot be said"
    verdict = "not supported" if beyond == len(rows) else verdict
    return Claim(statement, verdict, reason, pl.DataFrame(rows))


def larger_need_fewer(curves: Sequence[Curve]) -> Claim:
    """Claim 3: larger models need fewer tokens for the same value.

    The value is what the size that ends highest has at its largest budget: every size is observed there, or past it.
    The order of sizes and of tokens is compared by Kendall's tau. Supported: tau is negative with a chance of at most
    10% (two-sided) by luck. Not supported: it is positive likewise, or at least 0 with five sizes or more. The same tau
    over the plateau budgets is told beside it.
    """
    statement = "Larger models need fewer tokens to reach the same performance."
    fitted = [(curve, curve.rectified) for curve in curves if curve.rectified is not None]
    if len(fitted) < 3:
        return Claim(statement, "cannot be said", "fewer than three sizes could be fitted", pl.DataFrame())
    target = max(curve.last_value for curve, _ in fitted)
    needed = [budget_for(law, target) for _, law in fitted]
    plateaus = [plateau_budget(law) for _, law in fitted]
    sizes = [curve.parameters for curve, _ in fitted]
    tau, chance = _order(sizes, needed)
    plateau_tau, plateau_chance = _order(sizes, plateaus)
    rows = [
        {
            "model": curve.model,
            "parameters": curve.parameters,
            "tokens to the common value": need.tokens,
            "low": need.interval.low,
            "high": need.interval.high,
            "plateau": level.tokens,
        }
        for (curve, _), need, level in zip(fitted, needed, plateaus, strict=True)
    ]
    ends = [figure(None) if need.tokens is None else tokens_text(need.tokens) for need in (needed[0], needed[-1])]
    reason = (
        f"to a value of {target:.3g} the smallest size needs {ends[0]} tokens and the largest {ends[1]}; Kendall's tau "
        f"of size and tokens is {tau:.2f} (chance {chance:.2f}), of size and plateau budget {plateau_tau:.2f} "
        f"(chance {plateau_chance:.2f})"
    )
    verdict: Verdict = "cannot be said"
    if tau < 0 and chance <= CHANCE:
        verdict = "supported"
    elif (tau > 0 and chance <= CHANCE) or (tau >= 0 and len(fitted) >= 5):
        verdict = "not supported"
    return Claim(statement, verdict, reason, pl.DataFrame(rows))


def sets_compared(observations: pl.DataFrame, training_sets: Sequence[str], metric: str) -> pl.DataFrame:
    """Training sets against each other at equal budgets, paired by model, seed and budget (D > 0).

    Budgets are paired by their rank, since sets of whole rows differ by some tokens. Returns a row for each model and
    pair of sets: pairs, mean difference (first - second), share of the pairs in which the first is lower, the chance
    of such differences by luck (Wilcoxon's signed ranks), and words. Budgets of one seed are not independent, so that
    the chance is rather too small.
    """
    ranked = observations.filter(
        pl.col("metric") == metric, pl.col("tokens") > 0, pl.col("training_set").is_in(list(training_sets))
    ).with_columns(place=pl.col("tokens").rank("dense").over("training_set", "model", "seed"))
    rows: list[dict[str, object]] = []
    for place, first in enumerate(training_sets):
        for second in training_sets[place + 1 :]:
            key = ["model", "seed", "place"]
            pairs = ranked.filter(training_set=first).join(ranked.filter(training_set=second), on=key, suffix="_2")
            for (model,), held in sorted(pairs.group_by("model")):
                rows.append({"model": model, "first": first, "second": second, **_paired(held, first, second)})
    return pl.DataFrame(rows)


def _paired(pairs: pl.DataFrame, first: str, second: str) -> dict[str, object]:
    differences = (pairs["value"] - pairs["value_2"]).to_numpy()
    chance = float(wilcoxon(differences).pvalue) if np.any(differences) else 1.0
    mean = float(differences.mean())
    lower, other = (first, second) if mean < 0 else (second, first)
    said = f"{lower} is lower than {other}" if chance <= CHANCE else "no difference can be told"
    share = float((differences < 0).mean())
    return {"pairs": len(differences), "mean difference": mean, "first lower": share, "chance": chance, "verdict": said}


def _fitted(tokens: Array, values: Array, plain: bool) -> Fit | None:
    try:
        return fit(tokens, values, POWER if plain else RECTIFIED)
    except TooFewPointsError:
        return None


def _held(curve: Curve, plain: bool) -> HoldOut | None:
    return hold_out(curve.tokens, curve.values, POWER if plain else RECTIFIED, HELD_OUT_BUDGETS)


def _sign(difference: float | None) -> int:
    return 0 if difference is None or difference == 0 else int(np.sign(difference))


def _order(sizes: Sequence[int], budgets: Sequence[Budget]) -> tuple[float, float]:
    """Kendall's tau of sizes and budgets and its chance; a budget that is never met counts as the largest."""
    tokens = [np.inf if budget.tokens is None else budget.tokens for budget in budgets]
    if len(set(tokens)) < 2:
        return 0.0, 1.0
    found = kendalltau(sizes, tokens)
    return float(found.statistic), float(found.pvalue)
