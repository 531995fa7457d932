"""Thousands of requests over endpoints that fail in every way they can."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.teachers.asking import Asker, Request
from synth_assets.teachers.openai.conversation import OpenAIConversation
from synth_assets.teachers.openai.teacher import OpenAITeacher
from synth_assets.teachers.settings import TeacherSettings
from synth_assets.teachers.store import MemoryStore
from synth_assets.teachers.tasks import AnswerQuestion, WrittenAnswer
from synth_assets.teachers.teacher import Response
from synth_assets_tests.teachers.openai.endpoint import endpoint_in_thread, read_log, scripted_endpoint
from synth_assets_tests.teachers.openai.serving import FAULTS, Fault, Script

DELIVERED = {"none", "wrong_counts", "no_counts"}
"""What the endpoint calls an attempt whose valid answer it has sent."""
INVALID = {"truncated_json", "invalid_json", "duplicate_keys", "length"}


def teacher(*urls: str, **changed: Any) -> OpenAITeacher:
    given = {"kind": "openai", "model": "scripted", "base_urls": urls, "attempt_timeout": 2.0, **changed}
    return OpenAITeacher(TeacherSettings.model_validate(given))


def questions(count: int) -> Iterator[Request[WrittenAnswer]]:
    return (Request("", AnswerQuestion(question=f"What is {number} + 4?")) for number in range(count))


def asked(teacher: OpenAITeacher, count: int) -> Sequence[Response[WrittenAnswer]]:
    return Asker(teacher, MemoryStore()).responses(questions(count))


@pytest.mark.slow
def test_of_five_thousand_requests_with_a_third_faulty_each_ends_and_none_is_paid_twice(tmp_path: Path) -> None:
    count, log = 5_000, tmp_path / "log"
    store = MemoryStore()
    with scripted_endpoint(log, Script(faults=Script.evenly(1 / 3), retry_after=0.3)) as endpoint:
        # Long enough that an answer which was sent is never too late, on however busy a machine.
        asker = Asker(teacher(endpoint.url, attempt_timeout=8.0), store)
        responses = asker.responses(questions(count))
        faults = Counter(line.fault for line in endpoint.logged())
    assert set(faults) == {*FAULTS, "none"}

    assert len(responses) == count
    assert all((response.result is None) == (response.failure is not None) for response in responses)
    failures = Counter(response.failure.reason for response in responses if response.failure)
    # A request fails where both its first answer and the corrected one are spoilt.
    assert set(failures) <= {"invalid_answer"}
    assert failures["invalid_answer"] < 0.05 * count

    deliveries, spoilt = Counter[str](), Counter[str]()
    last: dict[str, str] = {}
    for line in read_log(log):
        if line.request in last:
            assert last[line.request] not in DELIVERED | INVALID, "what was answered is not asked again"
        last[line.request] = line.fault
        deliveries[line.asked] += line.fault in DELIVERED
        spoilt[line.asked] += line.fault in INVALID
    assert set(deliveries.values()) == {0, 1}
    assert sum(deliveries.values()) == count - failures["invalid_answer"]
    assert max(spoilt.values()) == 2
    assert asker.spent.answers == sum(deliveries.values()) + sum(spoilt.values())
    assert asker.spent.requests == count
    assert len(store.find([response.request_hash for response in responses])) == sum(deliveries.values())


def test_answers_whose_tokens_cannot_be_right_are_counted_here() -> None:
    counted, approximated = Script(), Script(faults={"wrong_counts": 0.5, "no_counts": 0.5})
    with endpoint_in_thread(counted) as (url, _):
        assert all(response.counted for response in asked(teacher(url), 20))
    with endpoint_in_thread(approximated) as (url, _):
        for response in asked(teacher(url), 20):
            assert response.result is not None
            assert not response.counted
            assert 0 < response.completion_tokens < 4_096
            assert 0 < response.prompt_tokens < 10_000


def test_an_answer_that_stays_invalid_is_a_failure_with_its_raw_text() -> None:
    with endpoint_in_thread(Script(faults={"invalid_json": 1.0})) as (url, endpoint):
        [response] = asked(teacher(url), 1)
        assert endpoint.counts.received == 2
    assert response.failure is not None
    assert response.failure.reason == "invalid_answer"
    assert "I cannot put this into the form asked for." in response.failure.detail
    assert response.answers == 2
    assert response.prompt_tokens > 0


def test_an_answer_that_was_cut_off_is_never_taken_for_whole() -> None:
    with endpoint_in_thread(Script(faults={"length": 1.0})) as (url, _):
        [response] = asked(teacher(url), 1)
    assert response.failure is not None
    assert "cut off" in response.failure.detail


def test_concurrency_falls_while_faults_last_and_recovers_after_them() -> None:
    with endpoint_in_thread(Script(latency=0.02)) as (url, endpoint):
        made = teacher(url, concurrency=64)
        with made.conversation() as conversation:
            assert isinstance(conversation, OpenAIConversation)
            requests = (made.prepare(request.task) for request in questions(1_000_000))
            limits = []
            phases: list[tuple[dict[Fault, float], int]] = [({}, 64), ({"error": 0.5, "rate_limit": 0.5}, 8), ({}, 64)]
            for phase, wanted in phases:
                endpoint.script.faults = phase
                limits.append(_reached(conversation, requests, wanted))
    assert limits == [True, True, True]


def _reached(conversation: OpenAIConversation, requests: Iterator[Any], wanted: int) -> bool:
    """Whether the limit comes to `wanted`, from whichever side, while the conversation is kept busy."""
    rising = conversation.limit <= wanted
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if conversation.limit >= wanted if rising else conversation.limit <= wanted:
            return True
        while conversation.has_room:
            conversation.submit(next(requests))
        conversation.arrived(wait=0.1)
    return False


def test_the_wait_that_an_endpoint_asks_for_is_kept(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with scripted_endpoint(log, Script(faults={"rate_limit": 1.0}, retry_after=1.5)) as endpoint:
        made = teacher(endpoint.url, deadline=4.0)
        responses = asked(made, 5)
        times: dict[str, list[float]] = {}
        for line in endpoint.logged():
            times.setdefault(line.request, []).append(line.time)
    assert all(response.failure and response.failure.reason == "teacher_failed" for response in responses)
    assert all("slow down" in response.failure.detail for response in responses if response.failure), responses
    for attempts in times.values():
        assert len(attempts) >= 2
        assert all(later - earlier >= 1.5 for earlier, later in pairwise(attempts))
        assert attempts[-1] - attempts[0] < 4.0, "the deadline holds"


def test_a_wait_beyond_the_deadline_does_not_use_up_the_requests_that_follow() -> None:
    with endpoint_in_thread(Script(faults={"rate_limit": 1.0}, retry_after=3_600.0)) as (url, endpoint):
        made = teacher(url, concurrency=8, deadline=60.0, patience=1.5)
        asker = Asker(made, MemoryStore())
        with pytest.raises(SynthAssetsError, match="slow down"):
            asker.responses(questions(1_000))
        assert endpoint.counts.received <= 3 * 8
    assert asker.spent.requests == 0


def test_a_server_on_this_machine_is_not_looked_for_behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with endpoint_in_thread() as (url, _):
        assert asked(teacher(url), 1)[0].result is not None


def test_an_endpoint_that_hangs_is_given_up_and_asked_again() -> None:
    with endpoint_in_thread(Script(faults={"hang": 0.2})) as (url, endpoint):
        responses = asked(teacher(url, attempt_timeout=0.5), 30)
        assert endpoint.counts.by_fault["hang"] > 0
    assert all(response.result is not None for response in responses)


def test_a_dead_url_among_two_is_tried_rarely() -> None:
    with endpoint_in_thread(Script(latency=0.01)) as (url, endpoint):
        made = teacher("http://127.0.0.1:9/v1", url, concurrency=8)
        responses = asked(made, 300)
        assert endpoint.counts.received == 300
    assert all(response.result is not None for response in responses)


def test_a_url_that_comes_back_is_used_again() -> None:
    with endpoint_in_thread() as (url, _):
        free = int(url.split(":")[-1].removesuffix("/v1"))
    with endpoint_in_thread(Script(latency=0.02)) as (steady, _):
        made = teacher(f"http://127.0.0.1:{free}/v1", steady, concurrency=4)
        requests = (made.prepare(request.task) for request in questions(1_000_000))
        with made.conversation() as conversation:
            _ask_for(conversation, requests, seconds=0.5)
            with endpoint_in_thread(Script(latency=0.02), port=free) as (_, returned):
                until = time.monotonic() + 30
                while returned.counts.received < 20 and time.monotonic() < until:
                    _ask_for(conversation, requests, seconds=0.1)
                assert returned.counts.received >= 20


def _ask_for(conversation: Any, requests: Iterator[Any], seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        while conversation.has_room:
            conversation.submit(next(requests))
        assert all(response.result is not None for response in conversation.arrived(wait=0.05))


def test_a_conversation_with_a_hanging_endpoint_is_left_at_once() -> None:
    with endpoint_in_thread(Script(faults={"hang": 1.0})) as (url, endpoint):
        made = teacher(url, attempt_timeout=600.0)
        with made.conversation() as conversation:
            for request in questions(50):
                conversation.submit(made.prepare(request.task))
            while endpoint.counts.received < 32:
                assert not conversation.arrived(wait=0.05)
            left = time.monotonic()
        assert time.monotonic() - left < 5.0


def test_a_conversation_nothing_is_asked_in_contacts_nobody() -> None:
    def source() -> Any:
        raise AssertionError("no endpoint is wanted")

    made = OpenAITeacher(TeacherSettings(kind="openai", model="m", base_urls=("http://host/v1",)), source)
    with made.conversation() as conversation:
        assert conversation.has_room
        assert conversation.arrived(wait=1.0) == []
