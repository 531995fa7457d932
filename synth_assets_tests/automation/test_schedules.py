"""Schedules ask for runs by the clock where there is something to do, and say why where there is not."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._utils.schedules import schedule_execution_time_iterator

from synth_assets.definitions import build_definitions
from synth_assets.errors import SynthAssetsError
from synth_assets.lake.responses import LakeResponseStore
from synth_assets.settings import Settings, usable
from synth_assets.teachers.store import Spending, Usage
from synth_assets_tests.automation.paper_road import PaperRoad

Begun = tuple[PaperRoad, dg.DagsterInstance]

SATURDAY = datetime(2026, 3, 28, 2, 15, tzinfo=UTC)
SCHEDULES = ("nightly_ingest", "weekly_regeneration", "monthly_refit", "weekly_maintenance")


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    """One with a home: a schedule opens it by that."""
    with dg.DagsterInstance.local_temp(str(tmp_path_factory.mktemp("home"))) as made:
        yield made


@pytest.fixture
def begun(paper: PaperRoad, instance: dg.DagsterInstance) -> Begun:
    """The road with every partition made."""
    paper.begin(instance)
    return paper, instance


def asked(begun: Begun, name: str, at: datetime = SATURDAY) -> dg.RunRequest | str:
    """The run that a schedule asks for when the clock says `at`, or why it asks for none."""
    road, instance = begun
    schedule = road.definitions.get_schedule_def(name)
    context = dg.build_schedule_context(
        instance, scheduled_execution_time=at, repository_def=road.definitions.get_repository_def()
    )
    data = schedule.evaluate_tick(context)
    if data.skip_message is not None:
        return str(data.skip_message)
    (request,) = data.run_requests or ()
    return request


def spend(road: PaperRoad, tokens: int) -> None:
    usage = Usage(1, 0, 1, 0, tokens, 0, None)
    LakeResponseStore(road.lake, "questions").add([], [Spending("level_1|a", "write_questions", "t", usage, 1.0)])


def made_by_another_prompt(road: PaperRoad, stage: str = "questions", partition: str = "level_1|a") -> None:
    road.make([(stage, partition)], version="another prompt", changed=False)


def test_where_nothing_is_stale_no_run_is_asked_for_and_it_says_so(begun: Begun) -> None:
    for name in ("nightly_ingest", "weekly_regeneration", "monthly_refit"):
        assert str(asked(begun, name)).startswith("Nothing is missing or stale for "), name


def test_a_changed_prompt_is_regenerated_by_the_week_within_its_tokens(begun: Begun) -> None:
    road, _ = begun
    made_by_another_prompt(road)
    spend(road, 300)
    request = asked(begun, "weekly_regeneration")
    assert isinstance(request, dg.RunRequest)
    assert request.run_key == "weekly_regeneration 2026-03-28 02:15"
    assert request.run_config["purposes"] == ["ingest", "build_graph", "generate", "decontaminate"]
    assert request.run_config["teacher"] == {"max_tokens_budget": 1_000}  # the lake's budget is less than the week's
    job = road.definitions.get_job_def("everything")
    assert dg.validate_run_config(job, dict(request.run_config))
    assert str(asked(begun, "monthly_refit")).startswith("Nothing")


@pytest.mark.slow
def test_the_week_adds_its_tokens_to_what_was_spent_where_the_lake_has_no_limit(begun: Begun, tmp_path: Path) -> None:
    road, instance = begun
    unlimited = road.settings.model_copy(
        update={
            "teacher": Settings().teacher,
            "schedules": Settings().schedules.model_copy(update={"weekly_tokens": 70}),
        }
    )
    made_by_another_prompt(road)
    spend(road, 300)
    definitions = build_definitions(road.place / "lake", unlimited)
    context = dg.build_schedule_context(
        instance, scheduled_execution_time=SATURDAY, repository_def=definitions.get_repository_def()
    )
    (request,) = definitions.get_schedule_def("weekly_regeneration").evaluate_tick(context).run_requests or ()
    assert request.run_config["teacher"] == {"max_tokens_budget": 370}


@pytest.mark.slow
def test_a_spent_budget_is_told_where_all_that_is_stale_would_ask_and_is_no_matter_where_something_would_not(
    begun: Begun,
) -> None:
    road, _ = begun
    made_by_another_prompt(road)
    spend(road, 1_000)
    assert "teacher.max_tokens_budget of 1,000 tokens is spent" in str(asked(begun, "weekly_regeneration"))
    made_by_another_prompt(road, "concept_walks", "a")
    request = asked(begun, "weekly_regeneration")
    assert isinstance(request, dg.RunRequest)
    assert request.run_config["teacher"] == {"max_tokens_budget": 1_000}


@pytest.mark.slow
def test_a_new_file_is_ingested_by_night_whether_or_not_the_sensor_has_seen_it(begun: Begun) -> None:
    road, _ = begun
    new = road.corpus / "new.jsonl"
    new.write_text('{"id": "new", "text": "A new text."}\n')
    try:
        assert isinstance(asked(begun, "nightly_ingest"), dg.RunRequest)
    finally:
        new.unlink()


@pytest.mark.slow
def test_changed_training_data_is_trained_on_by_the_month(begun: Begun) -> None:
    road, _ = begun
    road.make([("training_qa", "level_1|a")])
    request = asked(begun, "monthly_refit", datetime(2026, 4, 1, 2, 45, tzinfo=UTC))
    assert isinstance(request, dg.RunRequest)
    assert dict(request.run_config) == {"purposes": ["train_students", "fit"]}


@pytest.mark.slow
def test_a_tick_that_is_repeated_asks_for_the_same_run(begun: Begun) -> None:
    made_by_another_prompt(begun[0])
    first, again = (asked(begun, "weekly_regeneration") for _ in range(2))
    assert isinstance(first, dg.RunRequest) and isinstance(again, dg.RunRequest)
    assert first.run_key == again.run_key


def test_all_are_off_until_they_are_switched_on(paper: PaperRoad) -> None:
    schedules = [paper.definitions.get_schedule_def(name) for name in SCHEDULES]
    assert {schedule.default_status for schedule in schedules} == {dg.DefaultScheduleStatus.STOPPED}
    assert all(schedule.description or schedule.name == "weekly_maintenance" for schedule in schedules)


def ticks(definitions: dg.Definitions, name: str, after: datetime) -> Any:
    schedule = definitions.get_schedule_def(name)
    return schedule_execution_time_iterator(
        after.timestamp(), str(schedule.cron_schedule), schedule.execution_timezone, ascending=True
    )


def test_they_begin_at_the_hour_of_the_time_zone_also_where_its_clock_is_changed(tmp_path: Path) -> None:
    settings = usable({"schedules": {"timezone": "Europe/Berlin", "hour": 4}}, "synth.toml")
    definitions = build_definitions(tmp_path, settings)
    nights = ticks(definitions, "nightly_ingest", datetime(2026, 3, 27, 12, tzinfo=UTC))
    assert [next(nights).astimezone(UTC).hour for _ in range(3)] == [3, 2, 2]  # clocks go forward on the 29th
    weeks = ticks(definitions, "weekly_regeneration", datetime(2026, 3, 23, tzinfo=UTC))
    assert next(weeks).astimezone(ZoneInfo("Europe/Berlin")).strftime("%A %H:%M") == "Saturday 04:15"
    months = ticks(definitions, "monthly_refit", datetime(2026, 3, 23, tzinfo=UTC))
    assert next(months).astimezone(ZoneInfo("Europe/Berlin")).strftime("%d %B %H:%M") == "01 April 04:45"


def test_a_time_zone_that_does_not_exist_is_told_in_one_sentence() -> None:
    with pytest.raises(SynthAssetsError, match=r"schedules\.timezone = 'Mars/Olympus': there is no such time zone"):
        usable({"schedules": {"timezone": "Mars/Olympus"}}, "synth.toml")
