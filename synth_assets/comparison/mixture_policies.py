"""Which arm the next training tokens are drawn from: policies with one interface, pure functions of what was drawn.

An arm is a method or a topic. Before each slice of training a policy is asked to choose, given the history: for every
slice so far its arm, its tokens and its gain (the fall of the validation loss, nats a token). The bandit's rule is
`bandit.py`'s subject; how a student is trained on what was chosen is no business of this room.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from synth_assets.comparison.bandit import WindowedBandit
from synth_assets.comparison.mixture_history import History

UCB, UNIFORM, PROPORTIONAL = "ucb", "uniform", "proportional"


@dataclass(frozen=True)
class FixedShares:
    """Each arm gets its share of the tokens, whatever is gained.

    The arm chosen is the one whose tokens lag furthest behind its share, so that at any moment the tokens of each are
    within a slice of it; nothing is drawn at random. weights: by arm, positive; shares are in proportion.
    """

    name: str
    weights: Mapping[str, float]

    def choose(self, history: History) -> tuple[str, float | None]:
        """The arm of the next slice; there is no upper bound."""
        drawn = dict.fromkeys(self.weights, 0.0)
        for arm, tokens, _ in history:
            drawn[arm] += tokens
        everything, in_all = sum(self.weights.values()), sum(drawn.values())
        # Before the first slice shares of nothing are all alike: the largest weight comes first.
        return max(drawn, key=lambda arm: (self._share(arm, everything, in_all) - drawn[arm], self.weights[arm])), None

    def rewards(self, history: History) -> Sequence[float | None]:
        """None for every slice: gains are not looked at."""
        return [None] * len(history)

    def _share(self, arm: str, everything: float, in_all: float) -> float:
        return self.weights[arm] / everything * in_all


Policy = WindowedBandit | FixedShares

_MAKERS: Mapping[str, Callable[[Mapping[str, int], int], Policy]] = {
    UCB: lambda tokens, seed: WindowedBandit(UCB, tuple(tokens), seed),
    UNIFORM: lambda tokens, seed: FixedShares(UNIFORM, dict.fromkeys(tokens, 1.0)),
    PROPORTIONAL: lambda tokens, seed: FixedShares(PROPORTIONAL, {arm: float(held) for arm, held in tokens.items()}),
}

POLICIES = tuple(_MAKERS)
"""Names of the policies."""


def policy_of(name: str, tokens: Mapping[str, int], seed: int) -> Policy:
    """The policy of that name over arms that hold so many tokens each.

    `seed` decides the order in which the bandit first tries the arms; the others do not need it.
    """
    return _MAKERS[name](tokens, seed)
