"""The vote among several answers to one question: our addition to the paper (section 2.3), which takes one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Vote:
    """The winner's place among the answers, and the share of the answers that equal it."""

    winner: int
    agreement: float


def vote(groups: Sequence[int]) -> Vote:
    """The largest group of equal answers, given each answer's group; ties go to the group that appeared first.

    Raises ValueError where there is no answer at all.
    """
    if not groups:
        raise ValueError("there is no answer to vote on")
    (largest, size), *_ = Counter(groups).most_common(1)
    return Vote(list(groups).index(largest), size / len(groups))
