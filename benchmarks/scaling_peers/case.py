"""The curves that are fitted, kept in a folder; `making` writes them.

Public ones where they are at hand: the fine-tuning curves of arXiv 2402.02314, 30 models by 14 budgets a file. Else as
many are drawn from the rectified law.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl

from synth_assets.scaling.laws import Array

FILES = ("finetuning_flan.csv", "finetuning_wmt19.csv")
DRAWN, NOISE = 60, 0.01


class Part(StrEnum):
    """What is measured."""

    FITS = "fits"
    BOOTSTRAP = "bootstrap"

    @property
    def title(self) -> str:
        """At the head of its table."""
        return "the rectified law" if self is Part.FITS else "bootstrap of one curve"

    @property
    def units(self) -> str:
        """What is counted."""
        return "curves" if self is Part.FITS else "replicates"


@dataclass(frozen=True)
class Case:
    """Curves in `folder`."""

    folder: Path

    @cached_property
    def tokens(self) -> Array:
        """Budgets, [n]."""
        tokens: Array = np.load(self.folder / "tokens.npy")
        return tokens

    @cached_property
    def values(self) -> Array:
        """A curve a row, [c, n]."""
        values: Array = np.load(self.folder / "values.npy")
        return values

    @cached_property
    def weights(self) -> Array:
        """How often each observation of the first curve counts in each replicate, [r, n]."""
        weights: Array = np.load(self.folder / "weights.npy")
        return weights

    def units(self, part: Part) -> int:
        """How many curves or replicates there are."""
        return len(self.values) if part is Part.FITS else len(self.weights)

    def kept(self, part: Part, number: int) -> Path:
        """Where the results of a contender are kept, to be compared with the others'."""
        return self.folder / f"{part}-{number}.npz"


def public_curves(folder: Path) -> tuple[Array, Array]:
    """Budgets [n] and values [c, n] of the public files in `folder`, D = 0 left out. FileNotFoundError without them."""
    frames = [pl.read_csv(folder / name) for name in FILES]
    budgets = [name for name in frames[0].columns if name.isdigit() and name != "0"]
    values = np.concatenate([frame.select(pl.col(budgets).cast(pl.Float64)).to_numpy() for frame in frames])
    return np.array(budgets, dtype=float), values


def drawn_curves(seed: int) -> tuple[Array, Array]:
    """Budgets and values of curves drawn from the rectified law, as steep and as high as the public ones."""
    random = np.random.default_rng(seed)
    tokens = 200.0 * 2.0 ** np.arange(14)
    middle, beta = random.uniform(6.0, 12.0, (DRAWN, 1)), random.uniform(0.2, 0.7, (DRAWN, 1))
    floor, drop = random.uniform(0.3, 1.5, (DRAWN, 1)), random.uniform(1.5, 4.0, (DRAWN, 1))
    values = floor + drop / (1.0 + np.exp(beta * (np.log(tokens) - middle)))
    return tokens, values * np.exp(random.normal(0.0, NOISE, values.shape))
