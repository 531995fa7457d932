"""How many rows a source file has, counted once per process for each state of the file (a sensor asks every minute)."""

import gzip
import zlib
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, cast

import polars as pl
from polars.exceptions import PolarsError

_CHUNK = 1 << 20


@lru_cache(maxsize=100_000)
def count_rows(path: str, extension: str, size: int, modified_ns: int) -> int | None:
    """Rows of a file: from the footer of Parquet, lines of JSONL. None where the file cannot be read to its end.

    `size` in bytes and `modified_ns` make a changed file count anew.
    """
    try:
        if extension == ".parquet":
            return int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())
        with open_lines(path) as stream:
            return _lines(stream)
    except (OSError, EOFError, zlib.error, PolarsError):
        return None


def open_lines(path: str) -> BinaryIO:
    """A JSONL file, compressed or not, to be read as bytes."""
    if path.lower().endswith(".gz"):
        return cast(BinaryIO, gzip.open(path, "rb"))
    return Path(path).open("rb")


def _lines(stream: BinaryIO) -> int:
    lines, last = 0, b"\n"
    while chunk := stream.read(_CHUNK):
        lines += chunk.count(b"\n")
        last = chunk[-1:]
    return lines + (last != b"\n")
