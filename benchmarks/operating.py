"""What operating a lake costs as its partitions grow: loading, `status`, and the start of a one-partition run.

    .venv/bin/python benchmarks/operating.py [--lake 10x3 --lake 2000x5 --lake 3334x3] [--rounds 3] [--web]

Each lake has so many shards, each a source file of one document, and so many of the methods chosen in its settings,
the first of them (2000x5 is 10,000 cells). It has every partition of every table, one row in it, under the code
versions of this checkout: all is fresh. The rows are made up; the files, the catalogue, the ledger and
Dagster's instance are what the road would leave. Each figure is the median over rounds, each in a process of its own;
CPU is what that process used, which on a busy machine says more than the clock.
With --web, runs are also launched through the web server of `synth-assets ui`.
"""

import json
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from synth_assets.automation.declared import declared_in, partitions_known
from synth_assets.automation.instance import dagster_home, instance_of
from synth_assets.automation.partitions import missing_partitions
from synth_assets.definitions import build_definitions
from synth_assets.generation.methods import METHODS
from synth_assets.lake.lake import Lake
from synth_assets.lake.ledger import Origin
from synth_assets.settings import LAKE_VARIABLE, Settings, save_settings
from synth_assets.tables import TABLES, Table

LOAD = "import synth_assets.definitions as location; location.defs.get_repository_def().load_all_definitions()"
"""What a code server does before it answers."""

RUN = """
import sys, time, json, warnings
warnings.simplefilter("ignore")
from pathlib import Path
import dagster as dg
from synth_assets.automation.instance import instance_of
from synth_assets.definitions import defs
asset, first = sys.argv[2], sys.argv[3]
with instance_of(Path(sys.argv[1])) as instance:
    job = defs.resolve_implicit_global_asset_job_def()
    launched, worked = time.time(), time.process_time()
    result = job.execute_in_process(
        instance=instance, asset_selection=[dg.AssetKey(asset)],
        tags={"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": first},
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )
    ended, worked = time.time(), time.process_time() - worked
    (started,) = [one for one in instance.all_logs(result.run_id, of_type=dg.DagsterEventType.STEP_START)
                  if one.step_key == asset]
    print(json.dumps({"to first step": started.timestamp - launched, "whole run": ended - launched,
                      "whole run, CPU": worked}))
"""
"""A run of one partition, started as `synth-assets run` starts one."""


def build(folder: Path, shards: int, methods: int = 3) -> Settings:
    """A lake in `folder` with all partitions of so many shards and methods made. Returns its settings."""
    corpus = folder.parent / "corpus"
    corpus.mkdir(parents=True)
    for number in range(shards):
        row = {"id": f"d{number}", "text": f"Document {number} is about sums: {number} + 1 = {number + 1}."}
        (corpus / f"s{number:05d}.jsonl").write_text(json.dumps(row) + "\n")
    chosen = list(METHODS)[:methods]
    settings = Settings.model_validate(
        {"corpus": {"sources": [str(corpus / "*.jsonl")]}, "generation": {"methods": chosen}}
    )
    save_settings(settings, folder)
    lake = Lake(settings.lake_in(folder))
    lake.create()
    graph = build_definitions(folder, settings).resolve_asset_graph()
    with instance_of(folder) as instance:
        for definition, names in missing_partitions(instance, settings):
            instance.add_dynamic_partitions(str(definition.name), names)
        known = partitions_known(graph, instance)
        for asset in declared_in(graph, settings):
            table = TABLES[asset.name]
            keys = asset.partitions(known).drop("partition").to_dicts()
            partitions = keys if table.partitioned_by else []
            if partitions or not table.partitioned_by:
                lake.replace(table, rows_of(table, keys), partitions, origin=Origin(asset.code_version, "benchmark"))
    lake.close()
    return settings


def rows_of(table: Table, partitions: Sequence[dict[str, str]]) -> pl.DataFrame:
    """A made-up row of `table` for each partition."""
    number = pl.int_range(pl.len())
    frame = pl.DataFrame(
        {"row": range(len(partitions)), **{c: [p[c] for p in partitions] for c in table.partitioned_by}}
    )
    columns = []
    for name, column in table.columns.items():
        if name in table.partitioned_by:
            continue
        made = pl.lit(None) if column.nullable else _value(name, column.dtype, number)
        columns.append(made.cast(column.dtype).alias(name))
    return frame.with_columns(columns).select(list(table.columns))


