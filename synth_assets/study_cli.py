"""The command of the project's own scaling experiment: `study`. Thin, as `cli.py`."""

import json
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated

import typer

from synth_assets.command_output import AsJson, example, out, show, told_plainly, writable
from synth_assets.errors import SynthAssetsError

app = typer.Typer(rich_markup_mode=None)


@app.command(epilog=example("synth-assets study --profile study-cpu --out my-study --minutes 9"))
def study(
    directory: Annotated[Path, typer.Option("--out", help="Folder of the study: its data, runs and report.")],
    profile: Annotated[
        str, typer.Option(help="study (one large GPU, hours), study-cpu (two cores, under an hour) or study-smoke.")
    ] = "study-cpu",
    minutes: Annotated[
        float | None, typer.Option(min=0.5, help="Stop before so many minutes are over; the same command goes on.")
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Only print the runs: tokens, operations, time.")] = False,
    report_only: Annotated[
        bool, typer.Option("--report-only", help="Only make the tables and the report again.")
    ] = False,
    json_: AsJson = False,
) -> None:
    """Our own scaling experiment: students of several sizes, budgets and seeds on made-up school problems.

    Makes the data set, trains and measures every run, and writes observations.csv, scores.csv and report.md with
    pictures. Run it again to go on where it stopped: finished runs are kept, an unfinished one goes on.
    """
    started = time.monotonic()
    with told_plainly(), redirect_stdout(sys.stderr if json_ else sys.stdout):
        from synth_assets.study import command

        chosen = command.profile_named(profile)
        if plan:
            planned = command.planned(chosen, directory.absolute())
        elif report_only:
            if not directory.exists():
                raise SynthAssetsError(f"There is no study in {directory}; run it first, without --report-only.")
            told = command.report(directory.absolute(), chosen)
        else:
            until = None if minutes is None else started + 60 * minutes
            told = command.run(writable(directory, "--out"), chosen, until)
    if plan:
        show(planned, json_)
        return
    if json_:
        typer.echo(json.dumps(told.facts, ensure_ascii=False))
        return
    out.print(told.sentence, markup=False, highlight=False)
