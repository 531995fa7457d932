"""What shape the concept graph has: its components, its communities of topics, how degrees and weights are spread.

Pictures of it are in `pictures`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from synth_assets.concepts.graph import SUBGRAPHS, TOPIC_TOPIC
from synth_assets.concepts.names import TOPIC
from synth_assets.seeds import seed_of

MOST_TOPICS = 2_000
"""Communities are sought among so many topics at the most, the most frequent ones."""

NAMES_SHOWN = 6
SHOWN = 12

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Group:
    """A component or a community.

    Attributes:
        number: From 1, the largest first.
        topics: Topics in it.
        key_concepts: Key concepts in it; a community has none.
        names: Its strongest members: of a component the most frequent, of a community those that share most documents
            with the others.
    """

    number: int
    topics: int
    key_concepts: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Spread:
    """How a figure is spread over nodes or edges."""

    of: str
    count: int
    mean: float
    median: float
    most: int


@dataclass(frozen=True)
class Structure:
    """The shape of a graph.

    Attributes:
        topics: Topics.
        key_concepts: Key concepts.
        edges: Edges of each sub-graph.
        components: How many connected components there are.
        alone: Those of a single node.
        largest: Nodes of the largest.
        largest_components: The first `SHOWN`.
        communities: How many communities of topics there are, of at least two topics each.
        largest_communities: The first `SHOWN`.
        modularity: Of the communities, by the documents of the edges; null where the topics share no document.
        topics_in_communities: Topics among which they were sought: all, or the `MOST_TOPICS` most frequent.
        degrees: Neighbours of a topic, of a key concept.
        weights: Documents of an edge, by sub-graph.
    """

    topics: int
    key_concepts: int
    edges: dict[str, int]
    components: int
    alone: int
    largest: int
    largest_components: tuple[Group, ...]
    communities: int
    largest_communities: tuple[Group, ...]
    modularity: float | None
    topics_in_communities: int
    degrees: tuple[Spread, ...]
    weights: tuple[Spread, ...]


def structure_of(nodes: pl.DataFrame, edges: pl.DataFrame) -> tuple[Structure, pl.DataFrame]:
    """The structure of a graph, and which component and community each node belongs to.

    Args:
        nodes: Rows of `concept_nodes`: columns `concept, kind, name, documents, degree`.
        edges: Rows of `concept_edges`: columns `subgraph, source, target, documents`.

    Returns:
        The structure, and `concept, kind, name, documents, degree, component, community` (null for what is in none),
        most frequent first.
    """
    ranked = nodes.select("concept", "kind", "name", "documents", "degree").sort(
        "documents", "kind", "name", descending=[True, False, False]
    )
    components = _components(ranked, edges)
    communities, modularity, sought = _communities(ranked, edges)
    members = ranked.with_columns(components).join(communities, on="concept", how="left", maintain_order="left")
    by_component = _groups(members, "component", "documents")
    by_community = _groups(members, "community", "shared")
    sizes = components.value_counts()["count"]
    topics = members.filter(kind=TOPIC).height
    structure = Structure(
        topics=topics,
        key_concepts=members.height - topics,
        edges={name: int((edges["subgraph"] == name).sum()) for name in SUBGRAPHS},
        components=len(sizes),
        alone=int((sizes == 1).sum()),
        largest=int(sizes.max() or 0),  # type: ignore[arg-type]
        largest_components=by_component,
        communities=communities["community"].n_unique() - int(communities["community"].null_count() > 0),
        largest_communities=by_community,
        modularity=modularity,
        topics_in_communities=sought,
        degrees=_spreads(nodes, "kind", "degree"),
        weights=_spreads(edges, "subgraph", "documents"),
    )
    return structure, members.drop("shared")


def _components(ranked: pl.DataFrame, edges: pl.DataFrame) -> pl.Series:
    """The number of each node's component, in the order of `ranked`: the largest is 1, ties by the first node."""
    from scipy import sparse

    source, target = (_places(ranked["concept"], edges[end]) for end in ("source", "target"))
    ones = np.ones(len(source), dtype=np.int8)
    linked = sparse.coo_array((ones, (source, target)), shape=(ranked.height, ranked.height))
    _, labels = sparse.csgraph.connected_components(linked, directed=False)
    return _by_size(labels).alias("component")


