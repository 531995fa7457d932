"""The rows of a shard as its file has them, whatever the format, in batches.

What a row is by its fields lives in `source_rows.py`. Nothing is normalised, and rows are not compared with each
other: that is `reading.py`.
"""

from collections.abc import Iterator
from itertools import islice

import polars as pl

from synth_assets.corpus.damage import DAMAGE
from synth_assets.corpus.files import extension_of, open_bytes, open_lines
from synth_assets.corpus.lines import LongLine, bounded_lines
from synth_assets.corpus.parquet import TEXT_COLUMNS, read_footer, row_frames
from synth_assets.corpus.shards import Shard
from synth_assets.corpus.source_rows import ROWS, TOO_LARGE, Fields, are_plain, fields_of, json_fields, plain_rows
from synth_assets.corpus.stores import reaching
from synth_assets.errors import SynthAssetsError

BATCH_BYTES = 16 << 20
BATCH_ROWS = 10_000
"""Where a batch of lines or files ends."""

FRAGMENT = 256
"""Rows of Parquet that are taken out of their frame together where their columns are not of text."""


def batches_of(shard: Shard, longest: int) -> Iterator[pl.DataFrame]:
    """The rows of `shard` as frames of `ROWS`, in the order of the file. Blank lines of JSONL are no rows.

    Documents of more than `longest` bytes (in JSONL, such lines) are passed over, as rows with a fault. Raises
    SynthAssetsError naming the file where it cannot be read to its end.
    """
    try:
        with reaching(shard.path):
            if shard.documents:
                yield from _texts(shard, longest)
            elif extension_of(shard.path) == ".parquet":
                yield from _parquet(shard, longest)
            else:
                yield from _json_lines(shard, longest)
    except (OSError, *DAMAGE) as error:
        raise SynthAssetsError(
            f"{shard.path} cannot be read ({str(error).splitlines()[0]}); mend the file or take it out of `sources`, "
            f"then read shard {shard.name} again: nothing in the lake has changed."
        ) from error


def _texts(shard: Shard, longest: int) -> Iterator[pl.DataFrame]:
    """Each file is a document, with the shard's and the file's name as its id."""
    batch = _Batch()
    for path in shard.documents:
        name = f"{shard.name}/{path.rpartition('/')[2]}"
        with open_bytes(path) as stream:
            text = stream.read(longest + 1)
        if len(text) > longest:
            explanation = TOO_LARGE.format("the file", "more", f"{longest:,}")
            batch.add(path, 0, Fields(name, fault="too_large", explanation=explanation), 0)
        else:
            batch.add(path, 0, fields_of({"id": name, "text": text}, longest), len(text))
        if batch.full:
            yield batch.taken()
    yield batch.taken()


def _json_lines(shard: Shard, longest: int) -> Iterator[pl.DataFrame]:
    passed_over = shard.first_row - shard.anchor.row
    end = None if shard.rows is None else passed_over + shard.rows
    batch = _Batch()
    with open_lines(shard.path, shard.anchor.byte) as stream:
        lines = enumerate(bounded_lines(stream, longest), shard.anchor.row)
        for row, line in islice(lines, passed_over, end):
            if isinstance(line, LongLine):
                explanation = TOO_LARGE.format("the line", f"{line.size:,}", f"{longest:,}")
                batch.add(shard.path, row, Fields(fault="too_large", explanation=explanation), 0)
            elif line.strip():
                line = line.removeprefix(b"\xef\xbb\xbf") if row == 0 else line
                batch.add(shard.path, row, json_fields(line, longest), len(line))
            if batch.full:
                yield batch.taken()
    yield batch.taken()


class _Batch:
    """Rows gathered until they are enough for a frame."""

    def __init__(self) -> None:
        self._rows: list[tuple[str | int | None, ...]] = []
        self._bytes = 0

    @property
    def full(self) -> bool:
        return self._bytes >= BATCH_BYTES or len(self._rows) >= BATCH_ROWS

    def add(self, source: str, row: int, fields: Fields, size: int) -> None:
        self._rows.append((source, row, *fields))
        self._bytes += size

    def taken(self) -> pl.DataFrame:
        """What was gathered, as a frame of `ROWS`."""
        columns = list(zip(*self._rows, strict=True)) if self._rows else [()] * len(ROWS)
        self._rows, self._bytes = [], 0
        return pl.DataFrame(dict(zip(ROWS, columns, strict=True)), schema=ROWS)


def _parquet(shard: Shard, longest: int) -> Iterator[pl.DataFrame]:
    footer = read_footer(shard.path)
    if not any(name in footer.columns for name in TEXT_COLUMNS):
        raise SynthAssetsError(
            f"{shard.path} has no column {' or '.join(TEXT_COLUMNS)}, but {', '.join(footer.columns)}; "
            "rename the column that holds the text."
        )
    row = shard.first_row
    end_row = footer.rows if shard.rows is None else shard.first_row + shard.rows
    for frame in row_frames(shard.path, footer, row, end_row):
        pieces = [frame] if are_plain(frame.schema) else frame.iter_slices(FRAGMENT)
        for piece in pieces:
            rows = plain_rows(piece, longest) if are_plain(piece.schema) else _odd_rows(piece, longest)
            numbers = pl.int_range(row, row + piece.height, dtype=pl.Int64()).alias("row")
            yield rows.select(pl.lit(shard.path).alias("source"), numbers, *Fields._fields).cast(ROWS)
            row += piece.height


def _odd_rows(frame: pl.DataFrame, longest: int) -> pl.DataFrame:
    """Rows whose columns are of other types than text, each looked at by itself."""
    batch = _Batch()
    for fields in frame.iter_rows(named=True):
        batch.add("", 0, fields_of(fields, longest), 0)
    return batch.taken()
