"""A running `synth-assets ui`, driven over GraphQL as its pages drive it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from synth_assets.settings import LAKE_VARIABLE

START_SECONDS = 120.0
RUN_SECONDS = 300.0
"""Long, because the tests may share two cores with others; a run takes about ten seconds alone."""
STOP_SECONDS = 60.0

LOCATION = "synth_assets.definitions"
T = TypeVar("T")


@dataclass(frozen=True)
class WebServer:
    """The web server and the daemon behind it. `process` is the one that a user stops with Ctrl-C."""

    process: "subprocess.Popen[str]"
    port: int

    def ask(self, query: str, **variables: object) -> dict[str, Any]:
        """The data of a GraphQL query or mutation. Raises AssertionError with what the server says is wrong."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/graphql", body, headers)
        with urllib.request.urlopen(request, timeout=60) as response:
            answer = json.load(response)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def launch_run(self, assets: Sequence[str], tags: Mapping[str, str]) -> str:
        """Launch a materialisation: its run id."""
        parameters = {
            "selector": {
                "repositoryLocationName": LOCATION,
                "repositoryName": "__repository__",
                "pipelineName": "__ASSET_JOB",
                "assetSelection": [{"path": [name]} for name in assets],
            },
            "mode": "default",
            "executionMetadata": {"tags": [{"key": key, "value": value} for key, value in tags.items()]},
        }
        launched = self.ask(
            "mutation($it: ExecutionParams!) { launchRun(executionParams: $it) "
            "{ __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }",
            it=parameters,
        )["launchRun"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        return str(launched["run"]["runId"])

    def launch_backfill(self, asset: str, partitions: Sequence[str]) -> str:
        """Launch a backfill of partitions of one asset: its id."""
        launched = self.ask(
            "mutation($it: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $it) "
            "{ __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }",
            it={"assetSelection": [{"path": [asset]}], "partitionNames": list(partitions)},
        )["launchPartitionBackfill"]
        assert launched["__typename"] == "LaunchBackfillSuccess", launched
        return str(launched["backfillId"])

    def end_of_run(self, run_id: str) -> str:
        """Wait for the end of a run: its status."""
        query = "query($it: ID!) { runOrError(runId: $it) { ... on Run { status } } }"

        def status() -> str | None:
            said = self.ask(query, it=run_id)["runOrError"]["status"]
            return str(said) if said in ("SUCCESS", "FAILURE", "CANCELED") else None

        return waited_for(status, RUN_SECONDS)

    def end_of_backfill(self, backfill_id: str) -> dict[str, Any]:
        """Wait until the daemon has ended a backfill: its status and runs."""
        query = """query($it: String!) { partitionBackfillOrError(backfillId: $it) {
            ... on PartitionBackfill { status endTimestamp error { message } runs(limit: 10) { runId status } } } }"""

        def ended() -> dict[str, Any] | None:
            said: dict[str, Any] = self.ask(query, it=backfill_id)["partitionBackfillOrError"]
            return said if said["endTimestamp"] else None

        return waited_for(ended, RUN_SECONDS)


@contextmanager
def web_server(lake: Path) -> Iterator[WebServer]:
    """`synth-assets ui` on a lake, on a free port, until the block is left."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    log = lake.parent / "ui.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "synth_assets.cli", "ui", "--lake", str(lake), "--port", str(port)],
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
            env={name: value for name, value in os.environ.items() if name not in (LAKE_VARIABLE, "DAGSTER_HOME")},
            process_group=0,
            preexec_fn=_heed_ctrl_c,
        )
        server = WebServer(process, port)
        try:
            waited_for(lambda: _answers(server, log), START_SECONDS)
            yield server
        finally:
            stop(server)


def stop(server: WebServer) -> bool:
    """Ctrl-C: whether all of its processes have ended by themselves. Those that have not are killed."""
    if server.process.poll() is None:
        server.process.send_signal(signal.SIGINT)
    try:
        server.process.wait(STOP_SECONDS)
        waited_for(lambda: None if _group_lives(server.process.pid) else True, STOP_SECONDS)
        return True
    except (subprocess.TimeoutExpired, TimeoutError):
        os.killpg(server.process.pid, signal.SIGKILL)
        server.process.wait()
        return False


def _group_lives(group: int) -> bool:
    """The code server takes a few seconds longer to end than the process that started it."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def waited_for(attempt: Callable[[], T | None], seconds: float) -> T:
    """What `attempt` gives as soon as that is not None. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = attempt()
        if found is not None:
            return found
        time.sleep(0.5)
    raise TimeoutError(f"nothing within {seconds} s")


def _heed_ctrl_c() -> None:
    """A child of a shell's background job inherits that SIGINT is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _answers(server: WebServer, log: Path) -> bool | None:
    if server.process.poll() is not None:
        raise RuntimeError(f"synth-assets ui ended with {server.process.returncode}: {log.read_text()}")
    try:
        said = server.ask("{ workspaceOrError { ... on Workspace { locationEntries { loadStatus } } } }")
    except urllib.error.URLError:
        return None
    entries = said["workspaceOrError"]["locationEntries"]
    return True if entries and all(entry["loadStatus"] == "LOADED" for entry in entries) else None
