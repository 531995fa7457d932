"""Small pictures of the report: the funnel's bars, the histograms of the filter's scores and of duplicates."""

from math import floor
from typing import TypedDict

import polars as pl

from synth_assets.pictures import Picture, rendered
from synth_assets.tables import StageResult

KEPT, REJECTED = "#2e6f95", "#d1495b"

_RULE_COLOURS = {"near": "#2e6f95", "semantic": "#e0a458"}
_BINS = 40


class Bar(TypedDict):
    """A bar of the funnel: its label, count, and width in percent of the longest."""

    step: str
    count: int
    width: float


def bars(funnel: pl.DataFrame) -> list[Bar]:
    """Bars whose widths follow the fourth root of the counts, so that a dozen and a million are both seen."""
    most = max(1, int(funnel["count"].max() or 1))  # type: ignore[arg-type]
    return [
        Bar(step=step, count=count, width=100 * (count / most) ** 0.25 if count else 0)
        for step, count in funnel.iter_rows()
    ]


def scores_of(filtered: StageResult) -> pl.DataFrame:
    """The scores of the documents a filter has just kept and rejected, as :func:`score_histogram` takes them."""
    written = filtered.quarantined["detail"].str.extract(r"([0-9.]+)", 1).cast(pl.Float64)
    none = pl.Series([], dtype=pl.Float64)
    kept, rejected = filtered.rows["score"], written
    return pl.concat(
        [
            pl.DataFrame({"kept": kept, "rejected": none.extend_constant(None, len(kept))}),
            pl.DataFrame({"kept": none.extend_constant(None, len(rejected)), "rejected": rejected}),
        ]
    )


def score_histogram(scores: pl.DataFrame, threshold: float) -> Picture:
    """How many documents have which predicted score; columns `kept` and `rejected` hold it, the other is null."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 2.6), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    edges = [1 + 0.25 * place for place in range(37)]
    for column, colour in (("rejected", REJECTED), ("kept", KEPT)):
        values = scores[column].drop_nulls().to_list()
        axes.hist(values, bins=edges, color=colour, label=f"{column} ({len(values):,})")
    axes.axvline(threshold, color="#22303c", linestyle="--", linewidth=1)
    axes.annotate(
        f"threshold {threshold:g}",
        (threshold, 0.98),
        xycoords=("data", "axes fraction"),
        va="top",
        xytext=(5, 0),
        textcoords="offset points",
        fontsize=9,
    )
    axes.set(xlabel="predicted score", ylabel="documents", xlim=(1, 10))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper left")
    return rendered(figure)


def similarity_histogram(similarities: pl.DataFrame) -> Picture:
    """How many are how similar to the one kept in their place; columns `rule`, `similarity` (0 to 1), `dropped`."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(8, 2.4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    similarities = similarities.with_columns(pl.col("similarity").clip(0, 1))
    lowest = min(0.95, floor(20 * float(similarities["similarity"].min())) / 20)  # type: ignore[arg-type]
    edges = [lowest + (1 - lowest) * place / _BINS for place in range(_BINS + 1)]
    by_rule = similarities.sort("rule", "similarity").partition_by("rule", maintain_order=True)
    axes.hist(
        [rows["similarity"].to_list() for rows in by_rule],
        bins=edges,
        weights=[rows["dropped"].to_list() for rows in by_rule],
        stacked=True,
        color=[_RULE_COLOURS.get(rows["rule"][0], REJECTED) for rows in by_rule],
        label=[f"{rows['rule'][0]} ({rows['dropped'].sum():,})" for rows in by_rule],
    )
    axes.set(xlabel="similarity to the one kept", ylabel="dropped", xlim=(lowest, 1))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    return rendered(figure)
