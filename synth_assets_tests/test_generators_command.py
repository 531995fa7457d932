"""A data set made several times: what is held out, what is kept, and what the command writes."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from synth_assets.ensemble.data import generators_of, take_answers
from synth_assets.ensemble.layout import Layout, lay_out
from synth_assets.ensemble.page import Found, sentences, write_page
from synth_assets.ensemble.students import Run
from synth_assets.errors import SynthAssetsError
from synth_assets.lake.lake import Lake
from synth_assets.lake.responses import LakeResponseStore
from synth_assets.scaling.observation_files import read_table
from synth_assets.settings import Settings, load_settings, save_settings
from synth_assets.students.splits import question_group
from synth_assets.tables import TRAINING_QA
from synth_assets.teachers.store import StoredResponse
from synth_assets_tests.automation.small_road import SmallRoad
from synth_assets_tests.command_line import synth_assets

ENDPOINT = {"kind": "openai", "model": "a", "base_urls": ["http://host/v1"]}


def data_set(draw: int, own: int = 120, of_all: int = 40) -> pl.DataFrame:
    """Questions of this draw's own, and some that all draws have."""
    numbers = [(place, 7 * place + draw) for place in range(own)]
    texts = [f"A baker of town {draw} has {one} loaves and {other} rolls. How many is that?" for one, other in numbers]
    rows = [
        {"question": text, "answer": f"{one} + {other} = {one + other}.", "final_answer": str(one + other)}
        for text, (one, other) in zip(texts, numbers, strict=True)
    ]
    rows += [
        {"question": f"What is {place} times 3?", "answer": f"It is {3 * place}.", "final_answer": str(3 * place)}
        for place in range(of_all)
    ]
    rest: dict[str, Any] = {
        "method": "level_1", "shard": "s", "school_level": "other", "topics": [], "key_concepts": [],
        "documents": ["d"], "agreement": 1.0,
    }  # fmt: skip
    return TRAINING_QA.conform(
        pl.DataFrame([{**rest, **row, "qa_id": f"{draw}-{place}"} for place, row in enumerate(rows)])
    )


DATA = {f"draw-{draw}": data_set(draw) for draw in range(3)}
HELD_OUT = 30


@pytest.fixture(scope="module")
def layout() -> Layout:
    return lay_out(DATA, HELD_OUT, None)


def test_no_generator_trains_on_what_any_student_is_asked(layout: Layout) -> None:
    asked = {question_group(question) for question in layout.held_out["question"]}
    assert len(asked) == HELD_OUT
    decoded = {layout.tokenizer.decode(row.prompt.tolist()).strip() for rows in layout.train.values() for row in rows}
    assert decoded
    assert not {question_group(text) for text in decoded} & asked


