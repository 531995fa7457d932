"""The store that remembers what a teacher answered, and what it cost: the protocol, its rows, and one in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class StoredResponse:
    """A row of `teacher_responses` without its stage. `response` is the text as the teacher gave it."""

    partition: str
    request_hash: str
    task: str
    teacher: str
    prompt_version: str
    response: str
    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True)
class Usage:
    """What a teacher was asked and charged.

    Attributes:
        requests: Distinct requests that ended, with a result or without.
        failed: Those of them without a result.
        answers: Answers charged; more than `requests` where some were asked again.
        approximated: Answers whose tokens the endpoint did not count, so that we did.
        cost: In the currency of the price; None without a price.
    """

    requests: int = 0
    failed: int = 0
    answers: int = 0
    approximated: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float | None = None

    def __add__(self, other: "Usage") -> "Usage":
        costs = [usage.cost for usage in (self, other) if usage.cost is not None]
        return Usage(
            self.requests + other.requests,
            self.failed + other.failed,
            self.answers + other.answers,
            self.approximated + other.approximated,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            sum(costs) if costs else None,
        )

    @property
    def tokens(self) -> int:
        """Tokens read and written."""
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True)
class Spending:
    """Usage since the last write to the store, of one partition, task and teacher, over `seconds` of asking."""

    partition: str
    task: str
    teacher: str
    usage: Usage
    seconds: float


class ResponseStore(Protocol):
    """Where answers are kept. Failures are never stored; what they cost is."""

    def find(self, request_hashes: Sequence[str]) -> Mapping[str, StoredResponse]:
        """The stored responses among the given hashes."""

    def add(self, responses: Sequence[StoredResponse], spending: Sequence[Spending]) -> None:
        """Keep responses and what was spent, both or neither, durably, before returning."""

    def spent(self) -> Usage:
        """Everything ever spent, by all stages and runs."""


class MemoryStore:
    """A response store that forgets with the process: for notebooks and single stages used on their own."""

    def __init__(self) -> None:
        self._kept: dict[str, StoredResponse] = {}
        self._spent = Usage()

    def find(self, request_hashes: Sequence[str]) -> Mapping[str, StoredResponse]:
        """The stored responses among the given hashes."""
        return {known: self._kept[known] for known in request_hashes if known in self._kept}

    def add(self, responses: Sequence[StoredResponse], spending: Sequence[Spending]) -> None:
        """Keep responses and what was spent."""
        self._kept.update({response.request_hash: response for response in responses})
        self._spent = sum((entry.usage for entry in spending), self._spent)

    def spent(self) -> Usage:
        """Everything ever spent."""
        return self._spent
