"""Draws of a teacher: each answers anew, draw 0 as if there were no draws, and a draw always alike."""

import json
from pathlib import Path
from typing import Any

import pytest

from synth_assets.seeds import drawn_anew, generator_of
from synth_assets.teachers.asking import Asker, Request
from synth_assets.teachers.choosing import teacher_of
from synth_assets.teachers.openai.payload import Payload
from synth_assets.teachers.settings import TeacherSettings
from synth_assets.teachers.store import MemoryStore
from synth_assets.teachers.tasks import AnswerQuestion, RephraseQuestion, Task, WriteQuestions, WrittenQuestion
from synth_assets.teachers.teacher import Teacher
from synth_assets_tests.teachers.embedded.test_teacher import BAKERY, concepts_of
from synth_assets_tests.teachers.examples import every_task

KINDS: dict[str, dict[str, Any]] = {
    "embedded": {},
    "endpoint": {"kind": "openai", "model": "m", "base_urls": ("http://host/v1",)},
    "endpoint without seeds": {"kind": "openai", "model": "m", "base_urls": ("http://host/v1",), "seeded": False},
}


def teacher(kind: str, draw: int) -> Teacher:
    return teacher_of(TeacherSettings.model_validate({**KINDS[kind], "draw": draw}), Path())


def written(draw: int, method: str = "level_2") -> list[WrittenQuestion]:
    asker = Asker(teacher("embedded", draw), MemoryStore())
    task = WriteQuestions(method=method, documents=(BAKERY,), concepts=concepts_of(BAKERY), at_most=5)
    (response,) = asker.responses([Request("", task)])
    assert response.result is not None
    return list(response.result.questions)


@pytest.mark.parametrize("kind", KINDS)
def test_every_draw_is_another_teacher_to_the_store_and_to_the_assets(kind: str) -> None:
    draws = [teacher(kind, draw) for draw in range(3)]
    assert len({one.name for one in draws}) == 3
    for task in every_task():
        assert len({one.prepare(task).request_hash for one in draws}) == 3
        assert len({one.version(type(task)) for one in draws}) == 3
        assert len({one.prompt_version(type(task)) for one in draws}) == 1


def test_draw_0_asks_as_it_did_before_there_were_draws() -> None:
    asked = teacher("endpoint", 0).prepare(AnswerQuestion(question="What is 3 + 4?"))
    assert isinstance(asked.payload, Payload)
    assert (asked.request_hash, asked.payload.seed) == ("d860e04eeb528104983cf1967f418046", 1820138252)
    assert teacher("endpoint", 0).name == "m"


def test_another_draw_asks_an_endpoint_the_same_with_another_seed() -> None:
    bodies = []
    for draw in (0, 1):
        payload = teacher("endpoint", draw).prepare(AnswerQuestion(question="What is 3 + 4?")).payload
        assert isinstance(payload, Payload)
        bodies.append(json.loads(payload.body))
    assert bodies[0].pop("seed") != bodies[1].pop("seed")
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize("method", ["level_1", "level_2"])
def test_the_embedded_teacher_writes_other_questions_in_each_draw_and_the_same_in_one(method: str) -> None:
    new = [[one.question for one in written(draw, method) if one.origin == "new"] for draw in (0, 1, 1, 2)]
    assert new[1] == new[2]
    assert not set(new[0]) & set(new[1])
    assert not set(new[1]) & set(new[3])


def test_what_stands_in_the_document_is_found_in_every_draw() -> None:
    originals = [[one.question for one in written(draw, "level_1") if one.origin == "original"] for draw in (0, 1)]
    assert originals[0] == originals[1] != []


def test_a_draw_answers_what_it_wrote_also_when_it_said_it_in_other_words() -> None:
    asker = Asker(teacher("embedded", 3), MemoryStore())

    def ask(task: Task[Any]) -> Any:
        (response,) = asker.responses([Request("", task)])
        assert response.result is not None, response.failure
        return response.result

    for one in written(3):
        answer = ask(AnswerQuestion(question=one.question, recipe=one.recipe))
        said = ask(RephraseQuestion(question=one.question, number=1, recipe=one.recipe))
        again = ask(AnswerQuestion(question=said.question, recipe=said.recipe))
        assert answer.final_answer == again.final_answer


def test_outside_of_a_draw_nothing_is_drawn_anew() -> None:
    before = generator_of("a", 1).random()
    with drawn_anew(1):
        within = generator_of("a", 1).random()
        with drawn_anew(0):
            assert generator_of("a", 1).random() == before
    assert within != before == generator_of("a", 1).random()
