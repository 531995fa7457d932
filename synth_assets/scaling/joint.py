"""The joint law of all model sizes: from observations to rows of fits and predictions, and its picture.

What lives here: what `series`, `stage` and `plots` are for the laws of one curve. The law and its fit are in
`surfaces`. A group is one training set and metric; its rows name the model `all` where a parameter is of all of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from synth_assets import tables
from synth_assets.scaling.bootstrap import percentile_interval
from synth_assets.scaling.fitting import TooFewPointsError
from synth_assets.scaling.intervals import UNBOUNDED, Interval
from synth_assets.scaling.laws import Array
from synth_assets.scaling.losses import SQUARES, Loss
from synth_assets.scaling.predictions import Prediction
from synth_assets.scaling.series import Series, series_of
from synth_assets.scaling.surfaces import JOINT, SurfaceFit, bootstrap_surface, fit_surface
from synth_assets.scaling.verdicts import verdict
from synth_assets.seeds import seed_of

ALL = "all"
"""Stands for the model in rows that speak of all of them."""
BEYOND = (2.0, 4.0, 8.0, 16.0)
"""Budgets predicted by default beside the observed ones, in multiples of the largest observed."""


class UnknownSizeError(ValueError):
    """The joint law cannot be fitted: a model has no known number of parameters."""


@dataclass(frozen=True)
class JointFit:
    """The joint law fitted to the curves of one group, and to those without their largest budgets.

    `held_out` and `held_budgets` are None and empty where too few runs are left.
    """

    curves: Sequence[Series]
    fit: SurfaceFit
    held_out: SurfaceFit | None
    held_budgets: Array
    replicates: int

    @property
    def hold_out_error(self) -> float | None:
        """Mean over the held-out runs of |predicted - observed| / observed."""
        errors = [abs(found.value - seen) / seen for _, found, seen in self.foretold()]
        return float(np.mean(errors)) if errors else None

    def foretold(self) -> Iterator[tuple[Series, Prediction, float]]:
        """Every held-out budget of every curve: what was predicted there, and what was observed (mean over seeds)."""
        if self.held_out is None:
            return
        for series in self.curves:
            budgets = np.intersect1d(series.tokens, self.held_budgets)
            for found in _predictions(self.held_out, series, budgets):
                yield series, found, float(series.values[series.tokens == found.tokens].mean())

    def fit_rows(self) -> list[dict[str, object]]:
        """Rows of `scaling_fits`, one a parameter."""
        intervals, drawn = self.fit.intervals(), self._bootstrap_intervals()
        about_fit = {
            **_key(self.curves[0], ALL),
            "points": len(self.fit.values),
            "log_rmsd": self.fit.log_rmsd,
            "aicc": self.fit.aicc,
            "hold_out_error": self.hold_out_error,
        }
        return [
            {
                **about_fit,
                "parameter": name,
                "value": value,
                "low": intervals[name].low,
                "high": intervals[name].high,
                "bootstrap_low": drawn.get(name, UNBOUNDED).low,
                "bootstrap_high": drawn.get(name, UNBOUNDED).high,
                "verdict": verdict(self.fit, name, intervals[name]),
            }
            for name, value in self.fit.parameters.items()
        ]

    def prediction_rows(self, budgets: Array | None = None) -> list[dict[str, object]]:
        """Rows of `scaling_predictions`: every model at `budgets`, by default as for the laws of one curve."""
        rows = []
        for series in self.curves:
            beyond = np.concatenate([series.tokens, series.tokens.max() * np.array(BEYOND)])
            asked = np.unique(beyond if budgets is None else budgets)
            for found in _predictions(self.fit, series, asked[asked > 0]):
                seen = series.values[series.tokens == found.tokens]
                rows.append(_row(series, "budget", found, float(seen.mean()) if len(seen) else None))
        return rows + [_row(series, "hold_out", found, seen) for series, found, seen in self.foretold()]

    def _bootstrap_intervals(self) -> dict[str, Interval]:
        if not self.replicates or self.fit.region is None:
            return {}
        seed = seed_of("bootstrap", *_key(self.curves[0], ALL).values()) % 2**32
        drawn = bootstrap_surface(self.fit, self.replicates, seed=seed)
        return {name: percentile_interval(drawn.parameter(name)) for name in JOINT.parameter_names}


def fit_joint(
    observations: pl.DataFrame, held_out_budgets: int = 1, replicates: int = 0, loss: Loss = SQUARES
) -> list[JointFit]:
    """The joint law fitted to every training set and metric of a `scaling_observations` frame.

    Held out are the largest `held_out_budgets` budgets that any model was observed at. Raises UnknownSizeError naming
    a model without parameters, TooFewPointsError where a group has too few runs, sizes or budgets.
    """
    found = []
    for _, rows in observations.sort("training_set", "metric").group_by("training_set", "metric", maintain_order=True):
        curves = [series for series in series_of(rows) if (series.tokens > 0).any()]
        unknown = next((series.model for series in curves if not series.parameters), None)
        if unknown is not None:
            raise UnknownSizeError(f"the {JOINT.name} law needs the parameters of every model, and {unknown} has none")
        curves = sorted(curves, key=lambda series: (series.parameters or 0, series.model))
        sizes = np.concatenate([np.full(len(series.tokens), float(series.parameters or 0)) for series in curves])
        tokens = np.concatenate([series.tokens for series in curves])
        values = np.concatenate([series.values for series in curves])
        held = np.unique(tokens[tokens > 0])[-held_out_budgets:] if held_out_budgets else np.array([])
        kept = ~np.isin(tokens, held)
        whole = fit_surface(sizes, tokens, values, loss)
        try:
            smaller = fit_surface(sizes[kept], tokens[kept], values[kept], loss) if len(held) else None
        except TooFewPointsError:
            smaller = None
        found.append(JointFit(curves, whole, smaller, held, replicates))
    return found


def _predictions(fitted: SurfaceFit, series: Series, tokens: Array) -> list[Prediction]:
    if not len(tokens):
        return []
    size = np.array([float(series.parameters or 0)])
    rows = zip(tokens, fitted.at(size, tokens), fitted.values_interval(size, tokens), strict=True)
    return [Prediction(float(budget), float(value), interval) for budget, value, interval in rows]


def _key(series: Series, model: str) -> dict[str, str]:
    return {"training_set": series.training_set, "model": model, "metric": series.metric, "law": JOINT.name}


def _row(series: Series, kind: str, found: Prediction, observed: float | None) -> dict[str, object]:
    ends = {"low": found.interval.low, "high": found.interval.high, "tokens_low": None, "tokens_high": None}
    about = {"kind": kind, "tokens": found.tokens, "value": found.value, "observed": observed}
    return {**_key(series, series.model), **about, **ends}


def joint_tables(fits: Sequence[JointFit], budgets: Sequence[float] | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Frames of `scaling_fits` and `scaling_predictions`."""
    asked = None if budgets is None else np.array(budgets, dtype=float)
    parameters = [row for one in fits for row in one.fit_rows()]
    predicted = [row for one in fits for row in one.prediction_rows(asked)]
    return (
        tables.SCALING_FITS.conform(pl.DataFrame(parameters, schema=tables.SCALING_FITS.schema)),
        tables.SCALING_PREDICTIONS.conform(pl.DataFrame(predicted, schema=tables.SCALING_PREDICTIONS.schema)),
    )
