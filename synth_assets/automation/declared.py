"""What Dagster's asset graph and instance know of the road, as judging a partition takes it; see `standing.py`."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import dagster as dg

from synth_assets.assets.declaration import KEPT_THROUGH
from synth_assets.automation.choosing import chosen_values
from synth_assets.automation.standing import (
    Declared,
    Dimension,
    Sources,
    Standing,
    as_rows,
    judged,
    read_ledger,
)
from synth_assets.lake.lake import Lake
from synth_assets.settings import Settings
from synth_assets.tables import OPERATION, TABLES


def declared_in(graph: Any, settings: Settings) -> list[Declared]:
    """The assets of the road in its order, with the partitions that the settings choose."""
    return [
        Declared(
            name,
            node.code_version or "",
            tuple(parents_of(node)),
            tuple(_dimensions(name, node.partitions_def, settings)),
        )
        for name, node in _nodes(graph)
    ]


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
    sources = Sources.of(settings, lake.settings.folder, only)
    return as_rows(
        judged(declared_in(graph, settings), partitions_known(graph, instance), read_ledger(lake), sources, only)
    )


def parents_of(node: Any) -> list[str]:
    """The tables whose change makes an asset of the graph stale, in alphabetical order."""
    kept_through = node.metadata.get(KEPT_THROUGH, [])
    return [name for key in sorted(node.parent_keys) if (name := key.path[-1]) not in kept_through]


def partitions_known(graph: Any, instance: dg.DagsterInstance) -> dict[str, Sequence[str]]:
    """The partitions that the instance knows, by the column of the dimensions that follow the data."""
    found: dict[str, Sequence[str]] = {}
    for name, node in _nodes(graph):
        for column, definition in _columns(name, node.partitions_def):
            if isinstance(definition, dg.DynamicPartitionsDefinition) and column not in found:
                found[column] = definition.get_partition_keys(dynamic_partitions_store=instance)
    return found


def _nodes(graph: Any) -> Iterator[tuple[str, Any]]:
    for key in graph.toposorted_asset_keys:
        node, name = graph.get(key), key.path[-1]
        if node.is_materializable and name not in OPERATION:
            yield name, node


def _dimensions(
    name: str, partitions_def: dg.PartitionsDefinition[Any] | None, settings: Settings
) -> Iterator[Dimension]:
    for column, definition in _columns(name, partitions_def):
        dynamic = isinstance(definition, dg.DynamicPartitionsDefinition)
        yield Dimension(
            column, None if dynamic else chosen_values(settings, name, column, definition.get_partition_keys())
        )


def _columns(
    name: str, partitions_def: dg.PartitionsDefinition[Any] | None
) -> Iterator[tuple[str, dg.PartitionsDefinition[Any]]]:
    """The columns that a table is partitioned by, with the definition of each."""
    if isinstance(partitions_def, dg.MultiPartitionsDefinition):
        for dimension in partitions_def.partitions_defs:
            yield dimension.name, dimension.partitions_def
    elif partitions_def is not None:
        (column,) = TABLES[name].partitioned_by
        yield column, partitions_def
