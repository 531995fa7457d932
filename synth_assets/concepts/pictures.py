"""Pictures of the concept graph: its strongest part with names, and how degrees and weights are distributed.

Drawn with matplotlib's object interface, so that no window or global state is touched; the same graph gives the same
bytes.
"""

import warnings
from collections.abc import Mapping
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
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from synth_assets.concepts.graph import CONCEPT_CONCEPT, TOPIC_CONCEPT, TOPIC_TOPIC
from synth_assets.concepts.label_places import place_labels
from synth_assets.concepts.names import KEY_CONCEPT, TOPIC
from synth_assets.pictures import Picture, rendered

COLOURS = {TOPIC: "#d1495b", KEY_CONCEPT: "#2e6f95"}
NAMES = {TOPIC: "topics", KEY_CONCEPT: "key concepts"}
EDGE_COLOURS = {TOPIC_TOPIC: "#d1495b", TOPIC_CONCEPT: "#8a5a9e", CONCEPT_CONCEPT: "#2e6f95"}
EDGE_NAMES = {
    TOPIC_TOPIC: "between topics",
    TOPIC_CONCEPT: "topic and key concept",
    CONCEPT_CONCEPT: "between key concepts",
}
INK = "#22303c"
EDGE = "#9fb0bd"
DOTS_PER_INCH = 150
MOST_POINTS = 300
MOST_MARKED = 60
WIDE = 2_000
"""Axes that span more than this have a mark at each power of ten alone."""
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
    with matplotlib.rc_context(STYLE), warnings.catch_warnings():
        # Scripts the font lacks are drawn as boxes; a name of each would be a warning.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=(9, 6.4), dpi=DOTS_PER_INCH, facecolor="white")
        FigureCanvasAgg(figure)  # measures the labels
        axes = figure.add_axes((0.015, 0.01, 0.97, 0.935))
        axes.set_axis_off()
        _draw_graph(axes, graph)
        _legend(figure, nodes, graph)
        return rendered(figure)


def degree_distribution(nodes: pl.DataFrame) -> Picture:
    """The share of topics and of key concepts that have at least k neighbours, over k, both axes logarithmic.

    Args:
        nodes: Rows of `concept_nodes`; nodes without neighbours count in the share but have no point.
    """
    series = {kind: nodes.filter(pl.col("kind") == kind)["degree"] for kind in COLOURS}
    return _distribution(series, COLOURS, NAMES, "neighbours k", "share of nodes with at least k")


def weight_distribution(edges: pl.DataFrame) -> Picture:
    """The share of the edges of each sub-graph whose ends share at least w documents, over w, both axes logarithmic.

    Args:
        edges: Rows of `concept_edges`; columns `subgraph`, `documents`.
    """
    series = {name: edges.filter(pl.col("subgraph") == name)["documents"] for name in EDGE_COLOURS}
    return _distribution(
        series, EDGE_COLOURS, EDGE_NAMES, "documents w that hold both ends", "share of edges with at least w"
    )


def _distribution(
    series: Mapping[str, pl.Series], colours: Mapping[str, str], names: Mapping[str, str], over: str, share: str
) -> Picture:
    """Cumulative shares: they need no bins, which would hide the tail."""
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(9, 4.6), dpi=DOTS_PER_INCH, facecolor="white", layout="constrained")
        axes = figure.subplots()
        for name, values in series.items():
            points, shares = _at_least(values)
            axes.plot(
                points,
                shares,
                marker="o",
                markersize=4.5 if len(points) <= MOST_MARKED else 2,
                linewidth=1.2,
                color=colours[name],
                alpha=0.85,
                label=f"{names[name]} ({len(values):,})",
            )
        if not any((values > 0).any() for values in series.values()):
            axes.set(xlim=(1, 10), ylim=(0.1, 1))  # logarithmic axes cannot choose limits without a point
        axes.set_xscale("log")
        axes.set_yscale("log")
        for axis in (axes.xaxis, axes.yaxis):
            low, high = axis.get_view_interval()
            wide = high > WIDE * low
            axis.set_major_locator(LogLocator(subs=(1.0,) if wide else (1.0, 2.0, 5.0), numticks=12))
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}" if value >= 1 else f"{value:g}"))
            axis.set_minor_formatter(NullFormatter())
        axes.set_xlabel(over, color=INK, fontsize=11)
        axes.set_ylabel(share, color=INK, fontsize=11)
        axes.grid(which="major", color="#e3e8ec", linewidth=0.8)
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(colors=INK, labelsize=10)
        axes.legend(frameon=False, fontsize=11, labelcolor=INK)
        return rendered(figure)


def _at_least(values: pl.Series) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Distinct values above 0 and the share of all values that are at least as large, thinned out where too many."""
    found, counts = np.unique(values.to_numpy(), return_counts=True)
    shares = counts[::-1].cumsum()[::-1] / max(len(values), 1)
    found, shares = found[found > 0], shares[found > 0]
    if len(found) > MOST_POINTS:
        # Even steps of the logarithm: a line of 10,000 points weighs a megabyte and looks the same.
        wanted = np.geomspace(found[0], found[-1], MOST_POINTS)
        places = np.unique(np.searchsorted(found, wanted).clip(max=len(found) - 1))
        found, shares = found[places], shares[places]
    return found.astype(np.float64), shares


def _strongest(nodes: pl.DataFrame, edges: pl.DataFrame, size: int, topic_share: float) -> "networkx.Graph":
    """The nodes and edges to show, as a NetworkX graph; a node is (kind, name), most frequent first."""
    ranked = nodes.sort("documents", "kind", "name", descending=[True, False, False])
    topics, concepts = (ranked.filter(pl.col("kind") == kind) for kind in (TOPIC, KEY_CONCEPT))
    topics_shown = min(topics.height, max(round(size * topic_share), size - concepts.height))
    shown = pl.concat([topics.head(topics_shown), concepts.head(size - topics_shown)])
    shown = shown.sort("documents", "kind", "name", descending=[True, False, False])
    graph: networkx.Graph = networkx.Graph()
    for kind, name, documents in shown.select("kind", "name", "documents").iter_rows():
        graph.add_node((kind, name), documents=documents)

    for end in ("source", "target"):
        ends = shown.select(
            pl.col("concept").alias(end),
            pl.struct("kind", "name").alias(f"{end}_node"),
            pl.col("documents").alias(f"{end}_documents"),
        )
        edges = edges.join(ends, on=end)
    association = pl.col("documents") / (pl.col("source_documents") * pl.col("target_documents")).sqrt()
    columns = ("source_node", "target_node", "association", "documents")
    once = edges.with_columns(association.alias("association")).select(columns)
    swapped = once.rename({"source_node": "target_node", "target_node": "source_node"}).select(columns)
    both = pl.concat([once, swapped])
    both = both.sort(*columns[2:3], *columns[:2], descending=[True, False, False])
    every: networkx.Graph = networkx.Graph()
    for source, target, strength, shared in both.iter_rows():
        every.add_edge(tuple(source.values()), tuple(target.values()), association=strength, documents=shared)
    kept = set(networkx.maximum_spanning_edges(every, weight="association", data=False))
    strongest = both.group_by("source_node", maintain_order=True).head(3)
    pairs = strongest.select("source_node", "target_node").iter_rows()
    kept.update((tuple(source.values()), tuple(target.values())) for source, target in pairs)
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
    for x, kind in ((0.03, TOPIC), (0.26, KEY_CONCEPT)):
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
        fontsize=8.5,
        va="center",
        ha="right",
    )


def _short(name: str) -> str:
    """`name`, cut where it would run across the picture."""
    return name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1].rstrip() + "\u2026"
