"""Fits of the scaling law beside other ways to do them, and how often their intervals hold, as Markdown tables.

    .venv/bin/python benchmarks/scaling.py [--only fits ...] [--curves FOLDER] [--simulations 500] [--cores 2] [--full]

Parts: `fits`, the rectified law fitted to 60 learning curves; `bootstrap`, a thousand replicates of one of them;
`coverage`, how often 90% intervals hold the truth, by simulation.

Each contender runs in a process of its own that first runs once on a small case, held to a number of cores, in turns;
seconds are medians over the turns. What would take too long is run on some of the replicates and scaled, which the
table says; `--full` runs it whole. The command fails where our fits are worse than the best of many starts.

The curves are the public ones of arXiv 2402.02314 where `--curves` names a folder with both files (by default
`$SYNTH_ASSETS_SHARED/scaling`); else as many are drawn.
"""

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from racing import Measured
from scaling_peers.case import FILES, Case, Part
from scaling_peers.coverage import Coverage
from scaling_peers.coverage import as_markdown as as_table
from turns import as_markdown, child, hold_to, in_turns

COVERAGE = "coverage"


def measured(folder: Path, part: Part, turns: int, full: bool, cores: int) -> list[Measured]:
    """Every contender of a part, in turns."""
    names: list[str] = json.loads(child("scaling_peers.contenders", part, cores=cores))
    mode = ["--full"] if full else []

    def run(number: int) -> Measured:
        return Measured(**json.loads(child("scaling_peers.child", folder, part, number, *mode, cores=cores)))

    return in_turns(part, len(names), run, turns)


def as_close(case: Case, rows: Sequence[Measured]) -> Iterator[tuple[bool, str]]:
    """Curve by curve, whether ours is as close as each peer's, and in words."""
    found = [np.load(case.kept(Part.FITS, number))["found"] for number in range(len(rows))]
    for row, theirs in zip(rows[:-1], found[:-1], strict=True):
        closer = ~(theirs < found[-1] * (1 - 1e-6))
        yield bool(closer.all()), f"- ours is no further from {closer.sum()} of {len(closer)} curves than: {row.name}."
    seconds = [row.seconds / row.of for row in rows]
    yield True, f"- seconds a curve: {', '.join(f'{each:.2g}' for each in seconds)}."


def main(
    only: Annotated[list[str] | None, typer.Option(help="Parts to run: fits, bootstrap, coverage.")] = None,
    curves: Annotated[Path | None, typer.Option(help=f"Folder with {' and '.join(FILES)}.")] = None,
    replicates: Annotated[int, typer.Option(min=10, help="Replicates of the bootstrap.")] = 1_000,
    simulations: Annotated[int, typer.Option(min=1, help="Of a case of `coverage`.")] = 500,
    bootstrapped: Annotated[int, typer.Option(min=0, help="Of those, how many are bootstrapped too.")] = 60,
    seed: Annotated[int, typer.Option(help="Another seed, other replicates and simulations.")] = 0,
    turns: Annotated[int, typer.Option(min=1, help="How often the short ones are measured.")] = 3,
    cores: Annotated[int, typer.Option(min=1, help="Cores each may use.")] = 2,
    full: Annotated[bool, typer.Option("--full", help="Run everything whole, however long it takes.")] = False,
) -> None:
    """Measure the parts and print their tables."""
    wanted = only or [*Part, COVERAGE]
    unknown = set(wanted) - {*Part, COVERAGE}
    if unknown:
        raise typer.BadParameter(f"there is no part {min(unknown)!r}; the parts are {', '.join([*Part, COVERAGE])}")
    hold_to(cores)
    wrong: list[str] = []
    parts = [part for part in Part if part in wanted]
    with tempfile.TemporaryDirectory(prefix="synth-assets-") as made:
        folder, source = Path(made), _public(curves) or "-"
        if parts:
            child("scaling_peers.making", folder / "small", 10, source, seed, "--small", cores=cores)
            typer.echo(child("scaling_peers.making", folder, replicates, source, seed, cores=cores))
        for part in parts:
            rows = measured(folder, part, turns, full, cores)
            typer.echo("\n".join(as_markdown(part.title, part.units, rows)) + "\n")
            wrong += [f"{part}: {row.name}" for row in rows if not row.right]
            if part is Part.FITS:
                comparisons = list(as_close(Case(folder), rows))
                typer.echo("\n".join(words for _, words in comparisons) + "\n")
                wrong += [words for right, words in comparisons if not right]
    if COVERAGE in wanted:
        lines = child("scaling_peers.coverage", simulations, min(bootstrapped, simulations), seed, cores=cores)
        typer.echo("\n".join(as_table([Coverage(**json.loads(line)) for line in lines.splitlines()])) + "\n")
    if wrong:
        typer.echo(f"Wrong results: {', '.join(wrong)}.", err=True)
        raise typer.Exit(1)


def _public(curves: Path | None) -> Path | None:
    """The folder of public curves, if it is named and has them."""
    if curves is not None:
        return curves
    shared = os.environ.get("SYNTH_ASSETS_SHARED")
    folder = Path(shared) / "scaling" if shared else Path(__file__).parents[2] / "shared" / "scaling"
    return folder if all((folder / name).exists() for name in FILES) else None


if __name__ == "__main__":
    typer.run(main)
