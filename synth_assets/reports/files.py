"""Files written for people and trainers: each aside first, then renamed, and listed with size and hash."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import polars as pl

from synth_assets.tables import PRODUCED_FILES


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file so that a reader sees the old one or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.new")
    aside.write_bytes(content)
    aside.replace(path)
    return path


def listed(paths: Iterable[tuple[Path, int | None]], below: Path) -> pl.DataFrame:
    """Rows of a produced-files table: path below `below`, bytes, rows, SHA-256."""
    rows = [
        (str(path.relative_to(below)), path.stat().st_size, count, sha256(path.read_bytes()).hexdigest())
        for path, count in paths
    ]
    return pl.DataFrame(rows, schema={name: column.dtype for name, column in PRODUCED_FILES.items()}, orient="row")
