"""The lake keeps itself: small files merged, old snapshots expired, and files removed that nothing needs any more.

All of it may go on while others read and write. Whatever changes the catalogue waits for the commit lock, and gives it
back in between. Files are removed only once they have been out of every snapshot for `GRACE`, so that a query that
found them in the catalogue can end. Files in no snapshot at all, left by a killed writer, are looked for while the lock
is held: whoever has written files and not yet committed them holds it.

What does not live here: how files are merged (`merging.py`), and when this runs (`assets/maintenance.py`).
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import PurePosixPath
from typing import Any, TypeVar

import duckdb
import polars as pl

from synth_assets.lake.commits import commit_lock, retry_conflicts
from synth_assets.lake.lake import Lake
from synth_assets.lake.merging import merge_table, wanting
from synth_assets.lake.sql import literal
from synth_assets.lake.storage import CATALOGUE
from synth_assets.tables import EXTERNAL_RUNS, LAKE_MAINTENANCE, TABLES

T = TypeVar("T")

GRACE = timedelta(hours=6)
"""How long files stay that no snapshot needs: longer than a query runs that began when one did."""

EXPIRED_TOGETHER = 200
"""Snapshots that expire, and whose files go, while the commit lock is held once."""

WHOLE_LAKE = "all"
"""What stands for a table's name in the row of the whole lake."""

RUNS_KEPT = 60
"""Runs of which the table `lake_maintenance` keeps the figures: a year of weekly ones."""


@dataclass(frozen=True)
class Maintenance:
    """What a run found and left: rows of `lake_maintenance`, and files that are not the lake's own.

    `foreign` are Parquet files below the data path that DuckLake did not write. Where there are any, no file is taken
    for an orphan: the path may be shared with something else.
    """

    rows: pl.DataFrame
    foreign: tuple[str, ...]

    @property
    def warning(self) -> str:
        """What to tell of foreign files."""
        return (
            f"{len(self.foreign)} Parquet files below the lake's data path are not the lake's, {self.foreign[0]} among "
            "them, so orphaned files were left alone: move them elsewhere, and run maintenance again."
        )

    @property
    def whole(self) -> Mapping[str, Any]:
        """The row of the whole lake."""
        return self.rows.filter(stage=WHOLE_LAKE).row(0, named=True)


@dataclass(frozen=True)
class Plan:
    """What a run would do now: tables to merge, snapshots to expire, files to remove."""

    merged: tuple[str, ...]
    expired: tuple[int, ...]
    waiting: tuple[str, ...]
    orphaned: tuple[str, ...]

    @property
    def facts(self) -> Mapping[str, list[str] | list[int]]:
        """The same for machines."""
        return {
            "tables_to_merge": list(self.merged),
            "snapshots_to_expire": list(self.expired),
            "files_to_remove": list(self.waiting),
            "orphaned_files": list(self.orphaned),
        }


def maintain(lake: Lake, now: datetime | None = None, grace: timedelta = GRACE) -> Maintenance:
    """Merge, expire and remove; nothing of what the lake holds changes, nor what any snapshot kept shows.

    Snapshots that were the lake's state at some moment of the last `keep_snapshots_days` stay, and so does one that an
    external trainer was given, as long as its results stand. `now` and `grace` are for tests and for those who know
    that nobody reads or writes.
    """
    lake.create()
    started, now = time.perf_counter(), now or datetime.now(UTC)
    before, snapshots = _holdings(lake), lake.snapshots().height
    seconds = {name: _timed(partial(merge_table, lake, TABLES[name])) for name in before["stage"]}
    _expire(lake, expirable(lake, now))
    removed = _remove_waiting(lake, now - grace)
    orphaned, foreign = _remove_orphans(lake, now - grace)
    figures = (
        _holdings(lake)
        .join(before, on="stage", how="full", coalesce=True, suffix="_before")
        .rename({name: f"{name}_after" for name in before.columns if name != "stage"})
        .fill_null(0)
        .with_columns(seconds=pl.col("stage").replace_strict(seconds, default=0.0, return_dtype=pl.Float64()))
        .sort("stage")
    )
    whole = figures.select(pl.exclude("stage", "seconds").sum()).with_columns(
        stage=pl.lit(WHOLE_LAKE),
        snapshots_before=pl.lit(snapshots),
        snapshots_after=pl.lit(lake.snapshots().height),
        removed_files=pl.lit(removed + orphaned),
        waiting_files=pl.lit(_waiting(lake)),
        seconds=pl.lit(time.perf_counter() - started),
    )
    rows = pl.concat([whole, figures], how="diagonal_relaxed")
    return Maintenance(LAKE_MAINTENANCE.conform(rows.with_columns(maintained_at=_moment(now))), foreign)


def planned(lake: Lake, now: datetime | None = None) -> Plan:
    """What :func:`maintain` would do now. Nothing is changed."""
    now = now or datetime.now(UTC)
    with lake.cursor() as cursor:
        waiting = _called(_call("ducklake_cleanup_old_files", now - GRACE, dry_run=True), cursor)
    merged = tuple(name for name in _holdings(lake)["stage"] if wanting(lake, TABLES[name]))
    orphaned, foreign = _locked(lake, lambda cursor: _orphans(cursor, now - GRACE))
    return Plan(
        merged, tuple(expirable(lake, now)), tuple(str(path) for path, *_ in waiting), () if foreign else orphaned
    )


