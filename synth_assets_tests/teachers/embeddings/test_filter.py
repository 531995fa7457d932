"""The domain filter of the sample, trained and applied in Dagster on the vectors of an endpoint."""

import json
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from synth_assets.automation.estimating.past import past_of
from synth_assets.errors import SynthAssetsError
from synth_assets.settings import SAMPLE, Settings
from synth_assets_tests.automation.small_road import SMALL_FILTER, SmallRoad
from synth_assets_tests.teachers.openai.endpoint import EndpointProcess, scripted_endpoint

pytestmark = pytest.mark.slow

FILTER = {"threshold": 6.5, "rounds": 2, "ratings_per_round": 60, "syllabus_documents": 40, "trees": 60}
LAST = "reference_documents"


def settings(road: SmallRoad, url: str, teacher: dict[str, Any] | None = None, **embedder: Any) -> Settings:
    of = {"kind": "endpoint", "model": "scripted", "base_urls": [url], "price": 2.0, **embedder}
    return road.settings(filter={**SMALL_FILTER, **FILTER, "embedder": of}, teacher=teacher or {})


def sent(endpoint: EndpointProcess) -> Counter[str]:
    return Counter(text for line in endpoint.logged() for text in line.texts)


def left_alone(road: SmallRoad, of: Settings) -> bool:
    """Whether a run under these settings would leave the filter and what it kept as they are."""
    past, _ = past_of(road.folder, of)
    with closing(past):
        return past.settled("domain_classifier") and past.settled(LAST, "algebra")


def test_the_filter_stands_on_an_endpoints_vectors_and_each_text_is_paid_for_once(tmp_path: Path) -> None:
    road = SmallRoad(tmp_path)
    road.write_corpus(documents=1_000)
    off_topic = [{"id": f"off-{n}", "title": f"A walk {n}", "text": _story(n)} for n in range(60)]
    (road.corpus / "stories.jsonl").write_text("\n".join(map(json.dumps, off_topic)))
    with scripted_endpoint(tmp_path / "log") as endpoint:
        asking = settings(road, endpoint.url)
        road.run(asking, LAST)
        lake = road.lake(asking)
        documents = lake.row_count("documents")
        assert set(sent(endpoint).values()) == {1}
        classifier = lake.read("domain_classifier").row(0, named=True)
        assert classifier["embedder"].startswith("endpoint scripted")
        kept = set(lake.read(LAST)["document_id"])
        stories = {one["id"] for one in off_topic}
        assert len(kept & stories) <= 0.1 * len(stories)
        assert len(kept) >= 0.8 * (documents - len(stories))

        stages = lake.query("select stage, task, sum(requests)::bigint, sum(cost) from teacher_usage group by all")
        booked = {(stage, task): (requests, cost) for stage, task, requests, cost in stages.iter_rows()}
        requests, cost = booked["domain_ratings", "embed_text"]
        assert requests == len(sent(endpoint)) == lake.row_count("text_vectors")
        assert cost > 0
        assert (LAST, "embed_text") not in booked, "what was embedded to train the filter is not asked again to use it"

        elsewhere = settings(road, endpoint.url, concurrency=2, batch_size=5, encoding_format="float")
        assert left_alone(road, asking) and left_alone(road, elsewhere)
        assert not left_alone(road, settings(road, endpoint.url, revision="2"))

        (road.corpus / "walks.jsonl").write_text("\n".join(map(json.dumps, _new(20))))
        before = endpoint.counts()["none"]
        road.run(asking, LAST)
        assert set(sent(endpoint).values()) == {1}
        assert endpoint.counts()["none"] - before == 1
        assert road.asked(asking)[LAST, "walks"] == 20


def test_a_filter_is_not_applied_with_another_embedder_than_it_was_trained_with(tmp_path: Path) -> None:
    from synth_assets.assets.embedders import embedder_of
    from synth_assets.corpus.domain_filter import apply_filter

    road = SmallRoad(tmp_path)
    road.write_corpus(documents=6)
    with scripted_endpoint(tmp_path / "log") as endpoint:
        asking = settings(road, endpoint.url)
        road.run(asking, "domain_classifier")
        lake = road.lake(asking)
        classifier, documents = lake.read("domain_classifier"), lake.read("documents")
        changed = asking.filter.embedder.model_copy(update={"revision": "2"})
        with pytest.raises(SynthAssetsError, match="trained with the embedder 'endpoint scripted"):
            apply_filter(documents, classifier, embedder_of(changed, lake, LAST))
        same = embedder_of(asking.filter.embedder, lake, LAST)
        assert apply_filter(documents, classifier, same).received == 12
        with pytest.raises(SynthAssetsError, match="the hashed embedder"):
            apply_filter(documents, classifier)


def test_a_budget_stops_the_filter_within_its_vectors(tmp_path: Path) -> None:
    road = SmallRoad(tmp_path)
    road.write_corpus(documents=30)
    with scripted_endpoint(tmp_path / "log") as endpoint:
        limited = settings(road, endpoint.url, {"max_tokens_budget": 30_000})
        with pytest.raises(Exception, match="--max-tokens-budget"):
            road.run(limited, "domain_classifier")
        usage = "select task, sum(prompt_tokens + completion_tokens)::bigint from teacher_usage group by task"
        spent = dict(road.lake(limited).query(usage).iter_rows())
        assert set(spent) == {"write_syllabus_document", "embed_text"}
        assert 0.9 * 30_000 < sum(spent.values()) <= 30_000
        road.run(settings(road, endpoint.url, {"max_tokens_budget": 10**7}), "domain_classifier")
        assert set(sent(endpoint).values()) == {1}


def _story(number: int) -> str:
    places = ("harbour", "market", "garden", "old bridge", "station", "library", "lighthouse")
    return " ".join(
        f"She walked past the {places[(number + step) % 7]} and talked to the {places[(number * step) % 7]} keeper "
        f"about rain, bread and the ferry that was late again."
        for step in range(1, 12)
    )


def _new(count: int) -> list[dict[str, str]]:
    line = (SAMPLE / "corpus" / "algebra.jsonl").read_text().splitlines()[0]
    texts = [f"{json.loads(line)['text']}\n\nExercise {number}: x + {number} = 10." for number in range(count)]
    return [{"id": f"new-{number}", "title": f"New {number}", "text": text} for number, text in enumerate(texts)]
