"""Decontamination and near duplicates beside their peers, and at the size of a data set, as Markdown tables.

    .venv/bin/python benchmarks/decontamination.py [--only ngrams ...] [--documents 200000] [--cores 2] [--full]

Parts: `ngrams`, documents of about 105 words, some of which have 13 words in a row in common with one of 10,000
benchmark items; `duplicates`, documents of which some stand there twice; `questions`, a million of them through the
whole ladder without a judge; `memory`, five million documents batch by batch.

All are run on the same texts (`decontamination_peers/zipf_texts.py`), each in a process of its own that first runs once
on a small case, held to a number of cores, in turns; seconds are medians over the turns and include building an index
of the items. What would take too long is run on a sample of documents and scaled, which the table says; `--full` runs
it whole. Every result is checked, and the command fails where one is wrong.

Peers that the project's environment does not have are installed into a folder outside the checkout, once; where they
cannot be had, they are left out and the reason is printed.
"""

import json
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer
from decontamination_peers.case import Part
from decontamination_peers.environment import CannotBeHadError, peers_packages
from decontamination_peers.making import Sizes
from decontamination_peers.memory import Stand
from decontamination_peers.memory import as_markdown as as_table
from racing import Measured
from turns import as_markdown, child, hold_to, in_turns

MEMORY = "memory"
SMALL = 400
"""Documents, items and questions of the case to warm up on."""


def measured(folder: Path, part: Part, turns: int, full: bool, cores: int, packages: Path | None) -> list[Measured]:
    """Every contender of a part that can be had, in turns."""
    known: list[tuple[str, bool]] = json.loads(child("decontamination_peers.contenders", part, cores=cores))
    there = [number for number, (_, needs_peers) in enumerate(known) if packages is not None or not needs_peers]
    mode = ["--full"] if full else []

    def run(place: int) -> Measured:
        number = there[place]
        own = packages if known[number][1] else None
        arguments = (folder, part, number, *mode)
        return Measured(**json.loads(child("decontamination_peers.child", *arguments, cores=cores, packages=own)))

    return in_turns(part, len(there), run, turns)


def main(
    only: Annotated[list[str] | None, typer.Option(help="Parts to run: ngrams, duplicates, questions, memory.")] = None,
    documents: Annotated[int, typer.Option(min=100, help="Documents of the part `ngrams`.")] = 200_000,
    items: Annotated[int, typer.Option(min=100, help="Benchmark items.")] = 10_000,
    near: Annotated[int, typer.Option(min=100, help="Documents of the part `duplicates`.")] = 100_000,
    questions: Annotated[int, typer.Option(min=100, help="Questions of the part `questions`.")] = 1_000_000,
    streamed: Annotated[int, typer.Option(min=100, help="Documents of the part `memory`.")] = 5_000_000,
    seed: Annotated[int, typer.Option(help="Another seed, other texts.")] = 0,
    turns: Annotated[int, typer.Option(min=1, help="How often the short ones are measured.")] = 3,
    cores: Annotated[int, typer.Option(min=1, help="Cores each may use.")] = 2,
    full: Annotated[bool, typer.Option("--full", help="Run everything whole, however long it takes.")] = False,
) -> None:
    """Measure the parts and print their tables."""
    wanted = only or [*Part, MEMORY]
    unknown = set(wanted) - {*Part, MEMORY}
    if unknown:
        raise typer.BadParameter(f"there is no part {min(unknown)!r}; the parts are {', '.join([*Part, MEMORY])}")
    hold_to(cores)
    wrong: list[str] = []
    parts = [part for part in Part if part in wanted]
    with tempfile.TemporaryDirectory(prefix="synth-assets-") as made:
        folder, packages = Path(made), _packages() if {Part.NGRAMS, Part.DUPLICATES} & {*parts} else None
        if parts:
            sizes = Sizes(documents, items, near, questions, seed)
            small = replace(sizes, documents=SMALL, items=SMALL, near=SMALL, questions=SMALL)
            child("decontamination_peers.making", folder / "small", json.dumps(asdict(small)), cores=cores)
            typer.echo(child("decontamination_peers.making", folder, json.dumps(asdict(sizes)), cores=cores))
        for part in parts:
            rows = measured(folder, part, turns, full, cores, packages)
            typer.echo("\n".join(as_markdown(part.title, part.units, rows)) + "\n")
            wrong += [f"{part}: {row.name}" for row in rows if not row.right]
        if MEMORY in wanted:
            stands = memory(streamed, items, seed, cores)
            typer.echo("\n".join(as_table(stands)) + "\n")
            wrong += [MEMORY] if stands[-1].missed else []
    if wrong:
        typer.echo(f"Wrong results: {', '.join(wrong)}.", err=True)
        raise typer.Exit(1)


def memory(documents: int, items: int, seed: int, cores: int) -> list[Stand]:
    """How the resident set stands over so many documents."""
    stands = json.loads(child("decontamination_peers.memory", documents, items, seed, cores=cores))
    return [Stand(**stand) for stand in stands]


def _packages() -> Path | None:
    try:
        return peers_packages(lambda message: print(message, file=sys.stderr))
    except CannotBeHadError as reason:
        typer.echo(f"Left out: lm-eval's janitor, datatrove, datasketch, rensa ({reason}).\n")
        return None


if __name__ == "__main__":
    typer.run(main)
