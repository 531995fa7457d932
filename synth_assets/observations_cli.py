"""The commands `observations add` and `observations list`: evaluation results from elsewhere. Thin, as `cli.py`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from synth_assets.command_output import AsJson, LakeFolder, example, opened_lake, out, show, told_plainly, writable

app = typer.Typer(
    help="Evaluation results from elsewhere: imported, fitted and reported with the students' own.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

File = Annotated[
    str,
    typer.Argument(help="CSV, Parquet or JSONL; a folder of lm-evaluation-harness or Qwen2.5-Math results; s3://..."),
]


@app.command(
    epilog=example(
        "synth-assets observations add results.csv --lake my-lake\n"
        "  synth-assets observations add evals/ --pattern '{model}/{tokens}/seed{seed}' --metric 'gsm8k*'"
    )
)
def add(
    file: File,
    model: Annotated[str | None, typer.Option(metavar="NAME", help="Model, where the rows do not say it.")] = None,
    parameters: Annotated[str | None, typer.Option(metavar="N", help="Parameters of the model, e.g. 1.5B.")] = None,
    tokens: Annotated[str | None, typer.Option(metavar="N", help="Tokens it was trained on, e.g. 20m.")] = None,
    metric: Annotated[
        str | None, typer.Option(metavar="NAME", help="Metric of a table; of results, which to take, as a glob.")
    ] = None,
    seed: Annotated[str | None, typer.Option(metavar="N", help="Seed of the training.")] = None,
    training_set: Annotated[str | None, typer.Option(metavar="NAME", help="What it was trained on.")] = None,
    data_snapshot: Annotated[str | None, typer.Option(metavar="ID", help="State of the training data.")] = None,
    pattern: Annotated[
        str | None, typer.Option(metavar="P", help="What folder names say, e.g. '{model}/{tokens}/seed{seed}'.")
    ] = None,
    lake: LakeFolder = Path("lake"),
    json_: AsJson = False,
) -> None:
    """Import measured values, and fit, predict and report anew. The file stays where it is and is remembered.

    Needed are model, tokens and value; parameters, metric, seed, training_set and data_snapshot may be there. Adding a
    file again adds nothing; a changed one replaces its rows. A row that cannot be used is quarantined with the reason.
    """
    with told_plainly():
        from synth_assets.observations_command import add_observations, source_named

        told = {
            "model": model,
            "parameters": parameters,
            "tokens": tokens,
            "metric": metric,
            "seed": seed,
            "training_set": training_set,
            "data_snapshot": data_snapshot,
            "pattern": pattern,
        }
        added = add_observations(writable(lake), source_named(file, told))
    if json_:
        typer.echo(json.dumps(added.facts, ensure_ascii=False))
        return
    show(added.files, as_json=False)
    for row in added.quarantined.iter_rows(named=True):
        out.print(f"- {row['file']}, {row['id']}: {row['reason']} ({row['detail']})", markup=False, highlight=False)
    made = ", ".join(added.made) or "nothing: everything was fresh"
    out.print(f"\nMade anew: {made}", markup=False, highlight=False)


@app.command("list", epilog=example("synth-assets observations list --lake my-lake"))
def list_(lake: LakeFolder = Path("lake"), json_: AsJson = False) -> None:
    """The imported files: rows, models, metrics, quarantined rows, and whether the file is still there."""
    with told_plainly():
        from synth_assets.observations_command import imported_files

        show(imported_files(opened_lake(lake)), json_)
