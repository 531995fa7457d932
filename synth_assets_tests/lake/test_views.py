"""Views show by name what tables hold by number, with both catalogues, as of any snapshot, wherever the lake is."""

from pathlib import Path

import polars as pl
import pytest

from synth_assets.lake import Lake, LakeSettings
from synth_assets.tables import (
    CONCEPT_COOCCURRENCE,
    CONCEPT_EDGES,
    CONCEPT_FREQUENCIES,
    CONCEPT_NODES,
    TABLES,
    VIEWS,
    Table,
    View,
)
from synth_assets_tests.lake.rows import shards

TOPIC, CONCEPT = 2**62, 7


def frame(table: Table, *rows: tuple[object, ...]) -> pl.DataFrame:
    """Rows of a table."""
    return pl.DataFrame(rows, schema=table.schema, orient="row")


@pytest.fixture(params=["sqlite", "postgres"])
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    """A lake with one edge between a topic and a key concept, counted in one shard."""
    catalog = request.getfixturevalue("postgres") if request.param == "postgres" else None
    made = Lake(LakeSettings(folder=tmp_path / "lake", catalog=catalog))
    frequencies = [("a", TOPIC, "topic", "angles", 5), ("a", CONCEPT, "key_concept", "right angle", 4)]
    nodes = [(number, kind, name, count, 1, shard, [name]) for shard, number, kind, name, count in frequencies]
    made.replace("concept_frequencies", frame(CONCEPT_FREQUENCIES, *frequencies), shards("a"))
    made.replace("concept_cooccurrence", frame(CONCEPT_COOCCURRENCE, ("a", CONCEPT, TOPIC, 3)), shards("a"))
    made.replace("concept_nodes", frame(CONCEPT_NODES, *nodes))
    made.replace("concept_edges", frame(CONCEPT_EDGES, ("topic_concept", TOPIC, CONCEPT, 3, 1.5)))
    return made


def test_edges_and_pairs_are_shown_by_name(lake: Lake) -> None:
    edge = ("topic_concept", "topic", "angles", "key_concept", "right angle", 3, 1.5)
    assert lake.query("FROM named_edges").rows() == [edge]
    pair = ("a", "key_concept", "right angle", "topic", "angles", 3)
    assert lake.query("FROM named_cooccurrence").rows() == [pair]


def test_a_view_shows_the_snapshot_asked_for(lake: Lake) -> None:
    before = lake.current_snapshot()
    lake.replace("concept_edges", CONCEPT_EDGES.empty())
    assert lake.query("FROM named_edges").is_empty()
    assert lake.query("FROM named_edges", as_of=before).height == 1


def test_a_view_moves_with_its_lake(lake: Lake, tmp_path: Path) -> None:
    lake.close()
    lake.settings.folder.rename(tmp_path / "moved")
    moved = Lake(lake.settings.model_copy(update={"folder": tmp_path / "moved"}))
    assert moved.query("SELECT source FROM named_edges").item() == "angles"


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_view_has_the_columns_declared_and_no_tables_name(shared_lake: Lake, view: View) -> None:
    shared_lake.create()
    assert view.name not in TABLES
    found = shared_lake.query(f"FROM {view.name}")
    assert found.schema == {name: column.dtype for name, column in view.columns.items()}
