"""A conversation with endpoints: the caller's side, and the event loop in a thread of its own that does the asking.

Not here: what becomes of a single request (`exchange.py`).
"""

import asyncio
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, ExitStack
from typing import Any

from synth_assets.errors import SynthAssetsError
from synth_assets.progress import tell
from synth_assets.teachers.openai.admission import Admission
from synth_assets.teachers.openai.attempts import Means
from synth_assets.teachers.openai.clients import clients, redaction
from synth_assets.teachers.openai.endpoints import Endpoints
from synth_assets.teachers.openai.exchange import Exchange
from synth_assets.teachers.openai.gate import Gate
from synth_assets.teachers.openai.reach import Reach
from synth_assets.teachers.openai.sources import Endpoint, Source
from synth_assets.teachers.openai.stops import every_request_refused, silence
from synth_assets.teachers.openai.vigil import Vigil
from synth_assets.teachers.teacher import Prepared, Response
from synth_assets.teachers.tokens import TokenCounter

REFUSALS = 20
"""Requests that must all have been refused, the first ones, before the whole conversation is given up."""
BACKLOG = 2
"""Requests waiting for their turn, in multiples of those that may be on their way."""
LAST_ANSWERS_SECONDS = 30.0
"""How long requests on their way may still be answered once the conversation is given up: they are paid for."""
LEAVING_SECONDS = 10.0
SECONDS_BETWEEN_COMPLAINTS = 30.0


Asked = Sequence[Prepared[Any]]
"""What is sent together."""

ExchangeOf = Callable[[Means, Asked], Exchange]
"""Begins the exchange in which something is asked."""


class OpenAIConversation:
    """The caller's side. Endpoints are started, and the thread is, with the first request.

    Up to `together` requests that come one after the other are asked in one exchange. `concurrency` counts exchanges.
    """

    def __init__(
        self, settings: Reach, source: Source, counter: TokenCounter, exchange_of: ExchangeOf, together: int = 1
    ) -> None:
        self._settings = settings
        self._source = source
        self._counter = counter
        self._exchange_of = exchange_of
        self._together = together
        self._gathered: list[Prepared[Any]] = []
        self._resources = ExitStack()
        self._loop: _AskingLoop | None = None
        self._arrivals: queue.SimpleQueue[Response[Any] | None] = queue.SimpleQueue()
        self._submitted = 0
        self._handed_over = 0
        self._complained = float("-inf")

    def __enter__(self) -> "OpenAIConversation":
        return self

    def __exit__(self, *_: object) -> None:
        self._resources.close()

    @property
    def outstanding(self) -> int:
        """Requests submitted whose response has not been handed over."""
        return self._submitted - self._handed_over

    @property
    def has_room(self) -> bool:
        """Whether more should be submitted. What has arrived is to be taken first: it wants to be stored."""
        if self._loop is None:
            return True
        most = (1 + BACKLOG) * self._loop.limit * self._together
        return self._arrivals.empty() and self._submitted - self._loop.ended < most

    @property
    def limit(self) -> int:
        """Requests that may be on their way at once, at present."""
        return self._settings.concurrency if self._loop is None else self._loop.limit

    def submit(self, request: Prepared[Any]) -> None:
        """Send a request when its turn comes."""
        self._submitted += 1
        self._gathered.append(request)
        if len(self._gathered) == self._together:
            self._send()

    def arrived(self, wait: float) -> Sequence[Response[Any]]:
        """The responses that have come, after waiting up to `wait` seconds for the first."""
        if wait > 0 and self._gathered:  # who waits has nothing to add to what was gathered
            self._send()
        if self._loop is None or not self.outstanding:
            return []
        heard: list[Response[Any]] = []
        try:
            while not self._loop.over:
                told = self._arrivals.get(timeout=0.0 if heard else wait)
                if told is None:
                    self._loop.over = True
                else:
                    heard.append(told)
        except queue.Empty:
            pass
        if self._loop.over and not heard:
            raise self._loop.error
        if not heard:
            self._complain(self._loop.complaint)
        self._handed_over += len(heard)
        return heard

    def _send(self) -> None:
        if self._loop is None:
            endpoints = self._resources.enter_context(self._source())
            self._loop = _AskingLoop(self._settings, endpoints, self._counter, self._exchange_of, self._arrivals.put)
            self._resources.callback(self._loop.leave)
        self._loop.take(self._gathered)
        self._gathered = []

    def _complain(self, complaint: str | None) -> None:
        """Tell a person why nothing comes, now and then."""
        now = time.monotonic()
        if complaint is not None and now - self._complained >= SECONDS_BETWEEN_COMPLAINTS:
            self._complained = now
            tell(complaint)


