"""A QA pair is traced to its documents, walk, prompts and teachers, and to what became of it."""

from collections.abc import Mapping

import polars as pl
import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.lake import Lake
from synth_assets.lake.lineage import trace
from synth_assets.tables import TABLES

HERE = {"method": "level_3", "shard": "a"}
EMPTY = {pl.String(): "", pl.Int64(): 0, pl.Float64(): 0.0, pl.Boolean(): None, pl.List(pl.String()): []}


def put(lake: Lake, name: str, *rows: Mapping[str, object], quarantined: pl.DataFrame | None = None) -> None:
    """Put rows into the partition (level_3, a) of a table; columns not given are empty."""
    table = TABLES[name]
    fixed = {column: value for column, value in {**HERE, "training_set": "all"}.items() if column in table.columns}
    blank = {column: EMPTY[spec.dtype] for column, spec in table.columns.items()} | fixed
    frame = pl.DataFrame([blank | dict(row) for row in rows], schema=table.schema)
    partition = {column: fixed[column] for column in table.partitioned_by}
    lake.replace(table, frame, [partition] if partition else [], quarantined)


@pytest.fixture
def lake(lake: Lake) -> Lake:
    """Three questions of one walk over two documents, one answered twice alike, one never answered."""
    put(lake, "documents", {"document_id": "d1", "title": "Areas", "url": "http://x"}, {"document_id": "d2"})
    put(lake, "concept_walks", {"walk_id": "w", "start_topic": "area", "topics": ["area"], "reference_1": "d1"})
    written = {"documents": ["d2", "d1"], "walk_id": "w", "teacher": "t 1", "prompt_version": "p1"}
    put(lake, "questions", *({"question_id": name, **written} for name in ("good", "twin", "mute")))
    put(lake, "qa_pairs", *({"qa_id": name, "final_answer": "4", "prompt_version": "p2"} for name in ("good", "twin")))
    put(lake, "duplicates", {"qa_id": "twin", "kept_id": "good"})
    dropped = pl.DataFrame([{**HERE, "id": "twin", "reason": "duplicate", "detail": "of good"}])
    put(lake, "training_qa", {"qa_id": "good"}, quarantined=dropped)
    put(lake, "training_sets", {"qa_id": "good", "split": "train", "place": 7, "budget": 1000})
    return lake


def test_a_training_example_names_all_it_was_made_from(lake: Lake) -> None:
    found = trace(lake, "good")
    assert [(document.document_id, document.title, document.url) for document in found.documents] == [
        ("d2", "", ""),
        ("d1", "Areas", "http://x"),
    ]
    assert found.walk is not None and found.walk.start_topic == "area"
    assert (found.teacher, found.prompt_version) == ("t 1", "p1")
    assert found.answer is not None and (found.answer.final_answer, found.answer.prompt_version) == ("4", "p2")
    assert found.verdict == "training"
    assert [(s.training_set, s.place, s.budget) for s in found.training_sets] == [("all", 7, 1000)]
    assert found.snapshot == lake.current_snapshot()


def test_a_duplicate_names_what_was_kept_and_why_it_left(lake: Lake) -> None:
    found = trace(lake, "twin")
    assert (found.verdict, found.duplicate_of) == ("duplicate", "good")
    assert [(r.stage, r.partition, r.reason) for r in found.rejections] == [("training_qa", "level_3|a", "duplicate")]


def test_a_contaminated_pair_shows_the_item_it_matches(lake: Lake) -> None:
    hit = {"qa_id": "good", "benchmark": "gsm8k", "item_id": "5", "part": "question", "rule": "exact", "score": 1.0}
    put(lake, "contamination", hit)
    put(lake, "training_qa")
    found = trace(lake, "good")
    assert found.verdict == "contaminated"
    assert [(c.benchmark, c.item_id, c.rule) for c in found.contamination] == [("gsm8k", "5", "exact")]


def test_a_question_without_answer_is_traced_too(lake: Lake) -> None:
    found = trace(lake, "mute")
    assert (found.answer, found.verdict) == (None, "unanswered")


def test_an_unknown_id_says_how_to_list_ids(lake: Lake) -> None:
    with pytest.raises(SynthAssetsError, match="'x\" OR true': list ids with"):
        trace(lake, 'x" OR true')
