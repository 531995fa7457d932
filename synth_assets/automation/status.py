"""What `synth-assets status` shows: every partition of the road, how it stands, its age, and what was asked for it.

It answers without Dagster, whose import alone takes longer: what Dagster's graph says of the assets is kept in a file
of the lake for as long as the code and the settings stay what they are, and which partitions there are is known from
the sources and the ledger.
"""

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

import polars as pl
from pydantic import TypeAdapter, ValidationError

import synth_assets
from synth_assets.automation.observation_files import IMPORTED
from synth_assets.automation.standing import Declared, Sources, judged, read_ledger
from synth_assets.lake.lake import Lake
from synth_assets.lake.usage import usage_of
from synth_assets.settings import Settings
from synth_assets.tables import BENCHMARK_ITEMS, DOCUMENTS, TABLES

MOST_SHOWN = 50
"""Fresh partitions of an asset that a person is shown one by one; more are told as one row."""

KEPT = Path("dagster", "declared.json")
"""File of a lake's folder with what its assets were declared as."""

GONE = "its source is gone"
"""Said of a shard or benchmark that is in the lake and no longer among the sources: its rows stay, a run refuses."""

_COLUMNS = ("asset", "partition", "state", "rows", "quarantined", "age", "why")


@dataclass(frozen=True)
class _Kept:
    """What the assets were declared as by the code and settings that `mark` stands for."""

    mark: str
    declared: list[Declared]


def status_of(folder: Path, settings: Settings) -> pl.DataFrame:
    """The table `synth-assets status` shows, for the lake in `folder`."""
    lake = Lake(settings.lake_in(folder))
    with ThreadPoolExecutor(1) as beside:  # DuckDB opens the lake and reads it while Python looks for the sources
        reading = beside.submit(lambda: (read_ledger(lake, untouched=False), usage_of(lake)))
        sources, declared = Sources.of(settings, folder), declared_by(folder, settings)
        ledger, usage = reading.result()
    found = judged(declared, _partitions(sources, ledger), ledger, sources)
    gone = [
        (pl.col("asset") == table) & ~pl.col("partition").is_in(list(sources.written[table]))
        for table in (DOCUMENTS.name, BENCHMARK_ITEMS.name)
    ]
    why = pl.when(pl.any_horizontal(gone)).then(pl.lit(GONE)).otherwise("why")
    return as_table(found.with_columns(why.alias("why")), usage)


def declared_by(folder: Path, settings: Settings) -> list[Declared]:
    """What the assets of the lake in `folder` are declared as by the code and settings as they are."""
    mark, file = _mark(settings), folder / KEPT
    kept = TypeAdapter(_Kept)
    with suppress(OSError, ValidationError):
        read = kept.validate_json(file.read_bytes())
        if read.mark == mark:
            return read.declared
    from synth_assets.automation.declared import declared_in
    from synth_assets.definitions import build_definitions

    declared = declared_in(build_definitions(folder, settings).resolve_asset_graph(), settings)
    with suppress(OSError):  # of a lake that may only be read nothing is kept
        file.parent.mkdir(exist_ok=True)
        aside = file.with_suffix(f".{os.getpid()}")
        aside.write_bytes(kept.dump_json(_Kept(mark, declared)))
        aside.replace(file)
    return declared


def as_table(found: pl.DataFrame, usage: pl.DataFrame, now: datetime | None = None) -> pl.DataFrame:
    """A table for people: asset, partition, state, rows, quarantined, age, what teachers were asked for it, why.

    `found` is that of :func:`standing.judged`, `usage` that of :func:`lake.usage.usage_of` by stage and partition. Its
    columns `requests`, `tokens` and `cost`, over everything ever spent on the partition, are left out where they would
    be empty in every row.
    """
    shown = found.with_columns(age=_age(pl.lit(now or datetime.now(UTC)) - pl.col("made_at"))).select(_COLUMNS)
    shown = shown.join(_spent(usage), on=["asset", "partition"], how="left", maintain_order="left")
    asked = [name for name in ("requests", "tokens", "cost") if shown[name].count()]
    return shown.select(*_COLUMNS[:-1], *asked, _COLUMNS[-1])


def summarised(shown: pl.DataFrame) -> pl.DataFrame:
    """The table of :func:`as_table` without what a person need not see one by one.

    Of each asset, the fresh partitions without a row (the training sets nobody trains on) are one row, and so are the
    other fresh ones where they are more than `MOST_SHOWN`. What is stale or missing is always named.
    """
    fresh = (pl.col("state") == "fresh") & (pl.col("partition") != "")
    empty = fresh & (pl.col("rows") == 0) & (pl.col("quarantined") == 0)
    marked = shown.with_row_index("place").with_columns(
        kind=pl.when(empty).then(pl.lit("empty")).when(fresh).then(pl.lit("fresh"))
    )
    alike = pl.len().over("asset", "kind")
    folded = ((pl.col("kind") == "empty") & (alike > 1)) | ((pl.col("kind") == "fresh") & (alike > MOST_SHOWN))
    marked = marked.with_columns(folded=folded.fill_null(value=False))
    figures = [name for name in ("rows", "quarantined", "requests", "tokens", "cost") if name in shown.columns]
    together = (
        marked.filter("folded")
        .group_by("asset", "kind")
        .agg(pl.col("place").max(), pl.len().alias("many"), *(pl.col(name).sum() for name in figures))
        .with_columns(partition=pl.format("({} {})", "many", "kind"), state=pl.lit("fresh"), why=pl.lit(""))
    )
    kept = marked.filter(~pl.col("folded"))
    return pl.concat([kept, together], how="diagonal").sort("place").select(shown.columns)


def _spent(usage: pl.DataFrame) -> pl.DataFrame:
    """Usage by asset and partition. What a global table's key is booked on belongs to no row of a partitioned one."""
    return usage.select(
        "partition",
        "requests",
        asset="stage",
        tokens=pl.col("prompt_tokens") + pl.col("completion_tokens"),
        cost=pl.col("cost").round(4),
    )


def _partitions(sources: Sources, ledger: dict[str, pl.DataFrame]) -> dict[str, Sequence[str]]:
    """The partitions that follow the data, by column: those of the sources, then those that were made."""
    found: dict[str, Sequence[str]] = {}
    for table in (DOCUMENTS.name, BENCHMARK_ITEMS.name, IMPORTED):
        (column,) = TABLES[table].partitioned_by
        made: Iterable[str] = ledger[table]["partition"] if table in ledger else ()
        found[column] = list(dict.fromkeys((*sources.written[table], *made)))
    return found


def _mark(settings: Settings) -> str:
    """The same for the same files of this package and the same settings, as far as sizes and times tell."""
    package = Path(synth_assets.__file__).parent
    files = sorted(
        (str(file.relative_to(package)), status.st_size, status.st_mtime_ns)
        for file in package.rglob("*")
        if file.suffix != ".pyc" and file.is_file() and (status := file.stat())
    )
    return blake2b(repr((files, settings.model_dump_json())).encode(), digest_size=16).hexdigest()


def _age(elapsed: pl.Expr) -> pl.Expr:
    """Elapsed time in words, null where there is none."""
    seconds = elapsed.dt.total_seconds()
    units = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
    words = [pl.when(seconds >= length).then(pl.format("{} " + unit, seconds // length)) for unit, length in units]
    return pl.coalesce(*words, pl.when(seconds.is_not_null()).then(pl.lit("0 s")))
