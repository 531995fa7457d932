"""The estimate on a lake: what it promises is what the next run then asks, where inputs exist to the request."""

import json
from hashlib import blake2b
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from synth_assets.automation.estimating.estimate import SCHEMA, Estimate, estimate_of
from synth_assets.settings import SAMPLE, Settings
from synth_assets.teachers.budget import BudgetReachedError
from synth_assets_tests.automation.small_road import SmallRoad
from synth_assets_tests.teachers.openai.endpoint import endpoint_in_thread

OPENAI = {"kind": "openai", "model": "qwen", "base_urls": ["http://127.0.0.1:9/v1"]}

ASKING = ["domain_ratings", "document_concepts", "questions", "qa_pairs"]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[SmallRoad, Path]:
    """A road that was walked up to the answers, and a copy of it."""
    road = SmallRoad(tmp_path_factory.mktemp("estimate") / "road")
    road.write_corpus(documents=12)
    road.run(road.settings())
    return road, road.kept()


@pytest.fixture
def road(finished: tuple[SmallRoad, Path]) -> SmallRoad:
    """The same, in the same place, as it was when it was finished."""
    road, kept = finished
    road.restore(kept)
    return road


def requests(estimate: Estimate) -> dict[tuple[str, str], int]:
    """What is to be asked, by stage and partition, where there is anything."""
    rows = estimate.rows.select("stage", "partition", "requests").iter_rows()
    return {(stage, partition): count for stage, partition, count in rows if count}


def row(estimate: Estimate, stage: str, partition: str = "") -> dict[str, Any]:
    return estimate.rows.filter(stage=stage, partition=partition).row(0, named=True)


def newly_asked(road: SmallRoad, settings: Settings, last: str = "qa_pairs") -> dict[tuple[str, str], int]:
    """What a run under `settings` asks."""
    before = road.asked(settings)
    road.run(settings, last)
    asked = {place: count - before.get(place, 0) for place, count in road.asked(settings).items()}
    return {place: count for place, count in asked.items() if count}


