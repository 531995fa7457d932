"""A Ray cluster of two nodes on this machine, each with its own copy of the code and its own lake folder."""

import json
import secrets
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

import synth_assets
from synth_assets.settings import LAKE_VARIABLE
from synth_assets_tests.deploy.services import LIMIT_SECONDS

START_SECONDS = 300.0
ATTEMPTS = 6
STOP_SECONDS = 30.0
PATIENCE = {
    # Ray gives up on a part that takes long to start; two cores may be busy with other things.
    "RAY_DASHBOARD_STARTUP_TIMEOUT_S": "600",
    "RAY_DASHBOARD_SUBPROCESS_MODULE_WAIT_READY_TIMEOUT": "600",
    "RAY_agent_register_timeout_ms": "600000",
    "RAY_worker_register_timeout_seconds": "600",
    "RAY_health_check_timeout_ms": "120000",
    "RAY_JOB_START_TIMEOUT_SECONDS": "604800",
    "RAY_memory_monitor_refresh_ms": "0",  # what other programs on this machine take is not its matter
    "RAY_USAGE_STATS_ENABLED": "0",
}

ENDED = ("SUCCEEDED", "FAILED", "STOPPED")
LOOPBACK = "127.0.0.1"
MEMORY = "100000000"
"""Bytes of a node's object store, which steps do not use: they hand each other tables of the lake."""


@dataclass(frozen=True)
class Node:
    """A machine of the cluster, as a folder: `code` with the package, `lake` for what a step keeps on its disk."""

    place: Path

    @property
    def lake(self) -> Path:
        return self.place / "lake"

    def environment(self, programs: Path, given: Mapping[str, str]) -> dict[str, str]:
        """`given`, with the programs found first, this node's code and this node's lake folder."""
        return {
            **given,
            "PATH": f"{programs}:{given['PATH']}",
            "PYTHONPATH": str(self.place / "code"),
            LAKE_VARIABLE: str(self.lake),
            **PATIENCE,
        }

    def make(self) -> None:
        package = Path(synth_assets.__file__).parent
        shutil.copytree(package, self.place / "code" / package.name)
        self.lake.mkdir()


@dataclass(frozen=True)
class RayCluster:
    """Both nodes, the head first, and the dashboard's address."""

    nodes: tuple[Node, Node]
    address: str
    token: str

    def environment(self, given: Mapping[str, str]) -> dict[str, str]:
        """`given`, with the way to the cluster, and what proves to it who asks."""
        return {**given, **_identity(self.token), "RAY_ADDRESS": self.address}

    def jobs_ended(self, known: Collection[str] = ()) -> list[dict[str, Any]]:
        """Every submitted job but those `known` by their id, as soon as there are some and all have ended.

        A job has its entry point, status, metadata, and the node that it ran on.
        """
        until = time.monotonic() + LIMIT_SECONDS
        while time.monotonic() < until:
            with urllib.request.urlopen(_asked(f"{self.address}/api/jobs/", self.token), timeout=60) as answer:
                told: list[dict[str, Any]] = json.load(answer)
            found = [job for job in told if job["type"] == "SUBMISSION" and job["submission_id"] not in known]
            if found and all(job["status"] in ENDED for job in found):
                return found
            time.sleep(1)
        raise TimeoutError(f"the jobs of the cluster did not end in {LIMIT_SECONDS} seconds")

    def head_id(self) -> str:
        """Ray's name of the first node."""
        (found,) = (node["raylet"]["nodeId"] for node in _nodes(_summary(self.address, self.token)) if _is_head(node))
        return str(found)


@contextmanager
def ray_cluster(place: Path, programs: Path, given: Mapping[str, str]) -> Iterator[RayCluster]:
    """A running cluster in `place`, one step at a time on each node; its processes are gone afterwards."""
    token = secrets.token_hex()
    # Anyone who reaches an open Ray cluster can run code on it.
    given = {**given, **_identity(token)}
    nodes = Node(place / "node-1"), Node(place / "node-2")
    port, dashboard, client = (str(_free_port()) for _ in range(3))
    head = ("--head", "--port", port, "--dashboard-port", dashboard, "--ray-client-server-port", client)
    roles = (
        (*head, "--include-dashboard", "true", "--temp-dir", str(place / "ray")),
        ("--address", f"{LOOPBACK}:{port}"),
    )
    with ExitStack() as stack:
        summary = _summary(f"http://{LOOPBACK}:{dashboard}", token)
        for started, (node, role) in enumerate(zip(nodes, roles, strict=True), start=1):
            node.make()
            start = (str(programs / "ray"), "start", "--block", "--disable-usage-stats", "--num-cpus", "1")
            command = (*start, *role, "--node-ip-address", LOOPBACK, "--object-store-memory", MEMORY)
            stack.enter_context(_joined(command, node, node.environment(programs, given), started, summary))
        yield RayCluster(nodes, f"http://{LOOPBACK}:{dashboard}", token)


@contextmanager
def _joined(
    command: tuple[str, ...], node: Node, environment: Mapping[str, str], wanted: int, summary: urllib.request.Request
) -> Iterator[None]:
    """A node of the cluster, which has `wanted` of them then. It gives its agents 15 seconds, so it is tried again."""
    for _ in range(ATTEMPTS):
        with ExitStack() as stack:
            process = stack.enter_context(_running((*command, *_ports()), node, environment))
            if _alive(wanted, summary, process):
                yield
                return
    raise TimeoutError(f"Ray did not start in {ATTEMPTS} attempts: see {node.place / 'ray.log'}")


@contextmanager
def _running(
    command: tuple[str, ...], node: Node, environment: Mapping[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    with (node.place / "ray.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=node.place, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.terminate()
        # What a node has begun outlives it where it ends badly; all of it has the node's folder in its environment.
        begun = [one for one in psutil.process_iter() if _environment(one).get(LAKE_VARIABLE) == str(node.lake)]
        process.wait(STOP_SECONDS)
        for child in psutil.wait_procs(begun, STOP_SECONDS / 3)[1]:
            child.kill()
        psutil.wait_procs(begun, STOP_SECONDS)


def _environment(process: psutil.Process) -> dict[str, str]:
    try:
        found: dict[str, str] = process.environ()
    except psutil.Error:
        return {}
    return found


def _identity(token: str) -> dict[str, str]:
    return {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": token}


def _asked(address: str, token: str) -> urllib.request.Request:
    return urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})


def _alive(wanted: int, summary: urllib.request.Request, process: "subprocess.Popen[bytes]") -> bool:
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        if _nodes_alive(summary) >= wanted:
            return True
        time.sleep(0.5)
    return False


def _nodes_alive(request: urllib.request.Request) -> int:
    try:
        return sum(node["raylet"].get("state") == "ALIVE" for node in _nodes(request))
    except OSError:  # the dashboard is not there yet
        return 0


def _summary(address: str, token: str) -> urllib.request.Request:
    return _asked(f"{address}/nodes?view=summary", token)


def _nodes(request: urllib.request.Request) -> list[dict[str, Any]]:
    with urllib.request.urlopen(request, timeout=60) as answer:
        found: list[dict[str, Any]] = json.load(answer)["data"]["summary"]
    return found


def _is_head(node: Mapping[str, Any]) -> bool:
    return bool(node["raylet"].get("isHeadNode"))


def _ports() -> list[str]:
    """Options that name the ports of a node's agents: for those that it finds itself, it waits a few seconds alone."""
    agents = ("dashboard-agent-listen", "dashboard-agent-grpc", "runtime-env-agent", "metrics-export")
    return [word for agent in agents for word in (f"--{agent}-port", str(_free_port()))]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
