"""Pictures of learning curves: observations, fitted laws, 90% bands, plateaus.

What lives here: drawing. Figures are made with matplotlib's objects (no pyplot), so that nothing global is left
behind; the same observations give the same bytes.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from synth_assets.pictures import Picture, rendered
from synth_assets.scaling.fitting import Fit, TooFewPointsError, fit
from synth_assets.scaling.intervals import confidence_region
from synth_assets.scaling.laws import RECTIFIED, Array, Law
from synth_assets.scaling.predictions import plateau
from synth_assets.scaling.stage import Series, series_of

PALETTE = ("#1b6ca8", "#d1495b", "#2a9d6f", "#8f5fb8", "#c77d0a", "#3a4a5a", "#b8488f", "#5b8c2a")
"""Line colours, told apart also by readers with a colour deficiency; used in turn."""
INK, FAINT, PAPER = "#1f2933", "#d9dee4", "#ffffff"
METRIC_LABELS = {"error": "error (1 - accuracy)", "answer_loss": "answer loss (nats per token)"}
EXTRAPOLATION = 6.0
"""How far past the largest budget curves are drawn."""
POINTS = 121


def learning_curves(
    observations: pl.DataFrame, training_set: str, metric: str, law: Law = RECTIFIED, models: Sequence[str] = ()
) -> Picture:
    """The learning curves of a training set's models (all of them by default) with the fitted `law`.

    `observations` is a `scaling_observations` frame. A model with too few budgets is drawn as points alone. Raises
    ValueError where no model has an observation with a positive value and D > 0.
    """
    chosen = observations.filter(training_set=training_set, metric=metric)
    wanted = (
        list(models)
        or chosen.sort(pl.col("parameters").fill_null(0), "model")["model"].unique(maintain_order=True).to_list()
    )
    found = {series.model: series for series in series_of(chosen) if (series.tokens > 0).any()}
    curves = [(found[model], _fitted(found[model], law)) for model in wanted if model in found]
    if not curves:
        raise ValueError(f"no observations of {metric} on training set {training_set} to draw")
    figure = _drawn(curves, training_set, metric, law)
    return rendered(figure)


def _fitted(series: Series, law: Law) -> Fit | None:
    try:
        return fit(series.tokens, series.values, law)
    except TooFewPointsError:
        return None


def _drawn(curves: Sequence[tuple[Series, Fit | None]], training_set: str, metric: str, law: Law) -> Figure:
    figure = Figure(figsize=(9.0, 5.4), facecolor=PAPER, layout="constrained")
    axes = figure.add_subplot()
    seen = np.concatenate([series.tokens[series.tokens > 0] for series, _ in curves])
    left, right = float(seen.min()), float(seen.max())
    zero = left / max(3.0, (right / left) ** 0.12) if any((series.tokens == 0).any() for series, _ in curves) else None
    grid = np.geomspace(left / 1.4, right * EXTRAPOLATION, POINTS)
    for place, (series, fitted) in enumerate(curves):
        colour = PALETTE[place % len(PALETTE)]
        # Values without data are often equal: side by side they can all be seen.
        own_zero = None if zero is None else zero * 1.1 ** (place - (len(curves) - 1) / 2)
        label = _legend_text(series, fitted) if len(curves) > 1 else series.model
        _draw_curve(axes, series, fitted, grid, own_zero, (colour, label))
    _dress(axes, curves, metric, zero, (left, right))
    names = "fits" if len(curves) > 1 else _parameter_text(curves[0][1])
    axes.set_title(
        f"{law.name.capitalize()} law on training set {training_set}:  {law.formula}",
        fontsize=12.5,
        color=INK,
        loc="left",
        pad=24,
        fontweight="bold",
    )
    axes.text(
        0.0,
        1.025,
        f"lines: {names};  bands: 90% intervals;  plateau ▼: another doubling gains less than 1%",
        transform=axes.transAxes,
        fontsize=9,
        color="#52606d",
    )
    return figure


def _draw_curve(
    axes: Axes, series: Series, fitted: Fit | None, grid: Array, zero: float | None, style: tuple[str, str]
) -> None:
    """Points, line, band and plateau of one model in `style` (colour, label); D = 0 stands left of the break."""
    colour, label = style
    x = series.tokens if zero is None else np.where(series.tokens > 0, series.tokens, zero)
    shown = x > 0
    axes.scatter(
        x[shown], series.values[shown], s=34, color=colour, edgecolors=PAPER, linewidths=0.9, zorder=4, label=label
    )
    if fitted is None:
        return
    largest = series.tokens.max()
    inside, outside = grid <= largest, grid >= grid[grid <= largest][-1]
    values = fitted.at(grid)
    axes.plot(grid[inside], values[inside], color=colour, linewidth=2.0, zorder=3)
    axes.plot(grid[outside], values[outside], color=colour, linewidth=1.6, linestyle=(0, (4, 2)), zorder=3)
    if zero is not None and fitted.law.holds_at_zero and (series.tokens == 0).any():
        start = float(fitted.at(np.zeros(1))[0])
        axes.plot([zero / 1.12, zero * 1.12], [start, start], color=colour, linewidth=2.0, zorder=3)
    region = confidence_region(fitted)
    if region is not None:
        band = region.values_at(grid)
        low = np.array([np.nan if interval.low is None else interval.low for interval in band])
        high = np.array([np.nan if interval.high is None else interval.high for interval in band])
        axes.fill_between(grid, low, high, color=colour, alpha=0.14, linewidth=0, zorder=2)
    level = plateau(fitted)
    if level is not None and grid[0] <= level <= grid[-1]:
        value = float(fitted.at(np.array([level]))[0])
        axes.plot([level], [value], marker="v", markersize=9, color=colour, markeredgecolor=PAPER, zorder=5)


def _dress(
    axes: Axes,
    curves: Sequence[tuple[Series, Fit | None]],
    metric: str,
    zero: float | None,
    budgets: tuple[float, float],
) -> None:
    """Axes, limits, grid, break and legend."""
    every = np.concatenate([series.values for series, _ in curves])
    ends = [fitted.at(np.array([budgets[1] * EXTRAPOLATION])) for _, fitted in curves if fitted is not None]
    low, high = float(np.concatenate([every, *ends]).min()), float(every.max())
    margin = max((high / low) ** 0.08, 1.02)
    axes.set(
        xscale="log",
        yscale="log",
        ylim=(low / margin, high * margin),
        xlim=((zero / 1.7) if zero else budgets[0] / 1.5, budgets[1] * EXTRAPOLATION),
    )
    axes.set_xlabel("unique training tokens D", color=INK, fontsize=10.5)
    axes.set_ylabel(METRIC_LABELS.get(metric, metric), color=INK, fontsize=10.5)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda tokens, _: tokens_text(tokens)))
    wide = high / low > 12
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if wide else (1, 1.5, 2, 3, 4, 5, 6, 8)))
    if high / low < 1.6:
        axes.set_yscale("linear")
    else:
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
    axes.grid(which="major", color=FAINT, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, which="both", labelsize=9.5)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color("#9aa5b1")
    if zero is not None:
        _mark_break(axes, zero, budgets[0])
    axes.legend(loc="best", fontsize=8.8, frameon=True, framealpha=0.9, edgecolor=FAINT, labelcolor=INK)


def _mark_break(axes: Axes, zero: float, left: float) -> None:
    """Cut the horizontal axis between D = 0 and the first budget and name the stub."""
    decades = [tick for tick in 10.0 ** np.arange(np.floor(np.log10(left)), 20) if tick >= left / 1.5]
    in_view = [tick for tick in decades if tick <= axes.get_xlim()[1]]
    axes.set_xticks([zero, *in_view])
    axes.set_xticks([m * tick for tick in in_view for m in range(2, 10) if m * tick < axes.get_xlim()[1]], minor=True)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda tokens, _: "0" if tokens < left / 2 else tokens_text(tokens)))
    axes.xaxis.set_minor_formatter(NullFormatter())
    gap = float(np.sqrt(zero * left / 1.4))
    axes.text(
        gap,
        0.0,
        "//",
        transform=axes.get_xaxis_transform(),
        ha="center",
        va="center",
        fontsize=12,
        color="#52606d",
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.6},
        zorder=6,
        clip_on=False,
    )


def _legend_text(series: Series, fitted: Fit | None) -> str:
    if fitted is None:
        return f"{series.model} (too few budgets to fit)"
    return f"{series.model}:  {_parameter_text(fitted)}"


def _parameter_text(fitted: Fit | None) -> str:
    if fitted is None:
        return "too few budgets to fit"
    if fitted.is_flat:
        return "constant, the values do not fall with data"
    symbols = {"B": "B", "D_l": "D_l", "beta": r"\beta", "E": "E"}
    shown = [(symbols[name], value) for name, value in fitted.parameters.items() if name in symbols]
    numbers = ",  ".join(f"${symbol}={_number(value)}$" for symbol, value in shown)
    level = plateau(fitted)
    return f"{numbers},  {'no plateau' if level is None else f'plateau {tokens_text(level)}'}"


def _number(value: float) -> str:
    """Three significant digits, powers of ten as such."""
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return f"{value:.3g}" if abs(value) < 1e3 else f"{value:.0f}"
    digits, exponent = f"{value:.1e}".split("e")
    return "0" if int(exponent) < -9 else rf"{digits}\times10^{{{int(exponent)}}}"


def tokens_text(tokens: float) -> str:
    """Tokens for an axis: 200, 10K, 4.5M, 1B, 2T."""
    if tokens >= 1e15:
        return f"{tokens:.0e}"
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K")):
        if tokens >= size * 0.9995:
            return f"{tokens / size:.3g}{letter}"
    return f"{tokens:.3g}"
