"""How different the questions of each method are, as one figure: a panel a measure, a histogram a method."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from synth_assets.comparison.diversity_figures import (
    CONCEPT_COMBINATIONS,
    CONCEPT_COVERAGE,
    DOCUMENT_SIMILARITY,
    NEAR_DUPLICATES,
    OTHER_SIMILARITY,
    OWN_TRIGRAMS,
)
from synth_assets.pictures import FAINT, INK, PALETTE, Picture, rendered

PANELS: Mapping[str, tuple[str, str, str]] = {
    DOCUMENT_SIMILARITY: ("two questions of one document", "cosine", "pairs"),
    OTHER_SIMILARITY: ("two questions of different documents", "cosine", "pairs"),
    OWN_TRIGRAMS: ("wording of a question's own", "share of trigrams no other has", "questions"),
    NEAR_DUPLICATES: ("repetition", "questions that say nearly the same", "questions"),
    CONCEPT_COMBINATIONS: ("concept combinations", "questions that join the same concepts", "questions"),
    CONCEPT_COVERAGE: ("concept space", "questions that name a key concept", "key concepts"),
}
"""By measure: title, what lies across, of what the shares are."""

COLUMNS = 3
SHARES = (DOCUMENT_SIMILARITY, OTHER_SIMILARITY, OWN_TRIGRAMS)
_TITLE: Mapping[str, Any] = {"color": INK, "fontsize": 10, "loc": "left", "fontweight": "bold"}


def diversity_picture(histograms: pl.DataFrame) -> Picture:
    """Shares, so that methods of different sizes can be laid over each other. `histograms` has rows."""
    methods = histograms["method"].unique().sort().to_list()
    measures = [measure for measure in PANELS if measure in set(histograms["measure"])]
    lines = -(-len(measures) // COLUMNS)
    figure = Figure(figsize=(10.5, 3.0 * lines + 0.5), layout="constrained")
    for place, measure in enumerate(measures):
        axes = figure.add_subplot(lines, COLUMNS, place + 1)
        (_draw_steps if measure in SHARES else _draw_bars)(axes, histograms.filter(measure=measure), methods)
        title, across, of = PANELS[measure]
        axes.set_title(title, **_TITLE)
        axes.set_xlabel(across, color=INK, fontsize=9)
        axes.set_ylabel(f"share of {of}", color=INK, fontsize=9)
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes.grid(axis="y", color=FAINT, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(colors=INK)
        axes.tick_params(axis="y", labelsize=8.5)
        axes.spines[["top", "right"]].set_visible(False)
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=min(len(methods), 8), fontsize=9, frameon=False)
    return rendered(figure, dpi=110)


def _draw_steps(axes: Axes, rows: pl.DataFrame, methods: list[str]) -> None:
    for place, method in enumerate(methods):
        own = rows.filter(method=method).sort("low")
        # A method without rows of the measure, such as one with a question a document, is in the legend all the same.
        counts = own["count"].to_numpy() if own.height else np.zeros(1)
        edges = [*own["low"], own["high"][-1]] if own.height else [0.0, 1.0]
        shares = counts / max(counts.sum(), 1)
        axes.stairs(shares, edges, color=PALETTE[place % len(PALETTE)], linewidth=1.6, label=_name(method))
    axes.set_xlim(0, 1)
    axes.set_ylim(bottom=0)


def _draw_bars(axes: Axes, rows: pl.DataFrame, methods: list[str]) -> None:
    """Side by side over bins drawn equally wide; empty bins at the ends are left out."""
    filled = rows.group_by("low", "high").agg(pl.sum("count")).sort("low").filter(pl.col("count") > 0)
    used = rows["low"].is_between(filled["low"].min() or 0.0, filled["low"].max() or 0.0)
    rows = rows.filter(used)
    bins = rows.select("low", "high").unique().sort("low")
    wide = 0.84 / len(methods)
    for place, method in enumerate(methods):
        counts = bins.join(rows.filter(method=method), on=["low", "high"], how="left", maintain_order="left")["count"]
        shares = counts.fill_null(0).to_numpy() / max(int(counts.sum()), 1)
        at = np.arange(bins.height) - 0.42 + wide * (place + 0.5)
        axes.bar(at, shares, wide, color=PALETTE[place % len(PALETTE)], label=_name(method))
    labels = [_bin(int(low), int(high)) for low, high in bins.iter_rows()]
    axes.set_xticks(range(bins.height), labels, fontsize=8.5)
    if bins.height > 7:  # side by side they would run into each other
        axes.tick_params(axis="x", rotation=40)


def _bin(low: int, high: int) -> str:
    return str(low) if high == low + 1 else f"{low}-{high - 1}"


def _name(method: str) -> str:
    return method.replace("_", " ")
