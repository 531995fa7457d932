"""Measuring contenders in turns, each time in a process of its own, and the table of what they took."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from racing import Measured

BENCHMARKS = Path(__file__).parent
LONG = 20.0
"""Seconds after which a contender is not measured again."""


def hold_to(cores: int) -> None:
    """Let this process and its children use so many cores, where the system can enforce it."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])


def child(module: str, *arguments: object, cores: int, packages: Path | None = None) -> str:
    """What a module prints that is run in a process of its own, with a folder of packages before all others.

    Raises CalledProcessError where it fails.
    """
    threads = dict.fromkeys(("POLARS_MAX_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS"), str(cores))
    command = [sys.executable, "-m", module, *map(str, arguments)]
    path = os.pathsep.join(str(folder) for folder in (packages, BENCHMARKS) if folder is not None)
    environment = {**os.environ, **threads, "PYTHONPATH": path}
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout


def in_turns(part: str, contenders: int, run: Callable[[int], Measured], turns: int) -> list[Measured]:
    """Every contender of a part by its number, one after the other and then again; medians over the turns.

    What is run on a sample, or takes long, is run once.
    """
    runs: list[list[Measured]] = [[] for _ in range(contenders)]
    for turn in range(turns):
        for number, before in enumerate(runs):
            if turn and (before[0].units < before[0].of or before[0].seconds > LONG):
                continue
            before.append(run(number))
            print(f"{part}, turn {turn + 1}: {before[-1]}", file=sys.stderr)
    return [_over_turns(of_one) for of_one in runs]


def _over_turns(runs: Sequence[Measured]) -> Measured:
    one = runs[0]
    seconds, cpu = (median(getattr(run, what) for run in runs) for what in ("seconds", "cpu"))
    return replace(
        one, seconds=seconds, cpu=cpu, peak=max(run.peak for run in runs), right=all(run.right for run in runs)
    )


def as_markdown(part: str, units: str, rows: Sequence[Measured]) -> Iterator[str]:
    """A table of docs/benchmarks.md; ours is last, and `times ours` is a contender's seconds over ours."""
    ours = rows[-1]
    yield f"| {part} | seconds | times ours | CPU, s | peak memory, MiB | measured on | checked |"
    yield "|---|---:|---:|---:|---:|---|---|"
    for row in rows:
        cells = [
            row.name,
            digits(row.seconds),
            digits(row.seconds / ours.seconds),
            digits(row.cpu),
            f"{row.peak / 2**20:,.0f}",
            "all" if row.units == row.of else f"{row.units:,} of {row.of:,} {units}, scaled",
            row.words if row.right else f"WRONG: {row.words}",
        ]
        yield f"| {' | '.join(cells)} |"


def digits(number: float) -> str:
    """Three significant ones where there are fewer than three before the point."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
