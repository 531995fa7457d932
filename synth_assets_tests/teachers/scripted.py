"""A teacher whose answers come when a test says so, and a store that notes what is written to it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from synth_assets.errors import SynthAssetsError
from synth_assets.teachers.immediate import hash_of
from synth_assets.teachers.store import MemoryStore, Spending, StoredResponse
from synth_assets.teachers.tasks import AnswerQuestion, Task, WrittenAnswer
from synth_assets.teachers.teacher import Conversation, Failure, Prepared, Response

MOST_PROMPT, MOST_COMPLETION = 10, 20
PROMPT, COMPLETION = 7, 3
"""What a request may take at the most, and what it takes."""


class Recorder(MemoryStore):
    """A store that notes how many responses came in each write."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[int] = []
        self.spending: list[Spending] = []
        self.kept: list[StoredResponse] = []

    def add(self, responses: Sequence[StoredResponse], spending: Sequence[Spending]) -> None:
        super().add(responses, spending)
        self.writes.append(len(responses))
        self.spending += spending
        self.kept += responses


class Scripted:
    """Answers with the question's text, `at_once` requests at a time, in the order they were sent.

    After `lasting` answers it breaks off (None: never). A question that begins with `Fail` has no answer.
    """

    name = "scripted@1"

    def __init__(self, lasting: int | None = None, at_once: int = 1) -> None:
        self.lasting = lasting
        self.at_once = at_once
        self.sent: list[str] = []
        self.told = 0

    def prompt_version(self, task: type[Task[Any]]) -> str:
        return "1"

    def version(self, task: type[Task[Any]]) -> str:
        return "1"

    def prepare(self, task: Task[Any]) -> Prepared[Any]:
        identity = hash_of(self.name, task.model_dump_json())
        return Prepared(task, identity, most_prompt_tokens=MOST_PROMPT, most_completion_tokens=MOST_COMPLETION)

    def read(self, task: Task[Any], text: str) -> Any:
        return None if text == "spoilt" else WrittenAnswer(solution=text, final_answer="1")

    @contextmanager
    def conversation(self) -> Iterator[Conversation]:
        yield _Talk(self)


class _Talk:
    def __init__(self, teacher: Scripted) -> None:
        self._teacher = teacher
        self._sent: list[Prepared[Any]] = []

    @property
    def outstanding(self) -> int:
        return len(self._sent)

    @property
    def has_room(self) -> bool:
        return len(self._sent) < self._teacher.at_once

    def submit(self, request: Prepared[Any]) -> None:
        self._sent.append(request)
        self._teacher.sent.append(_question(request))

    def arrived(self, wait: float) -> Sequence[Response[Any]]:
        if not self._sent:
            return []
        if self._teacher.told == self._teacher.lasting:
            raise SynthAssetsError("the teacher has gone")
        self._teacher.told += 1
        return [_response(self._sent.pop(0))]


def _question(request: Prepared[Any]) -> str:
    assert isinstance(request.task, AnswerQuestion)
    return request.task.question


def _response(request: Prepared[Any]) -> Response[Any]:
    text = _question(request)
    if text.startswith("Fail"):
        failure = Failure("teacher_failed", text)
        return Response(request.request_hash, None, failure=failure, prompt_tokens=PROMPT, answers=2)
    result = WrittenAnswer(solution=text, final_answer="1")
    return Response(request.request_hash, result, text, prompt_tokens=PROMPT, completion_tokens=COMPLETION)
