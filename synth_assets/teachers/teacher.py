"""The protocol of a teacher and of the store that remembers what it answered.

A stage asks through :func:`ask_all` only: answers already stored are not asked for again (a teacher may be paid).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Generic, Protocol, TypeVar

from synth_assets.teachers.tasks import Result, Task

R = TypeVar("R", bound=Result)


@dataclass(frozen=True)
class Response(Generic[R]):
    """What came of one task: a result, or the reason there is none. Tokens count what the model read and wrote."""

    request_hash: str
    result: R | None
    failure: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0


class Teacher(Protocol):
    """Something that answers tasks."""

    @property
    def name(self) -> str:
        """Name and revision of the model, as it stands in every row it made."""

    def prompt_version(self, task: type[Task[Any]]) -> str:
        """Version of the prompt or rules by which `task` is answered, by content."""

    def ask(self, tasks: Sequence[Task[R]]) -> Iterable[Response[R]]:
        """One response a task, in order. A task that cannot be answered gives a failure, never an exception."""


@dataclass(frozen=True)
class StoredResponse:
    """A row of teacher_responses without its partition."""

    request_hash: str
    task: str
    teacher: str
    prompt_version: str
    response: str
    prompt_tokens: int
    completion_tokens: int


class ResponseStore(Protocol):
    """Where answers are kept. Failures are never stored."""

    def find(self, request_hashes: Sequence[str]) -> Mapping[str, StoredResponse]:
        """The stored responses among the given hashes."""

    def add(self, responses: Sequence[StoredResponse]) -> None:
        """Keep responses, durably, before returning."""


def request_hash(teacher: Teacher, task: Task[Any]) -> str:
    """The identity of a request: teacher, prompt version, task and every field of it (hexadecimal BLAKE2b-128)."""
    identity = [teacher.name, teacher.prompt_version(type(task)), task.kind, task.model_dump(mode="json")]
    return blake2b(json.dumps(identity, sort_keys=True, ensure_ascii=False).encode(), digest_size=16).hexdigest()
