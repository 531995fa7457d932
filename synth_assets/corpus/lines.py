"""Files of lines (JSONL), compressed or not: where they can be cut, and their lines, none longer than can be held."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from synth_assets.corpus.cutting import Cut, Cutter

_CHUNK = 4 << 20


@dataclass(frozen=True)
class LongLine:
    """A line of `size` bytes that was passed over."""

    size: int


def line_cuts(stream: BinaryIO, rows: int, size: int) -> list[Cut]:
    """The cuts of a stream of lines, in one pass: at most `rows` lines and `size` bytes each, or a single line."""
    cutter = Cutter(rows, size)
    place = begun = 0  # bytes read, and where the line that is being read began
    while chunk := stream.read(_CHUNK):
        lines = chunk.count(b"\n")
        if lines and cutter.has_room(lines, place + len(chunk) - begun):
            end = place + chunk.rindex(b"\n") + 1
            cutter.add(lines, end - begun)
            begun = end
        elif lines:
            for newline in np.flatnonzero(np.frombuffer(chunk, np.uint8) == ord("\n")).tolist():
                end = place + newline + 1
                cutter.add(1, end - begun)
                begun = end
        place += len(chunk)
    if place > begun:
        cutter.add(1, place - begun)
    return cutter.finish()


def bounded_lines(stream: BinaryIO, longest: int) -> Iterator[bytes | LongLine]:
    """The lines of a stream from where it stands. Of one above `longest` bytes only the length is held."""
    while line := stream.readline(longest + 1):
        if len(line) <= longest or line.endswith(b"\n"):
            yield line
            continue
        size = len(line)
        while rest := stream.readline(_CHUNK):
            size += len(rest)
            if rest.endswith(b"\n"):
                break
        yield LongLine(size)
