"""Asking nobody: what a stage would ask, found out by running the stage itself against the store alone.

What was answered before is answered again from the store, so that a stage goes on with what is known; what was not is
counted, and the stage is told that it failed. What does not live here: which stages are run, and with what.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from synth_assets.automation.estimating.past import Past
from synth_assets.teachers.asking import Answered, Asker, Request
from synth_assets.teachers.prompting import messages
from synth_assets.teachers.settings import TeacherSettings
from synth_assets.teachers.store import MemoryStore, StoredResponse
from synth_assets.teachers.tasks import Result, Task
from synth_assets.teachers.teacher import Failure, Response, Teacher
from synth_assets.teachers.tokens import token_counter

R = TypeVar("R", bound=Result)

LOOKED_UP_TOGETHER = 4_096

UNASKED = Failure("teacher_failed", "not asked yet")


class PromptCounter:
    """Counts the prompt tokens of a task as the teacher of the settings would be charged for one attempt."""

    def __init__(self, settings: TeacherSettings) -> None:
        self._characters = settings.document_characters
        self._counter = None if settings.kind == "embedded" else token_counter(settings.tokenizer)
        self.exact = self._counter is None or self._counter.exact
        self.how = _how(settings, self.exact)

    def __call__(self, task: Task[Any]) -> int:
        """Tokens of the prompt; for the embedded teacher the words of the task, which is how it counts itself."""
        if self._counter is None:
            return len(task.model_dump_json().split())
        return self._counter.prompt(messages(task, self._characters))


def _how(settings: TeacherSettings, exact: bool) -> str:
    if settings.kind == "embedded":
        return "Tokens are words: the embedded teacher reads no prompt, and it is free."
    if exact:
        return f"Prompt tokens are counted exactly, by the tokenizer {settings.tokenizer}."
    if settings.tokenizer:
        return (
            f"Prompt tokens are counted by the tokenizer {settings.tokenizer}; it holds no chat template, so what the "
            "model's format adds to a message is assumed."
        )
    return (
        "Prompt tokens are approximated from the length of the text, because no tokenizer is set; "
        "give the model's with --tokenizer for exact ones."
    )


@dataclass
class Tally:
    """Distinct requests of one partition and kind of task; `prompt_tokens` are those of the `asked` ones.

    `unanswered` is how often a stage was told that it is not answered yet: it may ask the same more than once, and what
    another partition asks is `known` by the time this one comes to it.
    """

    asked: int = 0
    known: int = 0
    prompt_tokens: int = 0
    unanswered: int = 0


class Planner(Asker):
    """An asker that sends nothing and writes nothing: what the store does not answer has failed, and is counted.

    With `tells` false, what the store does answer is counted as known, but has failed for the stage all the same.
    `planned` are hashes of requests that are to be asked by what comes before; those of this stage are added.
    """

    def __init__(
        self,
        teacher: Teacher,
        past: Past,
        count: Callable[[Task[Any]], int],
        planned: set[str],
        tells: bool = True,
    ) -> None:
        super().__init__(teacher, MemoryStore())
        self._tells = tells
        self._past = past
        self._count = count
        self._planned = planned
        self._met: dict[str, Response[Any]] = {}
        self.tallies: dict[tuple[str, str], Tally] = {}
        self.unasked: list[Request[Any]] = []
        """The requests without an answer."""

    def ask(
        self,
        requests: Iterable[Request[R]],
        total: int | None = None,
        advance: Callable[[int, int], None] | None = None,
    ) -> Iterator[Answered[R]]:
        """As the real one, with the answers there are. Nothing is shown of its progress."""
        numbered = enumerate(requests)
        while part := list(islice(numbered, LOOKED_UP_TOGETHER)):
            prepared = [self.teacher.prepare(request.task) for _, request in part]
            stored = self._past.answers([ready.request_hash for ready in prepared])
            for (place, request), ready in zip(part, prepared, strict=True):
                tally = self.tallies.setdefault((request.partition, request.task.kind), Tally())
                if ready.request_hash not in self._met:
                    self._met[ready.request_hash] = self._told(request, ready.request_hash, stored, tally)
                response = self._met[ready.request_hash]
                tally.unanswered += response.result is None
                yield Answered(place, response)

    def _told(
        self, request: Request[R], request_hash: str, stored: Mapping[str, StoredResponse], tally: Tally
    ) -> Response[R]:
        known = stored.get(request_hash)
        result = self.teacher.read(request.task, known.response) if known is not None else None
        if known is not None and result is not None:
            tally.known += 1
            if not self._tells:
                return Response(request_hash, None, failure=UNASKED, answers=0)
            tokens = (known.prompt_tokens, known.completion_tokens)
            return Response(request_hash, result, known.response, None, *tokens)
        if request_hash in self._planned:
            tally.known += 1
        else:
            tally.asked += 1
            tally.prompt_tokens += self._count(request.task)
            self._planned.add(request_hash)
        self.unasked.append(request)
        return Response(request_hash, None, failure=UNASKED, answers=0)
