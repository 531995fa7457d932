"""The command line: run, estimate, ui, status, sql, trace, export. Thin; what each does lives in the rooms."""

import json
import os
import shutil
import sys
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table as Sheet

from synth_assets.errors import SynthAssetsError
from synth_assets.options import SettingOptions, with_setting_options
from synth_assets.settings import LAKE_VARIABLE, SETTINGS_FILE, load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from synth_assets.lake.lake import Lake

app = typer.Typer(
    help="SynthLLM as Dagster assets: from a corpus to a clean synthetic QA set and its scaling laws.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

LakeFolder = Annotated[
    Path, typer.Option("--lake", envvar=LAKE_VARIABLE, help="Folder of the lake: tables, runs, report, exports.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]

out = Console(soft_wrap=True)


def _example(command: str) -> str:
    """The end of a command's help: an example on lines of its own, which are never re-wrapped (click's backslash-b)."""
    return f"\b\nExample:\n  {command}"


class ExportFormat(StrEnum):
    """Layouts trainers read."""

    messages = "messages"
    prompt_completion = "prompt-completion"
    sharegpt = "sharegpt"
    alpaca = "alpaca"


@app.command(
    epilog=_example(
        "synth-assets run --corpus 'books/*.parquet' \\\n    --benchmark gsm8k=gsm8k/test.jsonl --lake my-lake"
    )
)
@with_setting_options
def run(options: SettingOptions, lake: LakeFolder = Path("lake")) -> None:
    """Materialise every asset, from the corpus to the report. Without --corpus: the lake's own, or the sample.

    What was answered or trained before under the same settings is not done again. All settings stand in
    <lake>/synth.toml afterwards and may be edited there.
    """
    with _told_plainly():
        from synth_assets.automation.running import run_everything

        folder = _writable(lake)
        new = not (folder / SETTINGS_FILE).exists()
        run_everything(folder, options.onto(load_settings(folder), new), out)


@app.command(
    epilog=_example(
        "synth-assets estimate --corpus 'books/*.parquet' --teacher openai --base-url http://gpu1:8000/v1 \\\n"
        "    --model qwen --price 0.15,0.60 --throughput 5000 --lake my-lake"
    )
)
@with_setting_options
def estimate(
    options: SettingOptions,
    throughput: Annotated[
        float | None, typer.Option(metavar="TOKENS", help="Completion tokens a second over all endpoints, for hours.")
    ] = None,
    partitions: Annotated[bool, typer.Option("--partitions", help="A row a partition, not only a stage.")] = False,
    lake: LakeFolder = Path("lake"),
    json_: AsJson = False,
) -> None:
    """What a run with these options would ask, and cost: requests, tokens, money, hours. Nothing is asked or written.

    What the lake has answers for is not counted again. Exact where the inputs of a stage exist; otherwise built on
    assumptions, which are printed below the table.
    """
    with _told_plainly():
        from synth_assets.automation.estimating.estimate import estimate_of

        folder = lake.absolute()
        new = not (folder / SETTINGS_FILE).exists()
        estimated = estimate_of(folder, options.onto(load_settings(folder), new), throughput)
        if json_:
            typer.echo(estimated.as_json())
            return
        _show(estimated.shown(by_partition=partitions), as_json=False)
        for note in estimated.notes:
            out.print(f"- {note}", markup=False, highlight=False)


@app.command(epilog=_example("synth-assets ui --lake my-lake --port 3000"))
def ui(
    lake: LakeFolder = Path("lake"),
    port: Annotated[int, typer.Option(help="Port of the web server.")] = 3000,
    host: Annotated[str, typer.Option(help="Address to listen on; only this machine by default.")] = "127.0.0.1",
) -> None:
    """Open the Dagster UI (web server and daemon) on a lake. Stop it with Ctrl-C."""
    from synth_assets.automation.instance import ui_command

    with _told_plainly():
        folder = _writable(lake)
        command, environment = ui_command(folder, host, port)
        out.print(f"Dagster UI on http://{host}:{port} for the lake {folder}; stop with Ctrl-C.")
        os.chdir(folder)
        # In place of this process, so that Ctrl-C lets Dagster stop its own processes and nothing cuts it short.
        os.execve(command[0], command, environment)


@app.command(epilog=_example("synth-assets status --lake my-lake"))
def status(lake: LakeFolder = Path("lake"), json_: AsJson = False) -> None:
    """Each asset and partition: rows, age, and whether it is stale, missing or fresh."""
    from synth_assets.automation.standing import standing_of

    with _told_plainly():
        folder = _existing(lake)
        _show(standing_of(folder, load_settings(folder)), json_)


@app.command(epilog=_example('synth-assets sql "select method, count(*) from training_qa group by method"'))
def sql(
    query: Annotated[str, typer.Argument(help="A SELECT over the tables of the lake (DuckDB's SQL).")],
    lake: LakeFolder = Path("lake"),
    as_of: Annotated[int | None, typer.Option(help="Read the lake as it was at this snapshot.")] = None,
    json_: AsJson = False,
) -> None:
    """Query the lake. Read only: nothing can be written, and nothing outside the lake read."""
    with _told_plainly():
        _show(_opened(lake).query(query, as_of=as_of), json_)


@app.command(epilog=_example("synth-assets trace 3f2a9c0d11aa42b7 --lake my-lake"))
def trace(
    qa_id: Annotated[str, typer.Argument(help="A qa_id of training_qa or qa_pairs.")],
    lake: LakeFolder = Path("lake"),
    json_: AsJson = False,
) -> None:
    """Where a training example comes from: documents, concepts, walk, prompt, teacher, verdicts, training sets."""
    from synth_assets.lake.lineage import trace as trace_lineage

    with _told_plainly():
        found = trace_lineage(_opened(lake), qa_id)
        if json_:
            typer.echo(found.model_dump_json(indent=2))
        else:
            from synth_assets.reports.tracing import as_text

            out.print(as_text(found), markup=False, highlight=False)


@app.command(epilog=_example("synth-assets export --format messages --out data/ --lake my-lake"))
def export(
    format_: Annotated[ExportFormat, typer.Option("--format", help="Layout of the rows.")],
    directory: Annotated[Path, typer.Option("--out", help="Folder to write to.")],
    lake: LakeFolder = Path("lake"),
) -> None:
    """Write the training data with a Hugging Face dataset card; provenance stands beside the training fields."""
    from synth_assets.reports.exports import export_training_data

    with _told_plainly():
        opened = _opened(lake)
        rows, questions = opened.read("training_qa"), opened.read("questions")
        for path in export_training_data(rows, questions, format_.value, _writable(directory, "--out")):
            typer.echo(path)


def main() -> None:
    """The console script."""
    app()


@contextmanager
def _told_plainly() -> "Iterator[None]":
    """A problem the user can solve is one sentence on standard error and exit status 1, never a traceback."""
    try:
        yield
    except SynthAssetsError as error:
        typer.echo(f"synth-assets: {' '.join(str(error).split())}", err=True)  # DuckDB's words may take several lines
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        typer.echo("synth-assets: interrupted. What was finished is kept; run the same command to go on.", err=True)
        raise typer.Exit(130) from None


def _writable(folder: Path, option: str = "--lake") -> Path:
    folder = folder.absolute()
    if folder.exists() and not folder.is_dir():
        raise SynthAssetsError(f"{option} {folder} is a file; name a folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise SynthAssetsError(
            f"{option} {folder} cannot be written ({error.strerror}); choose another folder."
        ) from error
    return folder


def _existing(folder: Path) -> Path:
    folder = folder.absolute()
    if not (folder / SETTINGS_FILE).exists():
        raise SynthAssetsError(f"There is no lake in {folder}; make one with 'synth-assets run --lake {folder}'.")
    return folder


def _opened(folder: Path) -> "Lake":
    from synth_assets.lake.lake import Lake

    folder = _existing(folder)
    return Lake(load_settings(folder).lake_in(folder))


def _show(rows: "pl.DataFrame", as_json: bool) -> None:
    """A table for people, or a JSON array of rows."""
    if as_json:
        typer.echo(json.dumps(rows.to_dicts(), default=str, ensure_ascii=False))
        return
    width = shutil.get_terminal_size((160, 24)).columns if sys.stdout.isatty() else 10_000
    sheet = Sheet(box=None, pad_edge=False)
    for name, dtype in rows.schema.items():
        sheet.add_column(name, justify="right" if dtype.is_numeric() else "left")
    for row in rows.iter_rows():
        sheet.add_row(*("" if value is None else str(value) for value in row))
    Console(width=width, markup=False).print(sheet)


if __name__ == "__main__":
    main()
