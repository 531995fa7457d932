"""Conversations with a teacher that answers at once and in this process."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from typing import Any

from synth_assets.teachers.teacher import Conversation, Prepared, Response


class Immediate:
    """A conversation in which each request is answered by calling `answer` as it is submitted."""

    def __init__(self, answer: Callable[[Prepared[Any]], Response[Any]]) -> None:
        self._answer = answer
        self._ready: list[Response[Any]] = []

    @property
    def outstanding(self) -> int:
        """Answers not handed over yet."""
        return len(self._ready)

    @property
    def has_room(self) -> bool:
        """One at a time: nothing is gained by waiting."""
        return not self._ready

    def submit(self, request: Prepared[Any]) -> None:
        """Answer a request."""
        self._ready.append(self._answer(request))

    def arrived(self, wait: float) -> Sequence[Response[Any]]:
        """The answers not handed over yet."""
        ready, self._ready = self._ready, []
        return ready


@contextmanager
def immediate(answer: Callable[[Prepared[Any]], Response[Any]]) -> Iterator[Conversation]:
    """An :class:`Immediate` conversation as :meth:`Teacher.conversation` gives it."""
    yield Immediate(answer)


def hash_of(*parts: str) -> str:
    """A hash of texts in order, hexadecimal BLAKE2b-128."""
    digest = blake2b(digest_size=16)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()
