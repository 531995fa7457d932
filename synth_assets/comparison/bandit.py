"""A bandit over what to train on next: upper confidence bounds over the latest slices, gains judged as they are made.

Kerim et al. 2024 (arXiv 2412.05466) choose synthetic images by an upper confidence bound on a measure of their worth
that changes as the model learns. Here an arm is a method or topic, and the measure is the student's own gain.

Plain UCB1 takes an arm's reward to be the same at all times and to lie in [0, 1]. Neither holds: gains fall by orders
of magnitude as a student learns and its learning rate falls, and what has been learnt is worth less. Hence two changes.
A gain is judged when it is made, against the few just before it, whatever their arms: so the common fall counts against
no arm (Graves et al. 2017, "Automated curriculum learning", rescale theirs by quantiles of all that came before, which
such a fall would still press together). And means and bounds are over the latest slices alone (the sliding window of
Garivier and Moulines 2011, "On upper-confidence bound policies for switching bandit problems"), so that an arm that has
become useful, or useless, is seen to be so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log, sqrt

from synth_assets.comparison.mixture_history import History
from synth_assets.seeds import generator_of

WINDOW = 32
"""Slices looked back on (we choose); an arm not drawn for so long is tried again."""
JUDGED_BY = 8
"""A gain is judged by so many before it (we choose): few, so that all were made by nearly the same student."""
EXPLORATION = 0.2
"""How far the bound lies above the mean (we choose): times the root of ln(slices in the window) / slices of the arm."""


@dataclass(frozen=True)
class WindowedBandit:
    """Draws from the arm with the highest upper bound on its mean reward over the latest `window` slices.

    An arm without a slice in the window has an infinite bound. Arms that tie are taken in an order drawn by `seed`.
    """

    name: str
    arms: tuple[str, ...]
    seed: int
    window: int = WINDOW
    judged_by: int = JUDGED_BY
    exploration: float = EXPLORATION

    def choose(self, history: History) -> tuple[str, float | None]:
        """The arm of the next slice and its upper bound."""
        bounds = self.bounds(history)
        order = sorted(self.arms)
        generator_of("arms in order", self.seed).shuffle(order)
        chosen = max(order, key=bounds.__getitem__)
        return chosen, bounds[chosen]

    def bounds(self, history: History) -> dict[str, float]:
        """By arm, the upper bound on its mean reward."""
        latest = list(zip(history, self.rewards(history), strict=True))[-self.window :]
        of_arms: dict[str, list[float]] = {arm: [] for arm in self.arms}
        for (arm, _, _), reward in latest:
            of_arms[arm].append(reward)
        return {
            arm: sum(own) / len(own) + self.exploration * sqrt(log(len(latest)) / len(own)) if own else inf
            for arm, own in of_arms.items()
        }

    def rewards(self, history: History) -> Sequence[float]:
        """By slice, what its gain is worth: 0.5 for the mean of those just before it, 1 for twice that, 0 for none."""
        gains = [gain for _, _, gain in history]
        return [_reward(gains[place], gains[max(0, place - self.judged_by) : place]) for place in range(len(gains))]


def _reward(gain: float, before: Sequence[float]) -> float:
    """In [0, 1]. Where gains have both signs, their mean absolute value is the measure of twice as much."""
    if not before:
        return 0.5
    more, size = gain - sum(before) / len(before), sum(map(abs, before)) / len(before)
    if size == 0:
        return 0.5 if more == 0 else float(more > 0)
    return min(1.0, max(0.0, 0.5 + 0.5 * more / size))
