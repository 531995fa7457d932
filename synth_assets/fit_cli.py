"""The command `fit`: scaling laws of any file of learning curves, without a lake. Thin, as `cli.py`."""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synth_assets.command_output import AsJson, example, out, show, told_plainly, writable

if TYPE_CHECKING:
    from synth_assets.fit_command import Fitted

app = typer.Typer(rich_markup_mode=None)


class LawName(StrEnum):
    """The laws: two of one curve, one of all curves together."""

    rectified = "rectified"
    power = "power"
    chinchilla = "chinchilla"


class LossName(StrEnum):
    """What is minimised, of log residuals."""

    squares = "squares"
    huber = "huber"


class TableFormat(StrEnum):
    """Formats of the tables."""

    parquet = "parquet"
    csv = "csv"


@app.command(
    epilog=example(
        "synth-assets fit curves.csv --holdout 2 --at 10M --target 1.5 --plot curves.png\n\n\b\n"
        "The file, a line a measured value (parameters, seed, metric and training_set may be left out):\n"
        "  model,parameters,tokens,value,seed\n"
        "  gpt2,124000000,200000,3.91,0"
    )
)
def fit(
    file: Annotated[Path, typer.Argument(help="CSV, Parquet or JSONL with the columns model, tokens, value.")],
    law: Annotated[
        LawName | None,
        typer.Option(
            help="One law; otherwise rectified and power are fitted and compared. chinchilla: all sizes at once."
        ),
    ] = None,
    holdout: Annotated[
        int, typer.Option(min=0, metavar="K", help="Largest budgets predicted from the smaller ones.")
    ] = 1,
    metric: Annotated[
        str | None,
        typer.Option(help="What the values are (error, loss, accuracy), or which of the file's metrics to take."),
    ] = None,
    at: Annotated[
        list[str] | None, typer.Option("--at", metavar="TOKENS", help="Budget to predict, such as 4.5B; repeatable.")
    ] = None,
    target: Annotated[
        list[float] | None, typer.Option(metavar="VALUE", help="Value whose budget is asked for; repeatable.")
    ] = None,
    bootstrap: Annotated[
        int, typer.Option(min=0, metavar="N", help="Bootstrap replicates, for crossings and the next run; 0 for none.")
    ] = 400,
    loss: Annotated[
        LossName, typer.Option(help="Least squares of log residuals, or Huber's loss, which outliers hardly move.")
    ] = LossName.squares,
    plateau: Annotated[
        float, typer.Option(min=1e-6, max=0.5, metavar="SHARE", help="Plateau: a doubling gains less than this share.")
    ] = 0.01,
    plot: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Picture to draw: .png, .svg or .pdf; one a metric.")
    ] = None,
    directory: Annotated[Path | None, typer.Option("--out", help="Folder to write the tables to.")] = None,
    format_: Annotated[TableFormat, typer.Option("--format", help="Format of these tables.")] = TableFormat.parquet,
    json_: AsJson = False,
) -> None:
    """Fit scaling laws to the learning curves of any file, with intervals, verdicts, a hold-out and predictions.

    Values are errors or losses, which fall with data; an accuracy is turned into the error. Intervals are at 90%.
    """
    with told_plainly():
        from synth_assets import fit_command as fitting

        path = None if plot is None else fitting.plot_path(plot)
        asked = fitting.Asked(
            law=None if law is None else law.value,
            metric=metric,
            held_out=holdout,
            budgets=fitting.token_counts(at or (), "--at"),
            targets=tuple(target or ()),
            replicates=bootstrap,
            loss=loss.value,
            plateau_gain=plateau,
        )
        observations = fitting.read_curves(file, metric)
        fitted = fitting.fit_curves(file, observations, asked, drawn=path is not None)
        pictures = [] if path is None else fitting.write_figures(fitted.figures, path)
        written = [] if directory is None else fitting.write_tables(fitted, writable(directory, "--out"), format_.value)
    if json_:
        files = {"pictures": [str(one) for one in pictures], "tables": [str(one) for one in written]}
        typer.echo(json.dumps({**fitted.as_facts(), **files}, ensure_ascii=False))
        return
    _tell(fitted)
    for one in (*pictures, *written):
        out.print(f"Wrote {one}", markup=False, highlight=False)


def _tell(fitted: "Fitted") -> None:
    """The tables and sentences for people."""
    from synth_assets.fit_tables import shown_fits, shown_predictions, shown_quality

    parts = {
        "Parameters": shown_fits(fitted.fits),
        "How well the laws fit": shown_quality(fitted.fits),
        "Predictions": shown_predictions(fitted.predictions),
    }
    for title, rows in parts.items():
        out.print(f"{title}\n", markup=False, highlight=False)
        show(rows, as_json=False)
        out.print()
    if fitted.conclusions.height or fitted.notes:
        out.print("What follows\n", markup=False, highlight=False)
    for said in (*fitted.conclusions["said"], *fitted.notes):
        out.print(f"- {said}", markup=False, highlight=False)
