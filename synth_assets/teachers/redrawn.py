"""Another draw of a teacher in this process: the same rules, other random choices.

It stands around the teacher rather than in it: the embedded teacher's revision is the hash of its sources, and that of
draw 0 must stay what it is. How an endpoint is asked for another draw is said in `openai/payload.py`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from synth_assets.seeds import drawn_anew
from synth_assets.teachers.immediate import hash_of
from synth_assets.teachers.tasks import Result, Task
from synth_assets.teachers.teacher import Conversation, Prepared, Response, Teacher

R = TypeVar("R", bound=Result)


def draw_named(name: str, draw: int) -> str:
    """A teacher's name with the number of its draw; draw 0 has the name alone."""
    return f"{name} draw {draw}" if draw else name


class RedrawnTeacher:
    """A :class:`~synth_assets.teachers.teacher.Teacher` that answers as `teacher` does with other random choices.

    `teacher` must answer in the thread that submits. Whatever depends on a generator of `seeds.py` differs, also what a
    recipe is told again by: questions of a draw are answered by the same draw.
    """

    def __init__(self, teacher: Teacher, draw: int) -> None:
        self._teacher = teacher
        self._draw = draw

    @property
    def name(self) -> str:
        """The teacher's, with the draw."""
        return draw_named(self._teacher.name, self._draw)

    def prompt_version(self, task: type[Task[Any]]) -> str:
        """The teacher's: another draw is asked by the same rules."""
        return self._teacher.prompt_version(task)

    def version(self, task: type[Task[Any]]) -> str:
        """The teacher's, with the draw."""
        return draw_named(self._teacher.version(task), self._draw)

    def prepare(self, task: Task[R]) -> Prepared[R]:
        """The teacher's request under a hash of its own."""
        asked = self._teacher.prepare(task)
        return Prepared(
            task,
            hash_of("draw", str(self._draw), asked.request_hash),
            asked.payload,
            asked.most_prompt_tokens,
            asked.most_completion_tokens,
        )

    def read(self, task: Task[R], text: str) -> R | None:
        """As the teacher reads it."""
        return self._teacher.read(task, text)

    @contextmanager
    def conversation(self) -> Iterator[Conversation]:
        """A conversation with the teacher, in which it draws anew."""
        with self._teacher.conversation() as conversation:
            yield _Redrawn(conversation, self._draw)


class _Redrawn:
    """A conversation whose answers are drawn anew."""

    def __init__(self, conversation: Conversation, draw: int) -> None:
        self._conversation = conversation
        self._draw = draw

    @property
    def outstanding(self) -> int:
        return self._conversation.outstanding

    @property
    def has_room(self) -> bool:
        return self._conversation.has_room

    def submit(self, request: Prepared[Any]) -> None:
        with drawn_anew(self._draw):
            self._conversation.submit(request)

    def arrived(self, wait: float) -> Sequence[Response[Any]]:
        return self._conversation.arrived(wait)
