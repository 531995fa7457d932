"""What follows from the fits is told of one law a training set and metric, in numbers and in sentences."""

import polars as pl
import pytest

from synth_assets import tables
from synth_assets.scaling.stage import conclude
from synth_assets_tests.scaling.curves import BUDGETS, noisy, observations, rectified


def curves() -> pl.DataFrame:
    small = observations("small", BUDGETS, noisy(rectified(BUDGETS, 560.0, 166.0, 0.455, 1.07), 0.005, seed=1))
    large = observations("large", BUDGETS, noisy(rectified(BUDGETS, 400.0, 150.0, 0.455, 0.9), 0.005, seed=2))
    short = observations("short", BUDGETS[:2], BUDGETS[:2] / BUDGETS[:2])
    sized = [(small, 1000), (large, 2000), (short, 10)]
    return tables.SCALING_OBSERVATIONS.conform(pl.concat(rows.with_columns(parameters=size) for rows, size in sized))


@pytest.fixture(scope="module")
def concluded() -> pl.DataFrame:
    return conclude(curves(), targets=[1.5, 0.1], replicates=0)


def test_each_curve_that_both_laws_fit_has_a_winner(concluded) -> None:
    laws = concluded.filter(kind="law")
    assert laws.select("model", "law").rows() == [("large", "rectified"), ("small", "rectified")]
    assert laws["said"][1].startswith("small: the rectified law wins: hold-out error ")


def test_a_target_is_told_of_each_model_the_smallest_first(concluded) -> None:
    targets = concluded.filter(kind="target")
    assert targets.select("about", "model").rows() == [
        ("0.1", "small"),
        ("0.1", "large"),
        ("1.5", "small"),
        ("1.5", "large"),
    ]
    never, reached = targets.row(0, named=True), targets.row(2, named=True)
    assert never["tokens"] is None
    assert never["said"] == "small at answer_loss 0.1: never; the target is below every floor E that the data allow."
    assert reached["tokens_low"] < reached["tokens"] < reached["tokens_high"]
    assert reached["said"].startswith("small at answer_loss 1.5: after ")


def test_rows_conform_to_their_table_and_keys_are_unique(concluded) -> None:
    assert concluded.schema == tables.SCALING_CONCLUSIONS.schema
    assert not concluded.select(tables.SCALING_CONCLUSIONS.key).is_duplicated().any()


def test_without_replicates_nothing_is_said_of_crossings_and_next_runs(concluded) -> None:
    assert set(concluded["kind"]) == {"law", "target"}


@pytest.mark.slow
def test_the_order_of_the_observations_does_not_matter(concluded) -> None:
    again = curves().sample(fraction=1.0, shuffle=True, seed=1)
    assert conclude(again, targets=[0.1, 1.5], replicates=0).equals(concluded)


def test_no_observations_no_conclusions() -> None:
    assert conclude(tables.SCALING_OBSERVATIONS.empty(), replicates=0).is_empty()


@pytest.mark.slow
def test_with_replicates_every_pair_is_compared_and_each_model_gets_its_next_run() -> None:
    rows = conclude(curves(), goal=1e8, replicates=60)
    crossings, runs = rows.filter(kind="crossing"), rows.filter(kind="next_run")
    assert crossings.select("model", "about").rows() == [("small", "large")]
    assert crossings["said"][0].startswith("small and large: the fitted curves ")
    assert runs.select("model", "about").rows() == [("small", "100M"), ("large", "100M")]
    assert (runs["width_after"] < runs["width_now"]).all()
    assert rows.equals(conclude(curves(), goal=1e8, replicates=60))
