"""From the table of observations to the tables of fits, predictions and conclusions.

What lives here: laying out rows. What is fitted is `series`'s subject, what is concluded `conclusions`'s.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from synth_assets import tables
from synth_assets.scaling.budgets import PLATEAU_GAIN, plateau_budget
from synth_assets.scaling.conclusions import REPLICATES, conclusion_rows
from synth_assets.scaling.intervals import UNBOUNDED, Interval
from synth_assets.scaling.laws import Array
from synth_assets.scaling.predictions import Prediction, predict_values
from synth_assets.scaling.series import FittedSeries, Refused, fit_series
from synth_assets.scaling.verdicts import verdict

BEYOND = (2.0, 4.0, 8.0, 16.0)
"""Budgets predicted by default beside the observed ones, in multiples of the largest observed."""


@dataclass(frozen=True)
class Fits:
    """All that is said of a `scaling_observations` frame, from one set of fits."""

    fitted: Sequence[FittedSeries]
    refused: Sequence[Refused]

    def fits(self) -> tables.StageResult:
        """Rows of `scaling_fits`.

        Counted are (series, law) combinations; one with too few distinct budgets is quarantined under
        `training_set/model/metric/law` as `too_few_points`.
        """
        rows = [row for one in self.fitted for row in _fit_rows(one)]
        frame = tables.SCALING_FITS.conform(pl.DataFrame(rows, schema=tables.SCALING_FITS.schema))
        quarantined = tables.quarantine_rows(
            [
                {"id": "/".join(of.series.key(of.law).values()), "reason": "too_few_points", "detail": of.why}
                for of in self.refused
            ]
        )
        passed = len(self.fitted)
        return tables.StageResult(frame, quarantined, passed + len(self.refused), passed)

    def predictions(self, budgets: Iterable[float] | None = None, plateau_gain: float = PLATEAU_GAIN) -> pl.DataFrame:
        """Rows of `scaling_predictions`.

        `budgets` are token counts; by default those observed and BEYOND times the largest. A law without a plateau by
        the rule of :func:`synth_assets.scaling.budgets.plateau` has no such row.
        """
        asked = None if budgets is None else np.array(sorted(set(budgets)), dtype=float)
        rows = [row for one in self.fitted for row in _prediction_rows(one, asked, plateau_gain)]
        return tables.SCALING_PREDICTIONS.conform(pl.DataFrame(rows, schema=tables.SCALING_PREDICTIONS.schema))

    def conclusions(self, targets: Iterable[float] = (), goal: float | None = None) -> pl.DataFrame:
        """Rows of `scaling_conclusions`; see :func:`synth_assets.scaling.conclusions.conclusion_rows`."""
        rows = conclusion_rows(self.fitted, targets, goal)
        frame = pl.DataFrame(rows, schema=tables.SCALING_CONCLUSIONS.schema)
        return tables.SCALING_CONCLUSIONS.conform(frame).sort("training_set", "metric", maintain_order=True)


def fit_observations(observations: pl.DataFrame, held_out_budgets: int = 1, replicates: int = 0) -> tables.StageResult:
    """Fit both laws to every series of a `scaling_observations` frame: rows of `scaling_fits`.

    `held_out_budgets` is how many of the largest budgets are predicted from the smaller for `hold_out_error`, null
    where too few are left to fit. With `replicates` the rows have bootstrap intervals beside the profile intervals.
    """
    return Fits(*fit_series(observations, held_out_budgets=held_out_budgets, replicates=replicates)).fits()


def predict(
    observations: pl.DataFrame,
    budgets: Sequence[float] | None = None,
    held_out_budgets: int = 1,
    plateau_gain: float = PLATEAU_GAIN,
) -> pl.DataFrame:
    """Rows of `scaling_predictions` for every series and law; see :meth:`Fits.predictions`."""
    return Fits(*fit_series(observations, held_out_budgets=held_out_budgets)).predictions(budgets, plateau_gain)


def conclude(
    observations: pl.DataFrame,
    targets: Sequence[float] = (),
    goal: float | None = None,
    held_out_budgets: int = 1,
    replicates: int = REPLICATES,
) -> pl.DataFrame:
    """Rows of `scaling_conclusions` for every series; see :meth:`Fits.conclusions`."""
    fits = Fits(*fit_series(observations, held_out_budgets=held_out_budgets, replicates=replicates))
    return fits.conclusions(targets, goal)


def _fit_rows(one: FittedSeries) -> list[dict[str, object]]:
    fitted, region, replicates = one.fit, one.region, one.bootstrap
    about_fit = {
        **one.series.key(fitted.law),
        "points": len(fitted.values),
        "log_rmsd": fitted.log_rmsd,
        "aicc": fitted.aicc,
        "hold_out_error": None if one.held_out is None else one.held_out.error,
    }
    rows: list[dict[str, object]] = []
    for name, value in fitted.parameters.items():
        interval = UNBOUNDED if region is None else region.parameter(name)
        drawn = UNBOUNDED if replicates is None else replicates.interval(replicates.parameter(name))
        ends = {"low": interval.low, "high": interval.high, "bootstrap_low": drawn.low, "bootstrap_high": drawn.high}
        words = verdict(fitted, name, interval) + one.series.note()
        rows.append({**about_fit, "parameter": name, "value": value, **ends, "verdict": words})
    return rows


def _prediction_rows(one: FittedSeries, budgets: Array | None, gain: float) -> list[dict[str, object]]:
    fitted, law = one.fit, one.law
    asked = np.unique(_default_budgets(one) if budgets is None else budgets)
    asked = asked if law.holds_at_zero else asked[asked > 0]
    rows = [_row(one, "budget", found) for found in predict_values(fitted, asked, one.region)]
    level = plateau_budget(fitted, gain, one.region)
    if level.tokens is not None and (level.tokens > 0 or law.holds_at_zero):
        (found,) = predict_values(fitted, np.array([level.tokens]), one.region)
        rows.append(_row(one, "plateau", found, level.interval))
    if one.held_out is not None:
        rows += [_row(one, "hold_out", found) for found in one.held_out.predictions]
    return rows


def _default_budgets(one: FittedSeries) -> Array:
    return np.concatenate([one.fit.tokens, one.fit.tokens.max() * np.array(BEYOND)])


def _row(one: FittedSeries, kind: str, prediction: Prediction, budget: Interval = UNBOUNDED) -> dict[str, object]:
    seen = one.series.values[one.series.tokens == prediction.tokens]
    return {
        **one.series.key(one.law),
        "kind": kind,
        "tokens": prediction.tokens,
        "value": prediction.value,
        "low": prediction.interval.low,
        "high": prediction.interval.high,
        "observed": float(seen.mean()) if len(seen) else None,
        "tokens_low": budget.low,
        "tokens_high": budget.high,
    }
