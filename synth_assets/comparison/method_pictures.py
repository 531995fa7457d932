"""The methods side by side as a picture: error and answer loss by budget, a line a method."""

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, NullFormatter

from synth_assets.pictures import FAINT, INK, PALETTE, Picture, rendered

MEASURES = {"error": "error (1 - accuracy)", "answer_loss": "answer loss (nats per token)"}
MARKERS = "osD^vPX*<>hp"


def methods_picture(comparison: pl.DataFrame) -> Picture:
    """A row a measure, a column a student size; bars are the 95% intervals. `comparison` is `method_comparison`."""
    trained = comparison.filter(pl.col("budget") > 0)
    students = trained.sort("parameters", "student")["student"].unique(maintain_order=True).to_list()
    methods = trained["method"].unique().sort().to_list()
    figure = Figure(figsize=(max(4.8 * len(students), 6.4), 7.4), layout="constrained")
    for row, measure in enumerate(MEASURES):
        for column, student in enumerate(students):
            axes = figure.add_subplot(len(MEASURES), len(students), row * len(students) + column + 1)
            _draw(axes, trained.filter(pl.col("student") == student), measure, methods)
            axes.set_title(f"{student}: {MEASURES[measure]}", color=INK, fontsize=10, loc="left", fontweight="bold")
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4, fontsize=9)
    return rendered(figure, dpi=110)


def _draw(axes: Axes, rows: pl.DataFrame, measure: str, methods: list[str]) -> None:
    for place, method in enumerate(methods):
        own = rows.filter(pl.col("method") == method).sort("budget")
        if own.is_empty():
            continue
        # Side by side, so that no interval hides another.
        at = own["budget"].to_numpy() * 1.025 ** (place - (len(methods) - 1) / 2)
        middle = own[measure].to_numpy()
        ends = [own[f"{measure}_{end}"].fill_null(own[measure]).to_numpy() for end in ("low", "high")]
        axes.errorbar(
            at,
            middle,
            yerr=[middle - ends[0], ends[1] - middle],
            color=PALETTE[place % len(PALETTE)],
            marker=MARKERS[place % len(MARKERS)],
            markersize=4.5,
            linewidth=1.5,
            elinewidth=0.8,
            label=method.replace("_", " "),
        )
    axes.set_xscale("log")
    axes.set_xticks(sorted(set(rows["budget"])))
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("unique training tokens D", color=INK, fontsize=9)
    axes.grid(which="major", color=FAINT, linewidth=0.6)
    axes.tick_params(labelsize=8.5, colors=INK)
    axes.spines[["top", "right"]].set_visible(False)
