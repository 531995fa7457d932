"""Learning curves the tests of this room share: made from known laws, and read from the public files where present."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from synth_assets import tables
from synth_assets.scaling.laws import Array

BUDGETS = np.geomspace(200.0, 1.6384e6, 14)
SHARED = Path(os.environ.get("SYNTH_ASSETS_SHARED", Path(__file__).parents[3] / "shared"))


def rectified(tokens: Array, b: float, d_l: float, beta: float, e: float) -> Array:
    """The rectified law as the paper writes it."""
    return b / (d_l + tokens**beta) + e


def noisy(values: Array, noise: float, seed: int) -> Array:
    """Values with log-normal noise of the given relative size."""
    spread = np.random.default_rng(seed).normal(0.0, noise, len(values))
    return values * np.exp(spread)


def observations(model: str, tokens: Array, values: Array, metric: str = "answer_loss") -> pl.DataFrame:
    """A `scaling_observations` frame of one series; repeated tokens get their own seeds."""
    frame = pl.DataFrame({"tokens": tokens, "value": values}).with_columns(
        seed=pl.int_range(pl.len()).over("tokens"),
        source=pl.lit("test"),
        training_set=pl.lit("all"),
        model=pl.lit(model),
        parameters=pl.lit(None, dtype=pl.Int64),
        metric=pl.lit(metric),
        data_snapshot=pl.lit(None, dtype=pl.String),
    )
    return tables.SCALING_OBSERVATIONS.conform(frame)


def public_curves(name: str) -> Iterator[tuple[str, Array, Array]]:
    """(model, tokens, values) of a public file of 30 fine-tuning curves, D = 0 left out; skips where it is absent."""
    path = SHARED / "scaling" / name
    if not path.exists():
        pytest.skip(f"public curves {name} are not here")
    frame = pl.read_csv(path)
    budgets = [column for column in frame.columns if column.isdigit() and column != "0"]
    for row in frame.iter_rows(named=True):
        yield row["config name"], np.array(budgets, dtype=float), np.array([row[b] for b in budgets], dtype=float)