def _communities(ranked: pl.DataFrame, edges: pl.DataFrame) -> tuple[pl.DataFrame, float | None, int]:
    """Louvain communities of the most frequent topics, edges by documents.

    Returns:
        Columns `concept`, `community` (null for a topic that is alone), `shared` (the documents a topic shares with
        the others of its community, added up); the modularity; the number of topics.
    """
    import networkx

    topics = ranked.filter(kind=TOPIC).head(MOST_TOPICS)["concept"]
    among = edges.filter(pl.col("subgraph") == TOPIC_TOPIC, *(pl.col(end).is_in(topics.implode()) for end in _ENDS))
    source, target = (_places(topics, among[end]) for end in _ENDS)
    documents = among["documents"].to_numpy()
    none = pl.Series("community", [None] * len(topics), dtype=pl.Int64)
    if among.is_empty():
        return (
            pl.DataFrame({"concept": topics, "community": none, "shared": pl.zeros(len(topics), eager=True)}),
            None,
            len(topics),
        )
    # Nodes by number: sets of text have another order in each process, and with it other communities.
    graph: networkx.Graph = networkx.Graph()
    graph.add_nodes_from(range(len(topics)))
    order = np.lexsort((target, source))
    graph.add_weighted_edges_from(
        zip(source[order].tolist(), target[order].tolist(), documents[order].tolist(), strict=True)
    )
    found = networkx.community.louvain_communities(graph, weight="weight", seed=seed_of("communities") % 2**32)
    labels = np.empty(len(topics), dtype=np.int64)
    for number, members in enumerate(found):
        labels[list(members)] = number
    inside = labels[source] == labels[target]
    shared = sum(np.bincount(end[inside], documents[inside], len(topics)) for end in (source, target))
    community = _by_size(labels)
    alone = community.is_in((sizes := community.value_counts()).filter(sizes["count"] == 1).to_series().implode())
    frame = pl.DataFrame({"concept": topics, "community": community.set(alone, None), "shared": shared})
    return frame, float(networkx.community.modularity(graph, found, weight="weight")), len(topics)


_ENDS = ("source", "target")


def _places(concepts: pl.Series, wanted: pl.Series) -> Whole:
    """The place in `concepts`, which are distinct, of each of `wanted`."""
    order = concepts.arg_sort()
    found = order.gather(concepts.gather(order).search_sorted(wanted))
    return found.cast(pl.Int64).to_numpy()


def _by_size(labels: npt.NDArray[np.integer]) -> pl.Series:
    """Labels renumbered from 1 by how many have them, ties by the first place."""
    frame = pl.DataFrame({"label": labels}).with_row_index("place")
    sizes = frame.group_by("label").agg(pl.len().alias("size"), pl.col("place").min())
    ranked = sizes.sort("size", "place", descending=[True, False]).select(
        "label", pl.int_range(1, pl.len() + 1).alias("number")
    )
    return frame.join(ranked, on="label", how="left", maintain_order="left")["number"]


def _groups(members: pl.DataFrame, column: str, strength: str) -> tuple[Group, ...]:
    ranked = members.filter(pl.col(column) <= SHOWN).sort(
        column, strength, "documents", "kind", "name", descending=[False, True, True, False, False]
    )
    topics = (pl.col("kind") == TOPIC).sum()
    groups = ranked.group_by(column, maintain_order=True).agg(
        topics.alias("topics"), (pl.len() - topics).alias("key_concepts"), pl.col("name").head(NAMES_SHOWN)
    )
    return tuple(
        Group(number, topics, key_concepts, tuple(names)) for number, topics, key_concepts, names in groups.iter_rows()
    )


def _spreads(frame: pl.DataFrame, by: str, column: str) -> tuple[Spread, ...]:
    """By kind or sub-graph; topics come first."""
    value = pl.col(column)
    spread = frame.group_by(by).agg(pl.len(), value.mean().alias("mean"), value.median().alias("median"), value.max())
    return tuple(Spread(*row) for row in spread.sort(by, descending=True).iter_rows())
