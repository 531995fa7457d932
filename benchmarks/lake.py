"""What replacing partitions does to a full scan, and what maintenance gives back, as a table of docs/benchmarks.md.

    .venv/bin/python benchmarks/lake.py [--replacements 500] [--partitions 100] [--rows 2000] [--cores 2]

A lake is written, its partitions are replaced one by one with other rows, and it is maintained so that its last fifty
states stay. A full scan reads every column of every row; it is timed at each step and on a new lake that holds the same
rows. `replaced`: pairs of questions and answers, parted by method and shard. `added`: answers of a teacher, which come
forty at a time and are merged along with it. Catalogues: SQLite, and PostgreSQL where it is installed.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Annotated

import polars as pl
import psycopg2
import pytest
import typer

from synth_assets.lake import Lake, LakeSettings
from synth_assets.lake.maintenance import Maintenance, maintain
from synth_assets.tables import QA_PAIRS, TEACHER_RESPONSES, Table

sys.path.insert(0, str(Path(__file__).parents[1]))
from synth_assets_tests.postgres import postgres_server

METHODS = ("level_1", "level_2", "level_3")
SCANS = 15
STATES_KEPT = 50
ANSWERS_TOGETHER = 40


@dataclass(frozen=True)
class Scan:
    """Median seconds of a full scan, wall and CPU time, and the files it reads."""

    seconds: float
    cpu: float
    files: int


@dataclass(frozen=True)
class Course:
    """A lake's full scans: after the writes, after maintenance, and of a new lake that holds the same rows."""

    title: str
    worn: Scan
    maintained: Scan
    new: Scan
    done: Maintenance
    earlier_reads: bool

    def row(self) -> str:
        """A row of the table."""
        whole = self.done.whole
        cells = [
            self.title,
            *(f"{1000 * scan.seconds:.0f}" for scan in (self.new, self.worn, self.maintained)),
            f"{self.worn.seconds / self.new.seconds:.2f}",
            f"{self.maintained.seconds / self.new.seconds:.2f}",
            f"{self.maintained.cpu / self.new.cpu:.2f}",
            f"{self.worn.files} → {self.maintained.files}",
            f"{whole['kept_files_before']:,} → {whole['kept_files_after']:,}",
            f"{whole['kept_bytes_before'] / 1e6:,.0f} → {whole['kept_bytes_after'] / 1e6:,.0f}",
            f"{whole['seconds']:.1f}",
            "reads the same" if self.earlier_reads else "WRONG",
        ]
        return f"| {' | '.join(cells)} |"


HEADINGS = (
    "lake",
    "new lake, ms",
    "after the writes, ms",
    "after maintenance, ms",
    "writes / new",
    "maintenance / new",
    "the same, CPU",
    "files scanned",
    "files kept",
    "MB kept",
    "maintenance, s",
    "oldest state kept",
)


def scan(lake: Lake, table: Table) -> Scan:
    """Read everything, often."""
    wall, cpu = [], []
    for _ in range(SCANS):
        began, used = time.perf_counter(), time.process_time()
        lake.read(table, ordered=False)
        wall.append(time.perf_counter() - began)
        cpu.append(time.process_time() - used)
    with lake.cursor() as cursor:
        listed = cursor.execute(f"SELECT data_file, delete_file FROM ducklake_list_files('lake', '{table.name}')")
        files = sum(path is not None for pair in listed.fetchall() for path in pair)
    return Scan(median(wall), median(cpu), files)


def course(
    title: str,
    table: Table,
    lake: Lake,
    new: Lake,
    writes: Iterator[Callable[[], object]],
    write_new: Callable[[], object],
) -> Course:
    """Follow `lake` through the writes; `write_new` puts its last rows into the `new` one in one commit."""
    for write in writes:
        write()
    worn = scan(lake, table)
    oldest = lake.snapshots()[-STATES_KEPT - 1]
    before = lake.read(table, snapshot=oldest["snapshot"].item())
    over = oldest["time"].item() + timedelta(days=lake.settings.keep_snapshots_days, microseconds=1)
    done = maintain(lake, now=over, grace=timedelta(0))
    kept = lake.snapshots()["snapshot"][0] == oldest["snapshot"].item()
    earlier_reads = kept and lake.read(table, snapshot=oldest["snapshot"].item()).equals(before)
    maintained = scan(lake, table)
    write_new()
    return Course(title, worn, maintained, scan(new, table), done, earlier_reads)


def pairs(table: Table, places: list[tuple[str, str]], rows: int, state: int) -> pl.DataFrame:
    """Rows in the shape of `table`, texts of about a hundred characters, of another content for each state."""
    place = pl.DataFrame(places, schema=["method", "shard"], orient="row")
    numbered = place.join(pl.DataFrame({"number": range(rows)}), how="cross")
    name = pl.format("{}/{}/{}", "method", "shard", "number")
    content = pl.format(
        "{} in state {} says {}", name, pl.lit(state), name.hash(state).cast(pl.String()).repeat_by(3).list.join(" ")
    )
    values = {
        pl.String(): content,
        pl.Int64(): pl.col("number"),
        pl.Float64(): pl.col("number") / 7.0,
        pl.Boolean(): pl.col("number") % 2 == 0,
        pl.List(pl.String()): pl.concat_list(content),
    }
    columns = {
        column: values[spec.dtype] for column, spec in table.columns.items() if column not in ("method", "shard")
    }
    return numbered.with_columns(**{**columns, table.key[0]: name}).select(list(table.columns))