def test_every_generator_gives_as_many_questions_and_as_many_tokens() -> None:
    layout = lay_out(DATA, HELD_OUT, 5_000)
    assert layout.held_out["generator"].value_counts()["count"].to_list() == [HELD_OUT // 3] * 3
    assert layout.budget == 5_000
    longest = max(int(rows.lengths.max()) for rows in layout.train.values())
    assert all(5_000 - longest <= rows.total_tokens <= 5_000 for rows in layout.train.values())


def test_the_order_of_the_rows_changes_nothing(layout: Layout) -> None:
    turned = {name: rows.reverse() for name, rows in DATA.items()}
    one, other = layout, lay_out(turned, HELD_OUT, None)
    assert one.held_out.equals(other.held_out)
    assert [rows.fingerprint() for rows in one.train.values()] == [rows.fingerprint() for rows in other.train.values()]


def test_more_questions_than_there_are_gives_equally_many_of_those_there_are() -> None:
    held_out = lay_out(DATA, 100_000, None).held_out
    counts = held_out["generator"].value_counts()["count"].unique()
    assert len(counts) == 1
    assert held_out["question"].n_unique() == held_out.height


def test_draws_and_models_are_generators_of_their_own() -> None:
    drawn = generators_of(Settings(), None, ())
    assert [(one.name, one.teacher.draw) for one in drawn] == [(f"draw-{draw}", draw) for draw in range(5)]
    models = generators_of(Settings.model_validate({"teacher": ENDPOINT}), None, ("org/a", "b"))
    assert [(one.name, one.teacher.model) for one in models] == [("0-org-a", "org/a"), ("1-b", "b")]


@pytest.mark.parametrize(
    ("teacher", "draws", "models", "said"),
    [
        ({}, None, ("a", "b"), "needs a lake whose teacher is an endpoint"),
        (ENDPOINT, 2, ("a", "b"), "give one of them"),
        (ENDPOINT, None, ("a",), "at least twice"),
        (ENDPOINT, None, ("a", "a"), "same model twice"),
    ],
)
def test_wishes_that_cannot_be_met_are_told(
    teacher: dict[str, Any], draws: int | None, models: tuple[str, ...], said: str
) -> None:
    with pytest.raises(SynthAssetsError, match=said):
        generators_of(Settings.model_validate({"teacher": teacher}), draws, models)


def test_answers_that_the_lake_has_paid_for_are_found_by_the_draw_that_it_is(tmp_path: Path) -> None:
    source, place = tmp_path / "lake", tmp_path / "draw-0"
    settings = Settings.model_validate({"teacher": ENDPOINT})
    paid = StoredResponse("s", "0f", "answer_question", "a", "1", "seven", 3, 1)
    lake = Lake(settings.lake_in(source))
    LakeResponseStore(lake, "qa_pairs").add([paid], [])
    lake.close()
    take_answers(source, settings, place, settings)
    taken = Lake(settings.lake_in(place))
    assert LakeResponseStore(taken, "qa_pairs").find(["0f"]) == {"0f": paid}
    taken.close()


def runs_of(name: str, place: int, random: np.random.Generator, lift: float) -> list[Run]:
    """Two students whose losses lie about 1, or that much higher."""
    losses = random.normal(1.0 + lift, 0.05, (2, HELD_OUT))
    return [
        Run(name, 2 * place + seed, 23_000, 4_990, tuple(own < 1.0), tuple(own.tolist()), 1.0)
        for seed, own in enumerate(losses)
    ]


def test_the_page_says_in_how_many_cases_the_naive_interval_misses_the_others(tmp_path: Path, layout: Layout) -> None:
    random = np.random.default_rng(2)
    lifts = {"draw-0": 0.0, "draw-1": 0.0, "draw-2": 0.4}
    runs = {name: runs_of(name, place, random, lift) for place, (name, lift) in enumerate(lifts.items())}
    page = write_page(tmp_path, Found("student-23k", True, layout, DATA, runs)).read_text()
    intervals = pl.read_csv(tmp_path / "intervals.csv").filter(pl.col("metric") == "answer_loss")
    missed = intervals.filter(pl.col("generator") != "all")["missed"].sum()
    assert missed == 3, "every one lies apart from a mean that the third pulls, or is pulled from"
    assert "In 3 of 3 cases the naive 95% interval of one generator misses the mean of the others." in page
    whole = intervals.filter(pl.col("generator") == "all").row(0, named=True)
    assert whole["low"] < 1.0 < 1.4 < whole["high"]
    assert "The same teacher made them all" in page
    models = Found("student-23k", False, layout, DATA, runs)
    said = sentences(models, "answer_loss", models.ensembles()["answer_loss"])
    assert "The same teacher" not in " ".join(said)


@pytest.mark.slow
def test_the_command_makes_trains_and_reports_and_does_nothing_twice(tmp_path: Path) -> None:
    road = SmallRoad(tmp_path)
    road.write_corpus(12)
    lake, out = tmp_path / "lake", tmp_path / "draws"
    lake.mkdir()
    save_settings(road.settings(generation={"rounds": 2}), lake)
    command = ["generators", "--lake", str(lake), "--out", str(out), "--draws", "2", "--seeds", "2"]
    command += ["--questions", "10", "--tokens", "4000", "--json"]
    first = synth_assets(*command)
    assert first.returncode == 0, first
    facts = json.loads(first.stdout)
    assert facts["generators"] == ["draw-0", "draw-1"]
    observations = read_table(out / "observations.csv")
    assert observations.height == 2 * 2 * 2
    assert set(observations["training_set"]) == {"draw-0", "draw-1"}
    page = (out / "report.md").read_text()
    assert "misses the mean of the others" in page
    assert (out / "generators.png").stat().st_size > 5_000
    runs = {path.name: path.stat().st_mtime_ns for path in (out / "runs").iterdir()}
    assert len(runs) == 4
    made = Lake(load_settings(out / "data" / "draw-1").lake_in(out / "data" / "draw-1"))
    assert made.read("training_qa").height > 0
    assert made.read("student_runs").is_empty(), "of the road, the data set alone is made"
    again = synth_assets(*command)
    assert json.loads(again.stdout) == facts
    assert {path.name: path.stat().st_mtime_ns for path in (out / "runs").iterdir()} == runs
