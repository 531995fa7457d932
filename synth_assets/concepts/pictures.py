"""Pictures of the concept graph: its strongest part with names, and its degree distribution.

Drawn with matplotlib's object interface, so that no window or global state is touched; the same graph gives the same
bytes.
"""

from typing import Any

import matplotlib
import networkx
import numpy as np
import numpy.typing as npt
import polars as pl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import LogLocator, NullFormatter

from synth_assets.concepts.label_places import place_labels
from synth_assets.concepts.names import KEY_CONCEPT, TOPIC
from synth_assets.pictures import Picture, rendered

COLOURS = {TOPIC: "#d1495b", KEY_CONCEPT: "#2e6f95"}
NAMES = {TOPIC: "topics", KEY_CONCEPT: "key concepts"}
INK = "#22303c"
EDGE = "#9fb0bd"
DOTS_PER_INCH = 150
LONGEST_LABEL = 32
LABELS: dict[str, dict[str, Any]] = {
    TOPIC: {"fontsize": 9.5, "fontweight": "bold", "color": COLOURS[TOPIC]},
    KEY_CONCEPT: {"fontsize": 8.5, "fontweight": "normal", "color": INK},
}

STYLE: dict[Any, Any] = {"font.family": "DejaVu Sans", "svg.hashsalt": "synth_assets", "svg.fonttype": "path"}
"""A fixed salt makes the ids inside an SVG repeat; text as paths looks the same on every machine."""


def graph_picture(nodes: pl.DataFrame, edges: pl.DataFrame, size: int = 40, topic_share: float = 0.35) -> Picture:
    """The most frequent topics and key concepts with the edges that hold them together.

    Frequency alone would show one kind where the other has more names, so each kind has its share. Edges shown are a
    maximum spanning forest and each node's three strongest, by the documents of both ends over the geometric mean of
    the ends' documents: what belongs together rather than what is merely common.

    Args:
        nodes: Rows of `concept_nodes`.
        edges: Rows of `concept_edges`.
        size: Nodes shown.
        topic_share: Share of them that are topics, where there are enough of both.
    """
    graph = _strongest(nodes, edges, size, topic_share)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(9, 6.4), dpi=DOTS_PER_INCH, facecolor="white")
        FigureCanvasAgg(figure)  # measures the labels
        axes = figure.add_axes((0.015, 0.01, 0.97, 0.935))
        axes.set_axis_off()
        _draw_graph(axes, graph)
        _legend(figure, nodes, graph)
        return rendered(figure)


def degree_distribution(nodes: pl.DataFrame) -> Picture:
    """The share of topics and of key concepts that have at least k neighbours, over k, both axes logarithmic.

    The cumulative share needs no bins, which would hide the tail.

    Args:
        nodes: Rows of `concept_nodes`; nodes without neighbours count in the share but have no point.
    """
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(9, 4.6), dpi=DOTS_PER_INCH, facecolor="white", layout="constrained")
        axes = figure.subplots()
        for kind, colour in COLOURS.items():
            degrees = nodes.filter(pl.col("kind") == kind)["degree"].to_numpy()
            values = np.unique(degrees[degrees > 0])
            share = [(degrees >= value).mean() for value in values]
            axes.plot(
                values,
                share,
                marker="o",
                markersize=4.5,
                linewidth=1.2,
                color=colour,
                alpha=0.85,
                label=f"{NAMES[kind]} ({len(degrees):,})",
            )
        if not (nodes["degree"] > 0).any():
            axes.set(xlim=(1, 10), ylim=(0.1, 1))  # logarithmic axes cannot choose limits without a point
        axes.set_xscale("log")
        axes.set_yscale("log")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
            axis.set_major_formatter("{x:g}")
            axis.set_minor_formatter(NullFormatter())
        axes.set_xlabel("neighbours k", color=INK, fontsize=11)
        axes.set_ylabel("share of nodes with at least k", color=INK, fontsize=11)
        axes.grid(which="major", color="#e3e8ec", linewidth=0.8)
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(colors=INK, labelsize=10)
        axes.legend(frameon=False, fontsize=11, labelcolor=INK)
        return rendered(figure)


