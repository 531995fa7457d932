"""A lake made by an earlier release opens, keeps its rows, and gains what it lacked."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from synth_assets.errors import SynthAssetsError
from synth_assets.lake import Lake, LakeSettings, storage, upgrading
from synth_assets.lake.responses import LakeResponseStore
from synth_assets.lake.usage import usage_of
from synth_assets.tables import (
    CONCEPT_EDGES,
    NAMED_EDGES,
    QA_PAIRS,
    REAL,
    TABLES,
    TEACHER_RESPONSES,
    TEACHER_USAGE,
    TEXT,
    WHOLE,
    Column,
    Table,
)
from synth_assets_tests.lake.rows import references, response, shards, spending

QA_PAIRS_BEFORE = replace(QA_PAIRS, columns={k: column for k, column in QA_PAIRS.columns.items() if k != "judged"})
TABLES_BEFORE = {name: table for name, table in TABLES.items() if table is not TEACHER_USAGE}
TABLES_BEFORE[QA_PAIRS.name] = QA_PAIRS_BEFORE
"""As released before teachers were paid: nothing judged, no usage, responses cut by stage and partition."""

CELL = {"method": "level_1", "shard": "a"}
PAIR = pl.DataFrame(
    [("level_1", "a", "q", "1 + 1?", "2", "2", 1, 1.0, 3, 1, "t", "v", "h")],
    schema=QA_PAIRS_BEFORE.schema,
    orient="row",
)
ROWS_BEFORE = pl.DataFrame(
    [("qa_pairs", "level_1|a", f"old{row}", "answer_question", "t", "v", "{}", 3, 1) for row in range(3)],
    schema=TEACHER_RESPONSES.schema,
    orient="row",
)

EDGES_BEFORE = replace(
    CONCEPT_EDGES,
    columns={
        "subgraph": CONCEPT_EDGES.columns["subgraph"],
        **{name: Column(TEXT, name) for name in ("source_kind", "source", "target_kind", "target")},
        "documents": CONCEPT_EDGES.columns["documents"],
        "weight": CONCEPT_EDGES.columns["weight"],
    },
    key=("source_kind", "source", "target_kind", "target"),
)
"""As released before concepts had numbers."""

VALUES_BEFORE = {TEXT: "angle", WHOLE: 1, REAL: 1.0}

EDGE = pl.DataFrame([("topic_topic", 1, 2, 3, 1.1)], schema=CONCEPT_EDGES.schema, orient="row")

Made = Callable[..., LakeSettings]


@pytest.fixture(params=["sqlite", "postgres"])
def made_before(request: pytest.FixtureRequest, tmp_path: Path) -> Made:
    """Makes a lake with the tables of an earlier release, with either catalogue."""
    catalog = request.getfixturevalue("postgres") if request.param == "postgres" else None
    settings = LakeSettings(folder=tmp_path / "lake", catalog=catalog)

    def make(qa_pairs: Table = QA_PAIRS_BEFORE, concept_edges: Table = EDGES_BEFORE) -> LakeSettings:
        with pytest.MonkeyPatch.context() as patch:
            changed = {QA_PAIRS.name: qa_pairs, CONCEPT_EDGES.name: concept_edges}
            patch.setattr(upgrading, "TABLES", {**TABLES_BEFORE, **changed})
            patch.setattr(upgrading, "VIEWS", {})
            patch.setattr(upgrading, "REMADE", frozenset())
            patch.setattr(storage, "CUT_OTHERWISE", {"materialisations": ("stage",)})
            lake = Lake(settings)
            lake.replace("reference_documents", references(["a"]), shards("a"))
            lake.replace(qa_pairs, PAIR.select(list(qa_pairs.columns)), [CELL])
            edge = {name: [VALUES_BEFORE[column.dtype]] for name, column in concept_edges.columns.items()}
            dropped = pl.DataFrame({"id": ["angle"], "reason": ["r"], "detail": ["d"]})
            lake.replace(concept_edges, pl.DataFrame(edge), quarantined=dropped)
            lake.append({"teacher_responses": ROWS_BEFORE}, "by an earlier release")
            lake.close()
        return settings

    return make


def test_what_a_lake_lacks_is_added_as_soon_as_it_is_read(made_before: Made) -> None:
    lake = Lake(made_before())
    assert lake.read("qa_pairs")["judged"].to_list() == [None]
    assert_frame_equal(lake.read("qa_pairs").drop("judged"), PAIR)
    assert_frame_equal(lake.read("reference_documents"), references(["a"]))
    assert usage_of(lake).is_empty()
    lake.replace("qa_pairs", PAIR.with_columns(judged=True), [CELL])
    assert lake.read("qa_pairs")["judged"].to_list() == [True]
    lake.close()


def test_a_persons_query_sees_what_was_added(made_before: Made) -> None:
    lake = Lake(made_before())
    assert lake.query("SELECT count(*) FROM teacher_usage").item() == 0
    assert lake.query("SELECT judged FROM qa_pairs")["judged"].to_list() == [None]
    lake.close()


def test_it_is_added_once(made_before: Made) -> None:
    settings = made_before()
    Lake(settings).create()
    snapshot = Lake(settings).current_snapshot()
    Lake(settings).create()
    assert Lake(settings).current_snapshot() == snapshot


def test_answers_of_the_earlier_release_are_found_and_merge_with_new_ones(
    made_before: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "MERGED_TOGETHER", 2)
    lake = Lake(made_before())
    store = LakeResponseStore(lake, "questions")
    for number in range(4):
        store.add([response(f"new{number}")], [spending(1)])
    hashes = [f"{age}{number}" for age in ("old", "new") for number in range(3)]
    assert set(store.find(hashes)) == set(hashes)
    assert store.spent().requests == 4
    lake.close()


def test_the_shape_it_had_can_still_be_queried_and_not_read_as_the_new_one(made_before: Made) -> None:
    settings = made_before()
    before = Lake(settings).snapshots().filter(message="by an earlier release")["snapshot"].item()
    lake = Lake(settings)
    assert lake.query("SELECT qa_id FROM qa_pairs", as_of=before).item() == "q"
    with pytest.raises(SynthAssetsError, match="judged"):
        lake.read("qa_pairs", snapshot=before)
    with pytest.raises(SynthAssetsError, match="teacher_usage"):
        lake.read("teacher_usage", snapshot=before)
    lake.close()


def test_a_table_of_another_shape_that_costs_nothing_to_make_is_emptied_and_counts_as_never_made(
    made_before: Made,
) -> None:
    lake = Lake(made_before())
    before = lake.snapshots().filter(message="replace concept_edges")["snapshot"].item()
    assert lake.read("concept_edges").is_empty()
    assert lake.read("materialisations")["stage"].to_list() == ["qa_pairs", "reference_documents"]
    assert lake.read("quarantine").is_empty()
    assert lake.query("SELECT source FROM concept_edges", as_of=before).item() == "angle"
    assert lake.query("SELECT stage FROM quarantine", as_of=before).item() == "concept_edges"
    lake.replace("concept_edges", EDGE)
    assert_frame_equal(lake.read("concept_edges"), EDGE)
    lake.close()


def test_a_column_that_is_of_another_type_is_another_shape(made_before: Made) -> None:
    columns = {**CONCEPT_EDGES.columns, "source": Column(TEXT, "By name.")}
    lake = Lake(made_before(concept_edges=replace(CONCEPT_EDGES, columns=columns)))
    assert lake.read("concept_edges").schema == CONCEPT_EDGES.schema
    lake.close()


def test_a_view_of_an_earlier_release_is_made_anew(made_before: Made) -> None:
    settings = made_before()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(upgrading, "VIEWS", {"named_edges": replace(NAMED_EDGES, query="SELECT 1 AS one")})
        Lake(settings).create()
    lake = Lake(settings)
    assert lake.query("FROM named_edges").columns == list(NAMED_EDGES.columns)
    lake.close()


def test_a_column_that_may_not_be_empty_cannot_be_added(made_before: Made) -> None:
    shape = {name: column for name, column in QA_PAIRS_BEFORE.columns.items() if name != "agreement"}
    lake = Lake(made_before(replace(QA_PAIRS, columns=shape)))
    for _ in range(2):
        with pytest.raises(SynthAssetsError, match="table qa_pairs lacks the column agreement"):
            lake.read("reference_documents")
    with pytest.raises(SynthAssetsError, match="agreement"):
        lake.create()
    lake.close()
