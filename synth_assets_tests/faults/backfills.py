"""Backfills over GraphQL: launched, looked at, and what their runs said."""

from collections.abc import Mapping
from typing import Any

from synth_assets_tests.automation.web_server import WebServer

BACKFILL = """query($it: String!) { partitionBackfillOrError(backfillId: $it) { ... on PartitionBackfill {
    status endTimestamp error { message } runs(limit: 100) { runId status } } } }"""

FAILURES = """query($it: ID!) { logsForRun(runId: $it) { ... on EventConnection { events { __typename
    ... on ExecutionStepFailureEvent { stepKey error { message errorChain { error { message } } } }
    ... on RunFailureEvent { message error { message } } } } } }"""


def backfill(server: WebServer, backfill_id: str) -> dict[str, Any]:
    """A backfill as it stands: `status`, `endTimestamp` (None while it is at work), `error`, `runs`."""
    found: dict[str, Any] = server.ask(BACKFILL, it=backfill_id)["partitionBackfillOrError"]
    return found


def failure_of(server: WebServer, ended: Mapping[str, Any]) -> str:
    """All that the runs of a backfill say of their failures, as their pages show it; empty where none failed."""
    return "\n".join(_said(server, run["runId"]) for run in ended["runs"] if run["status"] != "SUCCESS")


def _said(server: WebServer, run_id: str) -> str:
    events = server.ask(FAILURES, it=run_id)["logsForRun"]["events"]
    told = []
    for event in events:
        if event["__typename"] in ("ExecutionStepFailureEvent", "RunFailureEvent"):
            told.append(event.get("message") or "")
            error = event["error"] or {"message": ""}
            told += [error["message"], *(link["error"]["message"] for link in error.get("errorChain", ()))]
    return "\n".join(text for text in told if text)
