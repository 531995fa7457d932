"""What all commands share: options, the folders they take, and how results and problems are told."""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as Sheet

from synth_assets.errors import SynthAssetsError
from synth_assets.settings import LAKE_VARIABLE, SETTINGS_FILE, load_settings

if TYPE_CHECKING:
    import polars as pl

    from synth_assets.lake.lake import Lake

LakeFolder = Annotated[
    Path, typer.Option("--lake", envvar=LAKE_VARIABLE, help="Folder of the lake: tables, runs, report, exports.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
out = Console(soft_wrap=True)

LAID_OUT = 200
"""Up to so many rows of a table are laid out by Rich; 40,000 would take it twenty seconds."""


def example(command: str) -> str:
    """The end of a command's help: an example on lines of its own, which are never re-wrapped (click's backslash-b)."""
    return f"\b\nExample:\n  {command}"


@contextmanager
def told_plainly() -> Iterator[None]:
    """A problem the user can solve is one sentence on standard error and exit status 1, never a traceback."""
    try:
        yield
    except SynthAssetsError as error:
        typer.echo(f"synth-assets: {' '.join(str(error).split())}", err=True)  # DuckDB's words may take several lines
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        typer.echo("synth-assets: interrupted. What was finished is kept; run the same command to go on.", err=True)
        raise typer.Exit(130) from None


def writable(folder: Path, option: str = "--lake") -> Path:
    """The folder, made where it is missing. Raises SynthAssetsError where it cannot be written."""
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


def existing(folder: Path) -> Path:
    """The folder of a lake. Raises SynthAssetsError where there is none."""
    folder = folder.absolute()
    if not (folder / SETTINGS_FILE).exists():
        raise SynthAssetsError(f"There is no lake in {folder}; make one with 'synth-assets run --lake {folder}'.")
    return folder


def opened_lake(folder: Path) -> "Lake":
    """The lake in a folder. Raises SynthAssetsError where there is none."""
    from synth_assets.lake.lake import Lake

    folder = existing(folder)
    return Lake(load_settings(folder).lake_in(folder))


def show(rows: "pl.DataFrame", as_json: bool) -> None:
    """A table for people, or a JSON array of rows."""
    if as_json:
        typer.echo(json.dumps(rows.to_dicts(), default=str, ensure_ascii=False))
        return
    width = shutil.get_terminal_size((160, 24)).columns if sys.stdout.isatty() else 10_000
    right = [dtype.is_numeric() for dtype in rows.dtypes]
    cells = [["" if value is None else str(value) for value in row] for row in rows.iter_rows()]
    if len(cells) > LAID_OUT and (lines := _plain_lines([rows.columns, *cells], right, width)):
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        return
    sheet = Sheet(box=None, pad_edge=False)
    for name, numeric in zip(rows.columns, right, strict=True):
        sheet.add_column(name, justify="right" if numeric else "left")
    for row in cells:
        sheet.add_row(*row)
    Console(width=width, markup=False).print(sheet)


def _plain_lines(rows: list[list[str]], right: list[bool], width: int) -> list[str]:
    """The rows as Rich lays them out, half a millisecond a row faster; none where a cell has to be wrapped."""
    columns = list(zip(*rows, strict=True))
    if not all(cell.isprintable() for column in columns for cell in column):
        return []
    lengths = [[len(cell) if cell.isascii() else cell_len(cell) for cell in column] for column in columns]
    widths = [max(column) for column in lengths]
    if sum(widths) + 2 * (len(widths) - 1) > width:
        return []
    padded = (
        [" " * (most - own) + cell if numeric else cell + " " * (most - own) for cell, own in zip(*column, strict=True)]
        for column, most, numeric in zip(zip(columns, lengths, strict=True), widths, right, strict=True)
    )
    return ["  ".join(line) for line in zip(*padded, strict=True)]
