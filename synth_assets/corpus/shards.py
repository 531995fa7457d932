"""Which shards a corpus has: source files found by globs, cut where they are large, each under a stable name.

How the rows of a shard are read lives in `sources.py`; how many rows a file has, in `row_counts.py`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from synth_assets.corpus.row_counts import count_rows
from synth_assets.errors import SynthAssetsError

FORMATS = (".parquet", ".jsonl.gz", ".jsonl", ".txt")
"""Formats that can be read, by how the file's name ends."""

_WILDCARD = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class Shard:
    """A source file, or a cut of one.

    `path` is the file, or for text files their folder, whose files are then `documents` (one document each).
    `first_row` counts from 0; `rows` is at most how many follow, all where None.
    """

    name: str
    path: str
    first_row: int = 0
    rows: int | None = None
    documents: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Source:
    """A file, or the text files of a folder, before it is named and cut."""

    path: Path
    place: str
    """Path below the fixed part of its glob, with `/`, extension included."""
    extension: str
    documents: tuple[str, ...] = ()


def find_shards(globs: Sequence[str], rows_per_shard: int) -> list[Shard]:
    """The shards of the files that `globs` match, by name.

    A glob may also be a plain file or a folder (every readable file in and below it). A file found by two globs
    counts once. All matching .txt files of one folder form one source. A source of more than `rows_per_shard` rows is
    cut; a file whose rows cannot be counted (half copied, say) is left whole, and reading it tells what is wrong.

    Names come from the path below the glob's fixed part, without extension, so a file added elsewhere renames
    nothing; only sources that would share a name are told apart by their extension, then by a hash of their path.

    Raises SynthAssetsError for a glob that matches nothing readable, and for a file named outright of another format.
    """
    sources: dict[Path, _Source] = {}
    for glob in globs:
        for source in _sources_of(glob):
            sources.setdefault(source.path.resolve(), source)
    names = _names(list(sources.values()))
    shards = [shard for name, source in names.items() for shard in _cuts(name, source, rows_per_shard)]
    return sorted(shards, key=lambda shard: shard.name)


def extension_of(path: Path) -> str | None:
    """The format of a file, one of `FORMATS`; None where it is not one of them."""
    return next((extension for extension in FORMATS if path.name.lower().endswith(extension)), None)


def _sources_of(glob: str) -> list[_Source]:
    root, files = _matches(glob)
    readable = [(path, extension) for path in files if (extension := extension_of(path)) is not None]
    if not readable:
        raise SynthAssetsError(
            f"corpus source {glob!r} matches no {', '.join(FORMATS)} file; "
            "mend `sources` under [corpus] in synth.toml, or put the files there."
        )
    sources, folders = [], dict[Path, list[str]]()
    for path, extension in readable:
        if extension == ".txt":
            folders.setdefault(path.parent, []).append(str(path))
        else:
            sources.append(_Source(path, path.relative_to(root).as_posix(), extension))
    for folder, documents in folders.items():
        place = folder.name if folder == root else folder.relative_to(root).as_posix()
        sources.append(_Source(folder, f"{place}.txt", ".txt", tuple(documents)))
    return sources


def _matches(glob: str) -> tuple[Path, list[Path]]:
    """The fixed part of a glob and the files it matches below it, sorted; hidden files are passed over."""
    if "://" in glob:
        raise SynthAssetsError(f"corpus source {glob!r} is not on this machine: only local paths can be read; copy it.")
    path = Path(glob).expanduser()
    if path.is_dir():
        return path, _visible(path, path.rglob("*"))
    if path.exists():
        if extension_of(path) is None:
            raise SynthAssetsError(
                f"corpus source {glob!r} is not a {', '.join(FORMATS)} file; convert it, or name another file."
            )
        return path.parent, [path]
    parts = path.parts
    fixed = next((place for place, part in enumerate(parts) if _WILDCARD.search(part)), None)
    if fixed is None:
        return path.parent, []
    root = Path(*parts[:fixed])
    pattern = Path(*parts[fixed:])
    return root, _visible(root, root.glob(str(pattern / "*" if pattern.name == "**" else pattern)))


def _visible(root: Path, paths: Iterator[Path]) -> list[Path]:
    return sorted(
        path
        for path in paths
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(root).parts)
    )


def _names(sources: Sequence[_Source]) -> dict[str, _Source]:
    """Each source under a name of its own: the shortest of three that no other source has."""
    choices = [(_plain(source.place.removesuffix(source.extension)), _plain(source.place)) for source in sources]
    bare = Counter(name for name, _ in choices)
    extended = Counter(name for _, name in choices)
    named = {}
    for source, (name, longer) in zip(sources, choices, strict=True):
        if bare[name] > 1:
            digest = blake2b(str(source.path.resolve()).encode(errors="surrogateescape"), digest_size=4).hexdigest()
            name = longer if extended[longer] == 1 and bare[longer] == 0 else f"{longer}-{digest}"
        named[name] = source
    return named


def _plain(place: str) -> str:
    """`place` in the characters a partition key may have everywhere: folders joined by a point."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", place.replace("/", "."))


def _cuts(name: str, source: _Source, rows_per_shard: int) -> list[Shard]:
    if source.extension == ".txt":
        count: int | None = len(source.documents)
    else:
        status = source.path.stat()
        count = count_rows(str(source.path), source.extension, status.st_size, status.st_mtime_ns)
    if count is None or count <= rows_per_shard:
        return [Shard(name, str(source.path), documents=source.documents)]
    return [
        Shard(
            f"{name}-{number:05d}",
            str(source.path),
            first_row,
            rows_per_shard,
            source.documents[first_row : first_row + rows_per_shard],
        )
        for number, first_row in enumerate(range(0, count, rows_per_shard))
    ]