def _value(name: str, dtype: pl.DataType, number: pl.Expr) -> pl.Expr:
    if dtype == pl.String:
        return pl.format(name + " {}", number)
    if isinstance(dtype, pl.List):
        inner = pl.format(name + " {}", number) if dtype.inner == pl.String else number.cast(dtype.inner)
        return pl.concat_list([inner])
    if dtype == pl.Binary:
        return pl.lit(b"")
    if dtype == pl.Boolean:
        return pl.lit(value=False)
    if isinstance(dtype, pl.Datetime):
        return pl.lit(0)
    return number


def measured(lake: Path, rounds: int, *, web: bool) -> dict[str, float]:
    """The medians, in seconds."""
    environment = {**os.environ, "DAGSTER_HOME": str(dagster_home(lake)), LAKE_VARIABLE: str(lake)}

    def seconds(*command: str) -> dict[str, float]:
        started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *command], env=environment, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return {"": time.perf_counter() - started, ", CPU": worked}

    def run(asset: str, first: str) -> dict[str, float]:
        done = subprocess.run(
            [sys.executable, "-c", RUN, str(lake), asset, first], env=environment, check=True, capture_output=True
        )
        told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return told

    found: dict[str, float] = {}
    measurements: dict[str, Callable[[], dict[str, float]]] = {
        "load": lambda: seconds("-c", LOAD),
        "status": lambda: seconds("-m", "synth_assets.cli", "status"),
        "a shard of documents: ": lambda: run("documents", "s00003"),
        "a cell of qa_signatures: ": lambda: run("qa_signatures", "level_2|s00003"),
    }
    for what, measure in measurements.items():
        told = [measure() for _ in range(rounds)]
        found |= {f"{what}{part}": statistics.median(one[part] for one in told) for part in told[0]}
    if web:
        found |= through_the_web_server(lake, environment, rounds)
    return found


def through_the_web_server(lake: Path, environment: dict[str, str], rounds: int) -> dict[str, float]:
    """Seconds until the web server answers for the loaded code location, and from launch to the first step of a run."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from synth_assets_tests.automation.web_server import web_server

    started = time.perf_counter()
    with web_server(lake) as server, instance_of(lake) as instance:
        ready = time.perf_counter() - started
        tags = {"dagster/partition": "level_2|s00003", "dagster/partition/method": "level_2"}
        tags["dagster/partition/shard"] = "s00003"
        waits, ends = [], []
        for _ in range(rounds):
            launched = time.time()
            run_id = server.launch_run(["qa_signatures"], tags)
            assert server.end_of_run(run_id) == "SUCCESS"
            logs: list[Any] = list(instance.all_logs(run_id))
            (begun,) = (
                one.timestamp
                for one in logs
                if one.is_dagster_event
                and one.dagster_event.event_type_value == "STEP_START"
                and one.step_key == "qa_signatures"
            )
            waits.append(begun - launched)
            ends.append(logs[-1].timestamp - launched)
    return {
        "web server: ready": ready,
        "web server: to first step": statistics.median(waits),
        "web server: whole run": statistics.median(ends),
    }


def main(
    lakes: Annotated[
        list[str], typer.Option("--lake", metavar="SHARDSxMETHODS", help="A lake to make; repeatable.")
    ] = ["10x3", "2000x5", "3334x3"],  # noqa: B006
    rounds: Annotated[int, typer.Option(help="Repetitions of each measurement.")] = 3,
    web: Annotated[bool, typer.Option("--web", help="Also through the web server.")] = False,
) -> None:
    """Print the table."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    columns: dict[str, dict[str, float]] = {}
    for named in lakes:
        shards, methods = map(int, named.split("x"))
        with tempfile.TemporaryDirectory(prefix="operating") as place:
            lake = Path(place) / "lake"
            lake.mkdir()
            started = time.perf_counter()
            build(lake, shards, methods)
            print(f"{named} made in {time.perf_counter() - started:.1f} s", file=sys.stderr)
            columns[f"{shards:,} shards, {methods} methods"] = measured(lake, rounds, web=web)
    print("| seconds |" + "".join(f" {column} |" for column in columns))
    print("|---|" + "---:|" * len(columns))
    for what in next(iter(columns.values())):
        print(f"| {what} |" + "".join(f" {found[what]:.2f} |" for found in columns.values()))


if __name__ == "__main__":
    typer.run(main)
