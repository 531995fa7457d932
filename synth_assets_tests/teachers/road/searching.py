"""Looking for a secret in everything below a folder: plain, packed, in the cells of Parquet files and of databases."""

import gzip
import sqlite3
import zipfile
import zlib
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import closing, suppress
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import polars as pl

PREFIX = 12
"""Characters of a key that would give it away."""

SQLITE = b"SQLite format 3\0"


class Needles:
    """The forms in which a key could have been written, and where they are found."""

    def __init__(self, key: str) -> None:
        raw = key.encode()
        encoded = {pack(part).rstrip(b"=") for pack in (b64encode, urlsafe_b64encode) for part in (raw, b":" + raw)}
        # The last letter of an unpadded encoding depends on what follows the key.
        self._forms = {raw, raw[:PREFIX], quote(key, safe="").encode(), *(form[:-1] for form in encoded)}

    def among(self, content: bytes) -> bool:
        """Whether any form stands in `content`, as it is or unpacked."""
        return any(form in variant for variant in _unpacked(content) for form in self._forms)

    def below(self, folder: Path) -> list[str]:
        """The places below `folder` where a form stands: files, and cells of Parquet files and SQLite databases."""
        found = []
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                found += [f"{path.relative_to(folder)}{place}" for place in self._in_file(path)]
        return found

    def _in_file(self, path: Path) -> Iterator[str]:
        content = path.read_bytes()
        if self.among(content) or self.among(path.name.encode()):
            yield ""
        if path.suffix == ".parquet":
            yield from (f": {place}" for place in self._in_frame(pl.read_parquet(path)))
        elif content.startswith(SQLITE):
            yield from (f": {place}" for place in self._in_database(path))

    def _in_frame(self, frame: pl.DataFrame) -> Iterator[str]:
        for name in frame.columns:
            if any(self.among(as_bytes(value)) for value in frame[name].to_list()):
                yield name

    def _in_database(self, path: Path) -> Iterator[str]:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            names = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
            for name in names:
                rows = connection.execute(f'select * from "{name}"')
                if any(self.among(as_bytes(cell)) for row in rows for cell in row):
                    yield name


def as_bytes(value: object) -> bytes:
    """A cell as bytes that hold its text."""
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


def _unpacked(content: bytes) -> Iterator[bytes]:
    """The content, and what is packed in it."""
    yield content
    for unpack in (gzip.decompress, zlib.decompress):
        with suppress(OSError, EOFError, zlib.error):
            yield unpack(content)
    if content.startswith(b"PK") and zipfile.is_zipfile(BytesIO(content)):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
