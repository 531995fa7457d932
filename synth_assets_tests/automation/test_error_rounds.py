"""Rounds of error extrapolation on the road: what they ask and are said to ask, and what makes them stale."""

import json
import shutil
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from synth_assets.automation.declared import standings
from synth_assets.automation.estimating.estimate import estimate_of
from synth_assets.automation.partitions import missing_partitions
from synth_assets.definitions import build_definitions
from synth_assets.errors import SynthAssetsError
from synth_assets.settings import SAMPLE, Settings, usable
from synth_assets_tests.automation.small_road import SmallRoad

ROUNDS = ("error_extrapolation_1", "error_extrapolation_2")


def settings_of(road: SmallRoad, *methods: str, **extrapolation: Any) -> Settings:
    chosen = {"documents": 6, "student": "student-23k", **extrapolation}
    return road.settings(generation={"methods": methods}, students={"profile": "smoke"}, extrapolation=chosen)


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[SmallRoad, Path]:
    """A road walked to the answers of level 1, and a copy of it."""
    road = SmallRoad(tmp_path_factory.mktemp("rounds") / "road")
    road.write_corpus(documents=8)
    road.run(settings_of(road, "level_1"))
    return road, road.kept()


@pytest.fixture
def road(walked: tuple[SmallRoad, Path]) -> SmallRoad:
    """The same, as it was then."""
    road, kept = walked
    road.restore(kept)
    return road


def states(road: SmallRoad, settings: Settings) -> dict[tuple[str, str], str]:
    definitions = build_definitions(road.folder, settings)
    with dg.DagsterInstance.ephemeral() as instance:
        for definition, names in missing_partitions(instance, settings):
            instance.add_dynamic_partitions(str(definition.name), names)
        found = standings(definitions, instance, road.lake(settings), settings)
    return {(one.asset, one.partition): one.state for one in found}


@pytest.mark.slow
def test_what_rounds_ask_is_told_before_and_what_they_asked_is_not_asked_again(road: SmallRoad) -> None:
    settings = settings_of(road, "level_1", *ROUNDS)
    told = estimate_of(road.folder, settings).rows
    before = road.asked(settings)
    road.run(settings)
    after = road.asked(settings)
    asked = {place: count - before.get(place, 0) for place, count in after.items()}
    lake = road.lake(settings)
    many = lake.query("select method, count(distinct documents[1]) as documents from questions group by all")
    # Questions: a request a document and round, whether the students' pairs or the road came to ask for it.
    requests = lake.query("select sum(requests)::bigint from teacher_usage where task = 'write_questions'").item()
    assert requests == many["documents"].sum()
    of = {stage: told.filter(stage=stage)["requests"].sum() for stage in ("student_mistakes", "questions", "qa_pairs")}
    came = {stage: sum(count for (one, _), count in asked.items() if one == stage) for stage in of}
    assert sum(came.values()) == pytest.approx(sum(of.values()), rel=0.1)
    assert came["questions"] == of["questions"]
    # The seeds were in the store. What the student before the second round learns is on that round's account.
    assert {partition for stage, partition in asked if stage == "student_mistakes"} == {ROUNDS[1]}
    rows = lake.query("select method, count(*) as wrong, any_value(asked) as asked from student_mistakes group by all")
    assert sorted(rows["method"]) == list(ROUNDS)
    assert all(0 < wrong <= asked for _, wrong, asked in rows.iter_rows())
    learnt = lake.query("select distinct method, trained_pairs from student_mistakes order by 1")["trained_pairs"]
    assert learnt[1] > learnt[0]
    assert set(estimate_of(road.folder, settings).rows["basis"]) == {"fresh"}


@pytest.mark.slow
def test_a_new_shard_leaves_the_mistakes_and_other_mistakes_make_their_own_round_stale_alone(road: SmallRoad) -> None:
    settings = settings_of(road, "level_1", ROUNDS[0])
    road.run(settings)
    shutil.copy(SAMPLE / "corpus" / "arith.jsonl", road.corpus / "arith.jsonl")
    grown = states(road, settings)
    assert grown["student_mistakes", ROUNDS[0]] == "fresh" == grown["questions", f"{ROUNDS[0]}|algebra"]
    (road.corpus / "arith.jsonl").unlink()
    fewer = settings_of(road, "level_1", ROUNDS[0], problems=3)
    assert states(road, fewer)["student_mistakes", ROUNDS[0]] == "stale"
    road.run(fewer, last="student_mistakes")
    found = states(road, fewer)
    assert found["questions", "level_1|algebra"] == "fresh"
    assert found["questions", f"{ROUNDS[0]}|algebra"] == "stale"


@pytest.mark.slow
def test_problems_from_a_file_are_asked_with_its_solutions(road: SmallRoad) -> None:
    lines = [
        {"question": f"What is {number} percent of 200?", "answer": f"It is 2 times {number}.\n#### {2 * number}"}
        for number in range(1, 30)
    ]
    file = road.place / "gold.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    settings = settings_of(road, ROUNDS[0], problems_from=str(file), problems=12)
    road.run(settings)
    lake = road.lake(settings)
    rows = lake.query("select question, solution, final_answer, recipe, asked from student_mistakes")
    known = {line["question"]: line["answer"] for line in lines}
    assert 0 < rows.height <= 12 and set(rows["asked"]) == {12}
    for question, solution, final, recipe, _ in rows.iter_rows():
        assert solution == known[question] and solution.endswith(f"#### {final}") and recipe is None
    written = lake.query(f"select question from questions where method = '{ROUNDS[0]}'").to_series()
    assert written.len() > 0 and not set(written) & set(known)
    assert written.str.contains("percent|%").mean() == 1.0


def test_problems_of_a_benchmark_are_refused() -> None:
    test_items = str(SAMPLE / "benchmarks" / "held_out_problems.jsonl")
    with pytest.raises(SynthAssetsError, match="problems_from is the file of the benchmark held_out_problems"):
        usable({"extrapolation": {"problems_from": test_items}}, "synth.toml")
