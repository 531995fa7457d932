"""SIGKILL of a step and of a run's own process, in the middle of backfills launched from the UI."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil
import pytest
from filelock import FileLock

from synth_assets_tests.automation.web_server import WebServer, waited_for, web_server
from synth_assets_tests.faults.backfills import KILLED, at_its_commit, backfill, failure_of
from synth_assets_tests.faults.conftest import SHARDS
from synth_assets_tests.faults.lakes import cells, parts
from synth_assets_tests.faults.processes import steps_of
from synth_assets_tests.teachers.road.lakes import SmallLake

LIMIT_SECONDS = 240


@pytest.mark.slow
def test_killed_steps_and_runs_are_told_of_and_launched_again_and_leave_the_tables_as_they_were(
    lake: SmallLake, changed_tables: Callable[[], list[str]]
) -> None:
    opened = lake.lake
    before = opened.current_snapshot()
    opened.close()
    with web_server(lake.folder) as server:
        with _held_up(lake):
            of_step = server.launch_backfill("documents", parts(SHARDS))
            of_run = server.launch_backfill("questions", cells(SHARDS))
            for step in steps_of(_run_at_its_commit(server, of_step, "documents")):
                step.kill()
            run = _run_at_its_commit(server, of_run, "questions")
            orphans = steps_of(run)
            run.kill()  # that process alone
            assert orphans
            assert psutil.wait_procs(orphans, LIMIT_SECONDS)[1] == []  # and nobody goes on asking the teacher for it
        assert changed_tables() == []
        killed_step, killed_run = (server.end_of_backfill(one) for one in (of_step, of_run))
        said = failure_of(server, killed_step)
        assert f"child process for step documents {KILLED} 9" in said, said
        said = failure_of(server, killed_run)
        assert "Run execution process" in said and f"{KILLED} 9" in said, said
    for ended, at_first in ((killed_step, 1), (killed_run, 3)):
        assert ended["status"] == "COMPLETED_SUCCESS", ended
        assert sorted(one["status"] for one in ended["runs"]) == ["FAILURE"] + ["SUCCESS"] * at_first
    assert changed_tables() == []
    opened = lake.lake
    assert opened.read("questions", snapshot=before).equals(opened.read("questions"))
    made = opened.query("select distinct run_id from materialisations where stage in ('questions', 'documents')")
    opened.close()
    again = {one["runId"] for ended in (killed_step, killed_run) for one in ended["runs"] if one["status"] == "SUCCESS"}
    assert set(made["run_id"]) == again  # nothing of what was killed came in


@contextmanager
def _held_up(lake: SmallLake) -> Iterator[None]:
    """Within it nobody can commit to the lake, so that what is at work stays at work."""
    with FileLock(lake.folder / "commits.lock"):
        yield


def _run_at_its_commit(server: WebServer, backfill_id: str, step: str) -> psutil.Process:
    """The process of a run of the backfill, as soon as one has come to the commit of its step."""
    return waited_for(lambda: at_its_commit(server, backfill(server, backfill_id), step), LIMIT_SECONDS)
