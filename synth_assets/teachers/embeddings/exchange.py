"""A batch of texts from its first attempt to its end: made smaller where the endpoint refuses it.

A refused batch is halved, the shorter texts apart from the longer ones; a text refused alone is halved in length until
the model takes it. So no limit of an endpoint on the texts of a request, their tokens together, or those of one text
need be known before.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from pydantic import JsonValue

from synth_assets.errors import SynthAssetsError
from synth_assets.teachers.embeddings.answer import Embeddings, UnusableVectorsError, read_embeddings
from synth_assets.teachers.embeddings.charges import charged
from synth_assets.teachers.embeddings.settings import SECTION, EmbedderSettings
from synth_assets.teachers.embeddings.task import TextVector, encoded
from synth_assets.teachers.openai.attempts import Attempts, Means
from synth_assets.teachers.openai.faults import AttemptFailedError, RequestRefusedError
from synth_assets.teachers.openai.stops import GO_ON
from synth_assets.teachers.teacher import Failure, Prepared, Response

PATH = "/embeddings"

TRIES = 3
"""Answers with unusable vectors before a batch is halved, and a single text given up."""

SHORTEST = 64
"""Characters to which a refused text is cut at the least."""

PROBE = "a"
"""A text that every model takes."""


@dataclass
class Learned:
    """What the answers so far have told about the endpoints.

    Attributes:
        most_texts: The most texts in a request, where more were refused for their number.
        dimensions: The length of the vectors.
        hopeless: What to tell a person where not even the shortest text is taken.
        cut: Texts cut because the model refused them as they were.
        longest_cut: Characters left of the longest of those.
    """

    most_texts: int | None = None
    dimensions: int | None = None
    hopeless: SynthAssetsError | None = None
    cut: int = 0
    longest_cut: int = 0
    probing: asyncio.Lock = field(default_factory=asyncio.Lock)


class BatchExchange:
    """Asks for the vectors of some texts, the payloads of `asked`."""

    refused: str | None = None
    """A refusal never gives the conversation up by their number: it is looked into at once."""

    def __init__(
        self, means: Means, asked: Sequence[Prepared[Any]], settings: EmbedderSettings, learned: Learned
    ) -> None:
        self._means = means
        self._asked = asked
        self._settings = settings
        self._learned = learned
        self._refusals = 0
        self._probed = 0
        """Tokens of the probe."""

    async def responses(self) -> Sequence[Response[Any]]:
        """A response for each text. Raises SynthAssetsError where the endpoint will answer no request."""
        responses = await self._answered(self._asked)
        if self._probed:
            first = responses[0]
            tokens = first.prompt_tokens + self._probed
            responses[0] = replace(first, prompt_tokens=tokens, answers=first.answers + 1)
        return responses

    async def _answered(self, part: Sequence[Prepared[Any]]) -> list[Response[Any]]:
        most = self._learned.most_texts
        if most is not None and len(part) > most:
            parts = [part[start : start + most] for start in range(0, len(part), most)]
            return [response for smaller in parts for response in await self._answered(smaller)]
        texts = [str(request.payload) for request in part]
        try:
            return _successes(part, texts, await self._ask(texts), self._means)
        except RequestRefusedError as refused:
            self._refusals += 1
            await self._look_into(refused)
            if len(part) == 1:
                return [await self._shortened(part[0], str(refused))]
            return await self._halved(part, by_number=True)
        except UnusableVectorsError as unusable:
            if len(part) > 1:
                return await self._halved(part, by_number=False)
            return _failures(part, f"The endpoint gave no usable vector in {TRIES} answers: {unusable}")
        except AttemptFailedError as failed:
            return _failures(part, f"No answer in {self._settings.deadline:g} seconds: {failed}")

    async def _halved(self, part: Sequence[Prepared[Any]], by_number: bool) -> list[Response[Any]]:
        before = self._refusals
        ordered = sorted(part, key=lambda request: len(str(request.payload)))
        middle = len(part) // 2
        responses = [
            response for half in (ordered[:middle], ordered[middle:]) for response in await self._answered(half)
        ]
        if by_number and self._refusals == before and all(response.result is not None for response in responses):
            # Both halves were taken as they were: there were too many texts, not too long ones.
            self._learned.most_texts = min(self._learned.most_texts or middle, middle)
        return responses

    async def _shortened(self, request: Prepared[Any], said: str) -> Response[Any]:
        text = str(request.payload)
        while len(text) > SHORTEST:
            text = text[: max(SHORTEST, len(text) // 2)]
            try:
                (response,) = _successes([request], [text], await self._ask([text]), self._means)
            except RequestRefusedError as refused:
                said = str(refused)
                continue
            except (AttemptFailedError, UnusableVectorsError) as failed:
                said = str(failed)
                break
            self._learned.cut += 1
            self._learned.longest_cut = max(self._learned.longest_cut, len(text))
            return response
        return _failures([request], f"The request was refused: {said}")[0]

    async def _look_into(self, refused: RequestRefusedError) -> None:
        """Where nothing has been answered yet: find out whether the endpoint refuses every request."""
        async with self._learned.probing:
            if self._learned.hopeless is not None:
                raise self._learned.hopeless
            if self._learned.dimensions is not None:
                return
            try:
                answer = await self._ask([PROBE])
            except RequestRefusedError as again:
                self._learned.hopeless = _everything_refused(str(again), self._settings)
                raise self._learned.hopeless from None
            except (AttemptFailedError, UnusableVectorsError):
                return
            self._probed = answer.prompt_tokens or 1

    async def _ask(self, texts: Sequence[str]) -> Embeddings:
        """The vectors of the texts. Raises what Attempts raises, and UnusableVectorsError after some tries."""
        unusable = 0

        def read(body: bytes) -> Embeddings:
            nonlocal unusable
            try:
                answer = read_embeddings(body, len(texts))
                self._check_length(answer)
            except UnusableVectorsError as error:
                unusable += 1
                said = self._means.redact(str(error))
                if unusable == TRIES:
                    raise UnusableVectorsError(said) from None
                raise AttemptFailedError(said, congested=False, sign="failed") from None
            return answer

        return await Attempts(self._means).answer(PATH, partial(_body, self._settings, texts), read)

    def _check_length(self, answer: Embeddings) -> None:
        length, wanted = answer.vectors.shape[1], self._settings.dimensions
        if wanted is not None and length != wanted:
            raise SynthAssetsError(
                f"The model {self._settings.model} gives vectors of {length} numbers although `{SECTION}.dimensions` "
                f"asks for {wanted}: set it to {length}, or take it out. {GO_ON}"
            )
        if self._learned.dimensions is None:
            self._learned.dimensions = length
        elif length != self._learned.dimensions:
            raise UnusableVectorsError(
                f"a vector of {length} numbers, after others of {self._learned.dimensions}; do all endpoints serve the "
                "same model?"
            )


def _body(settings: EmbedderSettings, texts: Sequence[str], model: str) -> bytes:
    body: dict[str, JsonValue] = {"model": model, "input": list(texts), "encoding_format": settings.encoding_format}
    if settings.dimensions is not None:
        body["dimensions"] = settings.dimensions
    return json.dumps({**body, **settings.extra_body}, ensure_ascii=False).encode("utf-8", "replace")


def _successes(
    part: Sequence[Prepared[Any]], texts: Sequence[str], answer: Embeddings, means: Means
) -> list[Response[Any]]:
    tokens, counted = charged(answer.prompt_tokens, texts, means.counter)
    return [
        Response(
            request.request_hash,
            TextVector(values=vector),
            encoded(vector),
            prompt_tokens=count,
            counted=counted,
        )
        for request, vector, count in zip(part, answer.vectors, tokens, strict=True)
    ]


def _failures(part: Sequence[Prepared[Any]], detail: str) -> list[Response[Any]]:
    failure = Failure("teacher_failed", detail)
    return [Response(request.request_hash, None, failure=failure, answers=0) for request in part]


def _everything_refused(said: str, settings: EmbedderSettings) -> SynthAssetsError:
    optional = [f"`{SECTION}.{name}`" for name in ("dimensions", "extra_body") if getattr(settings, name)]
    changed = f", or change {' and '.join(optional)}" if optional else ""
    other = "float" if settings.encoding_format == "base64" else "base64"
    return SynthAssetsError(
        f"The endpoint refuses even the vector of a single letter ({said}). See that {settings.model} is an embedding "
        f"model; where the endpoint does not know a field of the request, set `{SECTION}.encoding_format` to "
        f"{other}{changed}. {GO_ON}"
    )
