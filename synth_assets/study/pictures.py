"""The study's pictures: learning curves, levels at equal tokens, hold-out errors, throughput.

What lives here: drawing what the report shows. Learning curves with fits are `scaling/plots.py`'s; the rest is plain.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from synth_assets.pictures import FAINT, INK, PALETTE, Picture, rendered
from synth_assets.scaling.plot_axes import METRIC_LABELS
from synth_assets.scaling.plots import learning_curves
from synth_assets.scaling.wording import tokens_text
from synth_assets.study.profiles import ALL

MARKERS = "osD^vPX"


def curves_picture(observations: pl.DataFrame, metric: str) -> Picture:
    """Every size on the mixture, with the fitted rectified law."""
    return learning_curves(observations, ALL, metric)


def levels_picture(observations: pl.DataFrame, levels: Sequence[str], metric: str) -> Picture:
    """A panel a student: each level's set at equal budgets, a point a seed and a line through the means."""
    chosen = observations.filter(
        pl.col("metric") == metric, pl.col("training_set").is_in(list(levels)), pl.col("tokens") > 0
    )
    models = chosen.sort("parameters")["model"].unique(maintain_order=True).to_list()
    figure = Figure(figsize=(4.6 * max(1, len(models)), 4.0), layout="constrained")
    for number, model in enumerate(models):
        axes = figure.add_subplot(1, len(models), number + 1)
        for place, level in enumerate(levels):
            rows = chosen.filter(model=model, training_set=level).sort("tokens")
            means = rows.group_by("budget").agg(pl.col("tokens").mean(), pl.col("value").mean()).sort("tokens")
            colour = PALETTE[place]
            axes.scatter(rows["tokens"], rows["value"], s=22, color=colour, marker=MARKERS[place], alpha=0.6)
            axes.plot(means["tokens"], means["value"], color=colour, linewidth=1.8, label=level.replace("_", " "))
        _dress(axes, "unique training tokens D", METRIC_LABELS.get(metric, metric), model)
        axes.legend(fontsize=8.5)
    return rendered(figure, dpi=110)


def hold_out_picture(errors: Mapping[str, Sequence[tuple[str, float | None, float | None]]]) -> Picture:
    """A panel a metric: for each size the mean hold-out error of the rectified and of the plain law."""
    figure = Figure(figsize=(4.6 * max(1, len(errors)), 3.6), layout="constrained")
    for number, (metric, rows) in enumerate(errors.items()):
        axes = figure.add_subplot(1, len(errors), number + 1)
        places = np.arange(len(rows))
        for shift, (name, colour) in enumerate((("rectified", PALETTE[0]), ("plain", PALETTE[1]))):
            heights = [np.nan if row[1 + shift] is None else row[1 + shift] for row in rows]
            axes.bar(places + 0.38 * (shift - 0.5), np.array(heights, dtype=float), 0.36, color=colour, label=name)
        _dress(axes, "", "mean relative error of the held-out budgets", METRIC_LABELS.get(metric, metric), log=False)
        axes.set_xticks(places, [row[0].removeprefix("student-") for row in rows])
        axes.legend(fontsize=8.5)
    return rendered(figure, dpi=110)


def throughput_picture(throughput: pl.DataFrame) -> Picture:
    """Tokens a second by parameters; columns parameters, tokens_per_second."""
    figure = Figure(figsize=(5.4, 3.6), layout="constrained")
    axes = figure.add_subplot()
    axes.plot(throughput["parameters"], throughput["tokens_per_second"], marker="o", color=PALETTE[0])
    _dress(axes, "parameters", "training tokens a second", "Throughput")
    axes.set_yscale("log")
    return rendered(figure, dpi=110)


def _dress(axes: Axes, across: str, up: str, title: str, log: bool = True) -> None:
    if log:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: tokens_text(value)))
        axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel(across, color=INK, fontsize=9.5)
    axes.set_ylabel(up, color=INK, fontsize=9.5)
    axes.set_title(title, color=INK, fontsize=10.5, loc="left", fontweight="bold")
    axes.grid(which="major", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=8.5, colors=INK)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