def _strongest(nodes: pl.DataFrame, edges: pl.DataFrame, size: int, topic_share: float) -> "networkx.Graph":
    """The nodes and edges to show, as a NetworkX graph; a node is (kind, name), most frequent first."""
    ranked = nodes.sort("documents", "kind", "name", descending=[True, False, False])
    topics, concepts = (ranked.filter(pl.col("kind") == kind) for kind in (TOPIC, KEY_CONCEPT))
    topics_shown = min(topics.height, max(round(size * topic_share), size - concepts.height))
    shown = pl.concat([topics.head(topics_shown), concepts.head(size - topics_shown)])
    shown = shown.sort("documents", "kind", "name", descending=[True, False, False]).select("kind", "name", "documents")
    graph: networkx.Graph = networkx.Graph()
    graph.add_nodes_from(((kind, name), {"documents": documents}) for kind, name, documents in shown.iter_rows())

    for end in ("source", "target"):
        ends = shown.select(
            pl.col("kind").alias(f"{end}_kind"),
            pl.col("name").alias(end),
            pl.col("documents").alias(f"{end}_documents"),
        )
        edges = edges.join(ends, on=[f"{end}_kind", end])
    association = pl.col("documents") / (pl.col("source_documents") * pl.col("target_documents")).sqrt()
    edges = edges.with_columns(association.alias("association"))
    edges = edges.sort(
        "association", "source_kind", "source", "target_kind", "target", descending=[True, False, False, False, False]
    )
    every: networkx.Graph = networkx.Graph()
    columns = ("source_kind", "source", "target_kind", "target", "association", "documents")
    for source_kind, source, target_kind, target, strength, documents in edges.select(columns).iter_rows():
        every.add_edge((source_kind, source), (target_kind, target), association=strength, documents=documents)
    kept = set(networkx.maximum_spanning_edges(every, weight="association", data=False))
    strongest = edges.group_by("source_kind", "source", maintain_order=True).head(3)
    kept.update(((a, b), (c, d)) for a, b, c, d in strongest.select(columns[:4]).iter_rows())
    graph.add_edges_from((a, b, every.edges[a, b]) for a, b in sorted(kept))
    return graph


def _draw_graph(axes: Axes, graph: "networkx.Graph") -> None:
    """Edges, nodes and labels of `graph` on `axes`, in pixels."""
    if not graph.number_of_nodes():
        return
    width, height = (float(side) for side in axes.get_window_extent().size)
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    points = _layout(graph, width, height)
    places = dict(zip(graph.nodes, points, strict=True))
    documents = np.array([graph.nodes[node]["documents"] for node in graph.nodes], dtype=float)
    radii = 6.0 + 13.0 * np.sqrt(documents / documents.max())

    strengths = np.array([strength for _, _, strength in graph.edges(data="association")])
    axes.add_collection(
        LineCollection(
            [[places[a], places[b]] for a, b in graph.edges],
            colors=EDGE,
            linewidths=(0.6 + 2.4 * strengths).tolist(),
            alpha=0.55,
            zorder=1,
        )
    )
    pixels_to_points = 72 / DOTS_PER_INCH
    axes.scatter(
        points[:, 0],
        points[:, 1],
        s=(2 * radii * pixels_to_points) ** 2,
        zorder=2,
        c=[COLOURS[kind] for kind, _ in graph.nodes],
        edgecolors="white",
        linewidths=1.2,
    )

    labels = [
        axes.text(
            0,
            0,
            _short(name),
            ha="center",
            va="center",
            zorder=3,
            parse_math=False,
            path_effects=[withStroke(linewidth=2.5, foreground="white")],
            **LABELS[kind],
        )
        for kind, name in graph.nodes
    ]
    extents = [label.get_window_extent() for label in labels]
    sizes = [(float(extent.width), float(extent.height)) for extent in extents]
    for label, centre in zip(labels, place_labels(points, radii, sizes, (width, height), gap=5.0), strict=True):
        label.set_position(centre)


def _layout(graph: "networkx.Graph", width: float, height: float) -> npt.NDArray[np.float64]:
    """Node centres in pixels, shape (nodes, 2): a spring layout of fixed seed, stretched to fill the canvas."""
    positions = networkx.spring_layout(
        graph, k=2.4 / np.sqrt(graph.number_of_nodes()), iterations=400, seed=3, weight="association"
    )
    places = np.array([positions[node] for node in graph.nodes])
    # Ranks even out the crowded middle; a share of the positions keeps the shape of the springs.
    ranks = places.argsort(axis=0).argsort(axis=0) / max(len(places) - 1, 1)
    spread = np.ptp(places, axis=0)
    scaled = (places - places.min(axis=0)) / np.where(spread > 0, spread, 1.0)
    margin = np.array([0.09 * width, 0.06 * height])
    return np.asarray(margin + (0.6 * ranks + 0.4 * scaled) * (np.array([width, height]) - 2 * margin))


def _legend(figure: Figure, nodes: pl.DataFrame, graph: "networkx.Graph") -> None:
    """Name the colours and say how much of the graph is shown, in the strip above the axes."""
    for x, kind in ((0.03, TOPIC), (0.235, KEY_CONCEPT)):
        shown = sum(node_kind == kind for node_kind, _ in graph.nodes)
        total = nodes.filter(pl.col("kind") == kind).height
        figure.text(
            x,
            0.968,
            f"\u25cf {NAMES[kind]} ({shown:,} of {total:,})",
            color=COLOURS[kind],
            fontsize=10.5,
            fontweight="bold",
            va="center",
        )
    figure.text(
        0.97,
        0.968,
        "the most frequent; area by documents, lines by association",
        color=INK,
        fontsize=9,
        va="center",
        ha="right",
    )


def _short(name: str) -> str:
    """`name`, cut where it would run across the picture."""
    return name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1].rstrip() + "\u2026"
