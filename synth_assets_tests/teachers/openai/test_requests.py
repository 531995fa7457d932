"""The identity of a request: what an answer may depend on, and nothing else."""

import json
from typing import Any

import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.teachers.openai.payload import Payload
from synth_assets.teachers.openai.teacher import OpenAITeacher
from synth_assets.teachers.settings import Sampling, TeacherSettings
from synth_assets.teachers.tasks import AnswerQuestion, SourceDocument, Task, WriteQuestions
from synth_assets.teachers.teacher import Prepared

QUESTION = AnswerQuestion(question="What is 3 + 4?")


def settings(**changed: Any) -> TeacherSettings:
    given = {"kind": "openai", "model": "a model", "base_urls": ["http://host/v1"], **changed}
    return TeacherSettings.model_validate(given)


def prepared(task: Task[Any] = QUESTION, **changed: Any) -> Prepared[Any]:
    return OpenAITeacher(settings(**changed)).prepare(task)


def body(request: Prepared[Any]) -> dict[str, Any]:
    assert isinstance(request.payload, Payload)
    read: dict[str, Any] = json.loads(request.payload.body_for("a model"))
    return read


@pytest.mark.parametrize(
    "changed",
    [
        {"model": "another"},
        {"revision": "2"},
        {"draw": 1},
        {"structured_output": "json_object"},
        {"sampling": {"answer_question": {"temperature": 0.1}}},
        {"sampling": {"answer_question": {"max_completion_tokens": 77}}},
        {"extra_body": {"chat_template_kwargs": {"enable_thinking": False}}},
        {"seeded": False},
    ],
)
def test_what_shapes_the_answer_makes_another_request_and_version(changed: dict[str, Any]) -> None:
    assert prepared(**changed).request_hash != prepared().request_hash
    asked = OpenAITeacher(settings(**changed)).version(AnswerQuestion)
    assert asked != OpenAITeacher(settings()).version(AnswerQuestion)


@pytest.mark.parametrize(
    "changed",
    [
        {"base_urls": ["http://other/v1", "http://third/v1"]},
        {"concurrency": 3, "attempt_timeout": 1, "deadline": 2, "patience": 3},
        {"price_prompt": 1.0, "max_cost": 5.0, "api_key_env": "OTHER"},
        {"sampling": {"judge_answer": {"temperature": 0.1}}},
    ],
)
def test_where_and_how_fast_it_is_asked_does_not(changed: dict[str, Any]) -> None:
    assert prepared(**changed).request_hash == prepared().request_hash
    asked = OpenAITeacher(settings(**changed)).version(AnswerQuestion)
    assert asked == OpenAITeacher(settings()).version(AnswerQuestion)


def test_samples_and_rounds_are_different_requests_with_different_seeds() -> None:
    document = SourceDocument(document_id="1", title="Sums", text="1 + 1 = 2")
    repeated: list[list[Task[Any]]] = [
        [AnswerQuestion(question="Why?", sample=sample) for sample in range(4)],
        [WriteQuestions(method="level_1", documents=(document,), concepts=(), at_most=3, round=n) for n in range(4)],
    ]
    for tasks in repeated:
        requests = [prepared(task) for task in tasks]
        assert (
            len({request.request_hash for request in requests})
            == len({body(request)["seed"] for request in requests})
            == 4
        )
        assert [prepared(task).request_hash for task in tasks] == [request.request_hash for request in requests]


def test_samples_stay_apart_where_no_seed_is_sent() -> None:
    requests = [prepared(AnswerQuestion(question="Why?", sample=sample), seeded=False) for sample in range(3)]
    assert len({request.request_hash for request in requests}) == 3
    assert all("seed" not in body(request) for request in requests)


def test_the_body_holds_what_was_set() -> None:
    thinking = {"chat_template_kwargs": {"enable_thinking": False}}
    sent = body(prepared(extra_body=thinking, sampling={"answer_question": Sampling(temperature=0.25)}))
    assert sent["model"] == "a model"
    assert sent["temperature"] == 0.25
    assert sent["chat_template_kwargs"] == thinking["chat_template_kwargs"]
    assert isinstance(sent["response_format"], dict)
    assert sent["response_format"]["type"] == "json_schema"
    assert "response_format" not in body(prepared(structured_output="none"))


def test_the_name_is_the_model_and_its_mark_and_never_the_url() -> None:
    assert OpenAITeacher(settings()).name == "a model"
    assert OpenAITeacher(settings(revision="r7")).name == "a model@r7"


def test_the_bounds_cover_a_second_answer() -> None:
    request = prepared(sampling={"answer_question": {"max_completion_tokens": 100}})
    assert isinstance(request.payload, Payload)
    assert request.most_completion_tokens == 200
    again = request.payload.corrected("x" * 99, "it is no JSON")
    assert request.most_prompt_tokens >= request.payload.most_prompt_tokens + again.most_prompt_tokens - 99


def test_a_longer_answer_allowed_by_extra_body_is_covered() -> None:
    assert prepared(extra_body={"max_tokens": 50_000}).most_completion_tokens == 100_000


@pytest.mark.parametrize("field", ["model", "messages", "stream", "n"])
def test_extra_body_may_not_set_what_reading_and_charging_rest_on(field: str) -> None:
    with pytest.raises(SynthAssetsError, match=f"must not set '{field}'"):
        OpenAITeacher(settings(extra_body={field: True}))


def test_half_a_surrogate_pair_in_a_question_can_be_sent() -> None:
    assert body(prepared(AnswerQuestion(question="What is \ud800?")))
