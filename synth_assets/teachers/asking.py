"""Asking a teacher through the response store: what was answered once is never asked again."""

import json
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from synth_assets.teachers.tasks import Result, Task
from synth_assets.teachers.teacher import Response, ResponseStore, StoredResponse, Teacher, request_hash

R = TypeVar("R", bound=Result)

FLUSH_RESPONSES = 256
FLUSH_SECONDS = 5.0
"""A killed run repeats at most what was answered since the last flush."""


def ask_all(
    teacher: Teacher,
    store: ResponseStore,
    tasks: Sequence[Task[R]],
    advance: Callable[[int, int], None] | None = None,
) -> list[Response[R]]:
    """One response a task, in the order of `tasks`; equal tasks are asked once.

    Stored answers are read back first; new ones are stored as they arrive, at most `FLUSH_RESPONSES` or
    `FLUSH_SECONDS` late, and also when the teacher breaks off. Failures are returned but never stored.
    `advance` is called with how many of the distinct tasks have a response, and how many there are.
    """
    hashes = [request_hash(teacher, task) for task in tasks]
    by_hash = dict(zip(hashes, tasks, strict=True))
    answered: dict[str, Response[R]] = {
        found.request_hash: _read_back(by_hash[found.request_hash], found)
        for found in store.find(list(by_hash)).values()
    }
    if advance is not None:
        advance(len(answered), len(by_hash))
    missing = [(known, task) for known, task in by_hash.items() if known not in answered]
    pending: list[StoredResponse] = []
    flushed = time.monotonic()
    try:
        for (_, task), response in zip(missing, teacher.ask([task for _, task in missing]), strict=True):
            answered[response.request_hash] = response
            if response.result is not None:
                pending.append(_to_store(teacher, task, response))
            if len(pending) >= FLUSH_RESPONSES or time.monotonic() - flushed > FLUSH_SECONDS:
                store.add(pending)
                pending, flushed = [], time.monotonic()
            if advance is not None:
                advance(len(answered), len(by_hash))
    finally:
        if pending:
            store.add(pending)
    return [answered[known] for known in hashes]


def _read_back(task: Task[R], found: StoredResponse) -> Response[R]:
    result = type(task).result.model_validate_json(found.response)
    return Response(
        found.request_hash,
        result,  # type: ignore[arg-type]  # the hash covers the task type, so the result is of its type
        prompt_tokens=found.prompt_tokens,
        completion_tokens=found.completion_tokens,
    )


def _to_store(teacher: Teacher, task: Task[R], response: Response[R]) -> StoredResponse:
    assert response.result is not None
    return StoredResponse(
        request_hash=response.request_hash,
        task=task.kind,
        teacher=teacher.name,
        prompt_version=teacher.prompt_version(type(task)),
        response=json.dumps(response.result.model_dump(mode="json"), ensure_ascii=False, sort_keys=True),
        prompt_tokens=response.prompt_tokens,
        completion_tokens=response.completion_tokens,
    )


class MemoryStore:
    """A response store that forgets with the process: for notebooks and single stages used on their own."""

    def __init__(self) -> None:
        self._kept: dict[str, StoredResponse] = {}

    def find(self, request_hashes: Sequence[str]) -> dict[str, StoredResponse]:
        """The stored responses among the given hashes."""
        return {known: self._kept[known] for known in request_hashes if known in self._kept}

    def add(self, responses: Sequence[StoredResponse]) -> None:
        """Keep responses."""
        self._kept.update({response.request_hash: response for response in responses})
