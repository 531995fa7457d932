"""What has been answered but not stored yet, and when it is time to store it."""

import time
from typing import Any

from synth_assets.teachers.budget import Budget
from synth_assets.teachers.store import ResponseStore, Spending, StoredResponse, Usage
from synth_assets.teachers.tasks import Task
from synth_assets.teachers.teacher import Response, Teacher

FLUSH_RESPONSES = 256
FLUSH_SECONDS = 5.0
"""A killed run repeats at most what was answered since the last flush, and what was on its way."""


class Journal:
    """Responses on their way into the store, with what they cost, by partition and task."""

    def __init__(
        self, teacher: Teacher, store: ResponseStore, budget: Budget, flush_responses: int | None = None
    ) -> None:
        self._teacher = teacher
        self._store = store
        self._budget = budget
        self._flush_responses = flush_responses or FLUSH_RESPONSES
        self._responses: list[StoredResponse] = []
        self._usage: dict[tuple[str, str], Usage] = {}
        self._written = time.monotonic()
        self._recent: dict[str, Response[Any]] = {}
        self._failed: dict[str, Response[Any]] = {}
        self.spent = Usage()
        if budget.limits:
            budget.written(store.spent())

    @property
    def seconds_left(self) -> float:
        """Seconds until what has come must be stored."""
        return max(0.0, self._written + FLUSH_SECONDS - time.monotonic())

    def note(self, partition: str, task: Task[Any], response: Response[Any]) -> None:
        """Count a response on the account of `partition`; keep it for the store unless it is a failure."""
        usage = Usage(
            requests=1,
            failed=int(response.result is None),
            answers=response.answers,
            approximated=0 if response.counted else response.answers,
            prompt_tokens=response.prompt_tokens,
            completion_tokens=response.completion_tokens,
            cost=self._budget.price.cost(response.prompt_tokens, response.completion_tokens),
        )
        account = (partition, task.kind)
        self._usage[account] = self._usage.get(account, Usage()) + usage
        self.spent += usage
        self._budget.settle(response.request_hash, usage)
        if response.result is None:
            self._failed[response.request_hash] = response
            return
        self._recent[response.request_hash] = response
        self._responses.append(
            StoredResponse(
                partition=partition,
                request_hash=response.request_hash,
                task=task.kind,
                teacher=self._teacher.name,
                prompt_version=self._teacher.prompt_version(type(task)),
                response=response.text,
                prompt_tokens=response.prompt_tokens,
                completion_tokens=response.completion_tokens,
            )
        )

    def remember_from_here(self) -> None:
        """Store what has come, and remember only what comes from now on."""
        self.write()
        self._recent.clear()

    def remembered(self, request_hash: str) -> Response[Any] | None:
        """The response that came since `remember_from_here`, or the failure that came at any time."""
        return self._recent.get(request_hash) or self._failed.get(request_hash)

    def write_if_due(self) -> None:
        """Store what has come, where there is enough of it or it has waited long enough."""
        if len(self._responses) >= self._flush_responses or self.seconds_left == 0.0:
            self.write()

    def write(self) -> None:
        """Store what has come and what it cost."""
        now = time.monotonic()
        if self._usage:
            seconds = (now - self._written) / len(self._usage)
            spending = [
                Spending(partition, kind, self._teacher.name, usage, seconds)
                for (partition, kind), usage in self._usage.items()
            ]
            self._store.add(self._responses, spending)
            self._responses, self._usage = [], {}
            if self._budget.limits:
                self._budget.written(self._store.spent())
        self._written = now
