"""Pieces that the skills on data sets share: a drawn data set, its middle, its sum as it is written."""

from collections.abc import Sequence
from fractions import Fraction
from random import Random

from synth_assets.teachers.embedded.skill import Number, Parameters
from synth_assets.teachers.embedded.skills.chance.feeding import whole_between


def middle(ordered: Sequence[Fraction]) -> Fraction:
    """The median of values in order of size."""
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def added(values: Sequence[Fraction]) -> str:
    """The values with plus signs between them, negative ones in brackets."""
    return " + ".join(str(value) if value >= 0 else f"({value})" for value in values)


def data_and_one_more(rng: Random, difficulty: int, fed: Number | None) -> Parameters | None:
    """Values `data`, and a further value `extra` that an earlier result may supply."""
    extra = whole_between(rng, fed, 2, 20 * difficulty, 10**5)
    if extra is None:
        return None
    high = max(extra + 3, 20 * difficulty)
    data = tuple(rng.randint(max(1, extra - 15 * difficulty), high) for _ in range(rng.randint(4, 4 + 2 * difficulty)))
    return {"data": data, "extra": extra}