def contents(folder: Path) -> dict[str, str]:
    """The hash of every file in and below a folder."""
    return {
        str(path.relative_to(folder)): blake2b(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_after_a_run_nothing_is_left_to_ask_and_the_lake_is_untouched(road: SmallRoad) -> None:
    settings = road.settings()
    before = contents(road.place)
    estimate = estimate_of(road.folder, settings)
    assert requests(estimate) == {}
    assert set(estimate.rows["basis"]) == {"fresh"}
    assert contents(road.place) == before


@pytest.mark.slow
def test_one_changed_document_is_asked_about_and_no_other(road: SmallRoad) -> None:
    path = road.corpus / "algebra.jsonl"
    first, *others = path.read_text().splitlines()
    changed = json.loads(first)
    changed["text"] += "\n\nA last remark on the quadratic formula and the discriminant."
    path.write_text("\n".join([json.dumps(changed), *others]))
    settings = road.settings()
    estimate = estimate_of(road.folder, settings)
    told = requests(estimate)
    assert {place: told[place] for place in told if "geometry" not in place[1]} == told
    assert row(estimate, "document_concepts", "algebra")["known"] == len(others)
    assert row(estimate, "questions", "level_1|algebra")["basis"] == "concepts as before"
    asked = newly_asked(road, settings, last="questions")
    for place in (("document_concepts", "algebra"), ("questions", "level_1|algebra"), ("questions", "level_2|algebra")):
        assert told[place] == asked[place] == 1


def test_a_source_file_written_again_with_the_same_rows_asks_nothing(road: SmallRoad) -> None:
    path = road.corpus / "algebra.jsonl"
    path.write_text(path.read_text())
    estimate = estimate_of(road.folder, road.settings())
    assert requests(estimate) == {}


@pytest.mark.slow
def test_another_round_asks_what_the_run_then_asks(road: SmallRoad) -> None:
    settings = road.settings(generation={"rounds": 2})
    estimate = estimate_of(road.folder, settings)
    asked = newly_asked(road, settings)
    told = requests(estimate)
    of_questions = {place: count for place, count in asked.items() if place[0] == "questions"}
    assert {place: count for place, count in told.items() if place[0] == "questions"} == of_questions
    assert set(estimate.rows.filter(stage="questions")["basis"]) == {"exact"}
    answers, promised = (
        sum(count for place, count in counts.items() if place[0] == "qa_pairs") for counts in (asked, told)
    )
    # The embedded teacher repeats itself in a second round, and questions that were answered cost nothing.
    assert answers <= promised <= 3 * answers
    assert requests(estimate_of(road.folder, settings)) == {}


LEVELS = ("level_1", "level_2", "level_3")


def test_a_method_that_is_not_chosen_is_not_told_and_one_more_asks_for_itself_alone(road: SmallRoad) -> None:
    fewer = estimate_of(road.folder, road.settings(generation={"methods": ["level_2"]}))
    assert {place.split("|")[0] for place in fewer.rows.filter(stage="qa_pairs")["partition"]} == {"level_2"}
    assert requests(fewer) == {}
    more = estimate_of(road.folder, road.settings(generation={"methods": [*LEVELS, "rephrase"]}))
    assert {partition.split("|")[0] for _, partition in requests(more)} == {"rephrase"}
    told = row(more, "questions", "rephrase|algebra")
    seeds = road.lake(road.settings()).query(
        "select count(distinct documents[1]) from questions where method = 'level_1' and shard = 'algebra'"
    )
    # Level 1 has been asked for the seeds.
    assert (told["requests"], told["known"], told["basis"]) == (5 * seeds.item(), 12, "exact")


@pytest.mark.slow
def test_further_methods_ask_what_was_told_step_by_step(road: SmallRoad) -> None:
    """TarGEN's later steps follow from its contexts: each is taken to lead to five questions, one in ten corrected."""
    settings = road.settings(generation={"methods": [*LEVELS, "rephrase", "persona", "template", "targen"]})
    told = requests(estimate_of(road.folder, settings))
    asked = newly_asked(road, settings)
    for place, count in told.items():
        exact = place[0] == "questions" and "targen" not in place[1]
        assert asked.get(place, 0) == count if exact else asked.get(place, 0) == pytest.approx(count, rel=0.25)
    assert set(asked) <= set(told)
    assert not any(stage == "qa_pairs" and "targen" in partition for stage, partition in asked)
    assert requests(estimate_of(road.folder, settings)) == {}


@pytest.mark.slow
def test_more_samples_ask_exactly_what_the_run_then_asks(road: SmallRoad) -> None:
    settings = road.settings(generation={"samples": 2})
    estimate = estimate_of(road.folder, settings)
    assert set(estimate.rows.filter(stage="qa_pairs")["basis"]) == {"exact"}
    assert requests(estimate) == newly_asked(road, settings)


@pytest.mark.slow
def test_answers_of_a_run_that_got_no_further_are_known(tmp_path: Path) -> None:
    """The walks are made, no question is asked: the requests for questions are the run's own."""
    road = SmallRoad(tmp_path)
    road.write_corpus(documents=5)
    settings = road.settings()
    road.run(settings, last="concept_walks")
    told = {
        place: count for place, count in requests(estimate_of(road.folder, settings)).items() if place[0] != "qa_pairs"
    }
    assert {stage for stage, _ in told} == {"questions"}
    assert told == newly_asked(road, settings, last="questions")


@pytest.mark.slow
def test_a_new_shard_asks_for_itself_alone(road: SmallRoad) -> None:
    lines = (SAMPLE / "corpus" / "arith.jsonl").read_text().splitlines()[:4]
    (road.corpus / "new.jsonl").write_text("\n".join(lines))
    estimate = estimate_of(road.folder, road.settings())
    assert {partition.split("|")[-1] for _, partition in requests(estimate)} == {"new"}
    assert any("by the trained domain filter" in note for note in estimate.notes)
    asked = newly_asked(road, road.settings(), last="document_concepts")
    assert asked == {
        place: count for place, count in requests(estimate).items() if place == ("document_concepts", "new")
    }


def test_another_model_asks_everything_again_and_its_figures_are_not_those_of_rules(road: SmallRoad) -> None:
    estimate = estimate_of(road.folder, road.settings(teacher=OPENAI))
    assert set(estimate.rows.filter(pl.col("requests") > 0)["stage"]) == set(ASKING)
    assert estimate.rows["known"].sum() == 0
    assert not any("the mean of" in note for note in estimate.notes)


def test_figures_of_earlier_answers_are_used_and_named(road: SmallRoad) -> None:
    settings = road.settings(generation={"rounds": 2})
    estimate = estimate_of(road.folder, settings)
    usage = road.lake(settings).query(
        "select sum(completion_tokens) / sum(requests) from teacher_usage "
        "where task = 'write_questions' and \"partition\" like 'level_1|%'"
    )
    told = row(estimate, "questions", "level_1|algebra")
    assert told["completion_tokens"] == pytest.approx(usage.item() * told["requests"], abs=1)
    assert any("write_questions of level_1" in note and "this teacher" in note for note in estimate.notes)
    assert estimate.rows["hours"].null_count() == 0
    assert any("last day of this teacher" in note for note in estimate.notes)


def test_a_lake_of_an_earlier_release_has_no_usage_and_is_estimated_all_the_same(road: SmallRoad) -> None:
    settings = road.settings(generation={"rounds": 2})
    lake = road.lake(settings)
    with lake.cursor() as cursor:
        cursor.execute("drop table lake.main.teacher_usage")
    lake.close()
    estimate = estimate_of(road.folder, settings)
    assert estimate.rows["known"].sum() > 0
    assert any("assumed" in note for note in estimate.notes)


def test_an_estimate_is_one_json_object(road: SmallRoad) -> None:
    estimate = estimate_of(road.folder, road.settings())
    told = json.loads(estimate.as_json())
    assert pl.DataFrame(told["rows"], schema=SCHEMA).equals(estimate.rows)
    assert told["stages"][-1]["stage"] == "total"
    assert told["notes"] == list(estimate.notes)


@pytest.mark.slow
def test_what_is_estimated_for_a_model_is_what_its_endpoint_is_asked(tmp_path: Path) -> None:
    """Before any run within the stated assumptions; where inputs exist, to the request."""
    road = SmallRoad(tmp_path)
    road.write_corpus(documents=20)
    with endpoint_in_thread() as (url, endpoint):
        generation = {"samples": 2, "judge": True}
        settings = road.settings(teacher={**OPENAI, "base_urls": [url]}, generation=generation)
        before = requests(estimate_of(road.folder, settings))
        road.run(settings, last="concept_walks")
        received = endpoint.counts.received
        halfway = requests(estimate_of(road.folder, settings))
        assert endpoint.counts.received == received
        road.run(settings)
        asked = road.asked(settings)
        assert before["domain_ratings", ""] == asked["domain_ratings", ""]
        for place, count in asked.items():
            stage, partition = place
            if stage == "questions":
                assert halfway[place] == count
            if stage == "qa_pairs":
                assert halfway[place] == pytest.approx(count, rel=0.35)
            if stage != "domain_ratings" and "level_3" not in partition:  # walks depend on what topics the model finds
                assert 0.5 * before[place] <= count <= before[place]
        assert requests(estimate_of(road.folder, settings)) == {}

        hotter = {**OPENAI, "base_urls": [url], "sampling": {"answer_question": {"temperature": 0.9}}}
        settings = road.settings(teacher=hotter, generation={"samples": 2})
        told = requests(estimate_of(road.folder, settings))
        assert {stage for stage, _ in told} == {"qa_pairs"}
        assert newly_asked(road, settings) == told


@pytest.mark.slow
def test_what_was_answered_before_the_budget_was_reached_is_known(tmp_path: Path) -> None:
    road = SmallRoad(tmp_path)
    road.write_corpus(documents=20)
    with endpoint_in_thread() as (url, _):
        teacher = {**OPENAI, "base_urls": [url]}
        settings = road.settings(teacher=teacher)
        road.run(settings, last="reference_documents")
        spent = "select sum(prompt_tokens + completion_tokens)::bigint from teacher_usage"
        allowed = road.lake(settings).query(spent).item() + 27_000  # a request may take about 20,000 at the most
        with pytest.raises(BudgetReachedError):
            road.run(road.settings(teacher={**teacher, "max_tokens_budget": allowed}), last="document_concepts")
        estimate = estimate_of(road.folder, settings)
        rows = estimate.rows.filter(stage="document_concepts")
        assert rows["known"].sum() > 0
        assert set(rows["basis"]) == {"exact requests, approximate tokens"}
        told = {place: count for place, count in requests(estimate).items() if place[0] == "document_concepts"}
        assert newly_asked(road, settings, last="document_concepts") == told
