"""The vote among several answers to one question: our addition to the paper (section 2.3), which takes one."""

from collections.abc import Sequence
from dataclasses import dataclass

from synth_assets.final_answers import same_answer


@dataclass(frozen=True)
class Vote:
    """The winner's place among the answers, and the share of the answers that equal it."""

    winner: int
    agreement: float


def vote(final_answers: Sequence[str]) -> Vote:
    """The largest group of mathematically equal answers; ties go to the group that appeared first.

    Raises ValueError where there is no answer at all.
    """
    if not final_answers:
        raise ValueError("there is no answer to vote on")
    groups: list[list[int]] = []
    for place, answer in enumerate(final_answers):
        for group in groups:
            if same_answer(final_answers[group[0]], answer):
                group.append(place)
                break
        else:
            groups.append([place])
    largest = max(groups, key=len)
    return Vote(largest[0], len(largest) / len(final_answers))
