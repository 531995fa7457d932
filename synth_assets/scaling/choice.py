"""Which of two laws describes a learning curve better: by hold-out and by the corrected Akaike criterion.

What lives here: the rule and its words. The two criteria ask different things: AICc how well the law follows the
budgets seen, for its number of parameters; the hold-out how well it foretold budgets it had not seen. A law wins where
one of them is for it and the other not against it.

Neither can be trusted blindly. Two laws that both miss the held-out budgets by far are not told apart by which missed
less. With one or two observations to spare the correction of AICc outweighs any fit, so that the plain law would win
whatever the data say; the F test of the parameter it lacks, D_l, stands in for it there.
"""

from dataclasses import dataclass
from typing import Literal

from scipy.stats import f as f_distribution

from synth_assets.scaling.fitting import Fit
from synth_assets.scaling.series import FittedSeries

AICC_LEAST = 2.0
"""A smaller difference in AICc says nothing (the usual rule of thumb)."""
ERROR_LEAST = 0.10
"""A hold-out error must be smaller by this share of the larger one to count."""

FAILED = 0.20
"""With hold-out errors above this both laws have failed, and neither is preferred."""
SPARE_LEAST = 3
"""AICc counts with at least so many observations beyond what makes it finite."""
SIGNIFICANT = 0.05

Winner = Literal["rectified", "power", "undecided"]


@dataclass(frozen=True)
class Choice:
    """The winner between the rectified law and the plain one on a series, and the reasons in words."""

    winner: Winner
    said: str


def choose(rectified: FittedSeries, plain: FittedSeries) -> Choice:
    """Compare the two laws fitted to one series."""
    if rectified.fit.is_flat and plain.fit.is_flat:
        return Choice("undecided", "neither law has anything to describe: the values do not fall with data")
    by_aicc, aicc_words = _by_fit(rectified.fit, plain.fit)
    by_error, error_words = _by_error(_error(rectified), _error(plain))
    words = f"{error_words}; {aicc_words}"
    votes = {vote for vote in (by_aicc, by_error) if vote is not None}
    if len(votes) == 1:
        winner = votes.pop()
        name = "rectified" if winner == "rectified" else "plain"
        return Choice(winner, f"the {name} law wins: {words}")
    if votes:
        return Choice("undecided", f"the two criteria disagree: {words}")
    return Choice("undecided", f"the data do not tell the laws apart: {words}")


def _error(of: FittedSeries) -> float | None:
    return None if of.held_out is None else of.held_out.error


def _by_fit(rectified: Fit, plain: Fit) -> tuple[Winner | None, str]:
    points = int((rectified.tokens > 0).sum())
    # The noise variance counts as a parameter of AICc.
    if (
        points - (rectified.law.degrees + 1) - 1 >= SPARE_LEAST
        and rectified.aicc is not None
        and plain.aicc is not None
    ):
        return _by_aicc(plain.aicc - rectified.aicc)
    spare = points - rectified.law.degrees
    if spare < 1:
        return None, "too few budgets to compare how they fit"
    squares, gained = rectified.log_rmsd**2, plain.log_rmsd**2 - rectified.log_rmsd**2
    chance = float(f_distribution.sf(max(gained, 0.0) / squares * spare, 1, spare)) if squares > 0 else 0.0
    words = f"F test of D_l p = {chance:.2g}"
    return ("rectified" if chance < SIGNIFICANT else None), words


def _by_aicc(gain: float) -> tuple[Winner | None, str]:
    if abs(gain) < AICC_LEAST:
        return None, f"AICc within {AICC_LEAST:g}"
    return ("rectified" if gain > 0 else "power"), f"AICc lower by {abs(gain):.1f} for the {_name(gain > 0)} law"


def _by_error(rectified: float | None, plain: float | None) -> tuple[Winner | None, str]:
    if rectified is None or plain is None:
        return None, "too few budgets for a hold-out"
    words = f"hold-out error {rectified:.2%} rectified, {plain:.2%} plain"
    if min(plain, rectified) > FAILED:
        return None, f"both failed to foretell the largest budgets ({words})"
    if abs(plain - rectified) <= ERROR_LEAST * max(plain, rectified):
        return None, words
    return ("rectified" if rectified < plain else "power"), words


def _name(rectified: bool) -> str:
    return "rectified" if rectified else "plain"
