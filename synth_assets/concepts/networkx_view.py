"""The concept graph, or the neighbourhood of some of its nodes, as a NetworkX graph."""

from collections.abc import Iterator, Sequence

import networkx
import numpy as np
import numpy.typing as npt

from synth_assets.concepts.adjacency import Adjacency, ConceptGraph
from synth_assets.concepts.graph import CONCEPT_CONCEPT, EPSILON, TOPIC_CONCEPT, TOPIC_TOPIC
from synth_assets.concepts.names import KEY_CONCEPT, TOPIC
from synth_assets.errors import SynthAssetsError

Whole = npt.NDArray[np.int64]
Number = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

MOST_EDGES = 4_000_000
"""NetworkX takes about half a kB an edge with its attributes, so 2 GB for so many; more are handed over on request."""


def networkx_of(
    graph: ConceptGraph,
    around: str | Sequence[str] | None = None,
    *,
    kind: str | None = None,
    steps: int = 1,
    most: int | None = None,
    however_large: bool = False,
) -> "networkx.Graph":
    """The graph, or a part of it with all edges among its nodes, undirected; a node is the tuple (kind, name).

    Node attributes: kind, name, documents. Edge attributes: subgraph, documents, weight.

    Args:
        graph: The concept graph.
        around: Name or names of the nodes whose neighbourhood is wanted; the whole graph where not given.
        kind: `topic` or `key_concept`: what the names are of. Where not given, a name may be of either or both.
        steps: How far from those nodes the neighbourhood reaches.
        most: At most so many nodes. Nearer ones are taken first, then those that share the most documents with one
            taken before, then topics, then by name.
        however_large: More than `MOST_EDGES` edges may be handed over.

    Raises:
        SynthAssetsError: There is no node of such a name, or the part has too many edges.
    """
    many = graph.topics.height + graph.concepts.height
    chosen = (
        np.ones(many, np.bool_) if around is None else _neighbourhood(graph, _nodes(graph, around, kind), steps, most)
    )
    entries = {subgraph: _among(graph, subgraph, chosen) for subgraph in (TOPIC_TOPIC, TOPIC_CONCEPT, CONCEPT_CONCEPT)}
    edges = sum(len(sources) for sources, _, _ in entries.values())
    if edges > MOST_EDGES and not however_large:
        raise SynthAssetsError(
            f"{edges:,} edges are more than NetworkX takes in reasonable memory ({MOST_EDGES:,} in about 2 GB): ask "
            "for the neighbourhood of some nodes (around, steps, most), or pass however_large=True"
        )
    found: networkx.Graph = networkx.Graph()
    names = [
        *((TOPIC, name) for name in graph.topics["name"]),
        *((KEY_CONCEPT, name) for name in graph.concepts["name"]),
    ]
    documents = np.concatenate([graph.topics["documents"].to_numpy(), graph.concepts["documents"].to_numpy()])
    for node in np.flatnonzero(chosen).tolist():
        node_kind, name = names[node]
        found.add_node(names[node], kind=node_kind, name=name, documents=int(documents[node]))
    for subgraph, (sources, targets, shared) in entries.items():
        weights = np.log(shared + EPSILON).tolist()
        found.add_edges_from(
            (names[source], names[target], {"subgraph": subgraph, "documents": count, "weight": weight})
            for source, target, count, weight in zip(
                sources.tolist(), targets.tolist(), shared.tolist(), weights, strict=True
            )
        )
    return found


def _nodes(graph: ConceptGraph, names: str | Sequence[str], kind: str | None) -> Whole:
    """The nodes of these names. Raises SynthAssetsError naming one that the graph lacks."""
    found: list[int] = []
    for name in [names] if isinstance(names, str) else names:
        places = [
            (place, offset)
            for each, frame, offset in ((TOPIC, graph.topics, 0), (KEY_CONCEPT, graph.concepts, graph.topics.height))
            if kind in (None, each) and (place := frame["name"].index_of(name)) is not None
        ]
        if not places:
            of_kind = "node" if kind is None else kind.replace("_", " ")
            raise SynthAssetsError(
                f"the concept graph has no {of_kind} {name!r}: see concept_nodes for the canonical names"
            )
        found.extend(place + offset for place, offset in places)
    return np.array(found, dtype=np.int64)


def _neighbourhood(graph: ConceptGraph, centre: Whole, steps: int, most: int | None) -> Flags:
    chosen = np.zeros(graph.topics.height + graph.concepts.height, np.bool_)
    chosen[centre] = True
    frontier = chosen.copy()
    for _ in range(steps):
        strength = np.zeros(len(chosen), np.int64)
        for others, documents in _leaving(graph, frontier):
            np.maximum.at(strength, others, documents)
        strength[chosen] = 0
        met = np.flatnonzero(strength)
        if most is not None:
            met = met[np.argsort(-strength[met], kind="stable")][: max(0, most - int(chosen.sum()))]
        frontier = np.zeros_like(chosen)
        frontier[met] = True
        chosen |= frontier
    return chosen


def _leaving(graph: ConceptGraph, frontier: Flags) -> Iterator[tuple[Whole | Number, Number]]:
    """The other ends of the edges at the nodes of `frontier`, and the documents of those edges."""
    for adjacency, row_offset, column_offset in _parts(graph).values():
        entries, _ = _entries(adjacency, frontier[row_offset:][: len(adjacency.starts) - 1])
        yield adjacency.targets[entries] + np.int32(column_offset), adjacency.documents[entries]
    across = graph.topic_concept
    entries = np.flatnonzero(frontier[graph.topics.height :][across.targets])
    yield np.searchsorted(across.starts, entries, side="right") - 1, across.documents[entries]


def _among(graph: ConceptGraph, subgraph: str, chosen: Flags) -> tuple[Whole, Whole, Number]:
    """Source, target and documents of the edges among the chosen nodes, each once."""
    adjacency, row_offset, column_offset = _parts(graph)[subgraph]
    entries, rows = _entries(adjacency, chosen[row_offset:][: len(adjacency.starts) - 1])
    targets = adjacency.targets[entries].astype(np.int64)
    inside = chosen[column_offset:][targets]
    if row_offset == column_offset:
        inside &= rows < targets  # edges within a kind stand there from both ends
    return rows[inside] + row_offset, targets[inside] + column_offset, adjacency.documents[entries][inside]


def _entries(adjacency: Adjacency, wanted: Flags) -> tuple[Whole, Whole]:
    """The places of the entries of the wanted rows, and the row of each."""
    rows = np.flatnonzero(wanted)
    lengths = adjacency.degrees[rows]
    before = np.cumsum(lengths) - lengths
    places = np.arange(lengths.sum()) + np.repeat(adjacency.starts[rows] - before, lengths)
    return places, np.repeat(rows, lengths)


def _parts(graph: ConceptGraph) -> dict[str, tuple[Adjacency, int, int]]:
    """Each sub-graph with the node of its first row and that of its first column."""
    topics = graph.topics.height
    return {
        TOPIC_TOPIC: (graph.topic_topic, 0, 0),
        TOPIC_CONCEPT: (graph.topic_concept, 0, topics),
        CONCEPT_CONCEPT: (graph.concept_concept, topics, topics),
    }
