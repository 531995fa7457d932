"""What the report tells of scaling laws: pictures, sentences and tables of the lake's curves; the published ones."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from markupsafe import Markup

from synth_assets.reports.svg import inline
from synth_assets.scaling.laws import POWER, RECTIFIED
from synth_assets.scaling.plots import learning_curves
from synth_assets.scaling.published import comparison
from synth_assets.scaling.published_plot import published_curves
from synth_assets.scaling.wording import budget_range, tokens_text

LIKELY = 0.05
"""Crossings less probable than this are counted, not told one by one."""
ROWS_SHOWN = 24


@dataclass(frozen=True)
class CurveGroup:
    """The learning curves of one training set and metric.

    Attributes:
        picture: The curves with the law that wins on most of them.
        law: Name of that law.
        winners: Sentences on which law wins, one a model.
        foretold: Rows of held-out budgets of that law: model, tokens, predicted, low, high, observed.
        plateaus: Sentences on the plateaus of that law.
        targets, crossings, next_runs: Sentences; see `scaling.conclusions`.
        unlikely: How many pairs of models cross in less than LIKELY of the replicates.
    """

    training_set: str
    metric: str
    picture: Markup
    law: str
    winners: list[str]
    foretold: list[dict[str, object]]
    plateaus: list[str]
    targets: list[str]
    crossings: list[str]
    next_runs: list[str]
    unlikely: int

    @property
    def bounded(self) -> list[dict[str, object]]:
        """The held-out budgets shown whose prediction has an interval, open at one end at most."""
        return [row for row in self.foretold if row["low"] is not None or row["high"] is not None]

    @property
    def foretold_within(self) -> int:
        """How many of those were observed within their interval."""
        return sum(_within(row) for row in self.bounded)


@dataclass(frozen=True)
class ScalingSection:
    """The section: the lake's curves, and the published ones as rows and a picture."""

    groups: list[CurveGroup]
    published: list[dict[str, object]]
    published_picture: Markup


def scaling_section(
    observations: pl.DataFrame, predictions: pl.DataFrame, conclusions: pl.DataFrame, held_out_budgets: int
) -> ScalingSection:
    """The section from rows of the tables `scaling_observations`, `scaling_predictions`, `scaling_conclusions`."""
    groups = []
    for training_set, metric in observations.select("training_set", "metric").unique().sort(pl.all()).iter_rows():
        of = {"training_set": training_set, "metric": metric}
        drawn = observations.filter(pl.col("tokens") > 0, pl.col("value") > 0, **of)
        if drawn.height:
            known, concluded = predictions.filter(**of), conclusions.filter(**of)
            groups.append(_group(observations, of, known, concluded, held_out_budgets))
    published = comparison().with_columns(
        tokens=pl.col("tokens").map_elements(tokens_text, pl.String),
        curve=pl.col("curve").round(1),
        difference=pl.col("difference").round(1).replace(-0.0, 0.0),
    )
    return ScalingSection(groups, published.to_dicts(), inline(published_curves().svg))


def _group(
    observations: pl.DataFrame,
    of: Mapping[str, str],
    predictions: pl.DataFrame,
    conclusions: pl.DataFrame,
    held_out_budgets: int,
) -> CurveGroup:
    said = {kind: conclusions.filter(kind=kind) for kind in ("law", "target", "crossing", "next_run")}
    votes = dict(said["law"]["law"].value_counts().iter_rows())
    fitted = predictions["law"].unique().to_list()
    plain = votes.get(POWER.name, 0) > votes.get(RECTIFIED.name, 0) or RECTIFIED.name not in fitted
    law = POWER if plain and POWER.name in fitted else RECTIFIED
    picture = learning_curves(observations, of["training_set"], of["metric"], law, held_out_budgets=held_out_budgets)
    likely = said["crossing"].filter(pl.col("probability") >= LIKELY)
    return CurveGroup(
        of["training_set"],
        of["metric"],
        inline(picture.svg),
        law.name,
        said["law"]["said"].to_list(),
        predictions.filter(law=law.name, kind="hold_out").head(ROWS_SHOWN).to_dicts(),
        [_plateau(row) for row in predictions.filter(law=law.name, kind="plateau").iter_rows(named=True)],
        said["target"]["said"].to_list(),
        likely["said"].to_list(),
        said["next_run"]["said"].to_list(),
        said["crossing"].height - likely.height,
    )


def _within(row: Mapping[str, object]) -> bool:
    low, high, seen = row["low"], row["high"], row["observed"]
    above = not isinstance(low, float) or (isinstance(seen, float) and seen >= low)
    return above and (not isinstance(high, float) or (isinstance(seen, float) and seen <= high))


def _plateau(row: Mapping[str, object]) -> str:
    tokens, low, high = row["tokens"], row["tokens_low"], row["tokens_high"]
    assert isinstance(tokens, float)
    ends = budget_range(low if isinstance(low, float) else None, high if isinstance(high, float) else None)
    if tokens == 0:
        return f"{row['model']}: on its plateau from the start."
    return f"{row['model']}: from {tokens_text(tokens)} tokens on (90% interval: {ends})."
