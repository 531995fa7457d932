"""The whole road in one process: the asset graph cut into as few runs as its partitions and the memory allow.

A Dagster run has one partitions definition, so the road is a sequence of runs. Each takes as many shards at once as
hold no more text than one shard may: memory is bounded, and what a run has made stays made, however many follow.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg

from synth_assets.assets.declaration import AT_ONCE
from synth_assets.automation.declared import declared_in, standings_in
from synth_assets.automation.executing import execute
from synth_assets.automation.jobs import FROM_OBSERVATIONS
from synth_assets.automation.observation_files import observation_files
from synth_assets.automation.partitions import BENCHMARKS, OBSERVATION_FILES, SHARDS, missing_partitions, unknown
from synth_assets.automation.ranges import RANGE_END, RANGE_START, Texts, rectangles, unbroken
from synth_assets.corpus.memory import text_of_shard
from synth_assets.errors import SynthAssetsError
from synth_assets.lake.lake import Lake
from synth_assets.settings import Settings
from synth_assets.tables import OPERATION


@dataclass(frozen=True)
class Phase:
    """Assets that can be materialised in one run, in the order of the road."""

    assets: tuple[dg.AssetKey, ...]
    partitions_def: dg.PartitionsDefinition[Any] | None


def phases(definitions: dg.Definitions) -> Iterator[Phase]:
    """The runs of the road: each time, the largest set of assets that share partitions and whose inputs are ready."""
    graph = definitions.resolve_asset_graph()
    left = [
        key for key in graph.toposorted_asset_keys if graph.get(key).is_materializable and key.path[-1] not in OPERATION
    ]
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
    lake: Lake,
    settings: Settings,
    begin: Callable[[Phase, int, int, int], None],
    wanted: dg.AssetSelection | None = None,
) -> None:
    """Add missing partitions, then materialise whatever is missing or stale, in the order of the road.

    Of the assets `wanted` alone, where they are given.
    `begin(phase, number, of, partitions)` is called for each run with how many partitions it will make; with 0 where
    everything is fresh and nothing is run. Raises what the failing step raised; what was materialised before stays.
    """
    shards = settings.corpus.shards()
    _forget_or_refuse_lost_sources(instance, lake, settings, {shard.name for shard in shards})
    for definition, names in missing_partitions(instance, settings):
        if names:
            instance.add_dynamic_partitions(definition.name or "", names)
    texts = Texts({shard.name: shard.bytes for shard in shards}, text_of_shard(settings.corpus.memory))
    add_observation_files(instance, lake, settings)
    sequence = list(phases(definitions)) if wanted is None else _parts(definitions, wanted)
    _run_phases(sequence, definitions, instance, lake, settings, texts, begin)


def run_observations(
    definitions: dg.Definitions,
    instance: dg.DagsterInstance,
    lake: Lake,
    settings: Settings,
    begin: Callable[[Phase, int, int, int], None],
) -> None:
    """Import the files of observations that are new or changed, and make what follows from them, as `run_road` does."""
    add_observation_files(instance, lake, settings)
    _run_phases(_parts(definitions, FROM_OBSERVATIONS), definitions, instance, lake, settings, None, begin)


def _parts(definitions: dg.Definitions, selection: dg.AssetSelection) -> list[Phase]:
    """The runs of the road with the selected assets alone."""
    wanted = selection.resolve(definitions.resolve_asset_graph())
    return [
        Phase(kept, phase.partitions_def)
        for phase in phases(definitions)
        if (kept := tuple(key for key in phase.assets if key in wanted))
    ]


def add_observation_files(instance: dg.DagsterInstance, lake: Lake, settings: Settings) -> None:
    """Make a partition of each file of observations that is none yet."""
    new = unknown(OBSERVATION_FILES, observation_files(settings.observations.sources, lake.settings.folder), instance)
    if new:
        instance.add_dynamic_partitions(OBSERVATION_FILES.name or "", new)


def _run_phases(
    sequence: Sequence[Phase],
    definitions: dg.Definitions,
    instance: dg.DagsterInstance,
    lake: Lake,
    settings: Settings,
    texts: Texts | None,
    begin: Callable[[Phase, int, int, int], None],
) -> None:
    """Materialise what is missing or stale of each phase in turn, but for phases without any (chosen) partition."""
    graph = definitions.resolve_asset_graph()
    chosen = {one.name for one in declared_in(graph, settings) if all(of.values != () for of in one.dimensions)}
    sequence = [
        phase
        for phase in sequence
        if any(key.path[-1] in chosen for key in phase.assets) and _is_there(phase, instance)
    ]
    for number, phase in enumerate(sequence, start=1):
        of_phase = {key.path[-1] for key in phase.assets}
        wanted = {
            standing.partition
            for standing in standings_in(graph, instance, lake, settings, of_phase)
            if standing.state != "fresh"
        }
        begin(phase, number, len(sequence), len(wanted))
        for tags in _ranges(phase, wanted, instance, None if _at_once(definitions, phase) else texts):
            execute(definitions, instance, settings, lake.settings.folder, phase.assets, tags)


def _is_there(phase: Phase, instance: dg.DagsterInstance) -> bool:
    """Whether a phase has anything to make: where no file of observations is named, their import has no partition."""
    with dg.partition_loading_context(dynamic_partitions_store=instance):
        return phase.partitions_def is None or phase.partitions_def.get_num_partitions() > 0


def _at_once(definitions: dg.Definitions, phase: Phase) -> bool:
    """Whether the assets of a phase cost hardly more for all partitions than for one."""
    graph = definitions.resolve_asset_graph()
    return all(graph.get(key).metadata.get(AT_ONCE, False) for key in phase.assets)


def _forget_or_refuse_lost_sources(
    instance: dg.DagsterInstance, lake: Lake, settings: Settings, here: Collection[str]
) -> None:
    """A shard or benchmark whose file is gone must not be emptied in silence; one never made is simply forgotten."""
    for definition, known, stage in (
        (SHARDS, here, "documents"),
        (BENCHMARKS, set(settings.benchmarks), "benchmark_items"),
    ):
        made = set(lake.query(f"select partition from materialisations where stage = '{stage}'")["partition"])
        for name in definition.get_partition_keys(dynamic_partitions_store=instance):
            if name in known:
                continue
            if name in made:
                raise SynthAssetsError(
                    f"The lake holds {name!r} of {stage}, which is no longer among the sources: bring its file back, "
                    "delete that partition in the Dagster UI, or choose another folder with --lake."
                )
            instance.delete_dynamic_partition(str(definition.name), name)


def _ranges(
    phase: Phase, wanted: Collection[str], instance: dg.DagsterInstance, texts: Texts | None
) -> Iterator[dict[str, str]]:
    """Run tags that cover the wanted partitions: a run for each unbroken range that `texts` allows.

    With two dimensions a range is a rectangle.
    """
    if not wanted:
        return
    if phase.partitions_def is None:
        yield {}
        return
    if not isinstance(phase.partitions_def, dg.MultiPartitionsDefinition):
        keys = phase.partitions_def.get_partition_keys(dynamic_partitions_store=instance)
        for first, last in unbroken(keys, wanted, texts):
            yield {RANGE_START: first, RANGE_END: last}
        return
    static, moving = (part.partitions_def for part in phase.partitions_def.partitions_defs)
    keys = moving.get_partition_keys(dynamic_partitions_store=instance)
    for first, last in rectangles(static.get_partition_keys(), keys, wanted, texts):
        yield {RANGE_START: first, RANGE_END: last}
