"""From the table of observations to the tables of fits and predictions: every series, both laws.

What lives here: looping over series and laying out rows. A series is one (training set, model, metric).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from synth_assets import tables
from synth_assets.scaling.fitting import Fit, TooFewPointsError, fit
from synth_assets.scaling.intervals import UNBOUNDED, confidence_region
from synth_assets.scaling.laws import LAWS, Array, Law
from synth_assets.scaling.predictions import PLATEAU_GAIN, Prediction, hold_out, plateau, predict_values
from synth_assets.scaling.verdicts import verdict

SERIES = ("training_set", "model", "metric")
BEYOND = (2.0, 4.0, 8.0, 16.0)
"""Budgets predicted by default beside the observed ones, in multiples of the largest observed."""


@dataclass(frozen=True)
class Series:
    """One learning curve: observations with D >= 0, those whose value has a logarithm kept, the others counted."""

    training_set: str
    model: str
    metric: str
    tokens: Array
    values: Array
    left_out: int

    def key(self, law: Law) -> dict[str, str]:
        """The columns that name this series and law in the tables."""
        return {"training_set": self.training_set, "model": self.model, "metric": self.metric, "law": law.name}

    def note(self) -> str:
        """What to add to a verdict about observations that could not be used."""
        return f"; {self.left_out} observations without a positive value at D >= 0 left out" if self.left_out else ""


def series_of(observations: pl.DataFrame) -> Iterator[Series]:
    """The series of a `scaling_observations` frame, in the order of their names."""
    ordered = observations.sort(*SERIES, "tokens", "seed", "source")
    for names, rows in ordered.group_by(*SERIES, maintain_order=True):
        training_set, model, metric = (str(name) for name in names)
        usable = rows.filter(
            pl.col("value").is_finite(), pl.col("value") > 0, pl.col("tokens").is_finite(), pl.col("tokens") >= 0
        )
        tokens, values = usable["tokens"].to_numpy(), usable["value"].to_numpy()
        yield Series(training_set, model, metric, tokens, values, rows.height - usable.height)


def fit_observations(observations: pl.DataFrame, held_out_budgets: int = 1) -> tables.StageResult:
    """Fit both laws to every series of a `scaling_observations` frame: rows of `scaling_fits`.

    Counted are (series, law) combinations; one with too few distinct budgets is quarantined under
    `training_set/model/metric/law` as `too_few_points`. `held_out_budgets` is how many of the largest budgets are
    predicted from the smaller for `hold_out_error`, null where too few are left to fit.
    """
    rows: list[dict[str, object]] = []
    refused: list[dict[str, str]] = []
    passed = 0
    for series in series_of(observations):
        for law in LAWS.values():
            try:
                fitted = fit(series.tokens, series.values, law)
            except TooFewPointsError as error:
                name = "/".join(series.key(law).values())
                refused.append({"id": name, "reason": "too_few_points", "detail": f"{error}{series.note()}"})
                continue
            rows += _fit_rows(series, fitted, held_out_budgets)
            passed += 1
    frame = tables.SCALING_FITS.conform(pl.DataFrame(rows, schema=tables.SCALING_FITS.schema))
    return tables.StageResult(frame, tables.quarantine_rows(refused), passed + len(refused), passed)


def _fit_rows(series: Series, fitted: Fit, held_out_budgets: int) -> list[dict[str, object]]:
    region = confidence_region(fitted)
    held = hold_out(series.tokens, series.values, fitted.law, held_out_budgets)
    about_fit = {
        **series.key(fitted.law),
        "points": len(fitted.values),
        "log_rmsd": fitted.log_rmsd,
        "aicc": fitted.aicc,
        "hold_out_error": None if held is None else held.error,
    }
    rows: list[dict[str, object]] = []
    for name, value in fitted.parameters.items():
        interval = UNBOUNDED if region is None else region.parameter(name)
        words = verdict(fitted, name, interval) + series.note()
        ends = {"low": interval.low, "high": interval.high}
        rows.append({**about_fit, "parameter": name, "value": value, **ends, "verdict": words})
    return rows


def predict(
    observations: pl.DataFrame,
    budgets: Sequence[float] | None = None,
    held_out_budgets: int = 1,
    plateau_gain: float = PLATEAU_GAIN,
) -> pl.DataFrame:
    """Rows of `scaling_predictions` for every series and law that can be fitted to `scaling_observations`.

    `budgets` are token counts; by default those observed and BEYOND times the largest. A law without a plateau by
    the rule of :func:`synth_assets.scaling.predictions.plateau` has no such row.
    """
    rows: list[dict[str, object]] = []
    for series in series_of(observations):
        for law in LAWS.values():
            try:
                fitted = fit(series.tokens, series.values, law)
            except TooFewPointsError:
                continue
            asked = np.unique(_default_budgets(fitted) if budgets is None else np.asarray(budgets, dtype=float))
            asked = asked if law.holds_at_zero else asked[asked > 0]
            found = [("budget", prediction) for prediction in predict_values(fitted, asked)]
            level = plateau(fitted, plateau_gain)
            if level is not None and (level > 0 or law.holds_at_zero):
                found += [("plateau", prediction) for prediction in predict_values(fitted, np.array([level]))]
            held = hold_out(series.tokens, series.values, law, held_out_budgets)
            if held is not None:
                found += [("hold_out", prediction) for prediction in held.predictions]
            rows += [_prediction_row(series, law, kind, prediction) for kind, prediction in found]
    return tables.SCALING_PREDICTIONS.conform(pl.DataFrame(rows, schema=tables.SCALING_PREDICTIONS.schema))


def _default_budgets(fitted: Fit) -> Array:
    return np.concatenate([fitted.tokens, fitted.tokens.max() * np.array(BEYOND)])


def _prediction_row(series: Series, law: Law, kind: str, prediction: Prediction) -> dict[str, object]:
    seen = series.values[series.tokens == prediction.tokens]
    return {
        **series.key(law),
        "kind": kind,
        "tokens": prediction.tokens,
        "value": prediction.value,
        "low": prediction.interval.low,
        "high": prediction.interval.high,
        "observed": float(seen.mean()) if len(seen) else None,
    }
