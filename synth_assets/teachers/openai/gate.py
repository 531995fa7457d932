"""The gate every attempt passes: it waits here for its turn, within the present limit, and is given an endpoint."""

import asyncio
from collections import deque
from dataclasses import dataclass

from synth_assets.teachers.openai.admission import Admission, Ticket
from synth_assets.teachers.openai.endpoints import Endpoints, Lease, Sign


@dataclass(frozen=True)
class Pass:
    """Leave to make one attempt at the endpoint at `place`."""

    ticket: Ticket
    lease: Lease

    @property
    def place(self) -> int:
        """Which endpoint."""
        return self.lease.place


class Gate:
    """Lets attempts through in their order, repeated ones first. For one event loop."""

    def __init__(self, admission: Admission, endpoints: Endpoints) -> None:
        self._admission = admission
        self._endpoints = endpoints
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[asyncio.Future[Pass]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def outstanding(self) -> int:
        """Attempts on their way."""
        return self._admission.outstanding

    @property
    def limit(self) -> int:
        """Attempts that may be on their way at present."""
        return self._admission.limit

    async def enter(self, again: bool) -> Pass:
        """Wait for leave to make an attempt. While every endpoint is set aside, there is none to be had.

        Raises CancelledError where the gate is closed, or will be meanwhile.
        """
        if self._closed:
            raise asyncio.CancelledError
        turn: asyncio.Future[Pass] = self._loop.create_future()
        if again:
            self._waiting.appendleft(turn)
        else:
            self._waiting.append(turn)
        self._let_in()
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.cancelled(turn.result())
            raise

    def answered(self, leave: Pass) -> None:
        """The attempt ended well."""
        self._admission.answered(leave.ticket)
        self._ended(leave, "alive")

    def failed(self, leave: Pass, congested: bool, sign: Sign) -> None:
        """The attempt failed, with what this tells about load and endpoint."""
        if congested:
            self._admission.congested(leave.ticket)
        else:
            self._admission.leave(leave.ticket)
        self._ended(leave, sign)

    def cancelled(self, leave: Pass) -> None:
        """The attempt was not made to its end."""
        self._admission.leave(leave.ticket)
        self._ended(leave, "none")

    def close(self) -> None:
        """Send away all who wait, now and later."""
        self._closed = True
        for turn in self._waiting:
            turn.cancel()
        if self._timer is not None:
            self._timer.cancel()

    def _ended(self, leave: Pass, sign: Sign) -> None:
        self._endpoints.give_back(leave.lease, sign, self._loop.time())
        self._let_in()

    def _let_in(self) -> None:
        while self._waiting and self._admission.has_room:
            if self._waiting[0].done():  # cancelled while waiting
                self._waiting.popleft()
                continue
            lease = self._endpoints.choose(self._loop.time())
            if lease is None:
                self._wait_for_trial()
                return
            self._waiting.popleft().set_result(Pass(self._admission.enter(), lease))

    def _wait_for_trial(self) -> None:
        """Look again when the first endpoint that is set aside may be tried."""
        if self._timer is not None:
            self._timer.cancel()
        when = self._endpoints.next_trial()
        self._timer = None if when is None else self._loop.call_at(when, self._let_in)
