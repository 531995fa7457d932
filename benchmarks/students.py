"""Training the students: tokens a second by size, beside a plain PyTorch loop, and the share of the device's peak.

    .venv/bin/python benchmarks/students.py [--sizes student-58k ...] [--sequences 2] [--cores 2] [--turns 3]

Both loops are given the same packed batches and the same initial weights, each in a process of its own, in turns that
follow each other directly, held to a number of cores on a CPU; the loss of the first step must agree. PyTorch runs in
the environment of the tests on a real vLLM (CONTRIBUTING.md); where that cannot be had, ours is measured alone.

The share of the peak counts 6 operations a parameter and token, and attention over what a token may see; the peak is
NVIDIA's for a known GPU, and what a large matrix product attains for a CPU.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import numpy as np
import typer
from turns import BENCHMARKS, child, digits, hold_to

from synth_assets.students.sizes import STUDENT_SIZES

sys.path.insert(0, str(BENCHMARKS.parent))
from synth_assets_tests.teachers.vllm.environment import CannotBeHadError, vllm_program

VOCABULARY = 1024
PLACES_A_MEASUREMENT = 32_768
AGREE = 1e-3
"""Relative difference of the first losses up to which both loops train the same model; bfloat16 has ten times that."""


@dataclass(frozen=True)
class Row:
    """What was measured of a size: tokens a second of both loops (medians) and what there is to say of ours."""

    name: str
    ours: float
    pytorch: float | None
    ratios: tuple[float, ...]
    share: float | None
    right: bool
    device: str


def measured(name: str, sequences: int, steps: int, turns: int, cores: int, python: Path | None) -> Row:
    """One size, in turns."""
    with tempfile.TemporaryDirectory(prefix="synth-assets-") as made:
        folder = Path(made)
        held = json.loads(child("students_peers.making", folder, name, steps, sequences, cores=cores))
        ours, theirs = [], []
        for _ in range(turns):
            ours.append(json.loads(child("students_peers.ours", folder, 3, cores=cores)))
            if python is not None:
                theirs.append(_pytorch(python, folder, cores))
        lengths = np.load(folder / "row_lengths.npy")
    speeds = [held["tokens"] / min(turn["seconds"]) for turn in ours]
    peer_speeds = [held["tokens"] / min(turn["seconds"]) for turn in theirs]
    one = ours[0]
    near = AGREE if one["precision"] == "float32" else 10 * AGREE
    right = all(abs(turn["loss"] - one["loss"]) < near * one["loss"] for turn in theirs)
    # A token sees half its row on average, longer rows holding more of the tokens.
    context = float((lengths.astype(float) ** 2).sum() / lengths.sum() / 2)
    operations = STUDENT_SIZES[name].operations(VOCABULARY, context) * median(speeds)
    peaks = [turn["peak"] for turn in ours if turn["peak"]]
    return Row(
        name,
        median(speeds),
        median(peer_speeds) if peer_speeds else None,
        tuple(mine / peer for mine, peer in zip(speeds, peer_speeds, strict=bool(peer_speeds))),
        operations / max(peaks) if peaks else None,
        right,
        f"{one['device']}, {one['precision']}, peak {max(peaks) / 1e12:.3g} TFLOP/s" if peaks else one["device"],
    )


def _pytorch(python: Path, folder: Path, cores: int) -> dict[str, Any]:
    """With a thread a core and with one, for small students are not always faster with more: the faster of the two."""
    runs = []
    for threads in sorted({1, cores}):
        command = [str(python), str(BENCHMARKS / "students_peers" / "pytorch_loop.py"), str(folder), "3", str(threads)]
        environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
        runs.append(dict(json.loads(done.stdout)))
    return min(runs, key=lambda run: min(run["seconds"]))


def main(
    sizes: Annotated[list[str] | None, typer.Option(help="Students to measure; by default up to student-3m.")] = None,
    sequences: Annotated[int, typer.Option(min=1, help="Sequences of 512 places a step.")] = 2,
    turns: Annotated[int, typer.Option(min=1, help="How often each is measured.")] = 3,
    cores: Annotated[int, typer.Option(min=1, help="Cores each may use.")] = 2,
    places: Annotated[int, typer.Option(min=1024, help="Places trained on in a measurement.")] = PLACES_A_MEASUREMENT,
    no_peer: Annotated[bool, typer.Option("--no-peer", help="Measure ours alone.")] = False,
) -> None:
    """Measure the sizes and print the table."""
    names = sizes or list(STUDENT_SIZES)[:6]
    if unknown := set(names) - set(STUDENT_SIZES):
        raise typer.BadParameter(f"there is no student {min(unknown)!r}; choose from {', '.join(STUDENT_SIZES)}")
    hold_to(cores)
    python = None if no_peer else _python()
    rows = []
    for name in names:
        steps = max(2, places // (512 * sequences))
        rows.append(measured(name, sequences, steps, turns, cores, python))
        print(rows[-1], file=sys.stderr)
    typer.echo(f"{rows[-1].device}; {sequences} sequences of 512 places a step.\n")
    typer.echo("| student | parameters | synth-assets, tokens/s | PyTorch, tokens/s | ratio (turns) | share of peak |")
    typer.echo("|---|---:|---:|---:|---|---:|")
    for row in rows:
        cells = [
            row.name,
            f"{STUDENT_SIZES[row.name].parameters(VOCABULARY):,}",
            digits(row.ours),
            digits(row.pytorch) if row.pytorch else "",
            f"{median(row.ratios):.2f} ({', '.join(f'{ratio:.2f}' for ratio in row.ratios)})" if row.ratios else "",
            f"{row.share:.0%}" if row.share else "",
        ]
        typer.echo(f"| {' | '.join(cells)} |")
    if wrong := [row.name for row in rows if not row.right]:
        typer.echo(f"The first losses differ: {', '.join(wrong)}.", err=True)
        raise typer.Exit(1)


def _python() -> Path | None:
    try:
        return vllm_program(lambda message: print(message, file=sys.stderr)).parent / "python"
    except CannotBeHadError as reason:
        typer.echo(f"Left out: PyTorch ({reason}).\n")
        return None


if __name__ == "__main__":
    typer.run(main)
