"""The concept graph at the paper's scale: edges, walks and reference documents beside their peers, as Markdown tables.

    .venv/bin/python benchmarks/graph.py [--only edges ...] [--documents 520000] [--walks 1000000] [--cores 2] [--full]

All are run on the same data, drawn from Zipf's law (`zipf_corpus.py`), each in a process of its own that first runs
once on a small case, held to a number of cores, in turns; seconds are medians over the turns. What would take too long
is run on a sample of documents or walks and scaled, which the table says; `--full` runs it whole. Every result is
checked, and the command fails where one is wrong.

`road` is this project alone: from `document_concepts` in a lake to walks with their references written.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from graph_peers.case import Part
from racing import Measured
from turns import as_markdown, child, hold_to, in_turns
from zipf_corpus import DOCUMENTS

SMALL_DOCUMENTS, SMALL_WALKS = 300, 400
SHARDS = 11
"""Of the lake that the road starts from."""


def measured(folder: Path, part: Part, turns: int, full: bool, cores: int) -> list[Measured]:
    """Every contender of a part, in turns."""
    names: list[str] = json.loads(child("graph_peers.contenders", part, cores=cores))
    mode = ["--full"] if full else []

    def run(number: int) -> Measured:
        return Measured(**json.loads(child("graph_peers.child", folder, part, number, *mode, cores=cores)))

    return in_turns(part, len(names), run, turns)


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
    hold_to(cores)
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(prefix="synth-assets-") as made:
        folder = Path(made)
        parts = [part for part in Part if part in wanted]
        if parts:
            child("graph_peers.making", folder / "small", SMALL_DOCUMENTS, SMALL_WALKS, seed, cores=cores)
            typer.echo(child("graph_peers.making", folder, documents, walks, seed, cores=cores))
        for part in parts:
            rows = measured(folder, part, turns, full, cores)
            typer.echo("\n".join(as_markdown(part, "documents" if part is Part.EDGES else "walks", rows)) + "\n")
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
