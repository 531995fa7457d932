"""Rows in the order of partition and key: whether a frame has it, how it gets it, and whether a key repeats.

The concept graph brings frames of tens of millions of rows here, so all of it looks before it moves anything: a frame
in order is handed back as it is, one of ordered stretches (the files of a table, a partition each) is joined anew
without copying a row, and only what is left is sorted.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import polars as pl

from synth_assets.tables import Table

SLICE_ROWS = 1 << 20
"""Rows looked at together, so that looking takes little memory and ends soon where the answer is no."""

LARGE_STRETCH = 10_000
"""Mean rows of a stretch from which handling stretches one by one costs less than sorting all rows together."""


def order_of(table: Table) -> list[str]:
    """The columns rows of a table are ordered by: those of its partitions, then the rest of its key."""
    return list(dict.fromkeys((*table.partitioned_by, *table.key)))


def in_order(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` in the order of :func:`order_of`, whose columns they have; the same rows, not a copy, where it is so."""
    order = order_of(table)
    falls = _falls(rows, order, at_most=rows.height // LARGE_STRETCH)
    if falls is None:
        return _sorted(rows, table.partitioned_by, order)
    if not falls:
        return rows
    starts = [0, *falls]
    ends = [*falls, rows.height]
    keys = rows.select(order)
    stretches = keys[starts].with_columns(start=pl.Series(starts), end=pl.Series(ends)).sort(order)
    joined = pl.concat(
        [rows.slice(start, end - start) for start, end in stretches.select("start", "end").iter_rows()], rechunk=False
    )
    # Stretches that overlap, as of two files of one partition, are in no order yet.
    lasts, firsts = keys[stretches["end"] - 1].slice(0, len(starts) - 1), stretches.select(order).slice(1)
    return joined if not _after(lasts, firsts).any() else _sorted(rows, table.partitioned_by, order)


def repeated(rows: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """The keys of the rows whose key is that of another row."""
    keys = rows.select(key)
    # Looking for equal hashes costs a fraction of comparing structs, and equal hashes are rare where no key repeats.
    hashes = keys.hash_rows(seed=0)
    ordered = hashes.sort()
    if not (ordered.slice(1) == ordered.slice(0, max(len(ordered) - 1, 0))).any():
        return keys.clear()
    suspects = keys.filter(hashes.is_duplicated())
    return suspects.filter(pl.struct(key).is_duplicated())


def whole_partitions(table: Table, rows: pl.DataFrame, at_most: int) -> Iterator[pl.DataFrame]:
    """Ordered rows in pieces of whole partitions, of `at_most` so many rows unless a partition has more."""
    cuts = [rows.height]
    if table.partitioned_by and rows.height > at_most:
        keys = rows.select(table.partitioned_by)
        cuts = [*_places(keys, lambda before, after: _after(after, before)), rows.height]
    start = 0
    for cut, following in zip(cuts, [*cuts[1:], None], strict=True):
        if following is None or following - start > at_most:
            yield rows.slice(start, cut - start)
            start = cut


def _falls(rows: pl.DataFrame, order: Sequence[str], at_most: int) -> list[int] | None:
    """The places of the rows that stand after a larger one; None where there are more than `at_most`."""
    falls = list(islice(_places(rows.select(order), _after), at_most + 1))
    return falls if len(falls) <= at_most else None


def _places(keys: pl.DataFrame, where: Callable[[pl.DataFrame, pl.DataFrame], pl.Series]) -> Iterator[int]:
    """The places of the rows for which `where` is true of the row before and the row itself."""
    for start in range(0, keys.height - 1, SLICE_ROWS):
        piece = keys.slice(start, SLICE_ROWS + 1)
        found = where(piece.slice(0, piece.height - 1), piece.slice(1)).arg_true()
        yield from (place + start + 1 for place in found)


def _after(first: pl.DataFrame, second: pl.DataFrame) -> pl.Series:
    """Where the row of `first` is larger than that of `second`, columns from left to right."""
    columns = [(first[name], second[name]) for name in first.columns]
    larger = pl.repeat(False, first.height, eager=True)
    for left, right in reversed(columns):
        larger = (left > right) | ((left == right) & larger)
    return larger


def _sorted(rows: pl.DataFrame, partitioned_by: Sequence[str], order: Sequence[str]) -> pl.DataFrame:
    """Sorted rows; large partitions each by itself, which Polars does several times faster than together."""
    within = [name for name in order if name not in partitioned_by]
    if partitioned_by and within and rows.select(partitioned_by).n_unique() * LARGE_STRETCH <= rows.height:
        parts = rows.partition_by(partitioned_by, as_dict=True)
        # Taken out one by one, so that a part is gone when its sorted copy is made.
        return pl.concat([parts.pop(key).sort(within) for key in sorted(parts)], rechunk=False)
    return rows.sort(order)
