"""The cuts of a source file, found once for each state of the file: a sensor asks every minute, every run anew.

Those of a large file, or of one in a store, are also kept on disk, in the user's cache folder (`XDG_CACHE_HOME`, else
`~/.cache`), so that another process need not read the file again. The folder can be deleted at any time.
"""

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import astuple
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from synth_assets.corpus.cutting import Cut
from synth_assets.corpus.damage import DAMAGE
from synth_assets.corpus.files import SourceFile, open_lines
from synth_assets.corpus.lines import line_cuts
from synth_assets.corpus.parquet_cuts import parquet_cuts
from synth_assets.corpus.stores import is_remote, reaching

_RULE = 1
"""Raised whenever files are cut in another way."""

_LARGE = 64 << 20
"""Bytes of a file whose cuts are worth keeping."""


def cuts_of(file: SourceFile, rows: int, size: int) -> tuple[Cut, ...] | None:
    """The cuts of a Parquet or JSONL file: at most `rows` rows and about `size` bytes of text each, or a single row.

    None where the file is damaged or cannot be read. Raises SynthAssetsError where its store cannot be reached.
    """
    return _found_once(file.path, file.extension, file.size, file.version, rows, size)


@lru_cache(maxsize=100_000)
def _found_once(
    path: str, extension: str, file_size: int, version: str, rows: int, size: int
) -> tuple[Cut, ...] | None:
    kept = None
    if is_remote(path) or file_size >= _LARGE:
        kept = _folder() / f"{_digest(_RULE, path, file_size, version, rows, size)}.json"
        if (cuts := _read(kept)) is not None:
            return cuts
    cuts = _found(path, extension, rows, size)
    if kept is not None and cuts is not None:
        _keep(kept, cuts)
    return cuts


def _found(path: str, extension: str, rows: int, size: int) -> tuple[Cut, ...] | None:
    # A store that cannot be reached now is no damaged file, whose cuts would be other ones tomorrow.
    with suppress(*(DAMAGE if is_remote(path) else (OSError, *DAMAGE))), reaching(path):
        if extension == ".parquet":
            return tuple(parquet_cuts(path, rows, size))
        with open_lines(path) as stream:
            return tuple(line_cuts(stream, rows, size))
    return None


def _folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "synth-assets" / "cuts"


def _digest(*parts: object) -> str:
    return blake2b(repr(parts).encode(errors="surrogateescape"), digest_size=16).hexdigest()


def _read(kept: Path) -> tuple[Cut, ...] | None:
    try:
        return tuple(Cut(*fields) for fields in json.loads(kept.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def _keep(kept: Path, cuts: tuple[Cut, ...]) -> None:
    """Written aside, then renamed. Where that cannot be done, the cuts are found again."""
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        descriptor, aside = tempfile.mkstemp(dir=kept.parent)
        with os.fdopen(descriptor, "w") as file:
            json.dump([astuple(cut) for cut in cuts], file)
        Path(aside).replace(kept)
