"""The processes behind `synth-assets ui`, told apart by what they were started as."""

from collections.abc import Iterator
from contextlib import suppress

import psutil

from synth_assets_tests.automation.web_server import WebServer

LASTING = ("web server", "daemon", "code server")
PASSING = ("run", "step")
"""Processes that live as long as the server does, and those of a run."""

SIGNS = (
    ("dagster_webserver", "web server"),
    ("dagster._daemon", "daemon"),
    ("execute_run", "run"),
    ("multiprocessing.spawn", "run"),  # how a code server starts a run of its own
    ("multiprocessing.forkserver", "step"),
    (" api grpc", "code server"),
    ("code-server", "code server"),
)
"""What the command line of a process holds, and what the process is, the first that fits."""


def processes(server: WebServer) -> Iterator[tuple[str, psutil.Process]]:
    """What each living process below the server is, and the process. Those of other kinds are left out."""
    with suppress(psutil.NoSuchProcess):
        for process in psutil.Process(server.process.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                kind = kind_of(" ".join(process.cmdline()))
                if kind is not None:
                    yield kind, process


def kind_of(command: str) -> str | None:
    """What a process with this command line is; None for those that are nothing of the kinds above."""
    return next((kind for sign, kind in SIGNS if sign in command), None)


def of_kind(server: WebServer, kind: str) -> list[psutil.Process]:
    """The living processes of one kind, the youngest last."""
    found = [process for one, process in processes(server) if one == kind]
    return sorted(found, key=lambda process: process.pid)


def steps_of(run: psutil.Process) -> list[psutil.Process]:
    """The living processes of the steps of a run, without what they are forked from."""
    forked = [child for child in run.children(recursive=True) if kind_of(" ".join(child.cmdline())) == "step"]
    return [process for process in forked if process.ppid() in {other.pid for other in forked}]
