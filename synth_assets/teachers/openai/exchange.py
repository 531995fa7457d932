"""One question to a model from its first attempt to its end: asked until it is answered, corrected once."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

from synth_assets.teachers.openai.attempts import Attempts, Means
from synth_assets.teachers.openai.charges import Charges
from synth_assets.teachers.openai.completion import Completion, read_completion
from synth_assets.teachers.openai.faults import AttemptFailedError, RequestRefusedError
from synth_assets.teachers.openai.payload import Payload
from synth_assets.teachers.reading import InvalidAnswerError, read_answer
from synth_assets.teachers.tasks import Result
from synth_assets.teachers.teacher import Failure, Prepared, Reason, Response

PATH = "/chat/completions"

RAW_CHARACTERS = 20_000
"""Of an invalid answer, as it goes to quarantine."""


class Exchange(Protocol):
    """Asks what is sent together, in one request to begin with."""

    @property
    def refused(self) -> str | None:
        """What the endpoint said where it refused the request."""

    async def responses(self) -> Sequence[Response[Any]]:
        """The responses in the end. Raises SynthAssetsError where the endpoint will answer no request."""


class ChatExchange:
    """Asks one question."""

    def __init__(self, means: Means, request: Prepared[Any]) -> None:
        self._means = means
        self._request = request
        self._charges = Charges(means.counter)
        self._attempts = Attempts(means)
        self.refused: str | None = None

    async def responses(self) -> Sequence[Response[Any]]:
        """The response in the end. Raises SynthAssetsError where the endpoint will answer no request."""
        payload = self._request.payload
        assert isinstance(payload, Payload)
        try:
            return [await self._corrected(payload)]
        except RequestRefusedError as refused:
            self.refused = str(refused)
            return [self._failure("teacher_failed", f"The request was refused: {refused}")]
        except AttemptFailedError as failed:
            deadline = f"{self._means.settings.deadline:g} seconds"
            detail = f"No answer in {deadline}, {self._attempts.made} attempts: {failed}"
            return [self._failure("teacher_failed", detail)]

    async def _corrected(self, payload: Payload) -> Response[Any]:
        """Ask, and where the answer is not valid, ask once more with what is wrong."""
        completion = await self._answer(payload)
        if completion.declined is not None:
            return self._failure("teacher_failed", f"The model declined to answer: {completion.declined}")
        result = self._read(completion)
        if isinstance(result, Result):
            return self._success(result, completion.text)
        try:
            again = await self._answer(payload.corrected(completion.text, result))
        except RequestRefusedError as refused:
            return self._invalid(f"{result} (asked for a correction, the endpoint refused: {refused})", completion)
        if again.declined is not None:
            return self._invalid(f"{result} (asked for a correction, the model declined)", completion)
        result = self._read(again)
        return self._success(result, again.text) if isinstance(result, Result) else self._invalid(result, again)

    async def _answer(self, payload: Payload) -> Completion:
        """An answer, which is charged."""
        completion = await self._attempts.answer(PATH, payload.body_for, self._redacted)
        self._charges.add(payload, completion)
        return completion

    def _redacted(self, body: bytes) -> Completion:
        """The completion in a body, without any secret it may quote."""
        completion, redact = read_completion(body), self._means.redact
        declined = completion.declined and redact(completion.declined)
        return replace(completion, text=redact(completion.text), declined=declined)

    def _read(self, completion: Completion) -> Result | str:
        """The result, or what is wrong with the answer."""
        if completion.cut_off:
            return "it is too long and was cut off before its end; write a shorter one that is complete"
        try:
            result: Result = read_answer(self._request.task, completion.text)
        except InvalidAnswerError as problem:
            return self._means.redact(str(problem))
        return result

    def _success(self, result: Result, text: str) -> Response[Any]:
        return self._ended(result, text, None)

    def _invalid(self, problem: str, completion: Completion) -> Response[Any]:
        return self._failure("invalid_answer", f"{problem}\n\nThe answer:\n{completion.text[:RAW_CHARACTERS]}")

    def _failure(self, reason: Reason, detail: str) -> Response[Any]:
        return self._ended(None, "", Failure(reason, detail))

    def _ended(self, result: Result | None, text: str, failure: Failure | None) -> Response[Any]:
        charges = self._charges
        return Response(
            self._request.request_hash,
            result,
            text,
            failure,
            charges.prompt_tokens,
            charges.completion_tokens,
            charges.answers,
            charges.counted,
        )
