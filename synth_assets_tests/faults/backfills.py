"""Backfills over GraphQL: looked at, and what their runs said."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import psutil

from synth_assets_tests.automation.web_server import WebServer

BACKFILL = """query($it: String!) { partitionBackfillOrError(backfillId: $it) { ... on PartitionBackfill {
    status endTimestamp error { message } runs(limit: 100) { runId status } } } }"""

FAILURES = """query($it: ID!) { logsForRun(runId: $it) { ... on EventConnection { events { __typename
    ... on ExecutionStepFailureEvent { stepKey error { message errorChain { error { message } } } }
    ... on RunFailureEvent { message error { message } }
    ... on EngineEvent { message error { message } } } } } }"""

KILLED = "was terminated by signal"
"""What Dagster says of a process of a step or of a run that was killed, among much else about processes."""

STEPS = """query($it: ID!) { logsForRun(runId: $it) { ... on EventConnection { events { __typename
    ... on MessageEvent { message stepKey } } } } }"""


def backfill(server: WebServer, backfill_id: str) -> dict[str, Any]:
    """A backfill as it stands: `status`, `endTimestamp` (None while it is at work), `error`, `runs`."""
    found: dict[str, Any] = server.ask(BACKFILL, it=backfill_id)["partitionBackfillOrError"]
    return found


def failure_of(server: WebServer, ended: Mapping[str, Any]) -> str:
    """All that the runs of a backfill say of their failures, as their pages show it; empty where none failed."""
    return "\n".join(_said(server, run["runId"]) for run in ended["runs"] if run["status"] != "SUCCESS")


def at_its_commit(server: WebServer, ended: Mapping[str, Any], step: str) -> psutil.Process | None:
    """The process of the run of a backfill whose `step` has its rows and has not stored them; None where none has."""
    for run in ended["runs"]:
        events = server.ask(STEPS, it=run["runId"])["logsForRun"]["events"]
        of_step = {event["__typename"] for event in events if event.get("stepKey") == step}
        started = [re.fullmatch(r"Started process for run \(pid: (\d+)\)\.", event["message"]) for event in events]
        if "ExecutionStepOutputEvent" in of_step and "HandledOutputEvent" not in of_step:
            return psutil.Process(next(int(found[1]) for found in started if found))
    return None


def _said(server: WebServer, run_id: str) -> str:
    return "\n".join(text for text in _told(server, run_id) if text)


def _told(server: WebServer, run_id: str) -> Iterator[str]:
    for event in server.ask(FAILURES, it=run_id)["logsForRun"]["events"]:
        failed = event["__typename"] in ("ExecutionStepFailureEvent", "RunFailureEvent")
        killed = event["__typename"] == "EngineEvent" and KILLED in event["message"]
        if failed or killed:
            yield event.get("message") or ""
            error = event["error"] or {"message": ""}
            yield from (error["message"], *(link["error"]["message"] for link in error.get("errorChain", ())))
