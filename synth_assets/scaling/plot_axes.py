"""Axes of the pictures of learning curves: scales, ticks, grid, the break before D = 0, legends, files.

What lives here: how a picture is dressed. What is drawn on it is `plots`'s subject.
"""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, PercentFormatter

from synth_assets.pictures import FAINT, INK, PALETTE
from synth_assets.scaling.laws import Array
from synth_assets.scaling.wording import tokens_text

PAPER, PALE = "#ffffff", "#52606d"
METRIC_LABELS = {"error": "error (1 - accuracy)", "answer_loss": "answer loss (nats per token)"}
FORMATS = (".png", ".svg", ".pdf")
"""Files a picture can be written to, by suffix."""


def colours(count: int) -> list[str]:
    """A colour for each of `count` models in the order of their size: the palette, or shades where it is too short."""
    if count <= len(PALETTE):
        return list(PALETTE[:count])
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    return [to_hex(colormaps["viridis"](0.92 * place / (count - 1))) for place in range(count)]


def dress_values(axes: Axes, values: Array, metric: str) -> None:
    """Scale and limits of the values' axis for everything in `values` [n] > 0 to be seen."""
    low, high = float(values.min()), float(values.max())
    margin = max((high / low) ** 0.08, 1.02)
    axes.set(yscale="log", ylim=(low / margin, high * margin))
    axes.set_ylabel(METRIC_LABELS.get(metric, metric), color=INK, fontsize=10.5)
    wide = high / low > 12
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if wide else (1, 1.5, 2, 3, 4, 5, 6, 8)))
    if high / low < 1.6:
        axes.set_yscale("linear")
    else:
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())


def dress_tokens(axes: Axes, left: float, right: float, zero: float | None) -> None:
    """Scale, limits and ticks of the axis of tokens D from `left` to `right`, with a stub for D = 0 at `zero`."""
    axes.set(xscale="log", xlim=((zero / 1.7) if zero else left / 1.5, right))
    axes.set_xlabel("unique training tokens D", color=INK, fontsize=10.5)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda tokens, _: tokens_text(tokens)))
    axes.xaxis.set_minor_formatter(NullFormatter())
    if zero is not None:
        _break_ticks(axes, zero, left)


def dress_residuals(axes: Axes, residuals: Array) -> None:
    """The axis of the residuals [n], in percent of the fitted value."""
    most = max(0.004, 1.15 * float(np.abs(residuals).max())) if len(residuals) else 0.01
    axes.set_ylim(-most, most)
    axes.axhline(0.0, color=PALE, linewidth=0.8, zorder=1)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_ylabel("observed - fitted", color=INK, fontsize=9)


def dress_all(axes: Axes) -> None:
    """Grid, ticks and spines."""
    axes.grid(which="major", color=FAINT, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, which="both", labelsize=9.5)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color("#9aa5b1")


def mark_break(axes: Axes, zero: float, left: float) -> None:
    """The sign that the axis of tokens is cut between D = 0 and the first budget."""
    axes.text(
        float(np.sqrt(zero * left / 1.4)),
        0.0,
        "//",
        transform=axes.get_xaxis_transform(),
        ha="center",
        va="center",
        fontsize=12,
        color=PALE,
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.6},
        zorder=6,
        clip_on=False,
    )


def _break_ticks(axes: Axes, zero: float, left: float) -> None:
    decades = [tick for tick in 10.0 ** np.arange(np.floor(np.log10(left)), 20) if tick >= left / 1.5]
    right = axes.get_xlim()[1]
    in_view = [tick for tick in decades if tick <= right]
    axes.set_xticks([zero, *in_view])
    axes.set_xticks([m * tick for tick in in_view for m in range(2, 10) if m * tick < right], minor=True)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda tokens, _: "0" if tokens < left / 2 else tokens_text(tokens)))


def save(figure: Figure, path: Path) -> None:
    """Write a figure as its suffix says (FORMATS); the same figure gives the same bytes."""
    import matplotlib as mpl

    undated: dict[str, dict[str, str | None]] = {
        ".png": {"Software": None},
        ".svg": {"Date": None, "Creator": None},
        ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    }
    suffix = path.suffix.lower()
    with mpl.rc_context({"svg.hashsalt": "synth_assets"}):
        figure.savefig(path, format=suffix[1:], dpi=150, metadata=undated[suffix])
