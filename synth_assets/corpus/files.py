"""Source files: what is known of each without reading it, found by globs, and opened, on this machine or in a store.

How a store (`s3://`, `hf://`) is reached lives in `stores.py`, what the files hold in `lines.py` and `parquet.py`.
"""

import errno
import gzip
import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, cast

from synth_assets.corpus import stores
from synth_assets.errors import SynthAssetsError

FORMATS = (".parquet", ".jsonl.gz", ".jsonl", ".txt")
"""Formats that can be read, by how the file's name ends."""

_WILDCARD = re.compile(r"[*?\[]")

_NO_FILE = (errno.ENOENT, errno.ENOTDIR, errno.EBADF, errno.ELOOP)
"""What is said of a path at which there is no file: a link that leads nowhere, or one that is gone by now."""


@dataclass(frozen=True)
class SourceFile:
    """A file as its folder or store lists it.

    `path` is a local path or an address; `place` the part below the fixed part of its glob, with `/`. `version`
    changes whenever the file does. `written` (UTC) is None where the store does not tell.
    """

    path: str
    place: str
    size: int
    version: str
    written: datetime | None

    @cached_property
    def extension(self) -> str:
        """One of `FORMATS`; empty for a file of another format."""
        return extension_of(self.path) or ""


def identities(files: Iterable[SourceFile]) -> list[str]:
    """For each file what is the same for two ways to write the same place. Each folder is looked up once."""
    folders: dict[str, str] = {}
    found = []
    for file in files:
        if stores.is_remote(file.path):
            found.append(file.path)
        elif os.path.islink(file.path):  # noqa: PTH114  (a Path of each of many thousands takes longer than this)
            found.append(os.path.realpath(file.path))
        else:
            name = file.path.rpartition(os.sep)[2]
            folder = file.path.removesuffix(name)
            if folder not in folders:
                folders[folder] = os.path.realpath(folder).rstrip(os.sep)
            found.append(f"{folders[folder]}{os.sep}{name}")
    return found


def extension_of(path: str) -> str | None:
    """The format of a file, one of `FORMATS`; None where it is not one of them."""
    name = path.rpartition("/")[2].lower()
    return next((extension for extension in FORMATS if name.endswith(extension)), None)


def find_files(glob: str) -> list[SourceFile]:
    """The readable files a glob matches, by place. A plain file or a folder (all in and below it) is a glob too.

    Hidden files are passed over. Raises SynthAssetsError for a glob that matches nothing readable, for a file of
    another format named outright, and for a store that cannot be reached.
    """
    found = _in_store(glob) if stores.is_remote(glob) else _here(glob)
    readable = [file for file in found if file.extension]
    if not readable:
        raise SynthAssetsError(
            f"corpus source {glob!r} matches no {', '.join(FORMATS)} file; "
            "mend `sources` under [corpus] in synth.toml, or put the files there."
        )
    return sorted(readable, key=lambda file: file.place)


def open_bytes(path: str) -> BinaryIO:
    """A file as it is stored, to be read from any place in it."""
    return stores.open_bytes(path) if stores.is_remote(path) else Path(path).open("rb")


def open_lines(path: str, offset: int = 0) -> BinaryIO:
    """A file as text is written in it, decompressed where it is compressed, from the byte `offset` on.

    To get to a place of a compressed file, all before it has to be decompressed.
    """
    stream = open_bytes(path)
    if path.lower().endswith(".gz"):
        stream = cast(BinaryIO, gzip.GzipFile(fileobj=stream))
    stream.seek(offset)
    return stream


def _here(glob: str) -> list[SourceFile]:
    path = Path(glob).expanduser()
    if path.is_dir():
        return _listed(path, path.rglob("*"))
    if path.exists():
        if extension_of(path.name) is None:
            raise SynthAssetsError(
                f"corpus source {glob!r} is not a {', '.join(FORMATS)} file; convert it, or name another file."
            )
        return [_local(str(path), path.name, path.stat())]
    parts = path.parts
    fixed = next((place for place, part in enumerate(parts) if _WILDCARD.search(part)), None)
    if fixed is None:
        return []
    root, pattern = Path(*parts[:fixed]), Path(*parts[fixed:])
    return _listed(root, root.glob(str(pattern / "*" if pattern.name == "**" else pattern)))


def _listed(root: Path, paths: Iterable[Path]) -> list[SourceFile]:
    # Many thousands of files: each is asked for once, and its place is cut off its path as text.
    above = len(str(root / "_")) - 1
    found = []
    for path in paths:
        place = str(path)[above:].replace(os.sep, "/")
        if _hidden(place.split("/")):
            continue
        try:
            status = path.stat()
        except OSError as error:
            if error.errno not in _NO_FILE:
                raise
            continue
        if stat.S_ISREG(status.st_mode):
            found.append(_local(str(path), place, status))
    return found


def _local(path: str, place: str, status: os.stat_result) -> SourceFile:
    written = datetime.fromtimestamp(status.st_mtime, UTC)
    return SourceFile(path, place, status.st_size, str(status.st_mtime_ns), written)


def _in_store(glob: str) -> list[SourceFile]:
    start = _WILDCARD.search(glob)
    if start is None:
        root, pattern = glob, None
    else:
        root = glob[: glob.rindex("/", 0, start.start())]
        pattern = f"{glob}/*" if glob.endswith("/**") else glob
    return [
        SourceFile(file.path, file.place, file.size, file.version, file.written)
        for file in stores.list_files(root, pattern)
        if not _hidden(file.place.split("/"))
    ]


def _hidden(parts: Iterable[str]) -> bool:
    return any(part.startswith(".") for part in parts)
