"""Attempts at one request: repeated while the fault is not the request's own, within its time.

Not here: what an answer means and what is done with it (`exchange.py`, `embeddings/exchange.py`).
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type
from tenacity.wait import wait_random_exponential

from synth_assets.errors import SynthAssetsError
from synth_assets.teachers.openai.clients import Client
from synth_assets.teachers.openai.faults import AttemptFailedError, EndpointRefusedError, fault_of
from synth_assets.teachers.openai.gate import Gate, Pass
from synth_assets.teachers.openai.reach import Reach
from synth_assets.teachers.openai.redaction import Redaction
from synth_assets.teachers.openai.stops import key_refused, model_missing
from synth_assets.teachers.openai.vigil import Vigil
from synth_assets.teachers.tokens import TokenCounter

A = TypeVar("A")

_pause = wait_random_exponential(multiplier=0.5, max=30.0)


@dataclass(frozen=True)
class Means:
    """What all exchanges of a conversation share."""

    settings: Reach
    clients: Sequence[Client]
    gate: Gate
    vigil: Vigil
    counter: TokenCounter
    redact: Redaction
    clock: Callable[[], float]

    async def stop(self, fault: EndpointRefusedError, client: Client) -> SynthAssetsError:
        """What to tell a person where an endpoint will answer no request."""
        if fault.reason == "key":
            return key_refused(client.shown, fault.status, str(fault), self.settings)
        return model_missing(client.shown, client.model, str(fault), await client.models(), self.settings)


class Attempts:
    """Attempts at a request and, within the same time, at what follows from its answer. `made` counts them."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self.made = 0
        self._deadline = 0.0
        """When it is given up, by the loop's clock; set at the first attempt."""
        self._out_of_attempts = False
        self._said = ""

    async def answer(self, path: str, body_for: Callable[[str], bytes], read: Callable[[bytes], A]) -> A:
        """What `read` makes of the answer, after as many attempts as it takes until the deadline.

        `body_for` gives the body for an endpoint that knows the model by a name; `read` raises MalformedError for a
        body that is no answer, which costs another attempt.

        Raises:
            AttemptFailedError: There was no answer until the deadline.
            RequestRefusedError: The endpoint will not answer this request.
            SynthAssetsError: It will answer none.
        """
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(AttemptFailedError), wait=self._wait, stop=self._too_late, reraise=True
        )
        answer: A = await retrying(self._attempt, path, body_for, read)
        return answer

    async def _attempt(self, path: str, body_for: Callable[[str], bytes], read: Callable[[bytes], A]) -> A:
        means = self._means
        leave = await self._enter()
        self.made += 1
        client = means.clients[leave.place]
        seconds = min(means.settings.attempt_timeout, self._deadline - means.clock())
        try:
            async with asyncio.timeout(seconds):
                body = await client.post(path, body_for(client.model))
            answer = read(body)
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
        return answer

    async def _enter(self) -> Pass:
        """Wait for the next attempt's turn. Time counts from the first one: until then nothing was sent."""
        if self.made == 0:
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
