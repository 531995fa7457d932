"""The study from end to end: slices, kills, what is recorded, and the page."""

import json
import time
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from synth_assets.cli import app
from synth_assets.errors import SynthAssetsError
from synth_assets.scaling.observation_files import read_table
from synth_assets.study import command
from synth_assets.study.plan import Run, plan_table, runs_of, tokens_per_second
from synth_assets.study.profiles import ALL, PROFILES, profile_named
from synth_assets.study.records import RUNS, Finished, append, finished_in, write_tables

FINISHED = Finished(
    run_id="a", model="student-23k", parameters=23_120, training_set=ALL, budget=1_000, tokens=990, trained_tokens=990,
    seed=0, answer_loss=2.5, error=0.75, questions=4, scores={"level": {"level_1": (1, 2), "level_2": (0, 2)}},
    seconds=1.0, evaluation_seconds=0.5, tokens_per_second=990.0, operations_per_token=1e5, hardware="a processor",
    code_version="1", data_snapshot="0f",
)  # fmt: skip


def test_a_line_cut_short_loses_that_run_alone(tmp_path: Path) -> None:
    append(tmp_path, FINISHED)
    append(tmp_path, replace(FINISHED, run_id="b"))
    whole = (tmp_path / RUNS).read_bytes()
    (tmp_path / RUNS).write_bytes(whole[:-20])
    assert [one.run_id for one in finished_in(tmp_path)] == ["a"]
    append(tmp_path, replace(FINISHED, run_id="c"))
    assert [one.run_id for one in finished_in(tmp_path)] == ["a", "c"]


def test_observations_are_read_by_the_commands_that_take_them(tmp_path: Path) -> None:
    write_tables(tmp_path, [FINISHED])
    read = read_table(tmp_path / "observations.csv")
    assert set(read["metric"]) == {"error", "answer_loss"}
    assert read["parameters"].to_list() == [23_120] * 2
    assert read["data_snapshot"].to_list() == ["0f"] * 2
    scores = pl.read_csv(tmp_path / "scores.csv")
    assert scores.select("name", "error").rows() == [("level_1", 0.5), ("level_2", 1.0)]


def test_a_plan_has_every_run_once_and_its_sums() -> None:
    profile = PROFILES["study-cpu"]
    runs = runs_of(profile)
    assert len({run.run_id("x") for run in runs}) == len(runs)
    table = plan_table(runs, 1024, profile.on_gpu, profile.workers)
    assert table["runs"][-1] == len(runs) == table["runs"][:-1].sum()
    assert table["tokens"][-1] == sum(run.tokens for run in runs)
    sizes = table.filter(pl.col("training_set") == ALL)
    assert sizes.height >= 5
    assert sizes["budgets"].min() == 8


def test_speed_follows_the_nearest_size_that_was_timed() -> None:
    runs = {run.size.name: run for run in runs_of(PROFILES["study-cpu"])}
    small, large = (runs[name].size for name in ("student-23k", "student-1m"))
    assert tokens_per_second(small, 1024, {"student-23k": 5.0}, False) == 5.0
    assert tokens_per_second(large, 1024, {"student-23k": 5.0}, False) < 0.2


def test_a_run_is_known_by_all_its_figures_depend_on() -> None:
    run = next(run for run in runs_of(PROFILES["study-smoke"]) if run.budget)
    others: list[Run] = [
        replace(run, seed=9),
        replace(run, budget=9),
        replace(run, training_set="level_1" if run.training_set == ALL else ALL),
        replace(run, schedule=replace(run.schedule, epochs=9)),
    ]
    assert len({one.run_id("x") for one in (run, *others)} | {run.run_id("y")}) == 6
    assert replace(run, schedule=replace(run.schedule, steps_per_call=9)).run_id("x") == run.run_id("x")


def test_unknown_profiles_and_empty_folders_are_told_plainly(tmp_path: Path) -> None:
    with pytest.raises(SynthAssetsError, match="study-smoke, study-cpu, study"):
        profile_named("quick")
    told = CliRunner().invoke(app, ["study", "--report-only", "--out", str(tmp_path / "none")])
    assert told.exit_code == 1
    assert "run it first" in told.output


@pytest.mark.slow
def test_the_smoke_study_in_slices_measures_what_it_does_at_once(tmp_path: Path) -> None:
    smoke = PROFILES["study-smoke"]
    profile = replace(smoke, series=tuple(replace(one, budgets=one.budgets[-2:]) for one in smoke.series))
    whole = command.run(tmp_path / "whole", profile, None)
    assert whole.finished == whole.planned == len(runs_of(profile))
    assert whole.page is not None and "## The paper's three claims" in whole.page.read_text(encoding="utf-8")
    for name in ("curves-error.png", "curves-answer_loss.png", "levels-error.png", "throughput.png"):
        assert (tmp_path / "whole" / name).read_bytes().startswith(b"\x89PNG")
    calls, finished = 0, -1
    while finished < whole.planned:
        # Time for a call or two of training at most: so runs are cut in the middle, and go on.
        told = command.run(tmp_path / "sliced", profile, time.monotonic() + command.REPORTING_SECONDS + 6 + calls)
        calls, finished = calls + 1, told.finished
        assert calls < 40
    assert calls > 1
    columns = ("model", "training_set", "tokens", "metric", "seed", "value", "data_snapshot")
    one, other = (pl.read_csv(tmp_path / name / "observations.csv").select(columns) for name in ("whole", "sliced"))
    assert one.equals(other)
    assert not list((tmp_path / "sliced" / "states").iterdir())
    facts = command.report(tmp_path / "whole", profile).facts
    assert facts["done"] is True
    assert json.loads((tmp_path / "whole" / "data" / "data.json").read_text())["held_out"]["level_3"] == 8
