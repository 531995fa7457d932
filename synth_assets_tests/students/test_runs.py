"""Runs: one a budget and seed, repeated only when what they measure changes."""

import dataclasses

import polars as pl
import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.students.profiles import PROFILES
from synth_assets.students.runs import RunProgress, StudentRuns, run_students
from synth_assets.students.training_sets import build
from synth_assets.tables import STUDENT_RUNS, STUDENT_SCORES

STUDENT = "student-23k"
SMOKE = PROFILES["smoke"]
TIMES = ("seconds", "tokens_per_second")


@pytest.fixture(scope="module")
def sets(training_qa: pl.DataFrame, tokenizer_json: str) -> pl.DataFrame:
    return build(training_qa, tokenizer_json, (1500, 3000)).rows


@pytest.fixture(scope="module")
def first(sets: pl.DataFrame, training_qa: pl.DataFrame, tokenizer_json: str) -> StudentRuns:
    return run_students("all", STUDENT, sets, training_qa, tokenizer_json, SMOKE)


@pytest.fixture(scope="module")
def first_runs(first: StudentRuns) -> pl.DataFrame:
    return first.runs


def test_there_is_a_run_for_no_data_and_for_each_budget(first_runs: pl.DataFrame, sets: pl.DataFrame) -> None:
    assert first_runs.schema == STUDENT_RUNS.schema
    assert first_runs["budget"].to_list() == [0, 1500, 3000]
    held = sets.filter(training_set="all", split="train").group_by("budget").agg(pl.col("tokens").sum()).sort("budget")
    tokens = dict(held.drop_nulls().iter_rows())
    assert first_runs["unique_tokens"].to_list() == [0, tokens[1500], tokens[1500] + tokens[3000]]
    assert first_runs["trained_tokens"].to_list() == first_runs["unique_tokens"].to_list()
    assert first_runs["tokens_per_second"].is_null().to_list() == [True, False, False]
    assert first_runs["evaluated_questions"].to_list() == [20] * 3


def test_more_data_lowers_the_answer_loss(first_runs: pl.DataFrame) -> None:
    losses = first_runs["answer_loss"].to_list()
    assert losses[0] > losses[1] > losses[2]
    assert first_runs["error"][0] == 1.0


def test_scores_count_what_each_run_got_wrong_by_level_and_topic(first: StudentRuns) -> None:
    assert first.scores.schema == STUDENT_SCORES.schema
    by_run = first.scores.group_by("run_id").agg(pl.col("questions", "wrong").sum())
    runs = first.runs.join(by_run, on="run_id", validate="1:1")
    assert runs["questions"].to_list() == runs["evaluated_questions"].to_list() == [20] * 3
    assert (runs["wrong"] / runs["questions"]).to_list() == pytest.approx(runs["error"].to_list())
    assert set(first.scores["method"]) == {"level_1", "level_2", "level_3"}
    assert set(first.scores["topic"]) == {"arithmetic"}


def test_runs_done_before_are_returned_as_they_are(
    first: StudentRuns, sets: pl.DataFrame, training_qa: pl.DataFrame, tokenizer_json: str
) -> None:
    marked = dataclasses.replace(first, runs=first.runs.with_columns(seconds=pl.lit(123.0)))
    told: list[RunProgress] = []
    again = run_students("all", STUDENT, sets, training_qa, tokenizer_json, SMOKE, done=marked, progress=told.append)
    assert again.runs.equals(marked.runs) and again.scores.equals(marked.scores)
    assert not told


def test_only_what_is_missing_is_run_and_all_but_its_speed_repeats(
    first: StudentRuns, sets: pl.DataFrame, training_qa: pl.DataFrame, tokenizer_json: str
) -> None:
    done = StudentRuns(*(rows.filter(pl.col("budget") != 1500) for rows in (first.runs, first.scores)))
    told: list[RunProgress] = []
    faster = dataclasses.replace(SMOKE, workers=2)
    again = run_students("all", STUDENT, sets, training_qa, tokenizer_json, faster, done=done, progress=told.append)
    assert again.runs.drop(TIMES).equals(first.runs.drop(TIMES)) and again.scores.equals(first.scores)
    assert {progress.budget for progress in told} == {1500}


def test_another_schedule_seed_or_text_is_another_run(
    first: StudentRuns, sets: pl.DataFrame, training_qa: pl.DataFrame, tokenizer_json: str
) -> None:
    # Budget 0 alone: it trains nothing, and its fingerprint covers all that the others' does but the training rows.
    slower = dataclasses.replace(SMOKE, schedule=dataclasses.replace(SMOKE.schedule, peak_rate=0.001))
    reworded = training_qa.with_columns(pl.col("answer").str.replace("The answer", "So the answer"))
    none = sets.filter(pl.col("split") == "held_out")
    untrained = first.runs["run_id"][0]
    for profile, questions, seeds in ((slower, training_qa, (0,)), (SMOKE, reworded, (0,)), (SMOKE, training_qa, (1,))):
        runs = run_students("all", STUDENT, none, questions, tokenizer_json, profile, seeds=seeds, done=first).runs
        assert runs["budget"].to_list() == [0]
        assert runs["run_id"][0] != untrained


def test_what_cannot_be_run_is_said(sets: pl.DataFrame, training_qa: pl.DataFrame, tokenizer_json: str) -> None:
    with pytest.raises(SynthAssetsError, match="no student 'giant'"):
        run_students("all", "giant", sets, training_qa, tokenizer_json, SMOKE)
    train_only = sets.filter(pl.col("split") == "train")
    with pytest.raises(SynthAssetsError, match="no held-out question"):
        run_students("all", STUDENT, train_only, training_qa, tokenizer_json, SMOKE)
