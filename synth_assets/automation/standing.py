"""How each asset and partition stands: missing, stale (and why), or fresh; by the lake's ledger, in one query.

A partition is stale when its code, settings or prompts have changed since it was made, or when rows it was made from
have. Rows made again with the same content do not count as changed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from synth_assets.assets.declaration import KEPT_THROUGH
from synth_assets.automation.observation_files import IMPORTED, observation_files
from synth_assets.lake.lake import Lake
from synth_assets.lake.usage import usage_of
from synth_assets.settings import Settings
from synth_assets.tables import OPERATION, TABLES

MADE_WITH_SYNONYMS = ("concept_nodes", "concept_edges", "concept_walks")

MOST_SHOWN = 50
"""Fresh partitions of an asset that a person is shown one by one; more are told as one row."""

CHANGED_BY_HAND = "code, settings or prompt changed"
"""Why a partition is stale whose sources and inputs are as they were."""

LEDGER = ("stage", "partition", "code_version", "changed_snapshot", "built_snapshot", "rows", "quarantined", "made_at")
"""Columns of the ledger by which partitions are judged: the place, then the fields of :class:`Made`."""


@dataclass(frozen=True)
class Made:
    """A ledger row."""

    code_version: str
    changed_snapshot: int
    built_snapshot: int
    rows: int
    quarantined: int
    made_at: datetime


@dataclass(frozen=True)
class Standing:
    """How a partition stands. `why` is empty where it is fresh."""

    asset: str
    partition: str
    state: str
    why: str
    made: Made | None


Keys = Sequence[Mapping[str, str]]
"""Partition keys as dimension to value; one empty mapping for a global table."""


def standings(
    definitions: dg.Definitions, instance: dg.DagsterInstance, lake: Lake, settings: Settings
) -> list[Standing]:
    """Every asset and partition, in the order of the road."""
    return standings_in(definitions.resolve_asset_graph(), instance, lake, settings)


def standings_in(
    graph: Any,
    instance: dg.DagsterInstance,
    lake: Lake,
    settings: Settings,
    only: Collection[str] | None = None,
) -> list[Standing]:
    """The same of an asset graph; of the assets `only`, where given, which spares looking for the sources of others."""
    ledger = _read(lake)
    observed = observation_files(settings.observations.sources, lake.settings.folder)
    sources = dict(source_times(settings, only))
    sources |= {(IMPORTED, file.path): file.written for file in observed.values() if file.written is not None}
    accepted = _written(lake.settings.folder / settings.concepts.synonyms) if settings.concepts.synonyms else None
    found: list[Standing] = []
    for key in graph.toposorted_asset_keys:
        node = graph.get(key)
        name = key.path[-1]
        if not node.is_materializable or name in OPERATION or (only is not None and name not in only):
            continue
        parents = parents_of(node)
        changes = {parent: _latest_changes(parent, ledger.get(parent, {}), name) for parent in parents}
        shared = {parent: shared_dimensions(parent, name) for parent in parents}
        made, code_version = ledger.get(name, {}), node.code_version or ""
        for partition in partition_keys(name, node.partitions_def, instance):
            place = _key(partition)
            row = made.get(place)
            source = accepted if name in MADE_WITH_SYNONYMS else sources.get((name, place))
            if name == IMPORTED and row is not None and place not in observed:
                found.append(Standing(name, place, "fresh", "", row))  # its file is gone: the rows stay
            elif row is not None and source is not None and source > row.made_at:
                found.append(Standing(name, place, "stale", "its source file is newer", row))
            else:
                why = _why(partition, row, code_version, changes, shared)
                state = "missing" if row is None else "stale" if why else "fresh"
                found.append(Standing(name, place, state, why, row))
    return found


def standing_of(folder: Path, settings: Settings) -> pl.DataFrame:
    """The table `synth-assets status` shows, for the lake in `folder`."""
    from synth_assets.automation.instance import instance_of
    from synth_assets.definitions import build_definitions

    lake = Lake(settings.lake_in(folder))
    with instance_of(folder) as instance:
        found = standings(build_definitions(folder, settings), instance, lake, settings)
    return as_frame(found, usage_of(lake))


def as_frame(found: Iterable[Standing], usage: pl.DataFrame, now: datetime | None = None) -> pl.DataFrame:
    """A table for people: asset, partition, state, rows, quarantined, age, what teachers were asked for it, why.

    `usage` is :func:`lake.usage.usage_of` by stage and partition. Its columns `requests`, `tokens` and `cost`, over
    everything ever spent on the partition, are left out where they would be empty in every row.
    """
    now = now or datetime.now(UTC)
    rows = [
        {
            "asset": standing.asset,
            "partition": standing.partition,
            "state": standing.state,
            "rows": standing.made.rows if standing.made else None,
            "quarantined": standing.made.quarantined if standing.made else None,
            "age": _age(now - standing.made.made_at) if standing.made else None,
            "why": standing.why,
        }
        for standing in found
    ]
    whole = pl.Int64()
    columns = ("asset", "partition", "state", "rows", "quarantined", "age", "why")
    shown = pl.DataFrame(
        rows, schema={name: whole if name in ("rows", "quarantined") else pl.String() for name in columns}
    )
    shown = shown.join(_spent(usage), on=["asset", "partition"], how="left", maintain_order="left")
    asked = [name for name in ("requests", "tokens", "cost") if shown[name].count()]
    return shown.select(*columns[:-1], *asked, columns[-1])


def summarised(shown: pl.DataFrame) -> pl.DataFrame:
    """The table of :func:`as_frame` without what a person need not see one by one.

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


