"""The methods side by side, on runs whose truth is known."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
import pytest

from synth_assets.comparison.method_pictures import MARKERS, methods_picture
from synth_assets.comparison.methods import at_largest, comparison_rows, pair_rows
from synth_assets.generation.methods import METHODS as REGISTRY
from synth_assets.pictures import PALETTE
from synth_assets.tables import STUDENT_RUNS

METHODS = ("level_1", "level_2", "persona")
QUESTIONS = 120


def runs_of(
    shares: Mapping[str, float], seeds: Sequence[int] = (0, 1, 2), budgets: Sequence[int] = (0, 1000, 2000)
) -> pl.DataFrame:
    """Runs in which each training set's students answer that share rightly at the largest budget; none untrained."""
    hard = np.random.default_rng(7).random(QUESTIONS)
    rows = []
    for training_set, share in shares.items():
        for budget in budgets:
            for seed in seeds:
                random = np.random.default_rng([seed, budget, *training_set.encode()])
                reached = share * budget / max(budgets)
                right = (hard + random.normal(0, 0.1, QUESTIONS)) < reached
                rows.append(
                    {
                        "training_set": training_set, "student": "student-23k", "parameters": 23_000,
                        "run_id": f"{training_set} {budget} {seed}", "budget": budget, "unique_tokens": budget,
                        "trained_tokens": 3 * budget, "epochs": 3, "seed": seed, "answer_loss": 3.0 - reached,
                        "error": 1 - right.mean(), "evaluated_questions": QUESTIONS, "right": right.tolist(),
                        "seconds": 1.0, "tokens_per_second": None,
                    }
                )  # fmt: skip
    return pl.DataFrame(rows, schema=STUDENT_RUNS.schema)


def test_every_method_student_and_budget_has_its_error_with_an_interval_and_all_is_no_method() -> None:
    runs = runs_of({"all": 0.9, "level_1": 0.3, "level_2": 0.6})
    rows = comparison_rows(runs, METHODS)
    assert rows.select("method", "budget").rows() == [
        (method, budget) for budget in (0, 1000, 2000) for method in ("level_1", "level_2")
    ]
    of_runs = runs.group_by("training_set", "budget").agg(pl.col("error").mean())
    for method, budget, error, low, high in rows.select(
        "method", "budget", "error", "error_low", "error_high"
    ).iter_rows():
        assert error == pytest.approx(of_runs.filter(training_set=method, budget=budget)["error"].item())
        assert 0 <= low <= error <= high <= 1
    assert rows["seeds"].unique().to_list() == [3]
    assert rows["questions"].unique().to_list() == [QUESTIONS]


def test_a_real_difference_is_shown_and_none_is_made_up() -> None:
    pairs = pair_rows(runs_of({"level_1": 0.3, "level_2": 0.6, "persona": 0.3}), METHODS)
    largest = {(row["first"], row["second"]): row for row in pairs.filter(budget=2000).iter_rows(named=True)}
    assert list(largest) == [("level_1", "level_2"), ("level_1", "persona"), ("level_2", "persona")]
    apart = largest["level_1", "level_2"]
    assert apart["low"] > 0.1 and apart["q_value"] < 0.01
    assert apart["said"].startswith("level_2 errs") and "less than level_1" in apart["said"]
    alike = largest["level_1", "persona"]
    assert alike["low"] <= 0 <= alike["high"] and alike["q_value"] > 0.05
    assert alike["said"].startswith("no difference is shown")
    assert all(row["q_value"] >= row["p_value"] for row in largest.values())


def test_untrained_students_are_not_compared_and_one_method_alone_has_no_pair() -> None:
    assert pair_rows(runs_of({"level_1": 0.3, "level_2": 0.6}), METHODS)["budget"].unique().sort().to_list() == [
        1000,
        2000,
    ]
    assert pair_rows(runs_of({"level_1": 0.3}), METHODS).is_empty()


def test_a_method_that_ends_at_an_earlier_budget_is_compared_up_to_there_and_left_out_of_nothing() -> None:
    runs = runs_of({"level_1": 0.3, "level_2": 0.6, "persona": 0.3})
    ended = runs.filter((pl.col("training_set") != "persona") | (pl.col("budget") < 2000))
    largest = at_largest(comparison_rows(ended, METHODS), "method").sort("method")
    assert largest.select("method", "budget").rows() == [("level_1", 2000), ("level_2", 2000), ("persona", 1000)]
    pairs = at_largest(pair_rows(ended, METHODS), "first", "second").sort("first", "second")
    assert pairs.select("first", "second", "budget").rows() == [
        ("level_1", "level_2", 2000), ("level_1", "persona", 1000), ("level_2", "persona", 1000)
    ]  # fmt: skip


def test_with_one_seed_it_says_that_training_is_not_in_the_interval() -> None:
    pairs = pair_rows(runs_of({"level_1": 0.3, "level_2": 0.6}, seeds=(0,)), METHODS)
    assert all("one seed" in said for said in pairs["said"])
    assert pairs["loss_p_value"].null_count() == pairs.height


def test_runs_of_before_whose_answers_were_not_kept_are_left_out() -> None:
    runs = runs_of({"level_1": 0.3, "level_2": 0.6})
    old = runs.with_columns(right=pl.when(pl.col("training_set") == "level_1").then(None).otherwise("right"))
    assert comparison_rows(old, METHODS)["method"].unique().to_list() == ["level_2"]


def test_the_picture_has_a_line_for_each_method() -> None:
    picture = methods_picture(comparison_rows(runs_of({"level_1": 0.3, "level_2": 0.6}), METHODS))
    assert "level 1" in picture.svg and "level 2" in picture.svg
    assert picture.png.startswith(b"\x89PNG")


def test_every_method_has_a_colour_and_a_marker_of_its_own() -> None:
    assert len(set(PALETTE)) >= len(REGISTRY) and len(set(MARKERS)) >= len(REGISTRY)
