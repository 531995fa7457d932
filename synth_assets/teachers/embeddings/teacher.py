"""An embeddings endpoint in the form of a teacher: what is asked of it goes through the same store and budget."""

import json
from asyncio import Lock
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, TypeVar

from synth_assets.errors import SynthAssetsError
from synth_assets.teachers.embeddings.charges import most_tokens
from synth_assets.teachers.embeddings.exchange import BatchExchange, Learned
from synth_assets.teachers.embeddings.settings import SECTION, EmbedderSettings
from synth_assets.teachers.embeddings.task import EmbedText, TextVector, decoded
from synth_assets.teachers.immediate import hash_of
from synth_assets.teachers.openai.attempts import Means
from synth_assets.teachers.openai.conversation import OpenAIConversation
from synth_assets.teachers.openai.sources import Source, configured
from synth_assets.teachers.tasks import Result, Task
from synth_assets.teachers.teacher import Conversation, Prepared
from synth_assets.teachers.tokens import token_counter

R = TypeVar("R", bound=Result)

OURS = ("model", "input", "encoding_format", "dimensions")
"""Fields of the body that `extra_body` may not set."""

BLANK = "."
"""Asked in the place of a text of nothing but white space, which endpoints refuse."""


class EmbeddingTeacher:
    """A :class:`~synth_assets.teachers.teacher.Teacher` that answers `EmbedText` alone.

    It asks `source`'s endpoints, by default those configured. Raises SynthAssetsError for settings that cannot be sent.
    """

    def __init__(self, settings: EmbedderSettings, source: Source | None = None) -> None:
        taken = [name for name in OURS if name in settings.extra_body]
        if taken:
            raise SynthAssetsError(
                f"`{SECTION}.extra_body` must not set {taken[0]!r}, which every request sets by itself; take it out."
            )
        self._settings = settings
        self._source = source or configured(settings)
        self._counter = token_counter(settings.tokenizer)
        self._parameters = json.dumps([settings.dimensions, settings.extra_body], sort_keys=True)
        self.learned = Learned()

    @property
    def name(self) -> str:
        """`model`, or `model@revision`."""
        revision = self._settings.revision
        return f"{self._settings.model}@{revision}" if revision else self._settings.model

    def prompt_version(self, task: type[Task[Any]]) -> str:
        """There is no prompt."""
        return ""

    def version(self, task: type[Task[Any]]) -> str:
        """Version of all that shapes vectors, as far as it is not the text itself."""
        return hash_of(self._settings.model, self._settings.revision, self._parameters, str(self._settings.characters))

    def prepare(self, task: Task[R]) -> Prepared[R]:
        """The text as it is asked about, and its hash, of which how vectors travel is no part."""
        asked: Task[Any] = task
        assert isinstance(asked, EmbedText)
        settings = self._settings
        text = asked.text[: settings.characters]
        text = text if text.strip() else BLANK
        identity = hash_of(EmbedText.kind, settings.model, settings.revision, self._parameters, text)
        return Prepared(task, identity, text, most_prompt_tokens=most_tokens(text))

    def tokens(self, text: str) -> int:
        """Tokens of a text as far as it is read, by the tokenizer of the settings or about."""
        return self._counter.text(text[: self._settings.characters])

    def read(self, task: Task[R], text: str) -> R | None:
        """The vector of a stored answer; None where it is none."""
        try:
            return TextVector(values=decoded(text))  # type: ignore[return-value]  # the result of EmbedText
        except ValueError:
            return None

    def conversation(self) -> AbstractContextManager[Conversation]:
        """A conversation in a thread of its own, which begins with the first request."""
        # A lock belongs to one event loop; what was learned is the next conversation's too.
        self.learned = replace(self.learned, probing=Lock(), hopeless=None)
        settings, learned = self._settings, self.learned

        def batch(means: Means, asked: Sequence[Prepared[Any]]) -> BatchExchange:
            return BatchExchange(means, asked, settings, learned)

        return OpenAIConversation(settings, self._source, self._counter, batch, settings.batch_size)
