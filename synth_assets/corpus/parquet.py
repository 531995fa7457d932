"""Parquet files: what their footers say, and the rows of a stretch, with only the needed columns and row groups read.

Of a file in a store only these are fetched, onto this machine's disk. Where files are cut is `parquet_cuts.py`'s
business.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import duckdb
import polars as pl

from synth_assets.corpus.damage import DamagedFileError
from synth_assets.corpus.files import open_bytes
from synth_assets.corpus.stores import is_remote

TEXT_COLUMNS = ("text", "content")
WANTED_COLUMNS = ("id", "document_id", "title", *TEXT_COLUMNS, "url")

TOGETHER = 32 << 20
"""Bytes of row groups that are read together."""

LONG_ROWS = 64 << 10
"""Bytes. DuckDB takes 2,048 rows at a time, which is too many where they are longer on average than this."""

_MAGIC = b"PAR1"
_TAIL = 1 << 16
_COPIED = 8 << 20

_DESCRIBED = """
select row_group_id, any_value(row_group_num_rows), sum(total_uncompressed_size), max(total_compressed_size),
       list([if(dictionary_page_offset > 0, least(dictionary_page_offset, data_page_offset), data_page_offset),
             total_compressed_size])
from parquet_metadata($place) where list_contains($wanted, split_part(path_in_schema, ', ', 1))
group by row_group_id order by row_group_id"""


@dataclass(frozen=True)
class RowGroup:
    """A row group: `rows` rows from `first_row` on, and the bytes of its wanted columns.

    `size` counts them uncompressed; `chunk` is the largest column as stored; `ranges` are where they lie in the file,
    each a start and a length.
    """

    first_row: int
    rows: int
    size: int
    chunk: int
    ranges: tuple[tuple[int, int], ...]

    @property
    def end_row(self) -> int:
        """The row after its last."""
        return self.first_row + self.rows

    @property
    def of_long_rows(self) -> bool:
        """Whether its rows are too long on average for DuckDB to take in small memory."""
        return self.size > LONG_ROWS * self.rows


@dataclass(frozen=True)
class Footer:
    """What a file of `size` bytes says of itself in its `tail`: the names of its columns, and its row groups."""

    columns: tuple[str, ...]
    groups: tuple[RowGroup, ...]
    tail: bytes
    size: int

    @property
    def rows(self) -> int:
        """Rows of the whole file."""
        return self.groups[-1].end_row if self.groups else 0

    @property
    def wanted(self) -> list[str]:
        """The columns to be read."""
        return [name for name in WANTED_COLUMNS if name in self.columns]

    def within(self, first_row: int, end_row: int) -> list[RowGroup]:
        """The row groups that hold some of these rows."""
        return [group for group in self.groups if group.first_row < end_row and group.end_row > first_row]


def read_footer(path: str) -> Footer:
    """The footer of a file, in one or two small reads. Raises DamagedFileError for one that is not whole Parquet."""
    with open_bytes(path) as stream:
        size = stream.seek(0, os.SEEK_END)
        tail = _end(stream, size, min(size, _TAIL))
        if len(tail) < 12 or not tail.endswith(_MAGIC):
            raise DamagedFileError("it is no Parquet file, or not whole")
        length = int.from_bytes(tail[-8:-4], "little") + 8
        if length > size:
            raise DamagedFileError("its footer is damaged")
        tail = tail[-length:] if length <= len(tail) else _end(stream, size, length)
    with _hollow(size, tail) as place, duckdb.connect() as connection:
        try:
            columns = connection.execute(
                "select distinct split_part(path_in_schema, ', ', 1) from parquet_metadata($place)", {"place": place}
            ).fetchall()
            described = connection.execute(_DESCRIBED, {"place": place, "wanted": list(WANTED_COLUMNS)}).fetchall()
        except duckdb.Error as error:
            raise DamagedFileError(f"its footer is damaged: {str(error).splitlines()[0]}") from error
    groups: list[RowGroup] = []
    for _, rows, bytes_uncompressed, chunk, ranges in described:
        first_row = groups[-1].end_row if groups else 0
        groups.append(RowGroup(first_row, rows, int(bytes_uncompressed), chunk, tuple(map(tuple, ranges))))
    return Footer(tuple(name for (name,) in columns), tuple(groups), tail, size)


def row_frames(path: str, footer: Footer, first_row: int, end_row: int) -> Iterator[pl.DataFrame]:
    """Rows of a file in order, a few row groups at a time, with the columns of `WANTED_COLUMNS` it has.

    A large row group is read at once, as far as its rows are wanted.
    """
    groups = footer.within(first_row, end_row)
    if not groups:
        return
    with on_disk(path, footer, groups) as place:
        scan = pl.scan_parquet(place, glob=False).select(footer.wanted)
        for together in _together(groups):
            first, end = max(first_row, together[0].first_row), min(end_row, together[-1].end_row)
            # Polars holds a row group's columns as they are stored, DuckDB a page of each.
            if together[0].size > TOGETHER and not together[0].of_long_rows:
                yield _paged(place, footer, first, end)
            else:
                yield scan.slice(first, end - first).collect()


def _paged(place: str, footer: Footer, first_row: int, end_row: int) -> pl.DataFrame:
    """Some rows of a local file, read page by page."""
    with duckdb.connect(config={"threads": 1}) as connection:  # one thread keeps the order of the rows
        try:
            rows = connection.from_parquet(place, file_row_number=True)
            wanted = rows.filter(f"file_row_number >= {first_row} and file_row_number < {end_row}")
            return pl.DataFrame(wanted.project(", ".join(f'"{name}"' for name in footer.wanted)))
        except duckdb.Error as error:
            raise DamagedFileError(str(error).splitlines()[0]) from error


@contextmanager
def on_disk(path: str, footer: Footer, groups: Sequence[RowGroup]) -> Iterator[str]:
    """A local file that holds at least these row groups' wanted columns where `path` has them, for as long as needed.

    For a local file that is the file itself; else a hollow one, with the needed bytes fetched into it.
    """
    if not is_remote(path):
        yield path
        return
    with _hollow(footer.size, footer.tail) as place, open_bytes(path) as source, Path(place).open("r+b") as target:
        for start, length in _merged(span for group in groups for span in group.ranges):
            source.seek(start)
            target.seek(start)
            while length:
                piece = source.read(min(length, _COPIED))
                if not piece:
                    raise EOFError("it ended early: it was replaced meanwhile")
                target.write(piece)
                length -= len(piece)
        target.flush()
        yield place


@contextmanager
def _hollow(size: int, tail: bytes) -> Iterator[str]:
    """A temporary file of `size` bytes that ends with `tail` and takes no room on the disk before it."""
    descriptor, place = tempfile.mkstemp(prefix="synth-assets-", suffix=".parquet")
    try:
        with os.fdopen(descriptor, "r+b") as file:
            file.truncate(size)
            file.write(_MAGIC)
            file.seek(size - len(tail))
            file.write(tail)
        yield place
    finally:
        Path(place).unlink()


def _end(stream: BinaryIO, size: int, length: int) -> bytes:
    stream.seek(size - length)
    return stream.read(length)


def _together(groups: Iterable[RowGroup]) -> Iterator[list[RowGroup]]:
    """Row groups in lots of about `TOGETHER` bytes."""
    lot: list[RowGroup] = []
    for group in groups:
        if lot and sum(one.size for one in lot) + group.size > TOGETHER:
            yield lot
            lot = []
        lot.append(group)
    if lot:
        yield lot


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same spans of bytes, in order, with neighbours joined."""
    merged: list[tuple[int, int]] = []
    for start, length in sorted(spans):
        if merged and start <= sum(merged[-1]):
            begun = merged[-1][0]
            merged[-1] = begun, max(sum(merged[-1]), start + length) - begun
        else:
            merged.append((start, length))
    return merged
