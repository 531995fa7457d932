"""The command line as a user runs it: in a process of its own, with what it prints and how it ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess

from synth_assets.settings import LAKE_VARIABLE

LIMIT_SECONDS = 300


def synth_assets(*arguments: str | Path, limit_seconds: float = LIMIT_SECONDS) -> CompletedProcess[str]:
    """Run `synth-assets` with the given arguments to its end."""
    return subprocess.run(
        _command(arguments), capture_output=True, text=True, env=_environment(), timeout=limit_seconds, check=False
    )


def stopped_in_stage(stage: str, by: signal.Signals, *arguments: str | Path) -> CompletedProcess[str]:
    """Run `synth-assets run` and send it a signal as soon as it says that it is at `stage`."""
    process = subprocess.Popen(
        _command(("run", *arguments)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=_environment()
    )
    assert process.stdout is not None
    told = []
    for line in process.stdout:
        told.append(line)
        if stage in line:
            process.send_signal(by)
            break
    rest, errors = process.communicate(timeout=LIMIT_SECONDS)
    return CompletedProcess(process.args, process.returncode, "".join(told) + rest, errors)


def told_plainly(done: CompletedProcess[str]) -> str:
    """The one sentence on standard error of a command that ended with status 1; nothing else may be printed there."""
    assert done.returncode == 1, done
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stderr.startswith("synth-assets: ")
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr.removeprefix("synth-assets: ").strip()


def _command(arguments: tuple[str | Path, ...]) -> list[str]:
    return [sys.executable, "-m", "synth_assets.cli", *map(str, arguments)]


def _environment() -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name not in (LAKE_VARIABLE, "PYTHONWARNINGS")}
    return {**environment, "PYTHONUNBUFFERED": "1"}
