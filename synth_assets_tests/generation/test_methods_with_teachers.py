"""The methods beside the levels with the embedded teacher, and with a model behind an endpoint."""

from collections import Counter
from dataclasses import replace
from functools import cache

import polars as pl
import pytest

from synth_assets.generation.answers import answer_questions
from synth_assets.generation.methods import METHODS as REGISTRY
from synth_assets.generation.methods import method_named
from synth_assets.generation.questions import write_questions
from synth_assets.tables import StageResult
from synth_assets.teachers.asking import Asker
from synth_assets.teachers.embedded.quantities import quantities_of
from synth_assets.teachers.embedded.teacher import EmbeddedTeacher
from synth_assets.teachers.openai.teacher import OpenAITeacher
from synth_assets.teachers.settings import TeacherSettings
from synth_assets.teachers.store import MemoryStore
from synth_assets.teachers.tasks import (
    CorrectQuestion,
    RephraseQuestion,
    Task,
    WriteConstrainedQuestion,
    WriteQuestions,
)
from synth_assets_tests.generation.sample_material import IDS, sample_material
from synth_assets_tests.teachers.openai.endpoint import endpoint_in_thread

ROUNDS = 3
METHODS = [name for name in REGISTRY if not name.startswith("level_")]


class Listening(EmbeddedTeacher):
    """Remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Task] = []

    def prepare(self, task: Task) -> object:
        self.asked.append(task)
        return super().prepare(task)


@cache
def written(method: str) -> tuple[StageResult, Asker]:
    asker = Asker(Listening(), MemoryStore())
    result = write_questions(method_named(method), sample_material(), asker, ROUNDS)
    result.check("questions")
    return result, asker


@pytest.mark.parametrize("method", METHODS)
def test_every_document_of_mathematics_gives_up_to_five_questions_a_round(method: str) -> None:
    rows = written(method)[0].rows
    counts = Counter(documents[0] for documents in rows["documents"])
    assert set(counts) == set(IDS)
    assert all(3 * ROUNDS < count <= 5 * ROUNDS for count in counts.values()), counts
    assert set(rows["method"]) == {method} and set(rows["shard"]) == {"sample"}
    assert rows["question_id"].is_unique().all()


@pytest.mark.parametrize("method", METHODS)
def test_a_document_that_teaches_nothing_is_not_suitable(method: str) -> None:
    lost = written(method)[0].quarantined
    (poem,) = lost.filter(pl.col("id") == "poem").rows(named=True)
    assert poem["reason"] == "not_suitable" and poem["detail"].startswith("no ")


@pytest.mark.parametrize("method", METHODS)
def test_the_same_material_gives_the_same_questions_in_any_order_of_documents(method: str) -> None:
    material = sample_material()
    turned = dict(reversed(list(material.shard_of.items())))
    again = write_questions(
        method_named(method),
        replace(material, shard_of=turned),
        Asker(EmbeddedTeacher(), MemoryStore()),
        ROUNDS,
    )
    assert again.rows.sort("question_id").equals(written(method)[0].rows.sort("question_id"))


@pytest.mark.parametrize("method", METHODS)
def test_every_question_is_answered_and_rounds_ask_for_others(method: str) -> None:
    rows, asker = written(method)[0].rows, written(method)[1]
    answered = answer_questions(rows, asker).result
    assert (answered.rows.height, answered.quarantined.height) == (rows.height, 0)
    # Wordings and filled templates may come again once in a while; nothing else may.
    assert rows["question"].n_unique() >= 0.9 * rows.height


def test_a_rephrased_exercise_names_the_numbers_of_the_exercise_and_has_its_answer() -> None:
    level_1 = write_questions(method_named("level_1"), sample_material(), Asker(EmbeddedTeacher(), MemoryStore()))
    own = level_1.rows.filter(pl.col("origin") == "original")
    assert own.height >= 5
    answers = dict(_answers(own).select("qa_id", "final_answer").iter_rows())
    seeds: dict[str, list[tuple[set[object], str]]] = {}
    for row in own.iter_rows(named=True):
        seeds.setdefault(row["documents"][0], []).append((_numbers(row["question"]), answers[row["question_id"]]))
    rows, asker = written("rephrase")[0].rows, written("rephrase")[1]
    told = dict(answer_questions(rows, asker).result.rows.select("qa_id", "final_answer").iter_rows())
    compared = 0
    for row in rows.iter_rows(named=True):
        if row["documents"][0] in seeds:
            compared += 1
            assert (_numbers(row["question"]), told[row["question_id"]]) in seeds[row["documents"][0]]
    assert compared >= 5 * ROUNDS * len(seeds) * 0.9
    assert not set(rows["question"]) & set(own["question"])


def _numbers(text: str) -> set[object]:
    return {number for number in quantities_of(text).numbers if number != 1}


def _answers(questions: pl.DataFrame) -> pl.DataFrame:
    return answer_questions(questions, Asker(EmbeddedTeacher(), MemoryStore())).result.rows


def test_self_correction_finds_slips_and_only_right_labels_are_left() -> None:
    result, asker = written("targen")
    asked = asker.teacher.asked  # type: ignore[attr-defined]
    corrected = [task for task in asked if isinstance(task, CorrectQuestion)]
    assert 0 < len(corrected) < 0.3 * result.rows.height
    assert all(task.intended != task.final_answer for task in corrected)
    assert {task.question for task in corrected} <= set(result.rows["question"])


def test_the_answers_to_questions_solved_in_self_correction_are_not_asked_for_again() -> None:
    result, asker = written("targen")
    found = asker.found
    answer_questions(result.rows, asker)
    assert asker.found - found >= result.rows.height


@pytest.mark.parametrize("method", METHODS)
def test_a_model_behind_an_endpoint_writes_by_every_method(method: str) -> None:
    store = MemoryStore()
    with endpoint_in_thread() as (url, endpoint):
        teacher = OpenAITeacher(TeacherSettings(kind="openai", model="m", base_urls=(url,)))
        first = write_questions(method_named(method), sample_material(), Asker(teacher, store))
        received = endpoint.counts.received
        again = write_questions(method_named(method), sample_material(), Asker(teacher, store))
        assert endpoint.counts.received == received
    first.check("questions")
    assert again.rows.equals(first.rows) and again.quarantined.equals(first.quarantined)
    assert first.rows["recipe"].null_count() == first.rows.height >= len(IDS)
    wrote = {"rephrase": RephraseQuestion, "targen": WriteConstrainedQuestion}.get(method, WriteQuestions)
    assert set(first.rows["prompt_version"]) == {teacher.prompt_version(wrote)}
    # One in eight of the model's answers is wrong, and its corrections uphold the label.
    lost = first.quarantined.filter(pl.col("reason") == "uncorrected")
    assert (lost.height > 0) == (method == "targen")
