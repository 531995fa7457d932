"""What policies of mixing chose over time, as stacked shares, and how the validation loss fell under each."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, PercentFormatter
from numpy.typing import NDArray

from synth_assets.comparison.mixture_results import in_order
from synth_assets.pictures import FAINT, INK, PALETTE, Picture, rendered

STRETCHES = 20
"""Most stretches that a run is cut into, each of as many slices as there are arms or more.

Shares are of the tokens of a stretch, over all seeds.
"""

_TITLE: Mapping[str, Any] = {"color": INK, "fontsize": 10, "loc": "left", "fontweight": "bold"}


def mixtures_picture(choices: pl.DataFrame) -> Picture:
    """A panel a policy; the losses, and how far each lies from the policies' mean at the same slice and seed.

    Lines are means over seeds, drawn between the least and the largest.
    `choices` is `mixture_choices`, not empty.
    """
    policies, arms = in_order(choices), choices["arm"].unique().sort().to_list()
    figure = Figure(figsize=(max(3.4 * len(policies), 6.8), 7.2), layout="constrained")
    upper, lower = figure.subfigures(2, 1, squeeze=False, height_ratios=(1.15, 1.0))[:, 0]
    panels = upper.subplots(1, len(policies), sharey=True, squeeze=False)[0]
    for place, policy in enumerate(policies):
        _draw_shares(panels[place], choices.filter(policy=policy), arms)
        panels[place].set_title(policy, **_TITLE)
    panels[0].set_ylabel("share of the tokens drawn", color=INK, fontsize=9)
    handles, labels = panels[0].get_legend_handles_labels()
    columns = min(4, len(arms))
    upper.legend(handles, labels, loc="outside lower center", ncols=columns, fontsize=8.5, frameon=False)
    losses, differences = lower.subplots(1, 2)
    _draw_lines(losses, choices, policies, "validation_loss")
    losses.set_title("validation loss (nats per answer token)", **_TITLE)
    losses.legend(fontsize=9, frameon=False)
    apart = pl.col("validation_loss") - pl.col("validation_loss").mean().over("seed", "step")
    _draw_lines(differences, choices.with_columns(apart=apart), policies, "apart")
    differences.set_title("the same, less the mean of the policies", **_TITLE)
    return rendered(figure, dpi=110)


def _draw_shares(axes: Axes, choices: pl.DataFrame, arms: list[str]) -> None:
    slices = int(str(choices["step"].max())) + 1
    together = max(-(-slices // STRETCHES), min(len(arms), slices))
    stretches = -(-slices // together)
    cut = choices.with_columns(stretch=pl.col("step") // together)
    drawn = {(s, arm): tokens for s, arm, tokens in cut.group_by("stretch", "arm").agg(pl.sum("tokens")).iter_rows()}
    counts = np.array([[drawn.get((s, arm), 0) for s in range(stretches)] for arm in arms], dtype=float)
    ends = cut.group_by("stretch").agg(pl.max("trained_tokens")).sort("stretch")["trained_tokens"].to_numpy()
    starts = np.concatenate([[0.0], ends[:-1]])
    below: NDArray[np.float64] = np.zeros(stretches)
    for place, (arm, row) in enumerate(zip(arms, counts / counts.sum(axis=0), strict=True)):
        colour = PALETTE[place % len(PALETTE)]
        label = arm.replace("_", " ")
        axes.bar(starts, row, ends - starts, below, align="edge", color=colour, edgecolor="white", lw=0.3, label=label)
        below += row
    axes.set_xlim(0, ends[-1])
    axes.set_ylim(0, 1)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    _dress(axes)


def _draw_lines(axes: Axes, choices: pl.DataFrame, policies: list[str], column: str) -> None:
    for place, policy in enumerate(policies):
        of_policy = (
            choices.filter(policy=policy)
            .group_by("step")
            .agg(
                pl.mean("trained_tokens"),
                middle=pl.mean(column),
                low=pl.min(column),
                high=pl.max(column),
            )
        )
        own = of_policy.sort("step")
        colour = PALETTE[place % len(PALETTE)]
        axes.plot(own["trained_tokens"], own["middle"], color=colour, linewidth=1.6, label=policy)
        axes.fill_between(own["trained_tokens"], own["low"], own["high"], color=colour, alpha=0.14, linewidth=0)
    axes.grid(which="major", color=FAINT, linewidth=0.6)
    axes.set_xlim(left=0)
    _dress(axes)


def _dress(axes: Axes) -> None:
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))
    axes.locator_params(axis="x", nbins=4)
    axes.set_xlabel("tokens trained on", color=INK, fontsize=9)
    axes.tick_params(labelsize=8.5, colors=INK)
    axes.spines[["top", "right"]].set_visible(False)