def source_times(settings: Settings, only: Collection[str] | None = None) -> Mapping[tuple[str, str], datetime]:
    """When the file behind each shard of `documents` and each benchmark was last written, as far as that is told.

    `only` names the assets whose sources are of interest; all by default.
    """
    benchmarks = {("benchmark_items", name): _written(Path(path)) for name, path in settings.benchmark_paths.items()}
    times = {place: written for place, written in benchmarks.items() if written is not None}
    for shard in settings.corpus.shards() if only is None or "documents" in only else ():
        if shard.written is not None:
            times["documents", shard.name] = shard.written
    return times


def _written(path: Path) -> datetime | None:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.exists() else None


def partition_keys(
    name: str, partitions_def: dg.PartitionsDefinition[Any] | None, instance: dg.DagsterInstance
) -> Keys:
    """The partition keys of asset `name` by dimension; one empty mapping where it has no partitions."""
    if partitions_def is None:
        return [{}]
    if isinstance(partitions_def, dg.MultiPartitionsDefinition):
        dimensions = {
            dimension.name: dimension.partitions_def.get_partition_keys(dynamic_partitions_store=instance)
            for dimension in partitions_def.partitions_defs
        }
        return [dict(zip(dimensions, values, strict=True)) for values in product(*dimensions.values())]
    (column,) = TABLES[name].partitioned_by
    return [{column: key} for key in partitions_def.get_partition_keys(dynamic_partitions_store=instance)]


Changes = Mapping[tuple[str, ...], int]
"""Values of the dimensions shared with a parent, to the snapshot of the parent's latest change there."""


def parents_of(node: Any) -> list[str]:
    """The tables whose change makes an asset of the graph stale, in alphabetical order."""
    kept_through = node.metadata.get(KEPT_THROUGH, [])
    return [name for key in sorted(node.parent_keys) if (name := key.path[-1]) not in kept_through]


def shared_dimensions(parent: str, name: str) -> list[str]:
    """The partition columns that two tables have in common, in alphabetical order."""
    return [column for column in sorted(TABLES[parent].partitioned_by) if column in TABLES[name].partitioned_by]


def _latest_changes(parent: str, made: Mapping[str, Made], name: str) -> Changes:
    columns, shared = sorted(TABLES[parent].partitioned_by), shared_dimensions(parent, name)
    latest: dict[tuple[str, ...], int] = {}
    for key, row in made.items():
        values = dict(zip(columns, key.split("|"), strict=False))
        place = tuple(values[column] for column in shared)
        latest[place] = max(latest.get(place, 0), row.changed_snapshot)
    return latest


def _why(
    partition: Mapping[str, str],
    made: Made | None,
    code_version: str,
    changes: Mapping[str, Changes],
    shared: Mapping[str, Sequence[str]],
) -> str:
    """Why a partition has to be made; empty where it need not. `shared` are the dimensions shared with each parent."""
    if made is None:
        return "never materialised"
    if made.code_version != code_version:
        return CHANGED_BY_HAND
    for parent, latest in changes.items():
        if latest.get(tuple(partition[column] for column in shared[parent]), 0) > made.built_snapshot:
            return f"{parent} changed"
    return ""


def _age(elapsed: timedelta) -> str:
    seconds = int(elapsed.total_seconds())
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def _key(partition: Mapping[str, str]) -> str:
    return "|".join(partition[name] for name in sorted(partition))


def _read(lake: Lake) -> dict[str, dict[str, Made]]:
    ledger: dict[str, dict[str, Made]] = {}
    for stage, partition, *rest in lake.query(f"select {', '.join(LEDGER)} from materialisations").iter_rows():
        ledger.setdefault(stage, {})[partition] = Made(*rest)
    return ledger
