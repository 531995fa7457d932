"""Random choices that repeat: every seed is derived from stable names, never from time, order or process."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import blake2b

_draw: ContextVar[int] = ContextVar("draw", default=0)


def seed_of(*names: object) -> int:
    """A 63-bit seed from the names that identify a choice, e.g. ``seed_of("walk", shard, topic, epoch)``.

    The names are joined by their ``str`` with a separator that cannot occur in them, so ``("ab", "c")`` and
    ``("a", "bc")`` differ. The value is the same on every machine and Python version.
    """
    digest = blake2b("\x1f".join(str(name) for name in names).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def generator_of(*names: object) -> random.Random:
    """A Python generator seeded with :func:`seed_of`; within :func:`drawn_anew`, with the draw's number as well."""
    draw = _draw.get()
    return random.Random(seed_of(*names, "draw", draw) if draw else seed_of(*names))


@contextmanager
def drawn_anew(draw: int) -> Iterator[None]:
    """Within it :func:`generator_of` chooses otherwise, by the number `draw`; with 0 as it always does.

    It holds for this thread, and so for what is called there: a rule that asks for a generator by its names needs not
    know that there are draws.
    """
    token = _draw.set(draw)
    try:
        yield
    finally:
        _draw.reset(token)
