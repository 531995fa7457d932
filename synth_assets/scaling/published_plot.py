"""The picture of the paper's published curves beside the points it measured.

What lives here: drawing. The numbers and where they come from are in `published`.
"""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from synth_assets.pictures import FAINT, INK, Picture, rendered
from synth_assets.scaling import plot_axes as dress
from synth_assets.scaling.published import INVERTED, LARGEST_SET, OBSERVED, TABLE_1, TABLE_1_TOKENS, observed_tokens
from synth_assets.scaling.wording import tokens_text

RANGE = (1.2e9, 9e12)


def published_curves() -> Picture:
    """The two curves, the accuracies of Table 1 they were inverted from, and the errors the paper measured."""
    figure = Figure(figsize=(9.0, 4.4), facecolor=dress.PAPER, layout="constrained")
    axes = figure.add_subplot()
    grid = np.geomspace(*RANGE, 200)
    places = {"3B": ((8, 6), "left"), "8B": ((-8, -34), "right")}
    for (model, curve), colour in zip(INVERTED.items(), dress.colours(2), strict=True):
        axes.plot(grid, curve.error(grid), color=colour, linewidth=2.0, label=f"{model}: curve inverted from Table 1")
        predicted = 100.0 - np.array(TABLE_1[model])
        at = np.array(TABLE_1_TOKENS) * 1e9
        axes.scatter(at, predicted, color=colour, edgecolors=dress.PAPER, s=36, zorder=4, label=f"{model}: Table 1")
        axes.scatter(
            observed_tokens(),
            OBSERVED[model],
            marker="D",
            color=dress.PAPER,
            edgecolors=colour,
            linewidths=1.7,
            s=44,
            zorder=5,
            label=f"{model}: measured by the paper",
        )
        foretold = float(curve.error(np.array([LARGEST_SET]))[0])
        axes.annotate(
            f"curve {foretold:.1f},\nmeasured {OBSERVED[model][1]:.1f}",
            (LARGEST_SET, foretold),
            xytext=places[model][0],
            textcoords="offset points",
            ha=places[model][1],
            fontsize=9,
            color=colour,
        )
    axes.set(xscale="log", yscale="linear", xlim=RANGE, ylim=(12, 55))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda tokens, _: tokens_text(tokens)))
    axes.set_xlabel("unique training tokens D", color=INK, fontsize=10.5)
    axes.set_ylabel("MATH error in percent", color=INK, fontsize=10.5)
    dress.dress_all(axes)
    axes.legend(loc="upper right", fontsize=9, frameon=True, edgecolor=FAINT, labelcolor=INK, ncols=2)
    return rendered(figure)
