"""Partitions taken together in one run: unbroken ranges of them, and how much text a run of shards may hold."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

RANGE_START, RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


@dataclass(frozen=True)
class Texts:
    """Bytes of text of each shard, and how many of them may be held at once."""

    sizes: Mapping[str, int]
    most: int


def unbroken(keys: Sequence[str], wanted: Collection[str], texts: Texts | None = None) -> Iterator[tuple[str, str]]:
    """First and last of each unbroken run of wanted keys, in the order of `keys`.

    A run ends before the shard with which it would hold more text than `texts` allows; it has at least one.
    """
    run: list[str] = []
    held = 0
    for key in keys:
        size = texts.sizes.get(key, 0) if texts is not None else 0
        if run and (key not in wanted or (texts is not None and held + size > texts.most)):
            yield run[0], run[-1]
            run, held = [], 0
        if key in wanted:
            run.append(key)
            held += size
    if run:
        yield run[0], run[-1]


def rectangles(
    static: Sequence[str], moving: Sequence[str], wanted: Collection[str], texts: Texts | None = None
) -> Iterator[tuple[str, str]]:
    """First and last key `<static>|<moving>` of rectangles that cover the wanted ones, cut as :func:`unbroken` does.

    A rectangle may hold keys that are not wanted, but none of a value that no wanted key has: methods that are not
    chosen lie between others.
    """
    values = [key.partition("|") for key in wanted]
    stretches = list(unbroken(static, {first for first, _, _ in values}))
    for begin, end in unbroken(moving, {second for _, _, second in values}, texts):
        for first, last in stretches:
            yield f"{first}|{begin}", f"{last}|{end}"
