"""Learning curves cut out of the table of observations, and what is fitted to each of them.

What lives here: a series (one training set, model and metric) and a fitted series, the common ground of the tables,
the conclusions and the pictures, so that each curve is fitted once for all of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synth_assets.scaling.bootstrap import Bootstrap, bootstrap
from synth_assets.scaling.fitting import Fit, TooFewPointsError, fit
from synth_assets.scaling.intervals import ConfidenceRegion, confidence_region
from synth_assets.scaling.laws import LAWS, Array, Law
from synth_assets.scaling.losses import SQUARES, Loss
from synth_assets.scaling.predictions import HoldOut, hold_out
from synth_assets.seeds import seed_of

SERIES = ("training_set", "model", "metric")
GROUPS_LEAST = 4
"""Seeds needed to draw whole seeds: two or three give a handful of different samples and no distribution."""


@dataclass(frozen=True)
class Series:
    """One learning curve: observations with D >= 0, those whose value has a logarithm kept, the others counted.

    `tokens`, `values`, `seeds` are [n], in the order of tokens and seeds; `parameters` is the model's size where known.
    """

    training_set: str
    model: str
    metric: str
    tokens: Array
    values: Array
    seeds: NDArray[np.int64]
    left_out: int
    parameters: int | None = None

    def key(self, law: Law) -> dict[str, str]:
        """The columns that name this series and law in the tables."""
        return {"training_set": self.training_set, "model": self.model, "metric": self.metric, "law": law.name}

    def note(self) -> str:
        """What to add to a verdict about observations that could not be used."""
        return f"; {self.left_out} observations without a positive value at D >= 0 left out" if self.left_out else ""

    def groups(self, law: Law) -> NDArray[np.int64] | None:
        """The seed of each observation that a fit of `law` keeps, in its order.

        None where no seed spans several budgets, or there are fewer than GROUPS_LEAST: observations are drawn then.
        """
        kept = np.ones(len(self.tokens), bool) if law.holds_at_zero else self.tokens > 0
        tokens, values, seeds = self.tokens[kept], self.values[kept], self.seeds[kept]
        distinct, budgets = len(np.unique(seeds)), len(np.unique(tokens))
        if distinct < GROUPS_LEAST or any(len(np.unique(tokens[seeds == seed])) < budgets for seed in np.unique(seeds)):
            return None
        return seeds[np.lexsort((values, tokens))]


@dataclass(frozen=True)
class FittedSeries:
    """A series with one law fitted to it, the hold-out, and how many bootstrap replicates to draw when asked."""

    series: Series
    fit: Fit
    held_out: HoldOut | None
    replicates: int

    @cached_property
    def region(self) -> ConfidenceRegion | None:
        """The confidence region of the fit; None where there is nothing to judge by."""
        return confidence_region(self.fit)

    @cached_property
    def bootstrap(self) -> Bootstrap | None:
        """Replicates of the fit, seeded by the series' name; None for none, a flat fit, or no spare observation."""
        if not self.replicates or self.region is None:
            return None
        seed = seed_of("bootstrap", *self.series.key(self.fit.law).values()) % 2**32
        return bootstrap(self.fit, self.replicates, seed=seed, groups=self.series.groups(self.fit.law))

    @property
    def law(self) -> Law:
        """The law fitted."""
        return self.fit.law


def series_of(observations: pl.DataFrame) -> Iterator[Series]:
    """The series of a `scaling_observations` frame, in the order of their names."""
    ordered = observations.sort(*SERIES, "tokens", "seed", "source")
    for names, rows in ordered.group_by(*SERIES, maintain_order=True):
        training_set, model, metric = (str(name) for name in names)
        usable = rows.filter(
            pl.col("value").is_finite(), pl.col("value") > 0, pl.col("tokens").is_finite(), pl.col("tokens") >= 0
        )
        known = rows["parameters"].drop_nulls()
        yield Series(
            training_set,
            model,
            metric,
            usable["tokens"].to_numpy(),
            usable["value"].to_numpy(),
            usable["seed"].to_numpy(),
            rows.height - usable.height,
            int(known[0]) if len(known) else None,
        )


@dataclass(frozen=True)
class Refused:
    """A series that a law cannot be fitted to, and why."""

    series: Series
    law: Law
    why: str


def fit_series(
    observations: pl.DataFrame,
    laws: Iterable[Law] = LAWS.values(),
    held_out_budgets: int = 1,
    replicates: int = 0,
    loss: Loss = SQUARES,
) -> tuple[list[FittedSeries], list[Refused]]:
    """Every law fitted to every series of a `scaling_observations` frame, and those with too few budgets for it."""
    fitted: list[FittedSeries] = []
    refused: list[Refused] = []
    chosen = tuple(laws)
    for series in series_of(observations):
        for law in chosen:
            try:
                found = fit(series.tokens, series.values, law, loss)
            except TooFewPointsError as error:
                refused.append(Refused(series, law, f"{error}{series.note()}"))
                continue
            held = hold_out(series.tokens, series.values, law, held_out_budgets, loss) if held_out_budgets else None
            fitted.append(FittedSeries(series, found, held, replicates))
    return fitted, refused
