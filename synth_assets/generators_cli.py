"""The command that makes a data set several times: `generators`. Thin, as `cli.py`."""

import json
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated

import typer

from synth_assets.command_output import AsJson, LakeFolder, example, existing, out, told_plainly, writable

app = typer.Typer(rich_markup_mode=None)


@app.command(epilog=example("synth-assets generators --lake my-lake --draws 5 --seeds 3 --out my-draws"))
def generators(
    folder: Annotated[Path, typer.Option("--out", help="Folder of the data sets, students and report.")],
    lake: LakeFolder = Path("lake"),
    draws: Annotated[
        int | None, typer.Option(min=2, help="How often the lake's teacher makes the data set; 5 where none is said.")
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option("--model", metavar="NAME", help="In place of draws, a model of the lake's endpoint; repeatable."),
    ] = None,
    student: Annotated[str, typer.Option(metavar="NAME", help="Size of the students.")] = "student-23k",
    seeds: Annotated[int, typer.Option(min=2, help="Students of each data set.")] = 3,
    questions: Annotated[
        int, typer.Option(min=10, help="Held-out questions asked of all, equally many of each data set.")
    ] = 300,
    tokens: Annotated[
        int | None, typer.Option(min=1_000, help="Unique training tokens; all that the smallest data set has, else.")
    ] = None,
    json_: AsJson = False,
) -> None:
    """How sure is a figure? Makes the lake's data set several times, and trains equal students on each.

    Writes observations.csv, intervals.csv and report.md with a picture: the interval of one data set, as it is usually
    given, beside the one that knows how much data sets of the same generator differ. Run it again to go on where it
    stopped: what is answered and trained is kept.
    """
    with told_plainly(), redirect_stdout(sys.stderr if json_ else sys.stdout):
        from synth_assets.ensemble.command import Wanted, run

        wanted = Wanted(draws, tuple(model or ()), student, seeds, questions, tokens)
        told = run(existing(lake), writable(folder, "--out"), wanted)
    if json_:
        typer.echo(json.dumps(told.facts, ensure_ascii=False))
        return
    for sentence in told.sentences:
        out.print(sentence, markup=False, highlight=False)
    out.print(f"Look at {told.page}.", markup=False, highlight=False)
