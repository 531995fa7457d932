"""Pictures show every model, repeat byte for byte, and refuse to be empty."""

import numpy as np
import polars as pl
import pytest

from synth_assets.scaling.laws import POWER
from synth_assets.scaling.plots import learning_curves, tokens_text
from synth_assets_tests.scaling.curves import BUDGETS, noisy, observations, rectified

TOKENS = np.concatenate([[0.0], BUDGETS[::2]])


def two_models() -> pl.DataFrame:
    fitted = observations("small", TOKENS, noisy(rectified(TOKENS, 560.0, 166.0, 0.455, 1.07), 0.01, seed=1))
    return pl.concat([fitted, observations("short", TOKENS[:3], np.array([4.0, 3.0, 2.5]))])


def test_a_picture_is_png_and_svg_and_repeats_byte_for_byte() -> None:
    picture = learning_curves(two_models(), "all", "answer_loss")
    assert picture.png.startswith(b"\x89PNG")
    assert "<svg" in picture.svg
    assert picture == learning_curves(two_models(), "all", "answer_loss")


def test_one_model_and_the_plain_law_can_be_chosen() -> None:
    picture = learning_curves(two_models(), "all", "answer_loss", law=POWER, models=["small"])
    assert picture != learning_curves(two_models(), "all", "answer_loss", models=["small"])


def test_a_constant_series_can_be_drawn() -> None:
    flat = observations("flat", TOKENS, np.ones(len(TOKENS)), metric="error")
    assert learning_curves(flat, "all", "error").png


def test_nothing_to_draw_is_an_error() -> None:
    with pytest.raises(ValueError, match="no observations of error on training set all"):
        learning_curves(two_models(), "all", "error")


@pytest.mark.parametrize(("tokens", "text"), [(200, "200"), (1e4, "10K"), (4.5e6, "4.5M"), (1e9, "1B"), (2e12, "2T")])
def test_tokens_are_written_short(tokens, text) -> None:
    assert tokens_text(tokens) == text
