"""Random choices that repeat: every seed is derived from stable names, never from time, order or process."""

import random
from hashlib import blake2b


def seed_of(*names: object) -> int:
    """A 63-bit seed from the names that identify a choice, e.g. ``seed_of("walk", shard, topic, epoch)``.

    The names are joined by their ``str`` with a separator that cannot occur in them, so ``("ab", "c")`` and
    ``("a", "bc")`` differ. The value is the same on every machine and Python version.
    """
    digest = blake2b("\x1f".join(str(name) for name in names).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def generator_of(*names: object) -> random.Random:
    """A Python generator seeded with :func:`seed_of`."""
    return random.Random(seed_of(*names))
