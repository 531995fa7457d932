"""A picture of one figure from several generators: each one's naive interval, and the one that knows of the others."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from synth_assets.comparison.generators import Ensemble
from synth_assets.pictures import FAINT, INK, PALETTE, Picture, rendered


def generators_picture(
    names: Sequence[str], found: Mapping[str, Ensemble], runs: Mapping[str, NDArray[np.float64]]
) -> Picture:
    """A panel a measure, by its name as it is printed; `runs` are the students' figures, [generators, students]."""
    figure = Figure(figsize=(5.2 * len(found), 0.42 * len(names) + 2.2), layout="constrained")
    for place, (measure, ensemble) in enumerate(found.items(), start=1):
        axes = figure.add_subplot(1, len(found), place)
        _draw(axes, names, ensemble, runs[measure])
        axes.set_title(measure, color=INK, fontsize=10.5, loc="left", fontweight="bold")
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4, fontsize=8.5)
    return rendered(figure, dpi=110)


def _draw(axes: Axes, names: Sequence[str], ensemble: Ensemble, runs: NDArray[np.float64]) -> None:
    labelled: set[str] = set()

    def once(label: str) -> str | None:
        """The label where it is new: the legend shows each but once."""
        if label in labelled:
            return None
        labelled.add(label)
        return label

    rows = np.arange(len(names))
    axes.scatter(
        runs.ravel(), np.repeat(rows, runs.shape[1]) + 0.2, s=14, marker="|", color=INK, label=once("a student")
    )
    for row, (one, missed) in enumerate(zip(ensemble.naive, ensemble.missed, strict=True)):
        low, high = one.interval
        colour, label = (PALETTE[1], "naive, misses the others") if missed else (PALETTE[0], "naive, one generator")
        axes.plot([low, high], [row, row], color=colour, linewidth=2.2, label=once(label))
        axes.plot(one.value, row, "o", color=colour, markersize=5)
        axes.plot(ensemble.others[row], row, "D", color=PALETTE[4], markersize=4.5, label=once("mean of the others"))
    low, high = ensemble.mean.interval
    axes.plot([low, high], [len(names)] * 2, color=PALETTE[2], linewidth=3.2, label=once("all, generators included"))
    axes.plot(ensemble.mean.value, len(names), "s", color=PALETTE[2], markersize=6)
    axes.axvspan(low, high, color=PALETTE[2], alpha=0.08)
    axes.set_yticks([*rows, len(names)], [*names, "all"])
    axes.invert_yaxis()
    axes.grid(axis="x", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=8.5, colors=INK)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
