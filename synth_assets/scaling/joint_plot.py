"""The picture of the joint law: a curve for each model size, all from one fit, with its residuals below.

What lives here: drawing. How the axes look is `plot_axes`'s subject.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from synth_assets.pictures import FAINT, INK
from synth_assets.scaling import plot_axes as dress
from synth_assets.scaling.joint import JointFit
from synth_assets.scaling.laws import Array
from synth_assets.scaling.series import Series
from synth_assets.scaling.surfaces import JOINT
from synth_assets.scaling.wording import figure as number
from synth_assets.scaling.wording import tokens_text

EXTRAPOLATION = 6.0
POINTS = 81
BANDS_MOST = 8


def joint_figure(joint: JointFit) -> Figure:
    """The curves of one training set and metric; runs at D = 0 have no value in this law and are not drawn."""
    seen = joint.fit.tokens
    left, right = float(seen.min()), float(seen.max()) * EXTRAPOLATION
    many = len(joint.curves) > BANDS_MOST
    figure = Figure(figsize=(11.5 if many else 9.0, 6.9), facecolor=dress.PAPER, layout="constrained")
    main, below = figure.subplots(2, 1, sharex=True, height_ratios=(3.6, 1.0))
    grid = np.geomspace(left / 1.4, right, POINTS)
    shades = dress.colours(len(joint.curves))
    residuals, values = [], []
    for series, colour in zip(joint.curves, shades, strict=True):
        values.append(_draw(main, joint, series, grid, colour, banded=not many))
        off = _residuals(joint, series)
        residuals.append(off)
        below.scatter(series.tokens[series.tokens > 0], off, color=colour, s=20, zorder=3)
    dress.dress_values(main, np.concatenate(values), joint.curves[0].metric)
    dress.dress_tokens(below, left, right, None)
    dress.dress_residuals(below, np.concatenate(residuals))
    for axes in (main, below):
        dress.dress_all(axes)
    handles = [
        Line2D([], [], color=colour, marker="o", label=f"{series.model} ({tokens_text(float(series.parameters or 0))})")
        for series, colour in zip(joint.curves, shades, strict=True)
    ]
    place = {"loc": "upper left", "bbox_to_anchor": (1.005, 1.0), "fontsize": 7.5} if many else {"loc": "best"}
    main.legend(handles=handles, frameon=True, edgecolor=FAINT, labelcolor=INK, **place)
    _title(main, joint)
    return figure


def _residuals(joint: JointFit, series: Series) -> Array:
    seen = series.tokens > 0
    off: Array = series.values[seen] / joint.fit.at(_size(series), series.tokens[seen]) - 1.0
    return off


def _size(series: Series) -> Array:
    return np.array([float(series.parameters or 0)])


def _draw(axes: Axes, joint: JointFit, series: Series, grid: Array, colour: str, *, banded: bool) -> Array:
    """Points, line and band of one model; returns all values drawn, for the limits."""
    seen = series.tokens > 0
    apart = np.isin(series.tokens, joint.held_budgets)
    for which, face, edge in ((seen & ~apart, colour, dress.PAPER), (seen & apart, dress.PAPER, colour)):
        axes.scatter(series.tokens[which], series.values[which], s=30, color=face, edgecolors=edge, zorder=4)
    curve = joint.fit.at(_size(series), grid)
    inside = grid <= series.tokens.max()
    axes.plot(grid[inside], curve[inside], color=colour, linewidth=2.0, zorder=3)
    axes.plot(grid[~inside], curve[~inside], color=colour, linewidth=1.4, linestyle=(0, (4, 2)), zorder=3)
    if banded:
        band = joint.fit.values_interval(_size(series), grid)
        low = np.array([np.nan if interval.low is None else interval.low for interval in band])
        high = np.array([np.nan if interval.high is None else interval.high for interval in band])
        axes.fill_between(grid, low, high, color=colour, alpha=0.14, linewidth=0, zorder=2)
    return np.concatenate([series.values[seen], curve[-1:]])


def _title(axes: Axes, joint: JointFit) -> None:
    symbols = {"E": "E", "A": "A", "alpha": r"\alpha", "B": "B", "beta": r"\beta"}
    found = ",  ".join(f"{symbols[name]} = {number(value)}" for name, value in joint.fit.parameters.items())
    found = found.replace(r"\alpha", "α").replace(r"\beta", "β")  # noqa: RUF001
    axes.set_title(f"Joint law:  {JOINT.formula}", fontsize=12.5, color=INK, loc="left", pad=36, fontweight="bold")
    lines = f"{found}\nlines: one fit to all models;  bands: 90% intervals;  hollow: largest budgets, held out"
    said = axes.text(0.0, 1.02, lines, transform=axes.transAxes, fontsize=8.8, color=dress.PALE, va="bottom")
    said.set_in_layout(False)
