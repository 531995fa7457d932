"""What a page tells of a concept graph: the section of the report, and of the page of a graph on its own."""

from dataclasses import dataclass

import polars as pl
from markupsafe import Markup

from synth_assets.concepts.merges import merges
from synth_assets.concepts.names import KEY_CONCEPT, TOPIC
from synth_assets.concepts.pictures import degree_distribution, graph_picture, weight_distribution
from synth_assets.concepts.structure import Structure, structure_of
from synth_assets.pictures import Picture
from synth_assets.reports.svg import inline

ROWS_SHOWN = 12
MERGES_SHOWN = 20


@dataclass(frozen=True)
class GraphSection:
    """A concept graph as a page shows it.

    Attributes:
        structure: Its shape.
        members: Rows of :func:`structure.structure_of`: each node's component and community.
        merged: All merged spellings, rows of `merges.MERGES`.
        pictures: By name: `graph`, `degrees`, `weights`.
    """

    structure: Structure
    members: pl.DataFrame
    merged: pl.DataFrame
    pictures: dict[str, Picture]

    @property
    def shown_pictures(self) -> dict[str, Markup]:
        """The pictures as parts of a page, by name."""
        return {name: inline(picture.svg) for name, picture in self.pictures.items()}

    @property
    def merged_shown(self) -> list[dict[str, object]]:
        """The merges of the most frequent names, as the page lists them."""
        return self.merged.head(MERGES_SHOWN).to_dicts()

    def most_frequent(self, kind: str) -> list[dict[str, object]]:
        """The most frequent nodes of a kind."""
        return self.members.filter(kind=kind).head(ROWS_SHOWN).to_dicts()

    @property
    def topics(self) -> list[dict[str, object]]:
        """The most frequent topics."""
        return self.most_frequent(TOPIC)

    @property
    def key_concepts(self) -> list[dict[str, object]]:
        """The most frequent key concepts."""
        return self.most_frequent(KEY_CONCEPT)


def graph_section(nodes: pl.DataFrame, edges: pl.DataFrame, frequencies: pl.DataFrame) -> GraphSection | None:
    """The section of a graph; None where it has no node.

    Args:
        nodes: Rows of `concept_nodes`.
        edges: Rows of `concept_edges`; the columns `subgraph, source, target, documents`.
        frequencies: Columns `kind, name, documents` of every spelling.
    """
    if nodes.is_empty():
        return None
    structure, members = structure_of(nodes, edges)
    return GraphSection(
        structure,
        members,
        merges(nodes, frequencies),
        {
            "graph": graph_picture(nodes, edges),
            "degrees": degree_distribution(nodes),
            "weights": weight_distribution(edges),
        },
    )
