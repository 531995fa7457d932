"""The vote among several answers to one question (our addition to the paper's section 2.3, which takes one unverified)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


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
            if equal(final_answers[group[0]], answer):
                group.append(place)
                break
        else:
            groups.append([place])
    largest = max(groups, key=len)
    return Vote(largest[0], len(largest) / len(final_answers))


def equal(first: str, second: str) -> bool:
    """Whether two final answers are the same mathematically: as text, as exact numbers, or by math-verify."""
    first, second = _plain(first), _plain(second)
    if first == second:
        return True
    numbers = _number(first), _number(second)
    if None not in numbers:
        return numbers[0] == numbers[1]
    from math_verify import parse, verify

    return bool(verify(parse(f"${first}$"), parse(f"${second}$")))


def _plain(answer: str) -> str:
    answer = answer.strip().rstrip(".").strip("$").strip()
    return re.sub(r"(?<=\d),(?=\d{3}\b)", "", answer)


def _number(answer: str) -> Fraction | None:
    try:
        return Fraction(answer.replace(" ", ""))
    except (ValueError, ZeroDivisionError):
        return None
