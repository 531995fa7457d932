"""A contender for the walks: alias tables, compiled by numba, on all cores.

Walker 1977, built by Vose's method of 1991. A node's tables have a bucket a neighbour: one number chooses the bucket,
and between the bucket's own neighbour and its alias.
"""

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from graph_peers.case import EPSILON, Visited, Whole
from graph_peers.walks import Ground


@dataclass(frozen=True)
class AliasTables:
    """For each edge of each sub-graph its bucket's alias and the share of the bucket that is the edge's own."""

    ground: Ground
    shares: tuple[npt.NDArray[np.float32], ...]
    aliases: tuple[npt.NDArray[np.int32], ...]


def build_alias_tables(ground: Ground) -> AliasTables:
    """In parallel over nodes."""
    made = [_build(rows.starts, rows.targets, rows.documents) for rows in ground.graph.stages]
    return AliasTables(ground, tuple(shares for shares, _ in made), tuple(aliases for _, aliases in made))


def alias_walks(tables: AliasTables, walks: Whole) -> Visited:
    """In parallel over walks."""
    stages = [
        (rows.starts, rows.targets, shares, aliases)
        for rows, shares, aliases in zip(tables.ground.graph.stages, tables.shares, tables.aliases, strict=True)
    ]
    return Visited(*_walk(tables.ground.begin(walks), *stages))


@numba.njit(parallel=True, cache=True)
def _build(starts: Any, targets: Any, documents: Any) -> Any:
    shares, aliases = np.ones(len(targets), np.float32), targets.copy()
    for row in numba.prange(len(starts) - 1):
        low, count = starts[row], starts[row + 1] - starts[row]
        if count == 0:
            continue
        weights = documents[low : low + count] + EPSILON
        weights *= count / weights.sum()
        # Lighter than a bucket from the left, heavier from the right.
        order, lighter, heavier = np.empty(count, np.int32), 0, count
        for edge in range(count):
            if weights[edge] < 1.0:
                order[lighter] = edge
                lighter += 1
            else:
                heavier -= 1
                order[heavier] = edge
        while lighter > 0 and heavier < count:
            lighter -= 1
            light, heavy = order[lighter], order[heavier]
            shares[low + light], aliases[low + light] = weights[light], targets[low + heavy]
            weights[heavy] -= 1.0 - weights[light]
            if weights[heavy] < 1.0:
                order[lighter] = heavy
                lighter, heavier = lighter + 1, heavier + 1
    return shares, aliases


@numba.njit(inline="always")
def _draw(state: Any) -> Any:
    """SplitMix64: the next state and a number in [0, 1)."""
    state += np.uint64(0x9E3779B97F4A7C15)
    mixed = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state, ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(11)) * 2.0**-53


@numba.njit(inline="always")
def _step(tables: Any, node: Any, number: Any) -> Any:
    starts, targets, shares, aliases = tables
    low, count = starts[node], starts[node + 1] - starts[node]
    if count == 0:
        return np.int32(-1)
    place = number * count
    bucket = min(int(place), count - 1)
    return targets[low + bucket] if place - bucket < shares[low + bucket] else aliases[low + bucket]


@numba.njit(parallel=True, cache=True)
def _walk(begin: Any, among_topics: Any, to_concepts: Any, among_concepts: Any) -> Any:
    topics, concepts = np.full((len(begin), 3), -1, np.int32), np.full((len(begin), 5), -1, np.int32)
    for walk in numba.prange(len(begin)):
        state, number = _draw(np.uint64(walk) * np.uint64(0xD1342543DE82EF95))
        node = np.int32(begin[walk])
        topics[walk, 0] = node
        for step in range(2 if number < 0.5 else 1):
            state, number = _draw(state)
            moved = _step(among_topics, node, number)
            if moved < 0:
                break
            node = moved
            topics[walk, step + 1] = node
        state, number = _draw(state)
        node = _step(to_concepts, node, number)
        concepts[walk, 0] = node
        state, number = _draw(state)
        for step in range(4 if number < 0.5 else 3):
            state, number = _draw(state)
            if node < 0:
                break
            moved = _step(among_concepts, node, number)
            if moved < 0:
                break
            node = moved
            concepts[walk, step + 1] = node
    return topics, concepts
