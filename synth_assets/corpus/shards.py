"""Which shards a corpus has: source files found by globs, cut where they are large, each under a stable name.

How files are found lives in `files.py`, where they are cut in `cuts.py`, how the rows of a shard are read in
`sources.py`.
"""

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from synth_assets.corpus.cuts import cuts_of
from synth_assets.corpus.cutting import Cut, Cutter
from synth_assets.corpus.files import SourceFile, find_files, identities
from synth_assets.corpus.memory import MEMORY, text_of_shard

AT_ONCE = 8
"""Files looked into at the same time: those in a store make one wait, not work."""


@dataclass(frozen=True)
class Place:
    """A row of a file of lines, and the byte of the (decompressed) file at which it begins."""

    row: int = 0
    byte: int = 0


@dataclass(frozen=True)
class Shard:
    """A source file, or a cut of one.

    Attributes:
        name: The partition key.
        path: The file or its address; for text files their folder. The files, one document each, are then `documents`.
        first_row: Its first row, from 0.
        rows: How many rows it has; None for a file that could not be counted, which is read to its end.
        bytes: Bytes of its text, from above; estimated for Parquet. The whole file's where it could not be counted.
        documents: The text files.
        anchor: In a file of lines, a row at or before the first and where it begins.
        written: When its file was last written (UTC); None where its store does not tell.
    """

    name: str
    path: str
    first_row: int = 0
    rows: int | None = None
    bytes: int = 0
    documents: tuple[str, ...] = ()
    anchor: Place = Place()
    written: datetime | None = None


@dataclass(frozen=True)
class Source:
    """A file, or the text files of a folder, before it is named and cut."""

    path: str
    place: str
    """Path below the fixed part of its glob, with `/`, extension included."""
    extension: str
    files: tuple[SourceFile, ...]
    identity: str
    """The same for two ways to write the same place."""

    def mark(self, name: str) -> str:
        """Another one whenever its name or a file has changed, as far as sizes and times tell; nothing is opened."""
        listed = [name, *((file.path, file.size, file.version) for file in self.files)]
        digest = blake2b(repr(listed).encode(errors="surrogateescape"), digest_size=6).digest()
        return b64encode(digest).decode()


def find_shards(globs: Sequence[str], rows_per_shard: int, memory: int = MEMORY) -> list[Shard]:
    """The shards of the files that `globs` match, by name.

    A glob may also be a plain file or a folder (every readable file in and below it), and lie in a store (`s3://`,
    `hf://`). A file found by two globs counts once. All matching .txt files of one folder form one source. A source of
    more than `rows_per_shard` rows, or of more text than `memory` bytes are enough for, is cut; a file that cannot be
    read (half copied, say) is left whole, and reading it tells what is wrong.

    Names come from the path below the glob's fixed part, without extension, so a file added elsewhere renames
    nothing; only sources that would share a name are told apart by their extension, then by a hash of their path.

    Raises SynthAssetsError for a glob that matches nothing readable, for a file named outright of another format, and
    for a store that cannot be reached.
    """
    return cut_into_shards(find_sources(globs), rows_per_shard, memory)


def find_sources(globs: Sequence[str]) -> dict[str, Source]:
    """The sources that `globs` match, by name. Folders and stores are listed; no file is opened.

    Raises SynthAssetsError as `find_shards` does.
    """
    sources: dict[str, Source] = {}
    for glob in globs:
        for source in _sources_of(find_files(glob)):
            sources.setdefault(source.identity, source)
    return _names(list(sources.values()))


def cut_into_shards(sources: Mapping[str, Source], rows_per_shard: int, memory: int = MEMORY) -> list[Shard]:
    """The shards of these sources, by name. Each file is looked through, unless its cuts are known (see `cuts.py`)."""
    named, text = list(sources.items()), text_of_shard(memory)
    # Many files together, as handing one to a thread takes longer than to learn that its cuts are known.
    together = max(1, len(named) // (8 * AT_ONCE))
    parts = [named[start : start + together] for start in range(0, len(named), together)]
    with ThreadPoolExecutor(AT_ONCE) as readers:
        cut = readers.map(lambda part: [_cuts(source, rows_per_shard, text) for _, source in part], parts)
        shards = [
            shard
            for part, of_part in zip(parts, cut, strict=True)
            for (name, source), cuts in zip(part, of_part, strict=True)
            for shard in _shards(name, source, cuts)
        ]
    return sorted(shards, key=lambda shard: shard.name)


def source_of(shard: str, sources: Collection[str]) -> str | None:
    """The name among `sources` of the source that a shard is, or is a cut of; None where there is none."""
    return next((name for name in (shard, re.sub(r"-\d{5}$", "", shard)) if name in sources), None)


def _sources_of(files: Sequence[SourceFile]) -> Iterator[Source]:
    folders: dict[str, list[SourceFile]] = {}
    others: list[SourceFile] = []
    for file in files:
        if file.extension == ".txt":
            folders.setdefault(_folder(file.path), []).append(file)
        else:
            others.append(file)
    for file, identity in zip(others, identities(others), strict=True):
        yield Source(file.path, file.place, file.extension, (file,), identity)
    for folder, texts in folders.items():
        place = _folder(texts[0].place) or folder.rpartition("/")[2]
        (first,) = identities(texts[:1])
        yield Source(folder, f"{place}.txt", ".txt", tuple(texts), _folder(first))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _names(sources: Sequence[Source]) -> dict[str, Source]:
    """Each source under a name of its own: the shortest of three that no other source has."""
    choices = [(_plain(source.place.removesuffix(source.extension)), _plain(source.place)) for source in sources]
    bare = Counter(name for name, _ in choices)
    extended = Counter(name for _, name in choices)
    named = {}
    for source, (name, longer) in zip(sources, choices, strict=True):
        if bare[name] > 1:
            digest = blake2b(source.identity.encode(errors="surrogateescape"), digest_size=4).hexdigest()
            name = longer if extended[longer] == 1 and bare[longer] == 0 else f"{longer}-{digest}"
        named[name] = source
    return named


def _plain(place: str) -> str:
    """`place` in the characters a partition key may have everywhere: folders joined by a point."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", place.replace("/", "."))


def _cuts(source: Source, rows: int, size: int) -> Sequence[Cut] | None:
    if source.extension != ".txt":
        return cuts_of(source.files[0], rows, size)
    cutter = Cutter(rows, size)
    for file in source.files:
        cutter.add(1, file.size)
    return cutter.finish()


def _shards(name: str, source: Source, cuts: Sequence[Cut] | None) -> Iterator[Shard]:
    times = [file.written for file in source.files if file.written is not None]
    written = max(times, default=None)
    if not cuts:
        yield Shard(name, source.path, rows=None if cuts is None else 0, bytes=source.files[0].size, written=written)
        return
    for number, cut in enumerate(cuts):
        texts = source.files[cut.first_row : cut.first_row + cut.rows] if source.extension == ".txt" else ()
        yield Shard(
            name if len(cuts) == 1 else f"{name}-{number:05d}",
            source.path,
            cut.first_row,
            cut.rows,
            cut.size,
            tuple(file.path for file in texts),
            Place(cut.first_row, cut.offset),
            written,
        )
