"""The embedder of the domain filter behind an endpoint: vectors from the store where they are, asked for otherwise."""

from collections.abc import Callable, Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

from synth_assets.errors import SynthAssetsError
from synth_assets.progress import tell
from synth_assets.teachers.asking import Asker, Request
from synth_assets.teachers.budget import NO_LIMITS, Budget, Limits, Price
from synth_assets.teachers.embeddings.settings import SECTION, EmbedderSettings
from synth_assets.teachers.embeddings.task import EmbedText, unit
from synth_assets.teachers.embeddings.teacher import EmbeddingTeacher
from synth_assets.teachers.immediate import hash_of
from synth_assets.teachers.openai.sources import Source
from synth_assets.teachers.openai.stops import GO_ON
from synth_assets.teachers.store import ResponseStore, Usage

FLUSH_VECTORS = 4_096
"""Vectors written together at the most: some 16 MB of a common model."""

SHOWN = 60
"""Characters of a text as a person is told of it."""


class EndpointEmbedder:
    """An embedder (see `corpus/embedding.py`) that asks endpoints through `store`, within the `limits` of the lake.

    What is spent is booked on `partition`. `advance` is called with how many more texts have their vectors. Use it from
    one thread. Raises SynthAssetsError for settings that cannot be sent, and for a limit on money without a price.
    """

    def __init__(
        self,
        settings: EmbedderSettings,
        store: ResponseStore,
        limits: Limits = NO_LIMITS,
        partition: str = "",
        advance: Callable[[int], None] | None = None,
        source: Source | None = None,
    ) -> None:
        if limits.cost is not None and settings.price is None:
            raise SynthAssetsError(
                f"`teacher.max_cost` cannot be kept without the embedder's price: set `{SECTION}.price`, 0 where "
                "vectors cost nothing."
            )
        self._settings = settings
        self._teacher = EmbeddingTeacher(settings, source)
        self._asker = Asker(self._teacher, store, Budget(limits, Price(settings.price)), FLUSH_VECTORS)
        self._partition = partition
        self._advance = advance
        self._dimensions: int | None = None
        self._told = False

    @property
    def name(self) -> str:
        """Model, revision and all else that shapes the vectors."""
        return name_of(self._settings)

    def booked_on(self, partition: str) -> "EndpointEmbedder":
        """The same embedder, spending on the account of another partition; what is spent is summed up for both."""
        other = copy(self)
        other._partition = partition
        return other

    @property
    def spent(self) -> Usage:
        """What this embedder spent; vectors from the store cost nothing."""
        return self._asker.spent

    @property
    def found(self) -> int:
        """Vectors found in the store."""
        return self._asker.found

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of length 1, shape (texts, dimensions). Equal texts are asked about once.

        Raises:
            BudgetReachedError: The budget allows no further text; all that was asked has been answered and stored.
            SynthAssetsError: The endpoints can answer nothing more, or have no vector for some text.
        """
        vectors: NDArray[np.float32] | None = None
        failures: list[tuple[int, str]] = []
        for answered in self._asker.ask(Request(self._partition, EmbedText(text=text)) for text in texts):
            result = answered.response.result
            if result is None:
                failures.append((answered.place, answered.response.failure.detail if answered.response.failure else ""))
                continue
            if vectors is None:
                vectors = np.empty((len(texts), self._length(len(result.values))), dtype=np.float32)
            vectors[answered.place, : self._length(len(result.values))] = result.values
            if self._advance is not None:
                self._advance(1)
        self._tell_of_cuts()
        if failures:
            raise _without_vector(texts, failures, self._settings.model)
        if vectors is None:
            return np.zeros((0, self._dimensions or 0), dtype=np.float32)
        return unit(vectors)

    def _length(self, found: int) -> int:
        """The length of all vectors. Raises SynthAssetsError where `found` is another one."""
        if self._dimensions is None:
            self._dimensions = found
        elif found != self._dimensions:
            raise SynthAssetsError(
                f"{self._teacher.name} has given vectors of {self._dimensions} and of {found} numbers: it is another "
                f"model than before, or its endpoints serve several. Set `{SECTION}.revision` to a new mark for the "
                "model served now, and its vectors are asked for anew."
            )
        return found

    def _tell_of_cuts(self) -> None:
        learned = self._teacher.learned
        if learned.cut and not self._told:
            self._told = True
            tell(
                f"{learned.cut:,} texts were longer than {self._teacher.name} reads and have been cut, the longest "
                f"after {learned.longest_cut:,} characters; a smaller `{SECTION}.characters` saves the requests "
                "refused for it."
            )


def name_of(settings: EmbedderSettings) -> str:
    """The name of the endpoint's embedder: model, revision and all else that shapes the vectors."""
    model = f"{settings.model}@{settings.revision}" if settings.revision else settings.model
    parts = [f"endpoint {model}"]
    if settings.dimensions is not None:
        parts.append(f"{settings.dimensions} dimensions")
    if settings.extra_body:
        fields = sorted(f"{name}={value!r}" for name, value in settings.extra_body.items())
        parts.append(f"further fields {hash_of(*fields)[:8]}")
    return ", ".join([*parts, f"first {settings.characters} characters"])


def _without_vector(texts: Sequence[str], failures: Sequence[tuple[int, str]], model: str) -> SynthAssetsError:
    place, detail = min(failures)
    begins = " ".join(texts[place].split())[:SHOWN]
    return SynthAssetsError(
        f"{model} gave no vector for {len(failures):,} of {len(texts):,} texts, first for the one that begins "
        f"{begins!r}: {detail} {GO_ON}"
    )
