"""One request from its first attempt to its end: repeated while the fault is not its own, corrected once."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type
from tenacity.wait import wait_random_exponential

from synth_assets.errors import SynthAssetsError
from synth_assets.teachers.openai.charges import Charges
from synth_assets.teachers.openai.clients import Client
from synth_assets.teachers.openai.completion import Completion, read_completion
from synth_assets.teachers.openai.faults import AttemptFailedError, EndpointRefusedError, RequestRefusedError, fault_of
from synth_assets.teachers.openai.gate import Gate, Pass
from synth_assets.teachers.openai.payload import Payload
from synth_assets.teachers.openai.redaction import Redaction
from synth_assets.teachers.openai.stops import key_refused, model_missing
from synth_assets.teachers.openai.vigil import Vigil
from synth_assets.teachers.reading import InvalidAnswerError, read_answer
from synth_assets.teachers.settings import TeacherSettings
from synth_assets.teachers.tasks import Result
from synth_assets.teachers.teacher import Failure, Prepared, Reason, Response
from synth_assets.teachers.tokens import TokenCounter

RAW_CHARACTERS = 20_000
"""Of an invalid answer, as it goes to quarantine."""

_pause = wait_random_exponential(multiplier=0.5, max=30.0)


@dataclass(frozen=True)
class Means:
    """What all exchanges of a conversation share."""

    settings: TeacherSettings
    clients: Sequence[Client]
    gate: Gate
    vigil: Vigil
    counter: TokenCounter
    redact: Redaction
    clock: Callable[[], float]

    async def stop(self, fault: EndpointRefusedError, client: Client) -> SynthAssetsError:
        """What to tell a person where an endpoint will answer no request."""
        if fault.reason == "key":
            return key_refused(client.shown, fault.status, str(fault), self.settings.api_key_env)
        return model_missing(client.shown, client.model, str(fault), await client.models())


class Exchange:
    """Asks one request."""

    def __init__(self, means: Means, request: Prepared[Any]) -> None:
        self._means = means
        self._request = request
        self._charges = Charges(means.counter)
        self._attempts = 0
        self._deadline = 0.0
        """When it is given up, by the loop's clock; set at the first attempt."""
        self._out_of_attempts = False
        self._said = ""
        self.refused: str | None = None
        """What the endpoint said where it refused the request."""

    async def response(self) -> Response[Any]:
        """The response in the end. Raises SynthAssetsError where the endpoint will answer no request."""
        payload = self._request.payload
        assert isinstance(payload, Payload)
        try:
            return await self._corrected(payload)
        except RequestRefusedError as refused:
            self.refused = str(refused)
            return self._failure("teacher_failed", f"The request was refused: {refused}")
        except AttemptFailedError as failed:
            deadline = f"{self._means.settings.deadline:g} seconds"
            return self._failure("teacher_failed", f"No answer in {deadline}, {self._attempts} attempts: {failed}")

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

    def _read(self, completion: Completion) -> Result | str:
        """The result, or what is wrong with the answer."""
        if completion.cut_off:
            return "it is too long and was cut off before its end; write a shorter one that is complete"
        try:
            result: Result = read_answer(self._request.task, completion.text)
        except InvalidAnswerError as problem:
            return self._means.redact(str(problem))
        return result

    async def _answer(self, payload: Payload) -> Completion:
        """An answer, after as many attempts as it takes until the deadline."""
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(AttemptFailedError), wait=self._wait, stop=self._too_late, reraise=True
        )
        completion: Completion = await retrying(self._attempt, payload)
        self._charges.add(payload, completion)
        return completion

    async def _attempt(self, payload: Payload) -> Completion:
        means = self._means
        leave = await self._enter()
        self._attempts += 1
        seconds = min(means.settings.attempt_timeout, self._deadline - means.clock())
        try:
            async with asyncio.timeout(seconds):
                body = await means.clients[leave.place].post(payload)
            completion = read_completion(body)
        except asyncio.CancelledError:
            means.gate.cancelled(leave)
            raise
        except Exception as error:
            if isinstance(error, TimeoutError) and seconds < means.settings.attempt_timeout:
                # The deadline cut it short, which says nothing about the endpoint.
                means.gate.cancelled(leave)
                raise self._out_of_time() from None
            raise await self._failed(fault_of(error, means.redact), leave) from None
        means.gate.answered(leave)
        means.vigil.answered()
        declined = completion.declined and means.redact(completion.declined)
        return replace(completion, text=means.redact(completion.text), declined=declined)

    async def _enter(self) -> Pass:
        """Wait for the next attempt's turn. Time counts from the first one: until then nothing was sent."""
        if self._attempts == 0:
            leave = await self._means.gate.enter(again=False)
            self._deadline = self._means.clock() + self._means.settings.deadline
            return leave
        if self._out_of_attempts:
            raise self._out_of_time()
        try:
            async with asyncio.timeout_at(self._deadline):
                return await self._means.gate.enter(again=True)
        except TimeoutError:
            raise self._out_of_time() from None

    def _out_of_time(self) -> AttemptFailedError:
        return AttemptFailedError(self._said or "no answer in time", congested=False, sign="none")

    async def _failed(self, fault: Exception, leave: Pass) -> Exception:
        """Account for an attempt's fault, and return what is to be raised for it."""
        means, client = self._means, self._means.clients[leave.place]
        if isinstance(fault, AttemptFailedError):
            self._said = f"{client.shown}: {fault}"
            means.gate.failed(leave, fault.congested, fault.sign)
            means.vigil.failed(self._said)
            return AttemptFailedError(self._said, fault.congested, fault.sign, fault.retry_after)
        means.gate.answered(leave)
        means.vigil.answered()
        if isinstance(fault, EndpointRefusedError):
            return await means.stop(fault, client)
        return fault

    def _too_late(self, state: RetryCallState) -> bool:
        return self._means.clock() >= self._deadline

    def _wait(self, state: RetryCallState) -> float:
        """Seconds to the next attempt: what the endpoint asks for and a little more, so that not all come at once.

        A wait beyond the deadline is kept up to it: to fail at once would use up one request after the other against
        an endpoint that answers none.
        """
        fault = state.outcome.exception() if state.outcome is not None else None
        seconds = _pause(state)
        if isinstance(fault, AttemptFailedError) and fault.retry_after is not None:
            seconds = fault.retry_after + random.uniform(0.0, min(1.0, 0.25 * fault.retry_after))
        left = max(0.0, self._deadline - self._means.clock())
        self._out_of_attempts = seconds >= left
        return min(seconds, left)

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
