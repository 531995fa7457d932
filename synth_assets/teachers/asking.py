"""Asking a teacher for a stage: through the response store, within the budget, as a stream.

What was answered once is never asked again; what is answered is stored at most `FLUSH_SECONDS` or `FLUSH_RESPONSES`
later; however many requests there are, a few thousand of them are held at a time.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar

from synth_assets.errors import SynthAssetsError
from synth_assets.teachers.budget import Budget
from synth_assets.teachers.journal import Journal
from synth_assets.teachers.store import ResponseStore, StoredResponse, Usage
from synth_assets.teachers.tasks import Result, Task
from synth_assets.teachers.teacher import Conversation, Prepared, Response, Teacher

R = TypeVar("R", bound=Result)

LOOKED_UP_TOGETHER = 2_048
"""Requests looked for in the store by one query, and so held at a time."""


@dataclass(frozen=True)
class Request(Generic[R]):
    """A task, and the partition (Dagster's key; empty for global tables) on whose account it is asked."""

    partition: str
    task: Task[R]


@dataclass(frozen=True)
class Answered(Generic[R]):
    """The response to the request at `place` among those asked."""

    place: int
    response: Response[R]


class Asker:
    """Asks a teacher through a store and within a budget. One serves one stage; call it from one thread.

    `flush_responses` is how many answers are stored together at the most; by default those of the journal.
    """

    def __init__(
        self,
        teacher: Teacher,
        store: ResponseStore,
        budget: Budget | None = None,
        flush_responses: int | None = None,
    ) -> None:
        self.teacher = teacher
        self._store = store
        self._budget = budget or Budget()
        self._flush_responses = flush_responses
        self.spent = Usage()
        """What this asker spent; answers from the store cost nothing."""
        self.found = 0
        """Requests answered from the store."""
        self._account: str | None = None

    @contextmanager
    def charged_to(self, partition: str) -> Iterator[None]:
        """Within it, what is asked goes on the account of `partition`, whatever the requests say.

        For a stage that puts the requests of others and is partitioned otherwise.
        """
        self._account, before = partition, self._account
        try:
            yield
        finally:
            self._account = before

    def ask(
        self,
        requests: Iterable[Request[R]],
        total: int | None = None,
        advance: Callable[[int, int], None] | None = None,
    ) -> Iterator[Answered[R]]:
        """The response to each request, in the order they become known, not in that of the requests.

        Equal requests are sent once. New answers are stored as they arrive, also where the teacher breaks off or the
        caller stops listening. Failures are handed over but never stored. `advance` is called with how many of the
        `total` requests are answered.

        Raises:
            BudgetReachedError: The budget allows no further request; all that was sent has been answered and stored.
            SynthAssetsError: The teacher can answer nothing more.
        """
        journal = Journal(self.teacher, self._store, self._budget, self._flush_responses)
        try:
            with self.teacher.conversation() as conversation:
                stream = _Stream(self.teacher, self._store, self._budget, journal, conversation)
                try:
                    for done, answered in enumerate(stream.answers(self._charged(requests)), start=1):
                        if advance is not None and total is not None:
                            advance(done, total)
                        yield answered
                        journal.write_if_due()  # the caller may have taken its time
                finally:
                    stream.salvage()
                    self.found += stream.found
        finally:
            journal.write()
            self.spent += journal.spent

    def _charged(self, requests: Iterable[Request[R]]) -> Iterable[Request[R]]:
        account = self._account
        return requests if account is None else (Request(account, request.task) for request in requests)

    def responses(
        self,
        requests: Iterable[Request[R]],
        total: int | None = None,
        advance: Callable[[int, int], None] | None = None,
    ) -> list[Response[R]]:
        """All responses in the order of the requests: for a number of them that may well be held at once."""
        answered = sorted(self.ask(requests, total, advance), key=lambda told: told.place)
        return [told.response for told in answered]


@dataclass
class _Waiting(Generic[R]):
    """A request on its way, and the places of the equal requests that wait for its response."""

    request: Request[R]
    places: list[int]


class _Stream:
    """One pass over the requests of :meth:`Asker.ask`."""

    def __init__(
        self,
        teacher: Teacher,
        store: ResponseStore,
        budget: Budget,
        journal: Journal,
        conversation: Conversation,
    ) -> None:
        self._teacher = teacher
        self._store = store
        self._budget = budget
        self._journal = journal
        self._conversation = conversation
        self._waiting: dict[str, _Waiting[Any]] = {}
        self.found = 0

    def answers(self, requests: Iterable[Request[R]]) -> Iterator[Answered[R]]:
        numbered = enumerate(requests)
        while part := list(islice(numbered, LOOKED_UP_TOGETHER)):
            prepared = [self._teacher.prepare(request.task) for _, request in part]
            # What arrives from here on is not in the store as it is looked at below.
            self._journal.remember_from_here()
            found = self._store.find([ready.request_hash for ready in prepared])
            for (place, request), ready in zip(part, prepared, strict=True):
                told = self._known(ready, found)
                if told is not None:
                    yield Answered(place, told)
                elif ready.request_hash in self._waiting:
                    self._waiting[ready.request_hash].places.append(place)
                else:
                    yield from self._with_room_for(ready)
                    self._waiting[ready.request_hash] = _Waiting(request, [place])
                    self._conversation.submit(ready)
                # Where most is found in the store there is always room, and nothing else would look at what has come.
                if self._conversation.outstanding and self._journal.seconds_left == 0.0:
                    yield from self._arrived()
        while self._conversation.outstanding:
            yield from self._arrived()

    def _known(self, prepared: Prepared[R], found: Mapping[str, StoredResponse]) -> Response[R] | None:
        """The response that was stored or has come already."""
        told = self._journal.remembered(prepared.request_hash)
        if told is not None:
            return told
        stored = found.get(prepared.request_hash)
        result = self._teacher.read(prepared.task, stored.response) if stored is not None else None
        if stored is None or result is None:
            return None  # also where a stored text is no longer valid: the task must be asked again
        self.found += 1
        tokens = (stored.prompt_tokens, stored.completion_tokens)
        return Response(prepared.request_hash, result, stored.response, None, *tokens)

    def _with_room_for(self, request: Prepared[R]) -> Iterator[Answered[R]]:
        """Wait until one more request may be sent, handing over what arrives; raises BudgetReachedError."""
        while not self._conversation.has_room:
            yield from self._arrived()
        while not self._budget.admit(request):
            if not self._conversation.outstanding:
                raise self._budget.reached()
            yield from self._arrived()

    def _arrived(self) -> Iterator[Answered[R]]:
        heard = self._note(self._conversation.arrived(wait=self._journal.seconds_left))
        self._journal.write_if_due()
        yield from heard

    def salvage(self) -> None:
        """Keep what has come and was not handed over, where the caller stopped listening: it was paid for."""
        with suppress(SynthAssetsError):  # that the teacher has failed has been said already
            self._note(self._conversation.arrived(wait=0.0))
        for request_hash in self._waiting:  # these will not come any more
            self._budget.settle(request_hash, Usage())

    def _note(self, responses: Sequence[Response[Any]]) -> list[Answered[Any]]:
        heard: list[Answered[Any]] = []
        for response in responses:
            waiting = self._waiting.pop(response.request_hash)
            self._journal.note(waiting.request.partition, waiting.request.task, response)
            heard += [Answered(place, response) for place in waiting.places]
        return heard
