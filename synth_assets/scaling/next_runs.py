"""Which further training run would narrow a prediction most, before anybody pays for it.

What lives here: the choice of the next budget for one learning curve. Method: preposterior simulation over the
bootstrap. Every replicate is a curve the data allow; it says what a run at a candidate budget would show (its value
there, with the noise of the fit) and what the goal would be (its value there). Replicates that would show nearly the
same are what is left over once the run is made: the spread of their goals, averaged over what might be shown, is the
width to expect. A straight line within each such bin takes off what the finite width of the bin adds. No refit is
needed, nothing is linearised in the parameters, and open valleys of the fit count as what they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synth_assets.scaling.bootstrap import Bootstrap
from synth_assets.scaling.intervals import LEAST_NOISE, LEVEL
from synth_assets.scaling.laws import Array
from synth_assets.seeds import seed_of

BEYOND = (2.0, 4.0, 8.0)
"""Candidate budgets beside the observed ones, in multiples of the largest observed."""
IN_A_BIN = 40
"""Replicates thought to show the same; fewer where there are less than ten bins of so many."""


@dataclass(frozen=True)
class NextRun:
    """What one more observation at `tokens` is expected to do for the prediction at a goal budget.

    Widths are those of 90% intervals of the value at the goal, as differences of logarithms: about shares of the value.
    """

    tokens: float
    width_now: float
    width_after: float


def next_runs(replicates: Bootstrap, goal: float, budgets: Sequence[float] | None = None) -> list[NextRun]:
    """Candidates for the next run with the prediction at `goal` tokens in mind, the most useful first.

    `budgets` are the candidates; by default every observed budget again and BEYOND times the largest, those below
    the goal: a run at the goal itself leaves nothing to predict. Empty for a flat fit, and where the law has as many
    parameters as there are observations.
    """
    fitted = replicates.fit
    left = len(fitted.values) - fitted.law.degrees
    if fitted.is_flat or left <= 0:
        return []
    if budgets is None:
        seen = np.unique(fitted.tokens[fitted.tokens > 0])
        budgets = [*seen, *(seen[-1] * np.array(BEYOND))]
        budgets = [tokens for tokens in budgets if tokens < goal * 0.999]
    candidates = np.array(sorted(set(map(float, budgets))))
    if not len(candidates):
        return []
    noise = max(float(np.sqrt(fitted.squares / left)), LEAST_NOISE)
    goals = np.log(replicates.values(np.array([goal]))[:, 0])
    shown = np.log(replicates.values(candidates))
    # The same noise for every candidate, so that they are compared on equal terms.
    drawn = np.random.default_rng(seed_of("next_runs")).normal(0.0, noise, len(goals))
    now = _width(goals)
    after = [min(now, _width_left(column + drawn, goals)) for column in shown.T]
    found = [NextRun(float(tokens), now, width) for tokens, width in zip(candidates, after, strict=True)]
    return sorted(found, key=lambda run: (run.width_after, run.tokens))


def _width(log_values: Array) -> float:
    low, high = np.quantile(log_values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(high - low)


def _width_left(shown: Array, goals: Array) -> float:
    """The mean width of `goals` among replicates that show about the same."""
    size = max(8, min(IN_A_BIN, len(goals) // 10))
    order = np.argsort(shown, kind="stable")
    whole = order[: len(order) // size * size].reshape(-1, size)
    x, y = shown[whole], goals[whole]
    x, y = x - x.mean(axis=1, keepdims=True), y - y.mean(axis=1, keepdims=True)
    spread = (x**2).sum(axis=1, keepdims=True)
    slope = np.divide((x * y).sum(axis=1, keepdims=True), spread, out=np.zeros_like(spread), where=spread > 0)
    low, high = np.quantile(y - slope * x, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=1)
    return float((high - low).mean())
