"""One run a lake at a time, and killed runs that keep nothing.

What does not live here: kills in the middle of the road (`test_road.py`) and of backfills (`faults/`).
"""

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from synth_assets.automation.instance import instance_of
from synth_assets.automation.killed_runs import end_killed_runs, only_run
from synth_assets_tests.command_line import synth_assets, told_plainly


@dg.asset
def questions() -> None:
    """Nothing to do."""


def test_a_second_run_on_the_same_lake_is_refused_while_the_first_is_at_work(tmp_path: Path) -> None:
    with only_run(tmp_path):
        sentence = told_plainly(synth_assets("run", "--lake", tmp_path))
    assert f"Another synth-assets run is at work on the lake {tmp_path}" in sentence


def test_the_lock_is_free_after_a_run_that_failed(tmp_path: Path) -> None:
    with pytest.raises(KeyError), only_run(tmp_path):
        raise KeyError
    with only_run(tmp_path):
        pass


def test_a_run_that_stands_as_started_is_ended_and_leaves_its_pool(tmp_path: Path) -> None:
    with instance_of(tmp_path) as instance:
        job = dg.Definitions([questions]).resolve_implicit_global_asset_job_def()
        run = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
        storage = instance.event_log_storage
        storage.initialize_concurrency_limit_to_default("teacher")
        assert storage.claim_concurrency_slot("teacher", run.run_id, "questions").is_claimed
        end_killed_runs(instance)
        ended = instance.get_run_by_id(run.run_id)
        assert ended is not None and ended.status == dg.DagsterRunStatus.FAILURE
        assert storage.get_concurrency_info("teacher").active_slot_count == 0


def test_finished_runs_are_left_as_they_are(tmp_path: Path) -> None:
    with instance_of(tmp_path) as instance:
        done = dg.materialize([questions], instance=instance)
        end_killed_runs(instance)
        run = instance.get_run_by_id(done.run_id)
        assert run is not None and run.status == dg.DagsterRunStatus.SUCCESS


RUN = """
import multiprocessing, signal
from synth_assets.automation.killed_runs import end_with_run

def step():
    end_with_run()
    print("at work", flush=True)
    signal.pause()

if __name__ == "__main__":
    step_process = multiprocessing.get_context("forkserver").Process(target=step)
    step_process.start()
    step_process.join()
"""
"""A run whose step, in a process of its own, would never end."""


def test_the_step_of_a_killed_run_ends_with_it(tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(RUN)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None and run.stdout.readline() == "at work\n"
        run.kill()
        assert run.communicate(timeout=120)[0] == ""  # the pipe is closed when the step's process is gone, too
