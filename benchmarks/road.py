"""Time and memory of the whole road on the bundled sample, as the table in docs/benchmarks.md.

    .venv/bin/python benchmarks/road.py [--cores 2] [--profile quick]

Runs `synth-assets run` once in a process of its own, on an empty lake, held to a number of cores. A stage's time is
from its line on standard output to the next one; the rest is start-up and the summary at the end.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer


@dataclass(frozen=True)
class Measured:
    """A run: seconds of wall time by stage, in order, then its totals. `peak` is the largest resident set in bytes."""

    stages: tuple[tuple[str, float], ...]
    wall: float
    cpu: float
    peak: int


def measure(lake: Path, profile: str, cores: int) -> Measured:
    """Run the road into `lake`. Raises CalledProcessError where it fails; its own message is then on standard error."""
    command = [sys.executable, "-m", "synth_assets.cli", "run", "--lake", str(lake), "--profile", profile]
    started = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, bufsize=1) as run:
        _hold_to(cores, run.pid)
        assert run.stdout is not None
        stages = _stages(run.stdout, started)
        _, status, usage = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    if run.returncode:
        raise subprocess.CalledProcessError(run.returncode, command)
    unit = 1 if sys.platform == "darwin" else 1024
    return Measured(stages, time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


def _hold_to(cores: int, pid: int) -> None:
    """Let the process use so many cores, where the system can enforce it; elsewhere it uses what it finds."""
    if hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))[:cores]
        os.sched_setaffinity(pid, allowed)


def _stages(lines: Iterable[str], started: float) -> tuple[tuple[str, float], ...]:
    """What each printed stage took; the first line of the summary ends the last one."""
    begun: list[tuple[str, float]] = [("start-up", started)]
    for line in lines:
        now = time.monotonic()
        if line.startswith("["):
            begun.append((line.split("]", 1)[1].strip(), now))
        elif not line.strip() and begun[-1][0] != "summary":
            begun.append(("summary", now))
    ends = [begin for _, begin in begun[1:]] + [time.monotonic()]
    return tuple((name, end - begin) for (name, begin), end in zip(begun, ends, strict=True))


def as_markdown(measured: Measured) -> str:
    """The table of docs/benchmarks.md."""
    lines = ["| stage | seconds |", "|---|---:|"]
    lines += [f"| {name} | {seconds:.1f} |" for name, seconds in measured.stages]
    lines += [
        f"| **all, wall time** | **{measured.wall:.1f}** |",
        f"| all, CPU time | {measured.cpu:.1f} |",
        f"| peak memory, MiB | {measured.peak / 2**20:,.0f} |",
    ]
    return "\n".join(lines)


def main(
    cores: Annotated[int, typer.Option(min=1, help="Cores the run may use.")] = 2,
    profile: Annotated[str, typer.Option(help="Students' profile.")] = "quick",
) -> None:
    """Run the road once on the sample and print the table."""
    with tempfile.TemporaryDirectory(prefix="synth-assets-") as folder:
        typer.echo(as_markdown(measure(Path(folder) / "lake", profile, cores)))


if __name__ == "__main__":
    typer.run(main)