def with_earlier_runs(lake: Lake, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of this run after those of the latest earlier ones, as the table `lake_maintenance` is to hold them."""
    earlier = lake.read(LAKE_MAINTENANCE)
    kept = earlier["maintained_at"].unique().sort().tail(RUNS_KEPT - 1).implode()
    return pl.concat([earlier.filter(pl.col("maintained_at").is_in(kept)), rows])


def expirable(lake: Lake, now: datetime) -> list[int]:
    """The snapshots that nobody can ask for any more, oldest first.

    A snapshot was the lake's state until the next one, so what counts is the age of that, and the newest never goes.
    """
    given = lake.read(EXTERNAL_RUNS, columns=["data_snapshot"], ordered=False)["data_snapshot"]
    pinned = given.cast(pl.Int64(), strict=False).drop_nulls().unique().implode()
    cutoff = now - timedelta(days=lake.settings.keep_snapshots_days)
    over = lake.snapshots().filter(pl.col("time").shift(-1) < cutoff, ~pl.col("snapshot").is_in(pinned))
    return over["snapshot"].to_list()


def _holdings(lake: Lake) -> pl.DataFrame:
    """For each table that has a file: files and bytes of the newest snapshot, and of all snapshots kept."""
    files = " UNION ALL ".join(
        f"SELECT table_id, file_size_bytes, end_snapshot FROM {CATALOGUE}.{kind}"
        for kind in ("ducklake_data_file", "ducklake_delete_file")
    )
    with lake.cursor() as cursor:
        found = cursor.sql(
            "SELECT table_name AS stage, count(*) FILTER (f.end_snapshot IS NULL) AS files, "
            "coalesce(sum(file_size_bytes) FILTER (f.end_snapshot IS NULL), 0)::BIGINT AS bytes, "
            "count(*) AS kept_files, sum(file_size_bytes)::BIGINT AS kept_bytes "
            f"FROM ({files}) AS f JOIN {CATALOGUE}.ducklake_table AS t USING (table_id) "
            "WHERE t.end_snapshot IS NULL GROUP BY table_name ORDER BY table_name"
        )
        rows = pl.DataFrame(found)
    return rows.filter(pl.col("stage").is_in(list(TABLES)))


def _expire(lake: Lake, snapshots: list[int]) -> None:
    """Forget snapshots. The files they alone needed wait for their removal."""
    for start in range(0, len(snapshots), EXPIRED_TOGETHER):
        versions = ", ".join(map(str, snapshots[start : start + EXPIRED_TOGETHER]))
        _locked(lake, partial(_called, f"ducklake_expire_snapshots('lake', versions => [{versions}])"))


def _remove_waiting(lake: Lake, before: datetime) -> int:
    """Remove the files that have waited since before then, those that began to wait together at once: how many."""
    with lake.cursor() as cursor:
        began = cursor.execute(
            "SELECT DISTINCT schedule_start::TIMESTAMPTZ AS began "
            f"FROM {CATALOGUE}.ducklake_files_scheduled_for_deletion WHERE began < {_time(before)} ORDER BY began"
        ).fetchall()
    removed = 0
    for (moment,) in began:
        call = _call("ducklake_cleanup_old_files", moment + timedelta(microseconds=1))
        removed += len(_locked(lake, partial(_called, call)))
    return removed


def _waiting(lake: Lake) -> int:
    with lake.cursor() as cursor:
        found = cursor.execute(f"SELECT count(*) FROM {CATALOGUE}.ducklake_files_scheduled_for_deletion").fetchone()
    return int(found[0]) if found else 0


def _remove_orphans(lake: Lake, before: datetime) -> tuple[int, tuple[str, ...]]:
    """Remove files that no snapshot ever had: how many, and the foreign ones, for which all are left alone."""

    def remove(cursor: duckdb.DuckDBPyConnection) -> tuple[int, tuple[str, ...]]:
        orphaned, foreign = _orphans(cursor, before)
        if orphaned and not foreign:
            _called(_call("ducklake_delete_orphaned_files", before), cursor)
            return len(orphaned), ()
        return 0, foreign

    return _locked(lake, remove)


def _orphans(cursor: duckdb.DuckDBPyConnection, before: datetime) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Parquet files that the catalogue does not know: all of them, and those not named as DuckLake names its own."""
    found = _called(_call("ducklake_delete_orphaned_files", before, dry_run=True), cursor)
    paths = tuple(sorted(str(path) for path, *_ in found))
    return paths, tuple(path for path in paths if not PurePosixPath(path).name.startswith("ducklake-"))


def _locked(lake: Lake, action: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
    """The result of something done to the catalogue, or to files beside it, while nobody commits."""

    def attempt() -> T:
        with commit_lock(lake.settings), lake.cursor() as cursor:
            return action(cursor)

    return retry_conflicts(lake.settings, attempt)


def _called(call: str, cursor: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return cursor.execute(f"CALL {call}").fetchall()


def _call(function: str, older_than: datetime, dry_run: bool = False) -> str:
    return f"{function}('lake', dry_run => {str(dry_run).lower()}, older_than => {_time(older_than)})"


def _time(moment: datetime) -> str:
    return f"{literal(moment.isoformat())}::TIMESTAMPTZ"


def _moment(now: datetime) -> pl.Expr:
    return pl.lit(now).cast(pl.Datetime("us", "UTC"))


def _timed(action: Callable[[], None]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started
