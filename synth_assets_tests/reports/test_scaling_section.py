"""The report tells what the curves say in words, shows the published ones beside them, and escapes names."""

import polars as pl
import pytest

from synth_assets.reports.pages import page, shown
from synth_assets.reports.scaling_section import ScalingSection, scaling_section
from synth_assets.scaling.series import fit_series
from synth_assets.scaling.stage import Fits
from synth_assets.tables import SCALING_CONCLUSIONS, SCALING_OBSERVATIONS, SCALING_PREDICTIONS
from synth_assets_tests.reports.reader import Reader
from synth_assets_tests.scaling.curves import BUDGETS, noisy, observations, rectified

NAME = "<b>bold</b>"


def written(section: ScalingSection, fits: Fits) -> str:
    found = {"fits": fits.fits().rows.to_dicts(), "predictions": fits.predictions([1e6]).to_dicts(), "runs": []}
    return page("scaling_section.html.j2").render(scaling=section, found=found, shown=shown)


@pytest.fixture(scope="module")
def observed() -> pl.DataFrame:
    return observations(NAME, BUDGETS, noisy(rectified(BUDGETS, 560.0, 166.0, 0.455, 1.07), 0.005, seed=1))


@pytest.fixture(scope="module")
def fits(observed: pl.DataFrame) -> Fits:
    return Fits(*fit_series(observed))


@pytest.fixture(scope="module")
def section(observed: pl.DataFrame, fits: Fits) -> ScalingSection:
    return scaling_section(observed, fits.predictions([1e6]), fits.conclusions([1.5]), held_out_budgets=1)


@pytest.fixture(scope="module")
def read(section: ScalingSection, fits: Fits) -> Reader:
    return Reader(written(section, fits))


def test_winner_hold_out_plateau_and_targets_are_told(read: Reader, section: ScalingSection) -> None:
    text = " ".join(read.text.split())
    assert f"{NAME}: the rectified law wins: hold-out error" in text
    assert f"{NAME} at answer_loss 1.5: after" in text
    assert f"{NAME}: from " in text and "tokens on (90% interval:" in text
    (group,) = section.groups
    assert [row["tokens"] for row in group.foretold] == [BUDGETS[-1]]


def test_a_name_with_markup_is_shown_as_text(read: Reader) -> None:
    assert "b" not in read.tags


def test_the_published_curves_are_held_against_the_points_of_the_paper(read: Reader) -> None:
    text = " ".join(read.text.split())
    for row in ("3B point 4.5B 40 42 2", "8B point 4.5B 28.7 30.8 2.1"):
        assert row in text


def test_without_curves_the_published_ones_are_shown_all_the_same() -> None:
    empty = SCALING_OBSERVATIONS.empty()
    section = scaling_section(empty, SCALING_PREDICTIONS.empty(), SCALING_CONCLUSIONS.empty(), 1)
    assert section.groups == [] and len(section.published) == 16
    assert "There are no learning curves yet." in Reader(written(section, Fits([], []))).text


def test_a_held_out_budget_without_an_interval_counts_neither_as_within_nor_as_outside() -> None:
    flat = observations("flat", BUDGETS, BUDGETS * 0.0 + 1.0)
    falling = observations("falling", BUDGETS, noisy(rectified(BUDGETS, 560.0, 166.0, 0.455, 1.07), 0.005, seed=1))
    seen = pl.concat([flat, falling])
    fits = Fits(*fit_series(seen))
    (group,) = scaling_section(seen, fits.predictions([1e6]), fits.conclusions(), held_out_budgets=1).groups
    assert {row["model"] for row in group.foretold} == {"flat", "falling"}
    assert [row["model"] for row in group.bounded] == ["falling"]
