"""Half an hour of four backfills at once on PostgreSQL, as the table in docs/benchmarks.md.

    .venv/bin/python benchmarks/soak.py run --out soak [--minutes 30]
    .venv/bin/python benchmarks/soak.py table --out soak

Instance storage and catalogue are databases of a PostgreSQL server of its own (its programs must be installed); the
lake, the log of every measurement and the server's output lie in the folder. `table` makes the table of what has been
measured so far, also while a soak is at work or after it was cut short.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

sys.path.insert(0, str(Path(__file__).parents[1]))

from synth_assets_tests.automation.web_server import web_server
from synth_assets_tests.faults.lakes import into_postgres, lake_of_shards
from synth_assets_tests.faults.soaking import SHARDS, figures, soak
from synth_assets_tests.postgres import postgres_server

Out = Annotated[Path, typer.Option("--out", help="Folder of the soak.")]
app = typer.Typer(no_args_is_help=True)


@app.command()
def run(out: Out, minutes: float = 30.0) -> None:
    """Walk the road once, soak, and compare the tables with those from before; then print the table."""
    out.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)  # PostgreSQL runs as a user of its own
        with postgres_server(Path(place) / "pg") as address:
            lake = lake_of_shards(out.absolute() / "lake", SHARDS)
            into_postgres(lake, address)
            subprocess.run([sys.executable, "-m", "synth_assets.cli", "run", "--lake", lake.folder], check=True)
            before = lake.tables()
            with web_server(lake.folder) as server:
                lanes = soak(server, address, 60 * minutes, out / "measured.ndjson")
            after = lake.tables()
            ended = {
                "minutes": minutes,
                "backfills": {lane.asset: lane.statuses for lane in lanes},
                "changed": [name for name in before if not before[name].equals(after[name])],
            }
            (out / "ended.json").write_text(json.dumps(ended, indent=2))
    table(out)


@app.command()
def table(out: Out) -> None:
    """The table of what has been measured, and how the backfills ended."""
    typer.echo(
        "| process | points | memory, MiB: first third | last | in the second half, MiB an hour "
        "| files open for a run at work | others: first third | last | an hour |"
    )
    typer.echo("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for row in figures(out / "measured.ndjson").iter_rows(named=True):
        memory = [_number(row[name] or None, ",.0f") for name in ("memory_first", "memory_last")]
        files = [_number(row[name], ".0f") for name in ("files_first", "files_last")]
        files = [_number(row["files_a_run"], ".0f"), *files, _slope(row, "files_")]
        cells = [row["kind"], f"{row['points']:,}", *memory, _slope(row, ""), *files]
        typer.echo("| " + " | ".join(cells) + " |")
    if (out / "ended.json").exists():
        typer.echo(f"\n{(out / 'ended.json').read_text()}")
    else:
        seconds = pl.read_ndjson(out / "measured.ndjson")["seconds"].max()
        typer.echo(f"\nNot ended: measured for {seconds} s.")


def _slope(row: Mapping[str, float | None], prefix: str) -> str:
    slope, low, high = (_number(row[f"{prefix}{name}"], "+.0f") for name in ("slope", "low", "high"))
    return f"{slope} ({low} to {high})" if slope else ""


def _number(value: float | None, shape: str) -> str:
    """What was not measured is left empty. Nothing is below nought."""
    return "" if value is None else format(round(value) + 0.0, shape)


if __name__ == "__main__":
    app()
