"""The whole road in one process: the asset graph cut into as few runs as its partitions allow.

A Dagster run has one partitions definition, so the road is a sequence of runs; each takes all partitions at once.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import dagster as dg

from synth_assets.automation.sensors import missing_partitions
from synth_assets.settings import Settings

RANGE_START, RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


@dataclass(frozen=True)
class Phase:
    """Assets that can be materialised in one run, in the order of the road."""

    assets: tuple[dg.AssetKey, ...]
    partitions_def: dg.PartitionsDefinition[Any] | None


def phases(definitions: dg.Definitions) -> Iterator[Phase]:
    """The runs of the road: each time, the largest set of assets that share partitions and whose inputs are ready."""
    graph = definitions.resolve_asset_graph()
    left = [key for key in graph.toposorted_asset_keys if graph.get(key).is_materializable]
    done: set[dg.AssetKey] = set()
    while left:
        phase = max(
            (_ready(graph, left, done, graph.get(key).partitions_def) for key in left),
            key=lambda candidate: len(candidate.assets),
        )
        if not phase.assets:
            raise ValueError(f"the assets {left} wait for each other")
        yield phase
        done.update(phase.assets)
        left = [key for key in left if key not in done]


def _ready(graph: Any, left: list[dg.AssetKey], done: set[dg.AssetKey], partitions_def: Any) -> Phase:
    chosen: list[dg.AssetKey] = []
    for key in left:
        node = graph.get(key)
        if node.partitions_def == partitions_def and all(
            parent in done or parent in chosen or parent not in left for parent in node.parent_keys
        ):
            chosen.append(key)
    whole = [key for key in chosen if set(graph.get(key).execution_set_asset_keys) <= set(chosen)]
    return Phase(tuple(whole), partitions_def)


def run_road(
    definitions: dg.Definitions,
    instance: dg.DagsterInstance,
    settings: Settings,
    begin: Callable[[Phase, int, int], None],
) -> None:
    """Add missing partitions, then materialise every asset; `begin(phase, number, of)` is called before each run.

    Raises what the failing step raised. What was materialised before stays.
    """
    for definition, names in missing_partitions(instance, settings):
        if names:
            instance.add_dynamic_partitions(definition.name or "", names)
    job = definitions.resolve_implicit_global_asset_job_def()
    sequence = list(phases(definitions))
    for number, phase in enumerate(sequence, start=1):
        begin(phase, number, len(sequence))
        job.execute_in_process(
            instance=instance,
            asset_selection=list(phase.assets),
            tags=_all_partitions(phase, instance),
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )


def _all_partitions(phase: Phase, instance: dg.DagsterInstance) -> dict[str, str]:
    if phase.partitions_def is None:
        return {}
    keys = phase.partitions_def.get_partition_keys(dynamic_partitions_store=instance)
    return {RANGE_START: keys[0], RANGE_END: keys[-1]}
