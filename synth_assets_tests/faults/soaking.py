"""A soak: several backfills at once, again and again, while memory and open files of every process are written down.

What does not live here: what must hold of the figures (`test_soak.py`) and the table of a long soak
(`benchmarks/soak.py`).
"""

import json
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import psutil
import psycopg2
from scipy.stats import theilslopes

from synth_assets_tests.automation.web_server import WebServer
from synth_assets_tests.faults.backfills import backfill
from synth_assets_tests.faults.lakes import cells, parts
from synth_assets_tests.faults.processes import LASTING, PASSING, processes

SHARDS = 4
MIB = 1 << 20
WARM_UP_RUNS = 8
"""A backfill of each lane makes as many runs. Until they have begun caches fill and pools open. That is left out of the
comparison, but never more than half of the time."""
CLIENTS = "PostgreSQL's clients"


@dataclass
class Lane:
    """Backfills of one asset, one after the other."""

    asset: str
    partitions: Sequence[str]
    running: str | None = None
    statuses: list[str] = field(default_factory=list)

    def advance(self, server: WebServer, more: bool) -> bool:
        """Note the end of the backfill at work, and launch the next one where there shall be `more`: whether one is."""
        if self.running is not None:
            found = backfill(server, self.running)
            if not found["endTimestamp"]:
                return True
            self.statuses.append(found["status"])
            self.running = None
        if more:
            self.running = server.launch_backfill(self.asset, self.partitions)
        return self.running is not None


def lanes() -> tuple[Lane, ...]:
    """Four assets: one that reads files, one that asks the teacher, two of two dimensions."""
    shards, both = parts(SHARDS), cells(SHARDS)
    return (
        Lane("documents", shards),
        Lane("document_concepts", shards),
        Lane("questions", both),
        Lane("qa_signatures", both),
    )


def soak(server: WebServer, address: str, seconds: float, log: Path, pause: float = 5.0) -> tuple[Lane, ...]:
    """Keep a backfill of each lane at work for so long, and wait for the last ones: the lanes with how each ended.

    A line of JSON for each process and moment goes to `log` at once, so that a soak that is cut short is not lost.
    """
    at_work = lanes()
    begun = time.monotonic()
    with log.open("a") as out:
        while True:
            now = time.monotonic() - begun
            busy = [lane.advance(server, more=now < seconds) for lane in at_work]
            if now < seconds:  # once lanes end, less is at work and a comparison would flatter
                for row in _measured(server, address, now):
                    out.write(json.dumps(row) + "\n")
                out.flush()
            if not any(busy):
                return at_work
            time.sleep(pause)


def _measured(server: WebServer, address: str, now: float) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for kind, process in processes(server):
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            rows.append(_row(now, kind, process.pid, process.memory_info().rss / MIB, process.num_fds()))
    connection = psycopg2.connect(address)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname IS NOT NULL")
        (clients,) = cursor.fetchone()
    connection.close()
    rows.append(_row(now, CLIENTS, 0, None, clients))
    return rows


def _row(now: float, kind: str, pid: int, memory: float | None, files: int) -> dict[str, object]:
    return {"seconds": now, "kind": kind, "pid": pid, "memory": memory, "files": files}


def figures(log: Path) -> pl.DataFrame:
    """A row for each kind of process, after the warm-up: the first and the last third, and slopes an hour.

    Of processes that live as long as the server does: `memory`, the median of the resident memory in MiB, with its
    Theil-Sen `slope` between `low` and `high` (95%) in the second half, as the allocator first fills what it keeps for
    the reloads of the workspace, one a minute; and `files`, the median of those open beside what runs at work need
    (`files_a_run` each: a code server holds pipes to every run), with `files_slope`, `files_low` and `files_high`. Of
    the processes of runs, which are seen at any stage of their lives, `memory` and `files` are the most of any.
    """
    seen = pl.read_ndjson(log)
    at_work = seen.filter(pl.col("kind") == "run").group_by("seconds").agg(runs=pl.len())
    lasting = seen.filter(~pl.col("kind").is_in(PASSING))
    # Several processes of one kind are added up: what a second code server holds is held.
    lasting = lasting.group_by("kind", "seconds").agg(pl.col("memory", "files").sum()).join(at_work, "seconds", "left")
    passing = (
        seen.filter(pl.col("kind").is_in(PASSING))
        .group_by("kind", "pid")
        .agg(pl.col("seconds").min(), pl.col("memory", "files").max(), runs=0)
    )
    points = pl.concat([lasting, passing.select(lasting.columns)], how="vertical_relaxed").sort("kind", "seconds")
    points = points.with_columns(pl.col("runs").fill_null(0)).filter(pl.col("seconds") >= _warm(points))
    order = [*LASTING, CLIENTS, *PASSING]
    return pl.DataFrame([_figures(points, kind) for kind in order if kind in points["kind"]], infer_schema_length=None)


def _warm(points: pl.DataFrame) -> float:
    """The moment at which the warm-up is over, in seconds."""
    half = float(points["seconds"].max()) / 2  # type: ignore[arg-type]
    runs = points.filter(pl.col("kind") == "run")["seconds"]
    return min(half, float(runs[WARM_UP_RUNS])) if len(runs) > WARM_UP_RUNS else half


def _figures(points: pl.DataFrame, kind: str) -> dict[str, Any]:
    own = points.filter(pl.col("kind") == kind)
    row: dict[str, Any] = {"kind": kind, "points": own.height}
    if kind in PASSING:
        return row | _thirds(own, pl.col("memory", "files").max())
    # What runs need is told from a growth in time by fitting both at once.
    causes = np.column_stack([np.ones(own.height), own["seconds"].to_numpy(), own["runs"].to_numpy()])
    a_run = float(np.linalg.lstsq(causes, own["files"].to_numpy().astype(float), rcond=None)[0][2])
    own = own.with_columns(pl.col("files") - a_run * pl.col("runs"))
    row |= {"files_a_run": a_run, **_thirds(own, pl.col("memory", "files").median())}
    row |= _slope(own, "files", "files_")
    return row if kind == CLIENTS else row | _slope(own.tail(own.height // 2), "memory", "")


def _thirds(points: pl.DataFrame, level: pl.Expr) -> dict[str, float | None]:
    third = max(points.height // 3, 1)
    first, last = points.head(third).select(level), points.tail(third).select(level)
    return first.rename("{}_first".format).row(0, named=True) | last.rename("{}_last".format).row(0, named=True)


def _slope(points: pl.DataFrame, column: str, prefix: str) -> dict[str, float]:
    slope, _, low, high = theilslopes(points[column].to_numpy(), points["seconds"].to_numpy() / 3600)
    return {f"{prefix}slope": float(slope), f"{prefix}low": float(low), f"{prefix}high": float(high)}
