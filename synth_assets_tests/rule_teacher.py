"""A teacher that answers by a rule of the test, and may contradict itself or answer out of order."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from pydantic import ValidationError

from synth_assets.teachers.asking import Asker
from synth_assets.teachers.immediate import hash_of, immediate
from synth_assets.teachers.store import MemoryStore
from synth_assets.teachers.tasks import Result, Task
from synth_assets.teachers.teacher import Conversation, Failure, Prepared, Response

Rule = Callable[[Any], Result | Failure | str]
"""A task's result, or the failure in its place; a text stands for a teacher that failed."""


class RuleTeacher:
    """Answers each task by one rule; remembers what it was asked."""

    name = "rule@1"

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.asked: list[Task[Any]] = []

    def prompt_version(self, task: type[Task[Any]]) -> str:
        return "v1"

    def version(self, task: type[Task[Any]]) -> str:
        return "v1"

    def prepare(self, task: Task[Any]) -> Prepared[Any]:
        return Prepared(task, hash_of(self.name, task.kind, task.model_dump_json()))

    def read(self, task: Task[Any], text: str) -> Any:
        try:
            return type(task).result.model_validate_json(text)
        except ValidationError:
            return None

    def conversation(self) -> AbstractContextManager[Conversation]:
        return immediate(self._respond)

    def _respond(self, request: Prepared[Any]) -> Response[Any]:
        self.asked.append(request.task)
        told = self.rule(request.task)
        failure = Failure("teacher_failed", told) if isinstance(told, str) else told
        if isinstance(failure, Failure):
            return Response(request.request_hash, None, failure=failure, prompt_tokens=10)
        text = failure.model_dump_json()
        return Response(request.request_hash, failure, text, prompt_tokens=10, completion_tokens=3)


class ShufflingTeacher(RuleTeacher):
    """Keeps its answers back, and hands them over in an order of its own."""

    def __init__(self, rule: Rule, seed: int = 0, together: int = 50) -> None:
        super().__init__(rule)
        self.together = together
        self.random = random.Random(seed)

    @contextmanager
    def conversation(self) -> Iterator[Conversation]:  # type: ignore[override]
        yield _Shuffled(self)

    def answer(self, request: Prepared[Any]) -> Response[Any]:
        return self._respond(request)


class _Shuffled:
    def __init__(self, teacher: ShufflingTeacher) -> None:
        self._teacher = teacher
        self._ready: list[Response[Any]] = []

    @property
    def outstanding(self) -> int:
        return len(self._ready)

    @property
    def has_room(self) -> bool:
        return len(self._ready) < self._teacher.together

    def submit(self, request: Prepared[Any]) -> None:
        self._ready.append(self._teacher.answer(request))

    def arrived(self, wait: float) -> Sequence[Response[Any]]:
        self._teacher.random.shuffle(self._ready)
        half = (len(self._ready) + 1) // 2
        told, self._ready = self._ready[:half], self._ready[half:]
        return told


def asking(teacher: RuleTeacher) -> Asker:
    """An asker of the teacher, with nothing stored."""
    return Asker(teacher, MemoryStore())