def replaced(lake: Lake, new: Lake, partitions: int, rows: int, replacements: int) -> Course:
    """Partitions replaced in turn."""
    places = [(METHODS[number % 3], f"shard_{number // 3:04d}") for number in range(partitions)]

    def written(to: Lake, some: list[tuple[str, str]], state: int) -> object:
        keys = [{"method": method, "shard": shard} for method, shard in some]
        return to.replace(QA_PAIRS, pairs(QA_PAIRS, some, rows, state), keys)

    def writes() -> Iterator[Callable[[], object]]:
        yield lambda: written(lake, places, 0)
        for state in range(1, replacements + 1):
            yield lambda state=state: written(lake, [places[state % partitions]], state)

    def write_new() -> object:
        keys = [{"method": method, "shard": shard} for method, shard in places]
        return new.replace(QA_PAIRS, lake.read(QA_PAIRS), keys)

    return course(f"{partitions} partitions, {replacements} replaced", QA_PAIRS, lake, new, writes(), write_new)


def added(lake: Lake, new: Lake, additions: int) -> Course:
    """Answers of a teacher, a few at a time."""

    def answers(first: int, last: int) -> pl.DataFrame:
        numbers = pl.DataFrame({"number": range(first, last)}).select(
            pl.col("number"), method=pl.lit("level_1"), shard=pl.lit("a")
        )
        text = pl.format(
            "answer {} of {}", "number", pl.col("number").hash(0).cast(pl.String()).repeat_by(20).list.join(" ")
        )
        values = {pl.String(): text, pl.Int64(): pl.col("number")}
        columns = {name: values[spec.dtype] for name, spec in TEACHER_RESPONSES.columns.items()}
        return numbers.with_columns(**columns).select(list(TEACHER_RESPONSES.columns))

    def writes() -> Iterator[Callable[[], object]]:
        for number in range(additions):
            rows = answers(number * ANSWERS_TOGETHER, (number + 1) * ANSWERS_TOGETHER)
            yield lambda rows=rows: lake.append({TEACHER_RESPONSES.name: rows}, "answers")

    def write_new() -> object:
        return new.append({TEACHER_RESPONSES.name: lake.read(TEACHER_RESPONSES)}, "all answers")

    title = f"{additions} additions of {ANSWERS_TOGETHER} answers"
    return course(title, TEACHER_RESPONSES, lake, new, writes(), write_new)


def main(
    replacements: Annotated[int, typer.Option(min=60, help="Partition replacements, and additions.")] = 500,
    partitions: Annotated[int, typer.Option(min=3, help="Partitions, by method and shard.")] = 99,
    rows: Annotated[int, typer.Option(min=1, help="Rows a partition.")] = 2000,
    cores: Annotated[int, typer.Option(min=1, help="Cores to use.")] = 2,
) -> None:
    """Follow the lakes and print the table."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    typer.echo(f"| {' | '.join(HEADINGS)} |\n|---|{'---:|' * (len(HEADINGS) - 2)}---|")
    for part in (
        lambda lake, new: replaced(lake, new, partitions, rows, replacements),
        lambda lake, new: added(lake, new, replacements),
    ):
        for catalogue, lakes in (("SQLite", in_sqlite), ("PostgreSQL", in_postgres)):
            try:
                with lakes() as (lake, new):
                    typer.echo(part(lake, new).row().replace("| ", f"| {catalogue}, ", 1))
            except pytest.skip.Exception as reason:
                typer.echo(f"{catalogue}: {reason}", err=True)


@contextmanager
def in_sqlite() -> Iterator[tuple[Lake, Lake]]:
    """Two empty lakes, each with its catalogue in a file."""
    with tempfile.TemporaryDirectory(prefix="synth-assets-") as folder:
        lakes = Lake(LakeSettings(folder=Path(folder) / "lake")), Lake(LakeSettings(folder=Path(folder) / "new"))
        yield lakes
        for lake in lakes:
            lake.close()


@contextmanager
def in_postgres() -> Iterator[tuple[Lake, Lake]]:
    """Two empty lakes, each with its catalogue in a database of one server."""
    with tempfile.TemporaryDirectory(prefix="synth-assets-") as folder:
        Path(folder).chmod(0o755)
        with postgres_server(Path(folder) / "pg") as address:
            connection = psycopg2.connect(address)
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("CREATE DATABASE new")
            connection.close()
            server = address.rpartition("/")[0]
            lakes = (
                Lake(LakeSettings(folder=Path(folder) / "lake", catalog=address)),
                Lake(LakeSettings(folder=Path(folder) / "new", catalog=f"{server}/new")),
            )
            yield lakes
            for lake in lakes:
                lake.close()


if __name__ == "__main__":
    typer.run(main)
