"""The concept graph at the paper's scale: edges, walks and reference documents beside their peers, as Markdown tables.

    .venv/bin/python benchmarks/graph.py [--only edges ...] [--documents 520000] [--walks 1000000] [--cores 2] [--full]

All are run on the same data, drawn from Zipf's law (`zipf_corpus.py`), each in a process of its own that first runs
once on a small case, held to a number of cores, in turns; seconds are medians over the turns. What would take too long
is run on a sample of documents or walks and scaled, which the table says; `--full` runs it whole. Every result is
checked, and the command fails where one is wrong.

`road` is this project alone: from `document_concepts` in a lake to walks with their references written.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Annotated

import numpy as np
import typer
from graph_peers.case import Part
from graph_peers.racing import Measured
from zipf_corpus import DOCUMENTS

BENCHMARKS = Path(__file__).parent
SMALL_DOCUMENTS, SMALL_WALKS = 300, 400
LONG = 20.0
"""Seconds after which a contender is not measured again."""

SHARDS = 11
"""Of the lake that the road starts from."""


def child(module: str, *arguments: object, cores: int) -> str:
    """What a module prints that is run in a process of its own. Raises CalledProcessError where it fails."""
    threads = dict.fromkeys(("POLARS_MAX_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS"), str(cores))
    command = [sys.executable, "-m", module, *map(str, arguments)]
    environment = {**os.environ, **threads, "PYTHONPATH": str(BENCHMARKS)}
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout


def measured(folder: Path, part: Part, turns: int, full: bool, cores: int) -> list[Measured]:
    """Every contender of a part, in turns."""
    names: list[str] = json.loads(child("graph_peers.contenders", part, cores=cores))
    runs: list[list[Measured]] = [[] for _ in names]
    for turn in range(turns):
        for number in range(len(names)):
            if turn and (runs[number][0].units < runs[number][0].of or runs[number][0].seconds > LONG):
                continue
            mode = ["--full"] if full else []
            runs[number].append(
                Measured(**json.loads(child("graph_peers.child", folder, part, number, *mode, cores=cores)))
            )
            print(f"{part}, turn {turn + 1}: {runs[number][-1]}", file=sys.stderr)
    return [_over_turns(of_one) for of_one in runs]


def _over_turns(runs: Sequence[Measured]) -> Measured:
    one = runs[0]
    seconds, cpu = (median(getattr(run, what) for run in runs) for what in ("seconds", "cpu"))
    return replace(
        one, seconds=seconds, cpu=cpu, peak=max(run.peak for run in runs), right=all(run.right for run in runs)
    )


def as_markdown(part: Part, rows: Sequence[Measured]) -> Iterator[str]:
    """A table of docs/benchmarks.md; ours is last, and `times ours` is a contender's seconds over ours."""
    ours = rows[-1]
    yield f"| {part} | seconds | times ours | CPU, s | peak memory, MiB | measured on | checked |"
    yield "|---|---:|---:|---:|---:|---|---|"
    for row in rows:
        unit = "documents" if part is Part.EDGES else "walks"
        sample = "all" if row.units == row.of else f"{row.units:,} of {row.of:,} {unit}, scaled"
        cells = [
            row.name,
            _digits(row.seconds),
            _digits(row.seconds / ours.seconds),
            _digits(row.cpu),
            f"{row.peak / 2**20:,.0f}",
            sample,
            row.words if row.right else f"WRONG: {row.words}",
        ]
        yield f"| {' | '.join(cells)} |"


def _digits(number: float) -> str:
    """Three significant ones where there are fewer than three before the point."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def same_references(folder: Path, names: Sequence[str]) -> Iterator[str]:
    """How far each peer's reference documents, on its sample, are ours."""
    found = [np.load(folder / f"references-{number}.npz") for number in range(len(names))]
    ours = found[-1]
    for name, theirs in zip(names[:-1], found[:-1], strict=True):
        equal = (theirs["documents"] == ours["documents"][theirs["chosen"]]).all(axis=1)
        closeness = np.abs(theirs["similarities"] - ours["similarities"][theirs["chosen"]]).max()
        yield (
            f"- {name}: both documents are ours for {equal.mean():.2%} of {len(equal):,} walks; "
            f"similarities differ by at most {closeness:.2g}."
        )


def main(
    only: Annotated[list[str] | None, typer.Option(help="Parts to run: edges, walks, references, road.")] = None,
    documents: Annotated[int, typer.Option(min=100, help="Documents of the corpus.")] = DOCUMENTS,
    walks: Annotated[int, typer.Option(min=100, help="Walks, of the parts `walks` and `references`.")] = 1_000_000,
    seed: Annotated[int, typer.Option(help="Another seed, another corpus.")] = 0,
    turns: Annotated[int, typer.Option(min=1, help="How often the short ones are measured.")] = 3,
    cores: Annotated[int, typer.Option(min=1, help="Cores each may use.")] = 2,
    full: Annotated[bool, typer.Option("--full", help="Run everything whole, however long it takes.")] = False,
) -> None:
    """Measure the parts and print their tables."""
    wanted = only or [*Part, "road"]
    unknown = set(wanted) - {*Part, "road"}
    if unknown:
        raise typer.BadParameter(f"there is no part {min(unknown)!r}; the parts are {', '.join([*Part, 'road'])}")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(prefix="synth-assets-") as made:
        folder = Path(made)
        parts = [part for part in Part if part in wanted]
        if parts:
            child("graph_peers.making", folder / "small", SMALL_DOCUMENTS, SMALL_WALKS, seed, cores=cores)
            typer.echo(child("graph_peers.making", folder, documents, walks, seed, cores=cores))
        for part in parts:
            rows = measured(folder, part, turns, full, cores)
            typer.echo("\n".join(as_markdown(part, rows)) + "\n")
            wrong += [f"{part}: {row.name}" for row in rows if not row.right]
            if part is Part.REFERENCES:
                typer.echo("\n".join(same_references(folder, [row.name for row in rows])) + "\n")
        if "road" in wanted:
            for how in ("functions", "assets"):
                into = (folder / how, "--lake", "--documents", documents, "--shards", SHARDS, "--seed", seed)
                child("zipf_corpus", *into, cores=cores)
                typer.echo(child("graph_peers.road", how, folder / how, cores=cores))
    if wrong:
        typer.echo(f"Wrong results: {', '.join(wrong)}.", err=True)
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
