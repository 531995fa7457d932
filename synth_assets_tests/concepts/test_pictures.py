"""Pictures: drawn from any graph, the same bytes each time, and labels that can be read."""

import struct
import xml.etree.ElementTree as ElementTree
from itertools import combinations

import numpy as np
import polars as pl
import pytest

from synth_assets.concepts.label_places import place_labels
from synth_assets.concepts.pictures import (
    MOST_POINTS,
    Picture,
    _at_least,
    degree_distribution,
    graph_picture,
    weight_distribution,
)
from synth_assets_tests.concepts.five_documents import graph_tables

Pairs = tuple[tuple[str, str, str, str], ...]


def png_size(picture: Picture) -> tuple[int, int]:
    assert picture.png.startswith(b"\x89PNG\r\n")
    width, height = struct.unpack(">II", picture.png[16:24])
    return width, height


def test_the_five_documents_are_drawn_the_same_each_time() -> None:
    nodes, edges = graph_tables()
    first = graph_picture(nodes, edges)
    assert png_size(first) == (1350, 960)
    assert ElementTree.fromstring(first.svg).tag.endswith("svg")
    assert graph_picture(nodes.reverse(), edges.reverse()) == first


def test_a_picture_of_fewer_nodes_is_another_picture() -> None:
    nodes, edges = graph_tables()
    assert graph_picture(nodes, edges, size=4).svg != graph_picture(nodes, edges).svg


@pytest.mark.parametrize("pairs", [(), (("s", "d", "cost in $", r"$\frac{1}{$ of a very long name that has no end"),)])
def test_graphs_without_much_in_them_and_odd_names_are_drawn(pairs: Pairs) -> None:
    nodes, edges = graph_tables(pairs)
    assert png_size(graph_picture(nodes, edges)) == (1350, 960)
    assert png_size(degree_distribution(nodes)) == (1350, 690)
    assert png_size(weight_distribution(edges)) == (1350, 690)


def test_the_degree_distribution_is_drawn_the_same_each_time() -> None:
    nodes, _ = graph_tables()
    assert degree_distribution(nodes.reverse()) == degree_distribution(nodes)


def test_the_weight_distribution_is_drawn_the_same_each_time() -> None:
    _, edges = graph_tables()
    assert weight_distribution(edges.reverse()) == weight_distribution(edges)


def test_a_distribution_of_many_values_is_thinned_out_and_still_reaches_its_ends() -> None:
    values = pl.Series(np.arange(1, 20_001))
    points, shares = _at_least(values)
    assert len(points) <= MOST_POINTS
    assert (points[0], shares[0]) == (1, 1)
    assert (points[-1], shares[-1]) == (20_000, 1 / 20_000)
    assert shares == pytest.approx((20_001 - points) / 20_000)


@pytest.mark.filterwarnings("error")
def test_names_in_a_script_the_font_lacks_give_no_warning() -> None:
    graph_picture(*graph_tables((("s", "d", "\u5206\u6570", "\u6bd4"),)))


def test_labels_cover_neither_each_other_nor_the_nodes_and_stay_on_the_canvas() -> None:
    random = np.random.default_rng(5)
    # Forty nodes on a jittered grid with labels of real length.
    grid = np.array([(x, y) for x in np.linspace(80, 1220, 8) for y in np.linspace(60, 840, 5)])
    points = grid + random.uniform(-25, 25, grid.shape)
    radii = random.uniform(6, 19, len(points))
    sizes = [(width, 20.0) for width in random.uniform(60, 150, len(points)).tolist()]
    centres = place_labels(points, radii, sizes, (1350.0, 900.0), gap=5.0)
    boxes = [(*centre, *size) for centre, size in zip(centres, sizes, strict=True)]
    for (x, y, w, h), (other_x, other_y, other_w, other_h) in combinations(boxes, 2):
        assert abs(x - other_x) * 2 >= w + other_w - 1e-6 or abs(y - other_y) * 2 >= h + other_h - 1e-6
    for x, y, w, h in boxes:
        assert w / 2 <= x <= 1350 - w / 2
        assert h / 2 <= y <= 900 - h / 2
        across = np.maximum(np.abs(points[:, 0] - x) - w / 2, 0)
        along = np.maximum(np.abs(points[:, 1] - y) - h / 2, 0)
        assert (np.hypot(across, along) >= radii - 1e-6).all()
