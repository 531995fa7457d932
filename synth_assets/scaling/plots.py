"""Pictures of learning curves: observations, fitted laws, 90% bands, plateaus, held-out budgets, residuals.

What lives here: what is drawn. Figures are made with matplotlib's objects (no pyplot), so that nothing global is left
behind; the same observations give the same bytes. How the axes look is `plot_axes`'s subject.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from synth_assets.pictures import FAINT, INK, Picture, rendered
from synth_assets.scaling import plot_axes as dress
from synth_assets.scaling.budgets import plateau
from synth_assets.scaling.fitting import Fit
from synth_assets.scaling.intervals import confidence_region
from synth_assets.scaling.laws import LAWS, RECTIFIED, Array, Law
from synth_assets.scaling.observation_rows import DEFAULTS
from synth_assets.scaling.predictions import HoldOut
from synth_assets.scaling.series import FittedSeries, Series, fit_series, series_of
from synth_assets.scaling.wording import figure as number
from synth_assets.scaling.wording import tokens_text

EXTRAPOLATION = 6.0
"""How far past the largest budget curves are drawn."""
POINTS = 121
UNNAMED = DEFAULTS["training_set"]
"""The training set of observations that name none."""
BANDS_MOST = 8
"""With more models their bands would only hide each other."""


@dataclass(frozen=True)
class Curve:
    """A series as it is drawn: with the fit of the law shown, its hold-out, and the fit of the other law if any."""

    series: Series
    fit: Fit | None
    held_out: HoldOut | None = None
    other: Fit | None = None


def learning_curves(
    observations: pl.DataFrame,
    training_set: str,
    metric: str,
    law: Law = RECTIFIED,
    models: Sequence[str] = (),
    held_out_budgets: int = 0,
) -> Picture:
    """The learning curves of a training set's models (all of them by default) with the fitted `law`.

    `observations` is a `scaling_observations` frame. A model with too few budgets is drawn as points alone. Raises
    ValueError where no model has an observation with a positive value and D > 0.
    """
    chosen = observations.filter(training_set=training_set, metric=metric)
    if models:
        chosen = chosen.filter(pl.col("model").is_in(list(models)))
    if chosen.is_empty():
        raise ValueError(f"no observations of {metric} on training set {training_set} to draw")
    fitted, _ = fit_series(chosen, held_out_budgets=held_out_budgets)
    return rendered(curves_figure(curves_of(chosen, fitted, law), law))


def curves_of(observations: pl.DataFrame, fitted: Sequence[FittedSeries], law: Law) -> list[Curve]:
    """What is to be drawn of observations of one training set and metric, the smallest model first."""
    found = {(one.series.model, one.law.name): one for one in fitted}
    other = next((known.name for known in LAWS.values() if known != law), "")
    curves = []
    for series in series_of(observations):
        shown, beside = found.get((series.model, law.name)), found.get((series.model, other))
        curves.append(
            Curve(
                series,
                None if shown is None else shown.fit,
                None if shown is None else shown.held_out,
                None if beside is None else beside.fit,
            )
        )
    return sorted(curves, key=lambda curve: (curve.series.parameters or 0, curve.series.model))


def curves_figure(curves: Sequence[Curve], law: Law) -> Figure:
    """The figure of the curves of one training set and metric.

    Above the curves, below them the residuals of `law`, beside those of the other law where it was fitted too. Raises
    ValueError where no curve has an observation with a positive value and D > 0.
    """
    shown = [curve for curve in curves if (curve.series.tokens > 0).any()]
    if not shown:
        told = f" of {curves[0].series.metric} on training set {curves[0].series.training_set}" if curves else ""
        raise ValueError(f"no observations{told} to draw")
    seen = np.concatenate([curve.series.tokens[curve.series.tokens > 0] for curve in shown])
    left, right = float(seen.min()), float(seen.max()) * EXTRAPOLATION
    zero = left / max(3.0, (seen.max() / left) ** 0.12) if any((c.series.tokens == 0).any() for c in shown) else None
    main, below = _axes(shown)
    grid = np.geomspace(left / 1.4, right, POINTS)
    for place, (curve, colour) in enumerate(zip(shown, dress.colours(len(shown)), strict=True)):
        # Values without data are often equal: side by side they can all be seen.
        own_zero = None if zero is None else zero * 1.1 ** _spread(place, len(shown))
        _draw_curve(main, curve, grid, own_zero, colour, banded=len(shown) <= BANDS_MOST)
        if below is not None:
            _draw_residuals(below, curve, own_zero, colour)
    _finish(main, below, shown, (left, right, zero))
    _title(main, shown, law)
    return main.get_figure(root=True)  # type: ignore[return-value]


def _axes(curves: Sequence[Curve]) -> tuple[Axes, Axes | None]:
    many = len(curves) > BANDS_MOST
    size = (11.5 if many else 9.0, 5.4)
    if all(curve.fit is None for curve in curves):
        return Figure(figsize=size, facecolor=dress.PAPER, layout="constrained").add_subplot(), None
    figure = Figure(figsize=(size[0], 6.9), facecolor=dress.PAPER, layout="constrained")
    main, below = figure.subplots(2, 1, sharex=True, height_ratios=(3.6, 1.0))
    return main, below


def _spread(place: int, count: int) -> float:
    """Steps from the middle, for few models one a place, for many all within the same width."""
    return (place - (count - 1) / 2) * min(1.0, 6.0 / count)


def _draw_curve(axes: Axes, curve: Curve, grid: Array, zero: float | None, colour: str, *, banded: bool) -> None:
    """Points, line, band and plateau of one model; D = 0 stands left of the break."""
    series, fitted = curve.series, curve.fit
    held = np.array([] if curve.held_out is None else [found.tokens for found in curve.held_out.predictions])
    apart = np.isin(series.tokens, held)
    x = series.tokens if zero is None else np.where(series.tokens > 0, series.tokens, zero)
    for which, face, edge, width in ((~apart, colour, dress.PAPER, 0.9), (apart, dress.PAPER, colour, 1.5)):
        at = which & (x > 0)
        size = 34 if banded else 14
        axes.scatter(x[at], series.values[at], s=size, color=face, edgecolors=edge, linewidths=width, zorder=4)
    if fitted is None:
        return
    largest = series.tokens.max()
    inside, outside = grid <= largest, grid >= grid[grid <= largest][-1]
    values = fitted.at(grid)
    axes.plot(grid[inside], values[inside], color=colour, linewidth=2.0 if banded else 1.3, zorder=3)
    axes.plot(grid[outside], values[outside], color=colour, linewidth=1.4, linestyle=(0, (4, 2)), zorder=3)
    if curve.held_out is not None and banded:
        foretold = grid[grid >= curve.held_out.fit.tokens.max() * 0.999]
        axes.plot(foretold, curve.held_out.fit.at(foretold), color=colour, linewidth=1.4, linestyle=":", zorder=3)
    if zero is not None and fitted.law.holds_at_zero and (series.tokens == 0).any():
        start = float(fitted.at(np.zeros(1))[0])
        axes.plot([zero / 1.12, zero * 1.12], [start, start], color=colour, linewidth=2.0, zorder=3)
    region = confidence_region(fitted) if banded else None
    if region is not None:
        band = region.values_at(grid)
        low = np.array([np.nan if interval.low is None else interval.low for interval in band])
        high = np.array([np.nan if interval.high is None else interval.high for interval in band])
        axes.fill_between(grid, low, high, color=colour, alpha=0.14, linewidth=0, zorder=2)
    level = plateau(fitted)
    if level is not None and grid[0] <= level <= grid[-1]:
        value = float(fitted.at(np.array([level]))[0])
        axes.plot([level], [value], marker="v", markersize=9, color=colour, markeredgecolor=dress.PAPER, zorder=5)


def _draw_residuals(axes: Axes, curve: Curve, zero: float | None, colour: str) -> None:
    """Observed over fitted, less 1: filled for the law shown, a cross for the other one."""
    for fitted, style in (
        (curve.other, {"marker": "x", "s": 20, "alpha": 0.45}),
        (curve.fit, {"marker": "o", "s": 20}),
    ):
        if fitted is None:
            continue
        x = fitted.tokens if zero is None else np.where(fitted.tokens > 0, fitted.tokens, zero)
        axes.scatter(x, fitted.values / fitted.at(fitted.tokens) - 1.0, color=colour, zorder=3, linewidths=1.0, **style)  # type: ignore[arg-type]


def _finish(main: Axes, below: Axes | None, curves: Sequence[Curve], tokens: tuple[float, float, float | None]) -> None:
    left, right, zero = tokens
    observed = np.concatenate([curve.series.values for curve in curves])
    # An extrapolation that falls without end would press all that was observed into the upper edge.
    floor = float(observed[observed > 0].min()) / EXTRAPOLATION
    ends = [np.maximum(curve.fit.at(np.array([right])), floor) for curve in curves if curve.fit is not None]
    metric = curves[0].series.metric
    dress.dress_values(main, np.concatenate([observed, *ends]), metric)
    lowest = main if below is None else below
    dress.dress_tokens(lowest, left, right, zero)
    if below is not None:
        both = [fit for curve in curves for fit in (curve.fit, curve.other) if fit is not None]
        dress.dress_residuals(below, np.concatenate([fit.values / fit.at(fit.tokens) - 1.0 for fit in both]))
    for axes in (main, *([] if below is None else [below])):
        dress.dress_all(axes)
        if zero is not None:
            dress.mark_break(axes, zero, left)
    _legend(main, curves)


def _legend(axes: Axes, curves: Sequence[Curve]) -> None:
    handles = [
        Line2D([], [], color=colour, marker="o", markersize=5, linewidth=2, label=_legend_text(curve, len(curves)))
        for curve, colour in zip(curves, dress.colours(len(curves)), strict=True)
    ]
    style = {"frameon": True, "framealpha": 0.9, "edgecolor": FAINT, "labelcolor": INK}
    if len(curves) > BANDS_MOST:
        size = 8.2 if len(curves) <= 24 else 6.8
        axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.005, 1.0), fontsize=size, **style)
    else:
        axes.legend(handles=handles, loc="best", fontsize=8.8, **style)


def _title(axes: Axes, curves: Sequence[Curve], law: Law) -> None:
    of = curves[0].series.training_set
    where = "" if of == UNNAMED else f" on training set {of}"
    axes.set_title(
        f"{'Plain' if law.name == 'power' else law.name.capitalize()} law{where}:  {law.formula}",
        fontsize=12.5,
        color=INK,
        loc="left",
        pad=36,
        fontweight="bold",
    )
    parts = ["lines: fits"]
    if len(curves) <= BANDS_MOST:
        parts.append("bands: 90% intervals")
    if any(curve.held_out is not None for curve in curves):
        parts.append("hollow: held out" + (", dotted: fit without them" if len(curves) <= BANDS_MOST else ""))
    parts.append("▼ plateau: another doubling gains less than 1%")
    if any(curve.other is not None for curve in curves):
        names = {known.name: "plain" if known.name == "power" else known.name for known in LAWS.values()}
        other = next(name for known, name in names.items() if known != law.name)
        parts.append(f"below: ● {names[law.name]}, x {other}")
    half = (len(parts) + 1) // 2 if len(parts) > 3 and len(curves) <= BANDS_MOST else len(parts)
    lines = [";  ".join(line) for line in (parts[:half], parts[half:]) if line]
    said = axes.text(0.0, 1.02, "\n".join(lines), transform=axes.transAxes, fontsize=8.8, color=dress.PALE, va="bottom")
    # Else a long line would take its width from the picture.
    said.set_in_layout(False)


def _legend_text(curve: Curve, models: int) -> str:
    if curve.fit is None:
        return f"{curve.series.model} (too few budgets to fit)"
    return curve.series.model if models > BANDS_MOST else f"{curve.series.model}:  {_parameter_text(curve.fit)}"


def _parameter_text(fitted: Fit) -> str:
    if fitted.is_flat:
        return "constant, the values do not fall with data"
    symbols = {"B": "B", "D_l": "D_l", "beta": r"\beta", "E": "E"}
    shown = [(symbols[name], value) for name, value in fitted.parameters.items() if name in symbols]
    numbers = ",  ".join(f"${symbol}={_mathematical(value)}$" for symbol, value in shown)
    level = plateau(fitted)
    return f"{numbers},  {'no plateau' if level is None else f'plateau {tokens_text(level)}'}"


def _mathematical(value: float) -> str:
    digits, _, exponent = number(value).partition("e")
    if not exponent:
        return digits
    return "0" if int(exponent) < -9 else rf"{digits}\times10^{{{int(exponent)}}}"
