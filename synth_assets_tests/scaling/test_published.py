"""The paper's curves give its Table 1, and miss its own points."""

import numpy as np
import polars as pl
import pytest

from synth_assets.scaling.published import INVERTED, LARGEST_SET, OBSERVED, TABLE_1, TABLE_1_TOKENS, comparison
from synth_assets.scaling.published_plot import published_curves


@pytest.mark.parametrize("model", list(TABLE_1))
def test_the_inverted_curves_give_table_1_to_its_rounding(model) -> None:
    accuracies = 100.0 - INVERTED[model].error(np.array(TABLE_1_TOKENS) * 1e9)
    assert tuple(np.round(accuracies, 1)) == TABLE_1[model]


@pytest.mark.parametrize(("model", "curve", "measured"), [("3B", 42.0, 40.0), ("8B", 30.8, 28.7)])
def test_they_miss_what_the_paper_measured_at_its_largest_set(model, curve, measured) -> None:
    row = comparison().filter(pl.col("tokens") == LARGEST_SET, model=model, what="point")
    assert row["curve"].round(1).item() == curve
    assert row["published"].item() == OBSERVED[model][1] == measured


def test_they_have_the_properties_the_paper_prints() -> None:
    assert INVERTED["3B"].beta == INVERTED["8B"].beta
    assert INVERTED["8B"].B / INVERTED["8B"].D_l == pytest.approx(56.3, abs=0.05)


def test_the_smaller_model_ends_below_the_larger_one() -> None:
    small, large = (INVERTED[model].error(np.array([LARGEST_SET, 4e12])) for model in ("3B", "8B"))
    assert small[0] > large[0] and small[1] < large[1]


def test_every_number_of_the_paper_is_compared() -> None:
    assert dict(comparison().group_by("what").len().iter_rows()) == {"point": 4, "Table 1": 12}


@pytest.mark.slow
def test_the_picture_repeats_byte_for_byte() -> None:
    assert published_curves() == published_curves()
