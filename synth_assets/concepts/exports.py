"""The concept graph, or a part of it that other programs can open, as GraphML and as node-link JSON.

Both are NetworkX's own layouts, which it reads back to an equal graph.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from synth_assets.concepts.adjacency import ConceptGraph
from synth_assets.concepts.names import normalise
from synth_assets.errors import SynthAssetsError

if TYPE_CHECKING:
    import networkx

MOST_EDGES = 100_000
"""Of a graph written whole: some 30 MB of GraphML, which programs for graphs still open."""

MOST_NEIGHBOURS = 500
"""Nodes of a neighbourhood, its centre included: those that share most documents with it."""

_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class GraphPart:
    """A graph to be written.

    Attributes:
        graph: A node's id is its kind and name, as in "topic: fractions"; its attributes are kind, name, documents,
            those of an edge subgraph, documents, weight.
        said: In words, which part of the whole it is.
    """

    graph: "networkx.Graph"
    said: str


def part_of(nodes: pl.DataFrame, edges: pl.DataFrame, around: str | None = None) -> GraphPart:
    """The whole graph, its strongest edges where it has more than `MOST_EDGES`, or the neighbourhood of a concept.

    Args:
        nodes: Rows of `concept_nodes`.
        edges: Rows of `concept_edges`.
        around: The name of a topic, a key concept or both, as a person writes it; a spelling that was merged will do.

    Raises SynthAssetsError where there is no concept of that name.
    """
    if around is not None:
        return _neighbourhood(nodes, edges, around)
    total = edges.height
    if total <= MOST_EDGES:
        graph = ConceptGraph.from_frames(nodes, edges).to_networkx()
        return GraphPart(_with_readable_ids(graph), f"the whole graph: {nodes.height:,} nodes, {total:,} edges")
    strongest = strongest_edges(edges, MOST_EDGES)
    ends = pl.concat([strongest["source"], strongest["target"]]).unique()
    graph = ConceptGraph.from_frames(nodes.filter(pl.col("concept").is_in(ends.implode())), strongest).to_networkx()
    return GraphPart(
        _with_readable_ids(graph),
        f"the strongest part: of {total:,} edges the {MOST_EDGES:,} of most documents, and their "
        f"{graph.number_of_nodes():,} ends of {nodes.height:,} nodes",
    )


def strongest_edges(edges: pl.DataFrame, most: int) -> pl.DataFrame:
    """The edges of most documents, ties by the numbers of their ends."""
    return edges.sort("documents", "source", "target", descending=[True, False, False]).head(most)


def write_graphml(graph: "networkx.Graph", path: Path) -> None:
    """As GraphML. Control characters, which XML cannot hold, are written as in "\\x07"."""
    import networkx

    def written(text: object) -> object:
        return _NOT_IN_XML.sub(lambda found: f"\\x{ord(found.group()):02x}", text) if isinstance(text, str) else text

    writable = graph
    if any(_NOT_IN_XML.search(node) for node in graph):
        writable = networkx.relabel_nodes(graph, written)
        for _, attributes in writable.nodes(data=True):
            attributes["name"] = written(attributes["name"])
    networkx.write_graphml(writable, path)


def write_json(graph: "networkx.Graph", path: Path) -> None:
    """As node-link JSON: `nodes` and `edges`."""
    import networkx

    data = networkx.node_link_data(graph, edges="edges")
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def _neighbourhood(nodes: pl.DataFrame, edges: pl.DataFrame, around: str) -> GraphPart:
    name = canonical_name(nodes, around)
    if name not in nodes["name"]:
        raise no_such_concept(around)
    graph = ConceptGraph.from_frames(nodes, edges).to_networkx(around=name, most=MOST_NEIGHBOURS)
    centres = nodes.filter(pl.col("name") == name)
    said = f"{name!r} and its neighbours: {graph.number_of_nodes():,} nodes, {graph.number_of_edges():,} edges"
    if graph.number_of_nodes() == MOST_NEIGHBOURS < 1 + centres["degree"].sum():
        said += f" (the nearest of {centres['degree'].sum():,} neighbours, by documents)"
    return GraphPart(_with_readable_ids(graph), said)


def no_such_concept(written: str) -> SynthAssetsError:
    """The error for a name that no concept has."""
    return SynthAssetsError(
        f"the graph has no topic or key concept {normalise(written)!r}; its names are in nodes.parquet, or in "
        "concept_nodes of a lake."
    )


def canonical_name(nodes: pl.DataFrame, written: str) -> str:
    """The name under which a concept stands that a person calls `written`; `written`, normalised, where none does."""
    name = normalise(written)
    named = nodes.filter(pl.col("spellings").list.contains(name)).sort("documents", descending=True)
    return name if named.is_empty() or name in named["name"] else str(named["name"][0])


def _with_readable_ids(graph: "networkx.Graph") -> "networkx.Graph":
    """NetworkX writes tuples as ids that it cannot read back."""
    import networkx

    return networkx.relabel_nodes(graph, {node: f"{node[0]}: {node[1]}" for node in graph})
