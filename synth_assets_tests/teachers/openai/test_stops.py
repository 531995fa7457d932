"""Where a teacher can answer nothing more, it says so in one sentence, with the way out, and without any secret."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.teachers.asking import Asker, Request
from synth_assets.teachers.openai import vigil
from synth_assets.teachers.openai.conversation import REFUSALS
from synth_assets.teachers.openai.sources import Endpoint
from synth_assets.teachers.openai.teacher import OpenAITeacher
from synth_assets.teachers.settings import TeacherSettings
from synth_assets.teachers.store import MemoryStore
from synth_assets.teachers.tasks import AnswerQuestion
from synth_assets.teachers.teacher import Response
from synth_assets_tests.teachers.openai.endpoint import endpoint_in_thread
from synth_assets_tests.teachers.openai.serving import Script

KEY = "sk-planted-4f1d8c0b"
GO_ON = "run the same command again to go on"


def settings(url: str, **changed: Any) -> TeacherSettings:
    given = {"kind": "openai", "model": "scripted", "base_urls": [url], "api_key_env": "PLANTED_KEY", **changed}
    return TeacherSettings.model_validate(given)


def asked(teacher: OpenAITeacher, count: int) -> list[Response[Any]]:
    requests = [Request("", AnswerQuestion(question=f"What is {number} + 4?")) for number in range(count)]
    return Asker(teacher, MemoryStore()).responses(requests)


def stopped(teacher: OpenAITeacher, count: int = 60) -> str:
    with pytest.raises(SynthAssetsError) as caught:
        asked(teacher, count)
    assert caught.value.__cause__ is None
    return str(caught.value)


def test_a_refused_key_stops_the_run_naming_the_variable_and_hiding_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    with endpoint_in_thread(Script(key="another")) as (url, _):
        monkeypatch.setenv("PLANTED_KEY", KEY)
        refused = stopped(OpenAITeacher(settings(url)))
        assert "PLANTED_KEY, which is set, but the key in it is refused" in refused
        assert "Incorrect API key provided: [redacted]" in refused
        assert "planted-" not in refused
        monkeypatch.delenv("PLANTED_KEY")
        assert "PLANTED_KEY, which is not set" in stopped(OpenAITeacher(settings(url)))


class Quoting(BaseHTTPRequestHandler):
    """Declines every request, quoting the key it came with."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        refusal = f"I do not work for {self.headers['Authorization']}."
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "refusal": refusal}}
        body = json.dumps({"choices": [choice], "usage": {"prompt_tokens": 9, "completion_tokens": 9}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the test's output."""


def test_a_model_that_declines_and_quotes_the_key_is_told_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANTED_KEY", KEY)
    with ThreadingHTTPServer(("127.0.0.1", 0), Quoting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        (response,) = asked(OpenAITeacher(settings(f"http://127.0.0.1:{server.server_port}/v1")), 1)
        server.shutdown()
    assert response.failure is not None
    assert response.failure.reason == "teacher_failed"
    assert response.failure.detail == "The model declined to answer: I do not work for Bearer [redacted]."


def test_the_right_key_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANTED_KEY", KEY)
    with endpoint_in_thread(Script(key=KEY)) as (url, _):
        assert asked(OpenAITeacher(settings(url)), 1)[0].result is not None


def test_user_and_password_in_a_url_are_sent_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANTED_KEY", KEY)
    with endpoint_in_thread(Script(key="Basic dXNlcjpwQHNzd29yZA==")) as (url, endpoint):
        with_password = url.replace("http://", "http://user:p%40ssword@")
        assert asked(OpenAITeacher(settings(with_password)), 1)[0].result is not None
        endpoint.script.key = "another"
        said = stopped(OpenAITeacher(settings(with_password)))
    assert "p%40ssword" not in said
    assert "p@ssword" not in said


def test_a_key_with_a_line_break_is_refused_before_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANTED_KEY", f"{KEY}\nX")
    said = stopped(OpenAITeacher(settings("http://127.0.0.1:9/v1")))
    assert "PLANTED_KEY" in said
    assert KEY not in said


def test_a_missing_model_stops_the_run_listing_those_there_are() -> None:
    with endpoint_in_thread(Script(model="llama")) as (url, _):
        said = stopped(OpenAITeacher(settings(url)))
    assert f"{url} has no model 'scripted'" in said
    assert "It serves llama" in said


def test_a_wrong_path_stops_the_run_naming_the_url() -> None:
    with endpoint_in_thread() as (url, _):
        said = stopped(OpenAITeacher(settings(url.removesuffix("/v1"))))
    assert f"{url.removesuffix('/v1')} has no model" in said
    assert "ends in /v1" in said


@pytest.mark.parametrize("url", ["host:8000/v1", "ftp://host/v1", "http://host:port/v1", "http://"])
def test_a_url_that_is_none_stops_the_run(url: str) -> None:
    assert repr(url) in stopped(OpenAITeacher(settings(url)))


def test_single_refusals_are_failures_and_nothing_but_refusals_stops_the_run() -> None:
    with endpoint_in_thread(Script(refuse=400)) as (url, _):
        few = asked(OpenAITeacher(settings(url)), REFUSALS - 1)
        said = stopped(OpenAITeacher(settings(url)))
    assert {response.failure.reason for response in few if response.failure} == {"teacher_failed"}
    assert "response_format is not supported by this server" in said
    assert "teacher.structured_output" in said
    assert "teacher.extra_body" in said


def test_silence_stops_the_run_when_patience_is_over_and_keeps_what_came() -> None:
    store = MemoryStore()
    with endpoint_in_thread() as (url, endpoint):
        teacher = OpenAITeacher(settings(url, concurrency=4, patience=4.0, attempt_timeout=2.0))
        requests = [Request("", AnswerQuestion(question=f"What is {number} + 4?")) for number in range(400)]
        answered = 0
        with pytest.raises(SynthAssetsError) as caught:
            for _ in Asker(teacher, store).ask(requests):
                answered += 1
                if answered == 20:
                    endpoint.script.faults = {"hang": 1.0}
    assert url in str(caught.value)
    assert "no answer in time" in str(caught.value)
    assert GO_ON in str(caught.value)
    hashes = [teacher.prepare(request.task).request_hash for request in requests]
    assert len(store.find(hashes)) == answered >= 20


def test_endpoints_that_are_all_down_are_waited_for_and_the_person_is_told_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(vigil, "WORTH_TELLING", 0.1)
    with endpoint_in_thread() as (url, _):
        port = int(url.split(":")[-1].removesuffix("/v1"))
    teacher = OpenAITeacher(settings(url, patience=60.0))
    with teacher.conversation() as conversation:
        for number in range(40):
            conversation.submit(teacher.prepare(AnswerQuestion(question=f"What is {number} + 4?")))
        assert not conversation.arrived(wait=1.0)
        told = capsys.readouterr().out
        assert url in told
        assert "trying on for up to 60 s" in told
        with endpoint_in_thread(port=port) as (_, endpoint):
            heard: list[Response[Any]] = []
            while len(heard) < 40:
                heard += conversation.arrived(wait=5.0)
            assert endpoint.counts.received == 40, "no attempt was spent on waiting"
    assert all(response.result is not None for response in heard)


def test_a_server_that_has_died_stops_the_run_with_its_own_words() -> None:
    def died() -> None:
        raise SynthAssetsError("The server has ended: out of memory; see its log.")

    @contextmanager
    def source() -> Iterator[Sequence[Endpoint]]:
        yield [Endpoint("http://127.0.0.1:9/v1", check=died)]

    assert stopped(OpenAITeacher(settings("http://host/v1"), source)).startswith("The server has ended")


def test_an_endpoint_may_know_the_model_by_another_name() -> None:
    @contextmanager
    def source() -> Iterator[Sequence[Endpoint]]:
        yield [Endpoint(url, model="/models/llama")]

    with endpoint_in_thread(Script(model="/models/llama")) as (url, _):
        [response] = asked(OpenAITeacher(settings(url), source), 1)
    assert response.result is not None
    assert (
        response.request_hash
        == OpenAITeacher(settings(url)).prepare(AnswerQuestion(question="What is 0 + 4?")).request_hash
    )


INTERRUPTED = """
import _thread, sys, threading
from synth_assets.teachers.asking import Asker, Request
from synth_assets.teachers.openai.teacher import OpenAITeacher
from synth_assets.teachers.settings import TeacherSettings
from synth_assets.teachers.store import MemoryStore
from synth_assets.teachers.tasks import AnswerQuestion

settings = TeacherSettings(kind="openai", model="m", base_urls=(sys.argv[1],))
threading.Timer(1.0, _thread.interrupt_main).start()
try:
    Asker(OpenAITeacher(settings), MemoryStore()).responses([Request("", AnswerQuestion(question="Why?"))])
except KeyboardInterrupt:
    print("interrupted")
"""


def test_a_keyboard_interrupt_ends_the_wait_for_a_hanging_endpoint_without_noise() -> None:
    with endpoint_in_thread(Script(faults={"hang": 1.0})) as (url, _):
        done = subprocess.run(
            [sys.executable, "-X", "dev", "-c", INTERRUPTED, url],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    assert done.stdout == "interrupted\n"
    assert "Unclosed" not in done.stderr
    assert "never" not in done.stderr
