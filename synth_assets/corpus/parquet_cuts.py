"""Where a Parquet file can be cut: by its footer alone where its row groups are small, else by its rows' lengths."""

from collections.abc import Iterator

import duckdb
import polars as pl

from synth_assets.corpus.cutting import Cut, Cutter
from synth_assets.corpus.parquet import Footer, RowGroup, on_disk, read_footer

_PART = 8
"""A row group of more than this part of a shard's bytes is cut by the lengths of its rows, not by their mean."""

_LOOKED_AT = 32 << 20
"""Bytes of long rows looked at together."""


def parquet_cuts(path: str, rows: int, size: int) -> list[Cut]:
    """The cuts of a file, each of at most `rows` rows and about `size` bytes, or of a single row.

    Bytes are those of the wanted columns. By the mean of its row groups a cut may miss `size` by a quarter. Raises
    DamagedFileError for a file that is not Parquet.
    """
    footer = read_footer(path)
    cutter = Cutter(rows, size)
    for group in footer.groups:
        if group.size * _PART <= size:
            _by_mean(cutter, group)
        else:
            for length in _lengths(path, footer, group):
                cutter.add(1, length)
    return cutter.finish()


def _by_mean(cutter: Cutter, group: RowGroup) -> None:
    left = group.rows
    while left:
        rows = min(left, cutter.rows_left)
        cutter.add(rows, group.size * rows // group.rows)
        left -= rows


def _lengths(path: str, footer: Footer, group: RowGroup) -> Iterator[int]:
    """Bytes of each row of a row group."""
    with on_disk(path, footer, [group]) as place:
        scan = pl.scan_parquet(place, glob=False).select(footer.wanted)
        textual = [name for name, dtype in scan.collect_schema().items() if dtype in (pl.String, pl.Binary)]
        if not textual:
            yield from [group.size // group.rows] * group.rows
        elif group.of_long_rows:
            yield from _of_long_rows(scan, textual, group)
        else:
            yield from _of_short_rows(place, textual, group)


def _of_long_rows(scan: pl.LazyFrame, textual: list[str], group: RowGroup) -> Iterator[int]:
    length = pl.sum_horizontal(pl.col(name).cast(pl.Binary).bin.size() for name in textual)
    together = max(1, _LOOKED_AT * group.rows // group.size)
    for first in range(group.first_row, group.end_row, together):
        wanted = scan.slice(first, min(together, group.end_row - first))
        yield from wanted.select(length.alias("bytes")).collect()["bytes"]


def _of_short_rows(place: str, textual: list[str], group: RowGroup) -> Iterator[int]:
    sizes = " + ".join(f'coalesce(strlen("{name}"), 0)' for name in textual)
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(
            f"select {sizes} from read_parquet($place, file_row_number = true) "
            "where file_row_number >= $first and file_row_number < $end order by file_row_number",
            {"place": place, "first": group.first_row, "end": group.end_row},
        )
        while lengths := connection.fetchmany(10_000):
            yield from (length for (length,) in lengths)
