"""Contenders for the walks: 1 or 2 steps among topics, one to a key concept, 3 or 4 among key concepts.

Each number of steps is as likely, and a step goes to a neighbour in proportion to the documents of their edge (plus
1e-5). A walk at a node without neighbours stays; what it cannot reach stays -1.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import networkx
import numpy as np
from racing import Finding

from graph_peers.case import EPSILON, Case, Graph, Real, Rows, Visited, Whole

TOPIC_STEPS, CONCEPT_STEPS = (1, 2), (3, 4)
"""Fewest and most (paper section 2.2)."""


@dataclass(frozen=True)
class Ground:
    """What every contender starts from: the graph with its counts, where walks begin, and how many epochs each."""

    graph: Graph
    starts: Whole
    epochs: int

    def begin(self, walks: Whole) -> Whole:
        """The topic each of these walks starts from."""
        return self.starts[walks // self.epochs]


def ground(case: Case) -> Ground:
    """That of a case."""
    return Ground(case.graph, case.starts, case.epochs)


@dataclass(frozen=True)
class CachedChoices:
    """For each node of each sub-graph its neighbours and their cumulative weights, as `random.choices` takes them."""

    ground: Ground
    rows: tuple[Sequence[tuple[Sequence[int], Sequence[float]]], ...]


def cache_choices(ground: Ground) -> CachedChoices:
    """Slices of arrays rather than lists: as fast to choose from, and built in a quarter of the time and memory."""
    tables = []
    for rows in ground.graph.stages:
        cuts, weights = rows.starts.tolist(), rows.weights
        tables.append([(rows.targets[low:high], np.cumsum(weights[low:high])) for low, high in pairwise(cuts)])
    return CachedChoices(ground, tuple(tables))


def python_choices(cached: CachedChoices, walks: Whole) -> Visited:
    """Step by step and walk by walk."""
    choose = random.Random(0)

    def wander(node: int, rows: Sequence[tuple[Sequence[int], Sequence[float]]], steps: int, most: int) -> list[int]:
        visited = [node]
        for _ in range(steps):
            neighbours, sums = rows[node]
            if not len(neighbours):
                break
            node = choose.choices(neighbours, cum_weights=sums)[0]
            visited.append(node)
        return visited + [-1] * (1 + most - len(visited))

    among_topics, to_concepts, among_concepts = cached.rows
    topics, concepts = [], []
    for start in cached.ground.begin(walks).tolist():
        topics.append(wander(start, among_topics, choose.randint(*TOPIC_STEPS), TOPIC_STEPS[1]))
        last = next(topic for topic in reversed(topics[-1]) if topic >= 0)
        first = wander(last, to_concepts, 1, 1)[1]
        reached = wander(first, among_concepts, choose.randint(*CONCEPT_STEPS), CONCEPT_STEPS[1]) if first >= 0 else []
        concepts.append(reached or [-1] * (1 + CONCEPT_STEPS[1]))
    return Visited(np.array(topics), np.array(concepts))


@dataclass(frozen=True)
class Sums:
    """One cumulative sum over all edges of each sub-graph."""

    ground: Ground
    sums: tuple[Real, ...]


def sum_up(ground: Ground) -> Sums:
    """From counts of documents."""
    sums = tuple(np.concatenate([[0.0], np.cumsum(rows.weights)]) for rows in ground.graph.stages)
    return Sums(ground, sums)


def numpy_sorted_queries(summed: Sums, walks: Whole) -> Visited:
    """All walks take a step at once: their queries are sorted, so that the search goes through the sums in order."""
    rng = np.random.default_rng(0)

    def step(rows: Rows, sums: Real, nodes: Whole) -> Whole:
        low, high = rows.starts[nodes], rows.starts[nodes + 1]
        queries = sums[low] + rng.random(len(nodes)) * (sums[high] - sums[low])
        order = np.argsort(queries)
        places = np.empty(len(nodes), dtype=np.int64)
        places[order] = np.searchsorted(sums, queries[order], side="right") - 1
        places = np.minimum(np.maximum(places, low), np.maximum(high - 1, 0))
        return np.where(high > low, rows.targets[np.minimum(places, len(rows.targets) - 1)], -1)

    def wander(rows: Rows, sums: Real, nodes: Whole, steps: tuple[int, int]) -> tuple[Whole, Whole]:
        visited = np.full((len(nodes), 1 + steps[1]), -1)
        visited[:, 0] = last = nodes
        wanted = rng.integers(steps[0], steps[1] + 1, len(nodes))
        for column in range(steps[1]):
            walking = np.flatnonzero((column < wanted) & (last >= 0))
            visited[walking, column + 1] = moved = step(rows, sums, last[walking])
            last = last.copy()
            last[walking] = np.where(moved < 0, last[walking], moved)
        return visited, last

    (among_topics, to_concepts, among_concepts), sums = summed.ground.graph.stages, summed.sums
    topics, last = wander(among_topics, sums[0], summed.ground.begin(walks), TOPIC_STEPS)
    return Visited(topics, wander(among_concepts, sums[2], step(to_concepts, sums[1], last), CONCEPT_STEPS)[0])


@dataclass(frozen=True)
class Stars:
    """Of each sub-graph the nodes that some walks visited, with all their edges: more would not fit into memory."""

    moves: "Moves"
    graphs: tuple[networkx.Graph, ...]


def networkx_steps(stars: Stars, _: Whole) -> "Moves":
    """Take as many steps from the visited nodes, neighbours and weights read from the graph at each."""
    choose = random.Random(0)

    def step(graph: networkx.Graph, node: int) -> int:
        neighbours = graph[("from", node)]
        weights = [edge["documents"] + EPSILON for edge in neighbours.values()]
        return int(choose.choices(list(neighbours), weights=weights)[0][1])

    moves = stars.moves
    targets = [
        step(stars.graphs[stage], node) for stage, node in zip(moves.stage.tolist(), moves.source.tolist(), strict=True)
    ]
    return Moves(moves.stage, moves.source, np.array(targets))


def stars(case: Case, walks: int) -> Stars:
    """Of so many walks, evenly spread.

    The ends of an edge are kept apart, so that a node has its own edges and none of another visited one's.
    """
    chosen = np.linspace(0, len(case.visited.topics) - 1, walks).astype(np.int64)
    moves, graphs = Moves.of(case.visited.of(chosen)), []
    for stage, rows in enumerate(case.graph.stages):
        star = networkx.Graph()
        for node in np.unique(moves.source[moves.stage == stage]).tolist():
            neighbours = slice(rows.starts[node], rows.starts[node + 1])
            star.add_edges_from(
                (("from", node), ("to", target), {"documents": documents})
                for target, documents in zip(
                    rows.targets[neighbours].tolist(), rows.documents[neighbours].tolist(), strict=True
                )
            )
        graphs.append(star)
    return Stars(moves, tuple(graphs))


@dataclass(frozen=True)
class Moves:
    """The steps of walks, one by one: their stage (0 among topics, 1 to a key concept, 2 beyond); from and to."""

    stage: Whole
    source: Whole
    target: Whole

    @classmethod
    def of(cls, visited: Visited) -> "Moves":
        """Of all walks, those a stage together."""
        last = np.where(visited.topics[:, 2] >= 0, visited.topics[:, 2], visited.topics[:, 1])
        crossing = np.column_stack([np.where(last >= 0, last, visited.topics[:, 0]), visited.concepts[:, 0]])
        moves = []
        for stage, nodes in enumerate((visited.topics, crossing, visited.concepts)):
            for column in range(nodes.shape[1] - 1):
                made = nodes[:, column + 1] >= 0
                moves.append((np.full(made.sum(), stage), nodes[made, column], nodes[made, column + 1]))
        return cls(*(np.concatenate(parts) for parts in zip(*moves, strict=True)))


def judge_moves(case: Case, _: Whole, moves: Moves) -> Finding:
    """Whether every step follows an edge, and the likeliest neighbours are taken as often as they should be.

    The second is a sum over all steps of what was seen less what was expected, in standard deviations.
    """
    astray, excess, variance = 0, 0.0, 0.0
    for stage, rows in enumerate(case.graph.stages):
        sources, targets = (ends[moves.stage == stage].astype(np.int64) for ends in (moves.source, moves.target))
        degrees = np.diff(rows.starts)
        keys = np.repeat(np.arange(len(degrees)), degrees) << 32 | rows.targets
        wanted = sources << 32 | targets
        astray += int((keys[np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)] != wanted).sum())
        filled = np.flatnonzero(degrees)
        likeliest, share = np.full(len(degrees), -1), np.zeros(len(degrees))
        order = np.lexsort((-rows.weights, np.repeat(np.arange(len(degrees)), degrees)))
        first = order[rows.starts[filled]]
        likeliest[filled] = rows.targets[first]
        share[filled] = rows.weights[first] / np.add.reduceat(rows.weights, rows.starts[filled])
        excess += float((targets == likeliest[sources]).sum() - share[sources].sum())
        variance += float((share[sources] * (1 - share[sources])).sum())
    deviation = excess / np.sqrt(max(variance, 1e-9))
    return Finding(
        astray == 0 and bool(abs(deviation) < 5), f"{astray} steps off the edges, {deviation:+.1f} deviations"
    )


def judge(case: Case, walks: Whole, visited: Visited) -> Finding:
    """As :func:`judge_moves`; and the walks start where they should, with steps in the numbers they should."""
    found = judge_moves(case, walks, Moves.of(visited))
    begun = bool((visited.topics[:, 0] == ground(case).begin(walks)).all())
    longer = [(nodes[:, -1] >= 0).sum() for nodes in (visited.topics, visited.concepts)]
    spread = 2.5 * np.sqrt(len(walks)) + 0.05 * len(walks)  # five deviations, and walks at nodes that lead nowhere
    balanced = all(abs(count - len(walks) / 2) <= spread for count in longer)
    return Finding(found.right and begun and bool(balanced), found.words)
