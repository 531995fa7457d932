"""Pictures show every model, repeat byte for byte, and refuse to be empty."""

import numpy as np
import polars as pl
import pytest

from synth_assets.scaling.laws import POWER
from synth_assets.scaling.plot_axes import FORMATS, save
from synth_assets.scaling.plots import curves_figure, curves_of, learning_curves
from synth_assets.scaling.series import fit_series
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


@pytest.mark.slow
def test_one_model_and_the_plain_law_can_be_chosen() -> None:
    picture = learning_curves(two_models(), "all", "answer_loss", law=POWER, models=["small"])
    assert picture != learning_curves(two_models(), "all", "answer_loss", models=["small"])


def test_a_constant_series_can_be_drawn() -> None:
    flat = observations("flat", TOKENS, np.ones(len(TOKENS)), metric="error")
    assert learning_curves(flat, "all", "error").png


def test_nothing_to_draw_is_an_error() -> None:
    with pytest.raises(ValueError, match="no observations of error on training set all"):
        learning_curves(two_models(), "all", "error")


@pytest.mark.slow
def test_held_out_budgets_are_drawn_as_such() -> None:
    plain = learning_curves(two_models(), "all", "answer_loss")
    assert learning_curves(two_models(), "all", "answer_loss", held_out_budgets=2) != plain


def test_more_models_than_colours_can_be_drawn_and_each_stands_in_the_legend() -> None:
    names = [f"model-{number:02}" for number in range(11)]
    rows = pl.concat([observations(name, TOKENS[:3], np.array([4.0, 3.0, 2.5])) for name in names])
    (figure,) = [curves_figure(curves_of(rows, [], POWER), POWER)]
    legend = figure.axes[0].get_legend()
    assert [text.get_text().split()[0] for text in legend.get_texts()] == names


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.slow
def test_a_figure_is_written_in_every_format_and_repeats_byte_for_byte(tmp_path, suffix) -> None:
    fitted, _ = fit_series(two_models())
    paths = [tmp_path / f"{name}{suffix}" for name in ("first", "second")]
    for path in paths:
        save(curves_figure(curves_of(two_models(), fitted, POWER), POWER), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
