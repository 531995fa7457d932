"""Processes of `worker.py` on a lake, and what they told."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from synth_assets.lake import LakeSettings

LIMIT_SECONDS = 300


class Workers:
    """Processes at work on one lake."""

    def __init__(self, settings: LakeSettings) -> None:
        self._settings = settings
        self._started: list[subprocess.Popen[str]] = []

    def start(self, role: str, *arguments: object) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "synth_assets_tests.faults.worker", self._settings.model_dump_json(), role]
        process = subprocess.Popen(
            [*command, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self._started.append(process)
        return process

    def kill(self) -> None:
        for process in self._started:
            process.kill()
            process.communicate()


def sentences_of(process: "subprocess.Popen[str]") -> list[str]:
    """What a process was told until its end, which is a good one."""
    out, errors = process.communicate(timeout=LIMIT_SECONDS)
    assert process.returncode == 0, errors
    told: list[str] = json.loads(out)
    return told


@contextmanager
def workers(settings: LakeSettings) -> Iterator[Workers]:
    """None of the processes outlives the block."""
    made = Workers(settings)
    try:
        yield made
    finally:
        made.kill()
