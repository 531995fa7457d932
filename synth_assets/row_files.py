"""A Parquet or JSONL file as numbered rows: some columns of it in batches, and the file split in two by row.

What becomes of a row is not known here. Nothing is held but a batch, and rows are written as they were read: those of a
Parquet file with all their columns, those of JSONL as the same bytes.
"""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Protocol, cast

import polars as pl

from synth_assets.errors import SynthAssetsError

ROW = "row"
ROWS_AT_ONCE = 20_000

UNREADABLE = "__unreadable"
"""Column of a batch: why a row cannot be read; null where it can."""


class RowFile(Protocol):
    """A file of rows."""

    @property
    def path(self) -> Path:
        """The file."""

    @property
    def extension(self) -> str:
        """How the names of files written from it end."""

    @property
    def columns(self) -> Sequence[str]:
        """The names of its columns, as far as its beginning tells."""

    def batches(self, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        """Frames with `ROW` (from 0, Int64), the columns as text (null where a row has none), and `UNREADABLE`."""

    def split(
        self, leaving: pl.DataFrame, left_out: pl.Series, stay: Path, leave: Path, out: Path | None = None
    ) -> None:
        """Write the rows that stay and those that leave.

        Args:
            leaving: Column `ROW`, each row once and ascending, and columns that are added to it.
            left_out: Further rows, ascending.
            stay: The file of all other rows.
            leave: The file of the leaving rows with the columns added.
            out: The file of the rows left out.
        """


def row_file(path: Path) -> RowFile:
    """The rows of a file. Raises SynthAssetsError where it is not there, or no .parquet, .jsonl or .jsonl.gz."""
    name = path.name.lower()
    if not path.is_file():
        raise SynthAssetsError(f"There is no file {path}; name a .parquet, .jsonl or .jsonl.gz file.")
    try:
        if name.endswith(".parquet"):
            return ParquetRows(path, ".parquet", tuple(pl.read_parquet_schema(path)))
        if name.endswith((".jsonl", ".jsonl.gz")):
            return JsonRows(path, ".jsonl", _json_columns(path))
    except (OSError, EOFError, pl.exceptions.PolarsError) as error:
        raise SynthAssetsError(f"{path} cannot be read ({str(error).splitlines()[0]}); mend or replace it.") from error
    raise SynthAssetsError(f"{path} is no .parquet, .jsonl or .jsonl.gz file; convert it first.")


@dataclass(frozen=True)
class ParquetRows:
    """A Parquet file; see :class:`RowFile`."""

    path: Path
    extension: str
    columns: Sequence[str]

    def batches(self, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        """See :class:`RowFile`."""
        texts = (pl.col(column).cast(pl.String) for column in columns)
        rows = pl.scan_parquet(self.path).select(*texts)
        first = 0
        for batch in rows.collect_batches(chunk_size=ROWS_AT_ONCE, maintain_order=True):
            numbers = pl.int_range(first, first + batch.height, dtype=pl.Int64, eager=True).alias(ROW)
            yield batch.with_columns(numbers, pl.lit(None, dtype=pl.String).alias(UNREADABLE))
            first += batch.height

    def split(
        self, leaving: pl.DataFrame, left_out: pl.Series, stay: Path, leave: Path, out: Path | None = None
    ) -> None:
        """See :class:`RowFile`."""
        number = "__row"
        rows = pl.scan_parquet(self.path, row_index_name=number)
        going, without = (pl.col(number).is_in(some.implode()) for some in (leaving[ROW], left_out))
        rows.filter(~going & ~without).drop(number).sink_parquet(stay, maintain_order=True)
        added = leaving.rename({ROW: number}).with_columns(pl.col(number).cast(pl.UInt32)).lazy()
        joined = rows.filter(going).join(added, on=number, how="left", maintain_order="left")
        joined.drop(number).sink_parquet(leave, maintain_order=True)
        if out is not None:
            rows.filter(without).drop(number).sink_parquet(out, maintain_order=True)


@dataclass(frozen=True)
class JsonRows:
    """A file of JSON lines, compressed or not; see :class:`RowFile`. Blank lines are no rows."""

    path: Path
    extension: str
    columns: Sequence[str]

    def batches(self, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        """See :class:`RowFile`."""
        schema = {ROW: pl.Int64, **dict.fromkeys(columns, pl.String), UNREADABLE: pl.String}
        with _opened(self.path) as stream:
            rows = enumerate(_lines(stream))
            while part := list(islice(rows, ROWS_AT_ONCE)):
                yield pl.DataFrame([_read(number, line, columns) for number, line in part], schema, orient="row")

    def split(
        self, leaving: pl.DataFrame, left_out: pl.Series, stay: Path, leave: Path, out: Path | None = None
    ) -> None:
        """See :class:`RowFile`. Lines that nothing is added to stay as they are, byte by byte."""
        added = {number: more for number, *more in leaving.iter_rows()}
        names, without = [name for name in leaving.columns if name != ROW], set(left_out.to_list())
        with ExitStack() as files:
            stream = files.enter_context(_opened(self.path))
            staying, going = (files.enter_context(path.open("wb")) for path in (stay, leave))
            aside = None if out is None else files.enter_context(out.open("wb"))
            for number, line in enumerate(_lines(stream)):
                if number in added:
                    row = {**(_object(line) or {}), **dict(zip(names, added[number], strict=True))}
                    going.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
                elif number not in without:
                    staying.write(line + b"\n")
                elif aside is not None:
                    aside.write(line + b"\n")


def _opened(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb")) if path.name.lower().endswith(".gz") else path.open("rb")


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    for line in stream:
        if stripped := line.strip():
            yield stripped


def _json_columns(path: Path) -> tuple[str, ...]:
    """The names in the first object of a file."""
    with _opened(path) as stream:
        first = next((row for line in islice(_lines(stream), 1_000) if (row := _object(line)) is not None), {})
    return tuple(first)


def _object(line: bytes) -> Mapping[str, object] | None:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _read(number: int, line: bytes, columns: Sequence[str]) -> tuple[object, ...]:
    row = _object(line)
    if row is None:
        return (number, *[None] * len(columns), "not a JSON object")
    return (number, *(_text(row.get(column)) for column in columns), None)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
