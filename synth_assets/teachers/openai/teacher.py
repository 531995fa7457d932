"""The teacher behind OpenAI-compatible endpoints: a fleet of URLs, or a server started for the run."""

from contextlib import AbstractContextManager
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from synth_assets.errors import SynthAssetsError
from synth_assets.teachers.immediate import hash_of
from synth_assets.teachers.openai.payload import OURS, PROBLEM_CHARACTERS, payload_of
from synth_assets.teachers.openai.sources import Source, configured
from synth_assets.teachers.prompting import SAMPLING, messages, prompt_version, response_format
from synth_assets.teachers.reading import InvalidAnswerError, correction, read_answer
from synth_assets.teachers.redrawn import draw_named
from synth_assets.teachers.settings import Sampling, TeacherSettings
from synth_assets.teachers.tasks import Result, Task
from synth_assets.teachers.teacher import Conversation, Prepared
from synth_assets.teachers.tokens import most_tokens, token_counter

if TYPE_CHECKING:
    from synth_assets.teachers.openai.attempts import Means
    from synth_assets.teachers.openai.conversation import Asked
    from synth_assets.teachers.openai.exchange import Exchange

R = TypeVar("R", bound=Result)


class OpenAITeacher:
    """A :class:`~synth_assets.teachers.teacher.Teacher` that asks `source`'s endpoints, by default those configured.

    Raises SynthAssetsError for settings that cannot be sent.
    """

    def __init__(self, settings: TeacherSettings, source: Source | None = None) -> None:
        taken = [name for name in OURS if name in settings.extra_body]
        if taken:
            raise SynthAssetsError(
                f"`teacher.extra_body` must not set {taken[0]!r}, which every request sets by itself; take it out."
            )
        self._settings = settings
        self._source = source or configured(settings)
        self._counter = token_counter(settings.tokenizer)

    @property
    def name(self) -> str:
        """`model`, or `model@revision`; another draw than the first is named behind it."""
        revision = self._settings.revision
        name = f"{self._settings.model}@{revision}" if revision else self._settings.model
        return draw_named(name, self._settings.draw)

    def prompt_version(self, task: type[Task[Any]]) -> str:
        """Version of the task's prompt template and schema."""
        return prompt_version(task, self._settings.structured_output)

    def version(self, task: type[Task[Any]]) -> str:
        """Version of all that shapes answers, as far as it is not the task itself."""
        settings = self._settings
        extra = sorted(f"{name}={value!r}" for name, value in settings.extra_body.items())
        sampling = self._sampling(task.kind).model_dump_json()
        return hash_of(
            self.name,
            self.prompt_version(task),
            settings.structured_output,
            str(settings.document_characters),
            str(settings.seeded),
            sampling,
            *extra,
        )

    def prepare(self, task: Task[R]) -> Prepared[R]:
        """The request's body and its hash. What it may cost covers a first answer and a corrected one."""
        settings = self._settings
        payload = payload_of(
            task,
            messages(task, settings.document_characters),
            response_format(task, settings.structured_output),
            self._sampling(task.kind),
            settings.extra_body,
            settings.seeded,
            settings.draw,
        )
        return Prepared(
            task,
            hash_of(settings.model, settings.revision, payload.body.decode(), str(payload.seed)),
            payload,
            most_prompt_tokens=2 * payload.most_prompt_tokens + payload.most_completion_tokens + _most_of_correction(),
            most_completion_tokens=2 * payload.most_completion_tokens,
        )

    def read(self, task: Task[R], text: str) -> R | None:
        """The result of an answer; None where it is not valid."""
        try:
            return read_answer(task, text)
        except InvalidAnswerError:
            return None

    def conversation(self) -> AbstractContextManager[Conversation]:
        """A conversation in a thread of its own, which begins with the first request."""
        # Here: the client's library takes a second to import, and most steps of a run ask nothing.
        from synth_assets.teachers.openai.conversation import OpenAIConversation

        return OpenAIConversation(self._settings, self._source, self._counter, _chat)

    def _sampling(self, kind: str) -> Sampling:
        """The task's defaults, with what the settings say instead."""
        set_here = self._settings.sampling.get(kind, Sampling()).model_dump(exclude_none=True)
        return SAMPLING[kind].model_copy(update=set_here)


def _chat(means: "Means", asked: "Asked") -> "Exchange":
    from synth_assets.teachers.openai.exchange import ChatExchange

    (request,) = asked
    return ChatExchange(means, request)


@cache
def _most_of_correction() -> int:
    """Upper bound of the tokens in which an answer is said to be wrong, the answer itself not counted."""
    return most_tokens(correction("", "\N{REPLACEMENT CHARACTER}" * PROBLEM_CHARACTERS))
