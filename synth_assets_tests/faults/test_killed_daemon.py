"""SIGKILL of the daemon in the middle of backfills: they go on when the server is started anew."""

from collections.abc import Callable

import pytest

from synth_assets_tests.automation.web_server import waited_for, web_server
from synth_assets_tests.faults.backfills import failure_of
from synth_assets_tests.faults.conftest import SHARDS
from synth_assets_tests.faults.lakes import cells, parts
from synth_assets_tests.faults.processes import of_kind
from synth_assets_tests.teachers.road.lakes import SmallLake


@pytest.mark.slow
def test_backfills_go_on_after_the_daemon_was_killed_and_the_server_started_anew(
    lake: SmallLake, changed_tables: Callable[[], list[str]]
) -> None:
    log = lake.folder.parent / "ui.log"
    with web_server(lake.folder) as first:
        running = first.launch_backfill("documents", parts(SHARDS))
        waited_for(lambda: of_kind(first, "run") or None, 240)
        waiting = first.launch_backfill("questions", cells(SHARDS))
        for daemon in of_kind(first, "daemon"):
            daemon.kill()
        first.process.wait(120)  # it ends, rather than show pages behind which nothing works
        said = log.read_text()
        assert "daemon" in said.lower() and "-9" in said, said[-2000:]
    assert changed_tables() == []
    with web_server(lake.folder) as second:
        ended = second.end_of_backfill(running)
        assert ended["status"] == "COMPLETED_SUCCESS" or failure_of(second, ended)
        assert second.end_of_backfill(waiting)["status"] == "COMPLETED_SUCCESS"
        assert changed_tables() == []
        again = second.launch_backfill("documents", parts(SHARDS))
        assert second.end_of_backfill(again)["status"] == "COMPLETED_SUCCESS"
    assert changed_tables() == []
