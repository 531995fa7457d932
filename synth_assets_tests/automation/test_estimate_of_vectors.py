"""The estimate of an endpoint's vectors: rows of their own, and what they promise is what the run then asks."""

import json
from pathlib import Path
from typing import Any

import pytest

from synth_assets.automation.estimating.estimate import Estimate, estimate_of
from synth_assets.automation.estimating.vectors import APPLYING, TRAINING
from synth_assets.corpus.background import BACKGROUND_DOCUMENTS
from synth_assets.settings import Settings
from synth_assets_tests.automation.small_road import SMALL_FILTER, SmallRoad
from synth_assets_tests.teachers.openai.endpoint import endpoint_in_thread


def settings(road: SmallRoad, url: str = "http://127.0.0.1:9/v1", **embedder: Any) -> Settings:
    of = {"kind": "endpoint", "model": "scripted", "base_urls": [url], **embedder}
    return road.settings(filter={**SMALL_FILTER, "embedder": of})


def row(estimate: Estimate, stage: str, partition: str = "") -> dict[str, Any]:
    return estimate.rows.filter(stage=stage, partition=partition).row(0, named=True)


def test_before_any_run_the_vectors_of_pool_syllabus_and_background_are_counted_once(tmp_path: Path) -> None:
    road = SmallRoad(tmp_path)
    road.write_corpus(documents=10)
    estimate = estimate_of(road.folder, settings(road, price=3.0))
    training = row(estimate, TRAINING)
    assert training["requests"] == 20 + SMALL_FILTER["syllabus_documents"] + BACKGROUND_DOCUMENTS
    assert training["completion_tokens"] == 0
    assert training["cost"] == pytest.approx(3 * training["prompt_tokens"] / 1_000_000, abs=1e-6)
    assert training["basis"] == "syllabus of mean length"
    for shard in ("algebra", "geometry"):
        applying = row(estimate, APPLYING, shard)
        assert (applying["requests"], applying["known"], applying["prompt_tokens"]) == (0, 10, 0)
    stages = estimate.rows["stage"].unique(maintain_order=True).to_list()
    assert stages[:3] == ["domain_ratings", TRAINING, APPLYING]


def test_a_pool_smaller_than_the_corpus_leaves_the_rest_to_the_filters_use(tmp_path: Path) -> None:
    road = SmallRoad(tmp_path)
    road.write_corpus(documents=10)
    of = settings(road)
    of = of.model_copy(update={"filter": of.filter.model_copy(update={"pool": 5})})
    estimate = estimate_of(road.folder, of)
    assert row(estimate, TRAINING)["requests"] == 5 + SMALL_FILTER["syllabus_documents"] + BACKGROUND_DOCUMENTS
    assert sum(row(estimate, APPLYING, shard)["requests"] for shard in ("algebra", "geometry")) in (15, 16)


def test_other_embedders_have_no_row_and_a_price_that_is_missing_is_told(tmp_path: Path) -> None:
    road = SmallRoad(tmp_path)
    road.write_corpus(documents=3)
    assert TRAINING not in estimate_of(road.folder, road.settings()).rows["stage"]
    estimate = estimate_of(road.folder, settings(road))
    assert row(estimate, TRAINING)["cost"] is None
    assert any("`filter.embedder.price`" in note for note in estimate.notes)


@pytest.mark.slow
def test_on_a_lake_it_promises_what_the_run_then_asks(tmp_path: Path) -> None:
    road = SmallRoad(tmp_path)
    road.write_corpus(documents=12)
    with endpoint_in_thread() as (url, _):
        of = settings(road, url)
        promised = estimate_of(road.folder, of)
        road.run(of, "reference_documents")
        usage = "select sum(requests)::bigint, sum(prompt_tokens)::bigint from teacher_usage where task = 'embed_text'"
        requests, _ = road.lake(of).query(usage).row(0)
        assert row(promised, TRAINING)["requests"] == requests

        after = estimate_of(road.folder, of)
        assert {row(after, TRAINING)["basis"], row(after, APPLYING, "algebra")["basis"]} == {"fresh"}
        assert row(after, APPLYING, "algebra")["requests"] == 0

        new = [{"id": f"new-{n}", "title": f"New {n}", "text": f"Solve x + {n} = 10 for x. " * 20} for n in range(7)]
        (road.corpus / "new.jsonl").write_text("\n".join(map(json.dumps, new)))
        estimate = estimate_of(road.folder, of)
        assert row(estimate, APPLYING, "new")["requests"] == 7
        assert row(estimate, APPLYING, "new")["basis"] == "exact requests, approximate tokens"
        assert row(estimate, "document_concepts", "new")["basis"] == "kept in proportion"
        road.run(of, "reference_documents")
        assert road.asked(of)["reference_documents", "new"] == 7
        known = estimate_of(road.folder, of)
        assert row(known, "document_concepts", "new")["basis"] != "kept in proportion"