class _AskingLoop:
    """The event loop in its thread. `deliver` is called there with each response, with None after the last."""

    def __init__(
        self,
        settings: Reach,
        endpoints: Sequence[Endpoint],
        counter: TokenCounter,
        exchange_of: ExchangeOf,
        deliver: Callable[[Response[Any] | None], None],
    ) -> None:
        self._settings = settings
        self._endpoints = endpoints
        self._counter = counter
        self._exchange_of = exchange_of
        self._deliver = deliver
        self._backlog: deque[Asked] = deque()
        self._woken = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._started: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
        self._all_refused = True
        self.ended = 0
        self.over = False
        self.error: BaseException = SynthAssetsError("The conversation has been left.")
        self._thread = threading.Thread(target=self._run, name="synth-assets teacher", daemon=True)
        self._thread.start()
        failed = self._started.get()
        if failed is not None:
            raise failed

    @property
    def limit(self) -> int:
        """Exchanges that may be on their way at present."""
        return self._means.gate.limit

    @property
    def complaint(self) -> str | None:
        """What to tell a person who waits for answers in vain."""
        return self._means.vigil.complaint

    def take(self, asked: Asked) -> None:
        """Accept what is to be sent together; called in the caller's thread."""
        self._backlog.append(asked)
        if not self._woken:  # one call wakes the loop for all requests that come before it has woken
            self._woken = True
            self._call(self._begin)

    def leave(self) -> None:
        """Drop everything and end the thread; called in the caller's thread."""
        self._call(self._stopping.set)
        self._thread.join(LEAVING_SECONDS)

    def _call(self, callback: Callable[[], object]) -> None:
        try:
            self._loop.call_soon_threadsafe(callback)
        except RuntimeError:  # the loop has ended by itself, and says so by `error`
            return

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self.error = error
            self._started.put(error)
            self._deliver(None)

    async def _serve(self) -> None:
        async with AsyncExitStack() as resources:
            await self._set_up(resources)
            self._started.put(None)
            watch = asyncio.create_task(self._watch())
            await self._stopping.wait()
            watch.cancel()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(watch, *self._tasks, return_exceptions=True)

    async def _set_up(self, resources: AsyncExitStack) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._failing = asyncio.Event()
        settings = self._settings
        opened = await resources.enter_async_context(clients(self._endpoints, settings.model, settings.concurrency))
        gate = Gate(Admission(settings.concurrency), Endpoints(len(opened)))
        vigil = Vigil(settings.patience, self._loop.time)
        redact = redaction(self._endpoints)
        self._means = Means(settings, opened, gate, vigil, self._counter, redact, self._loop.time)

    def _begin(self) -> None:
        """Turn what has been taken into tasks."""
        self._woken = False
        if not self._tasks:
            self._means.vigil.begun()
        while self._backlog:
            task = self._loop.create_task(self._answer(self._backlog.popleft()))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, asked: Asked) -> None:
        exchange = self._exchange_of(self._means, asked)
        try:
            responses = await exchange.responses()
        except Exception as error:
            self._fail(error)
            return
        self._all_refused = self._all_refused and exchange.refused is not None
        self.ended += len(asked)
        if self._all_refused and self.ended >= REFUSALS:
            self._fail(every_request_refused(REFUSALS, exchange.refused or ""))
        else:
            for response in responses:
                self._deliver(response)

    def _fail(self, error: BaseException) -> None:
        """Give the conversation up because of the first error; later ones say the same."""
        if not self._failing.is_set():
            self.error = error
            self._failing.set()

    async def _watch(self) -> None:
        """Look after silence and dead servers, and end the conversation where something has failed for good."""
        interval = min(1.0, self._settings.patience / 10)
        while not self._failing.is_set():
            said = self._means.vigil.over
            if said is not None and self._tasks:
                self._fail(silence([endpoint.shown for endpoint in self._endpoints], said, self._settings))
            self._check_servers()
            try:
                await asyncio.wait_for(self._failing.wait(), interval)
            except TimeoutError:
                continue
        await self._last_answers()
        self._deliver(None)

    async def _last_answers(self) -> None:
        """Send nothing more, and wait a while for what is on its way."""
        gate, until = self._means.gate, self._loop.time() + LAST_ANSWERS_SECONDS
        gate.close()
        while gate.outstanding and self._loop.time() < until:
            await asyncio.sleep(0.05)

    def _check_servers(self) -> None:
        try:
            for endpoint in self._endpoints:
                if endpoint.check is not None:
                    endpoint.check()
        except Exception as error:
            self._fail(error)
