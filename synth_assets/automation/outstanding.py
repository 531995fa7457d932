"""What has to be made, partition by partition: what a job makes at once, and what automation may make as the next step.

Both go by how the partitions stand in the lake's ledger (`standing.py`), not by Dagster's events: rows made again with
the same content ask for nothing, and a new shard does not redo the older ones.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from synth_assets.automation.declared import parents_of
from synth_assets.automation.standing import CHANGED_BY_HAND, Standing, shared_dimensions
from synth_assets.tables import TABLES

Wanted = dict[str, set[str]]
"""Partition keys by the name of their asset; the empty key for a table without partitions."""


def to_make(graph: Any, found: Sequence[Standing], only: Collection[str], everything: bool = False) -> Wanted:
    """The partitions of the assets `only` that are missing or stale, and all of theirs that is made from those.

    That is more than may have to be made: whether something made from a stale partition changes is known only when that
    has been made again. `everything`: the fresh ones too.
    """
    road = _Road.of(graph, found, only)
    wanted = road.nothing()
    for one in found:
        if one.asset in wanted and (everything or one.state != "fresh"):
            wanted[one.asset].add(one.partition)
    for together in road.steps():
        for name in together:
            for parent in parents_of(road.nodes[name]):
                wanted[name] |= road.fed_by(parent, wanted.get(parent, ()), name)
        _share(wanted, together)
    return _not_empty(wanted)


def next_steps(graph: Any, found: Sequence[Standing]) -> Wanted:
    """The partitions that can be made now and are neither waiting for others nor for a person.

    Missing partitions, and those whose source or inputs have changed. What is stale because code, settings or a prompt
    changed waits for a person or the weekly schedule, as it may cost much. A partition waits for all that it is made
    from, also through inputs whose change alone would not make it stale: the walks of a new shard for the graph that
    its concepts make.
    """
    road = _Road.of(graph, found, {one.asset for one in found})
    due, waiting = road.nothing(), road.nothing()
    for one in found:
        if one.state != "fresh" and one.why != CHANGED_BY_HAND:
            due[one.asset].add(one.partition)
    for together in road.steps():
        _share(due, together)
        for name in together:
            for parent in sorted(key.path[-1] for key in road.nodes[name].parent_keys):
                if parent in due:
                    waiting[name] |= road.fed_by(parent, due[parent] | waiting[parent], name)
        _share(waiting, together)
    return _not_empty({name: due[name] - waiting[name] for name in due})


@dataclass(frozen=True)
class _Road:
    """Some assets in the order of the road, with their nodes of Dagster's graph and their partition keys."""

    nodes: dict[str, Any]
    keys: dict[str, list[str]]

    @classmethod
    def of(cls, graph: Any, found: Iterable[Standing], only: Collection[str]) -> "_Road":
        keys: dict[str, list[str]] = {name: [] for name in only}
        for one in found:
            if one.asset in keys:
                keys[one.asset].append(one.partition)
        return cls({key.path[-1]: graph.get(key) for key in graph.toposorted_asset_keys if key.path[-1] in keys}, keys)

    def nothing(self) -> Wanted:
        return {name: set() for name in self.nodes}

    def steps(self) -> Iterator[list[str]]:
        """The assets, those together that one step makes."""
        done: set[str] = set()
        for name, node in self.nodes.items():
            if name not in done:
                together = [key.path[-1] for key in node.execution_set_asset_keys]
                yield [one for one in together if one in self.nodes]
                done.update(together)

    def fed_by(self, parent: str, changed: Collection[str], name: str) -> set[str]:
        """The partitions of `name` that are made from these of `parent`: those alike in the dimensions they share."""
        if not changed:
            return set()
        shared = shared_dimensions(parent, name)
        places = {_place(parent, key, shared) for key in changed}
        return {key for key in self.keys[name] if _place(name, key, shared) in places}


def _share(wanted: Wanted, together: Sequence[str]) -> None:
    """What one step makes together is wanted together."""
    union = set[str]().union(*(wanted[name] for name in together))
    for name in together:
        wanted[name] = set(union)


def _not_empty(wanted: Wanted) -> Wanted:
    return {name: partitions for name, partitions in wanted.items() if partitions}


def _place(name: str, key: str, shared: Sequence[str]) -> tuple[str, ...]:
    if not shared:
        return ()
    values = dict(zip(sorted(TABLES[name].partitioned_by), key.split("|"), strict=True))
    return tuple(values[column] for column in shared)
