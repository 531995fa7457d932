"""SIGKILL of a step and of a run's own process, in the middle of backfills launched from the UI."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from synth_assets_tests.automation.web_server import WebServer, web_server
from synth_assets_tests.faults.backfills import backfill, failure_of
from synth_assets_tests.faults.conftest import SHARDS
from synth_assets_tests.faults.lakes import cells, parts
from synth_assets_tests.faults.processes import of_kind
from synth_assets_tests.teachers.road.lakes import SmallLake


@pytest.fixture(scope="module")
def server(lake: SmallLake) -> Iterator[WebServer]:
    with web_server(lake.folder) as running:
        yield running


@pytest.mark.slow
def test_a_killed_step_and_a_killed_run_are_told_of_and_leave_the_tables_as_they_were(
    lake: SmallLake, server: WebServer, changed_tables: Callable[[], list[str]]
) -> None:
    of_step = server.launch_backfill("documents", parts(SHARDS))
    _in_mid_commit(server, lake, "documents", of_step, _kill_steps)
    of_run = server.launch_backfill("questions", cells(SHARDS))
    _in_mid_commit(server, lake, "questions", of_run, _kill_run)
    killed_step, killed_run = server.end_of_backfill(of_step), server.end_of_backfill(of_run)
    assert changed_tables() == []
    said = failure_of(server, killed_step)
    assert "documents" in said and "-9" in said, said
    said = failure_of(server, killed_run)
    assert "crash" in said.lower() or "Run worker" in said, said

    # Dagster launches a run whose process was killed again by itself. What failed is launched again by a person.
    assert killed_run["status"] == "COMPLETED_SUCCESS", killed_run
    again = server.launch_backfill("documents", parts(SHARDS))
    assert server.end_of_backfill(again)["status"] == "COMPLETED_SUCCESS"
    assert changed_tables() == []


def _in_mid_commit(
    server: WebServer, lake: SmallLake, table: str, backfill_id: str, kill: Callable[[WebServer], Any]
) -> None:
    """Wait until the first new file of a table is there, that is until its transaction is open, and kill."""
    place = lake.folder / "data" / "main" / table
    before = set(place.rglob("*.parquet"))
    until = time.monotonic() + 240
    while set(place.rglob("*.parquet")) == before:
        assert time.monotonic() < until, backfill(server, backfill_id)
        time.sleep(0.005)
    kill(server)


def _kill_steps(server: WebServer) -> None:
    steps = [process for process in of_kind(server, "step") if not process.children()]  # not what they are forked from
    assert steps, "no step is at work"
    for process in steps:
        process.kill()


def _kill_run(server: WebServer) -> None:
    """The process of the run alone: its step is left without it, and must do no harm."""
    runs = of_kind(server, "run")
    assert runs, "no run is at work"
    for run in runs:
        run.kill()
