"""The protocol of a teacher: how it prepares a task, how one talks with it, how its stored answers are read again.

What does not live here: the store and the budget (`asking.py`, through which every stage asks), and any teacher.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol, TypeVar

from synth_assets.teachers.tasks import Result, Task

R = TypeVar("R", bound=Result)

Reason = Literal["teacher_failed", "invalid_answer"]
"""Why a task has no result: no answer could be had, or none that is valid."""


@dataclass(frozen=True)
class Prepared(Generic[R]):
    """A task as its teacher will ask it.

    Attributes:
        request_hash: The identity of the request: everything an answer may depend on (model, revision, parameters,
            prompt, schema), hexadecimal BLAKE2b-128. Where the request is sent is not part of it.
        payload: What the teacher sends; its own business.
        most_prompt_tokens: Upper bound of the tokens it may be charged for reading, second attempt included.
        most_completion_tokens: The same for writing.
    """

    task: Task[R]
    request_hash: str
    payload: object = None
    most_prompt_tokens: int = 0
    most_completion_tokens: int = 0


@dataclass(frozen=True)
class Failure:
    """Why a task has no result. `detail` is for a person; for an invalid answer it holds the raw text."""

    reason: Reason
    detail: str


@dataclass(frozen=True)
class Response(Generic[R]):
    """What came of one task: a result, or the failure in its place.

    Attributes:
        text: The answer as the teacher gave it, which the store keeps; empty for a failure.
        prompt_tokens: Tokens read, over all answers that were charged, a rejected first one included.
        completion_tokens: Tokens written, counted in the same way.
        answers: Answers charged: 0 where none came, 2 where the first was rejected, 1 otherwise.
        counted: Whether the endpoint itself gave the token counts; otherwise they are our approximation.
    """

    request_hash: str
    result: R | None
    text: str = ""
    failure: Failure | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    answers: int = 1
    counted: bool = True


class Conversation(Protocol):
    """Requests on their way to a teacher. Everything is called from one thread."""

    @property
    def outstanding(self) -> int:
        """Requests submitted whose response has not been handed over by `arrived`."""

    @property
    def has_room(self) -> bool:
        """Whether more should be submitted: enough to keep the teacher busy are on their way otherwise."""

    def submit(self, request: Prepared[Any]) -> None:
        """Send a request, now or when its turn comes."""

    def arrived(self, wait: float) -> Sequence[Response[Any]]:
        """The responses that have come, in the order they came; waits up to `wait` seconds where there is none.

        Raises SynthAssetsError where the teacher can answer nothing more (no endpoint reachable, key refused), once
        everything that came before has been handed over.
        """


class Teacher(Protocol):
    """Something that answers tasks."""

    @property
    def name(self) -> str:
        """Name and revision of the model, as it stands in every row it made."""

    def prompt_version(self, task: type[Task[Any]]) -> str:
        """Version of the prompt or rules by which `task` is answered, by content."""

    def version(self, task: type[Task[Any]]) -> str:
        """Version of everything that shapes answers to `task`: model, revision, prompt, schema, parameters."""

    def prepare(self, task: Task[R]) -> Prepared[R]:
        """The request for a task, without sending it."""

    def read(self, task: Task[R], text: str) -> R | None:
        """The result an answer's text stands for; None where it is not valid (any more)."""

    def conversation(self) -> AbstractContextManager[Conversation]:
        """A conversation with the teacher. Leaving it drops what is still outstanding."""
