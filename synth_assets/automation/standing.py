"""How each asset and partition stands: missing, stale (and why), or fresh; by the lake's ledger, in one query.

A partition is stale when its code, settings or prompts have changed since it was made, or when rows it was made from
have. Rows made again with the same content do not count as changed.
"""

from collections.abc import Iterable, Mapping, Sequence
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
from synth_assets.tables import TABLES

MADE_WITH_SYNONYMS = ("concept_nodes", "concept_edges", "concept_walks")

LEDGER = """
select stage, partition, code_version, changed_snapshot, built_snapshot, rows, quarantined, made_at
from materialisations"""


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
    graph = definitions.resolve_asset_graph()
    ledger = _read(lake)
    observed = observation_files(settings.observations.sources, lake.settings.folder)
    sources = dict(source_times(settings))
    sources |= {(IMPORTED, file.path): file.written for file in observed.values() if file.written is not None}
    accepted = _written(lake.settings.folder / settings.concepts.synonyms) if settings.concepts.synonyms else None
    found: list[Standing] = []
    for key in graph.toposorted_asset_keys:
        node = graph.get(key)
        if not node.is_materializable:
            continue
        name = key.path[-1]
        parents = parents_of(node)
        changes = {parent: _latest_changes(parent, ledger.get(parent, {}), name) for parent in parents}
        made = ledger.get(name, {})
        for partition in partition_keys(name, node.partitions_def, instance):
            row = made.get(_key(partition))
            source = accepted if name in MADE_WITH_SYNONYMS else sources.get((name, _key(partition)))
            if name == IMPORTED and row is not None and _key(partition) not in observed:
                found.append(Standing(name, _key(partition), "fresh", "", row))  # its file is gone: the rows stay
            elif row is not None and source is not None and source > row.made_at:
                found.append(Standing(name, _key(partition), "stale", "its source file is newer", row))
            else:
                found.append(_judge(name, partition, row, node.code_version or "", changes))
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


def _spent(usage: pl.DataFrame) -> pl.DataFrame:
    """Usage by asset and partition. What a global table's key is booked on belongs to no row of a partitioned one."""
    return usage.select(
        "partition",
        "requests",
        asset="stage",
        tokens=pl.col("prompt_tokens") + pl.col("completion_tokens"),
        cost=pl.col("cost").round(4),
    )


def source_times(settings: Settings) -> Mapping[tuple[str, str], datetime]:
    """When the file behind each shard of `documents` and each benchmark was last written, as far as that is told."""
    benchmarks = {("benchmark_items", name): _written(Path(path)) for name, path in settings.benchmark_paths.items()}
    times = {place: written for place, written in benchmarks.items() if written is not None}
    for shard in settings.corpus.shards():
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


def _judge(
    name: str, partition: Mapping[str, str], made: Made | None, code_version: str, changes: Mapping[str, Changes]
) -> Standing:
    key = _key(partition)
    if made is None:
        return Standing(name, key, "missing", "never materialised", None)
    if made.code_version != code_version:
        return Standing(name, key, "stale", "code, settings or prompt changed", made)
    for parent, latest in changes.items():
        place = tuple(partition[column] for column in shared_dimensions(parent, name))
        if latest.get(place, 0) > made.built_snapshot:
            return Standing(name, key, "stale", f"{parent} changed", made)
    return Standing(name, key, "fresh", "", made)


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
    for stage, partition, *rest in lake.query(LEDGER).iter_rows():
        ledger.setdefault(stage, {})[partition] = Made(*rest)
    return ledger
