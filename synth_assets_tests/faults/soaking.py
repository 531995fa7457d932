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
WARM_UP = 0.2
"""Share of the time in which caches fill and pools open, left out of the comparison."""


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
    rows.append(_row(now, "PostgreSQL's clients", 0, None, clients))
    return rows


def _row(now: float, kind: str, pid: int, memory: float | None, files: int) -> dict[str, object]:
    return {"seconds": now, "kind": kind, "pid": pid, "memory": memory, "files": files}


def figures(log: Path) -> pl.DataFrame:
    """A row for each kind of process, after the warm-up: medians of the first and of the last third, and slopes.

    `memory` is resident memory in MiB, `slope` its Theil-Sen slope in MiB an hour between `low` and `high` (95%).
    Of processes that live as long as the server does each moment counts; of those of a run each process, by the most
    it was seen to hold and open, at the moment it was first seen.
    """
    seen = pl.read_ndjson(log)
    lasting = seen.filter(~pl.col("kind").is_in(PASSING))
    # Several processes of one kind are added up: what a second code server holds is held.
    lasting = lasting.group_by("kind", "seconds").agg(pl.col("memory", "files").sum())
    passing = (
        seen.filter(pl.col("kind").is_in(PASSING))
        .group_by("kind", "pid")
        .agg(pl.col("seconds").min(), pl.col("memory", "files").max())
    )
    points = pl.concat([lasting, passing.select(lasting.columns)], how="vertical_relaxed")
    points = points.filter(pl.col("seconds") >= WARM_UP * pl.col("seconds").max()).sort("kind", "seconds")
    order = [*LASTING, *PASSING, "PostgreSQL's clients"]
    return pl.DataFrame([_figures(points, kind) for kind in order if kind in points["kind"]])


def _figures(points: pl.DataFrame, kind: str) -> dict[str, object]:
    own = points.filter(pl.col("kind") == kind)
    third = max(own.height // 3, 1)
    first, last = own.head(third), own.tail(third)
    row: dict[str, object] = {
        "kind": kind,
        "points": own.height,
        "memory_first": first["memory"].median(),
        "memory_last": last["memory"].median(),
        "slope": None,
        "low": None,
        "high": None,
        "files_first": first["files"].median(),
        "files_last": last["files"].median(),
    }
    if own.height > 2 and kind != "PostgreSQL's clients":
        slope, _, low, high = theilslopes(own["memory"].to_numpy(), own["seconds"].to_numpy() / 3600)
        row |= {"slope": float(slope), "low": float(low), "high": float(high)}
    return row
