"""The files of observations that the settings name, as they lie there now: a partition each, by its path or address."""

import glob
import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from synth_assets.corpus import stores
from synth_assets.corpus.files import open_bytes
from synth_assets.errors import SynthAssetsError
from synth_assets.lake.lake import Lake
from synth_assets.scaling.given import SIDECAR
from synth_assets.scaling.observation_files import is_readable, is_results, read_observations
from synth_assets.scaling.observation_rows import CheckedRows
from synth_assets.scaling.observation_sources import ObservationSource

IMPORTED = "imported_observations"
_WILDCARD = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class ObservationFile:
    """A file that is there: its path (the partition key), a mark of its version, when it was written, its source."""

    path: str
    version: str
    written: datetime | None
    source: ObservationSource

    def read(self) -> CheckedRows:
        """Its observations. Raises SynthAssetsError as `read_observations` does, or where it cannot be reached."""
        with stores.reaching(self.path):
            content = _content(self.path)
        return read_observations(self.path, content, self.source.given_of(self.path, tuple(self._sidecars())))

    def _sidecars(self) -> Iterator[bytes]:
        """The sidecars beside it and one folder above, the nearest first."""
        if not is_results(self.path.rpartition("/")[2]):
            return
        folder = self.path.rpartition("/")[0]
        for place in (folder, folder.rpartition("/")[0]):
            sidecar = f"{place}/{SIDECAR}"
            there = bool(stores.list_files(sidecar, None)) if stores.is_remote(place) else Path(sidecar).is_file()
            if there:
                yield _content(sidecar)


def observation_files(sources: Iterable[ObservationSource], folder: Path) -> dict[str, ObservationFile]:
    """All files of the sources by path, in the order of sources and paths; of two that name a file the first counts.

    A source that matches nothing has no files. Paths that are not absolute are within `folder`. Raises
    SynthAssetsError for a store that cannot be reached.
    """
    found: dict[str, ObservationFile] = {}
    for source in sources:
        listed = _in_store(source) if stores.is_remote(source.path) else _here(source, folder)
        for file in sorted(listed, key=lambda file: file.path):
            found.setdefault(file.path, file)
    return found


def imported_at(lake: Lake) -> dict[str, datetime]:
    """When each file was last imported."""
    made = lake.query(f"select partition, made_at from materialisations where stage = '{IMPORTED}'")
    return dict(made.iter_rows())


def _here(source: ObservationSource, folder: Path) -> Iterator[ObservationFile]:
    place = folder / Path(source.path).expanduser()
    if place.is_file():
        paths = [str(place)]
    elif place.is_dir():
        paths = _looked_into(str(path) for path in place.rglob("*") if path.is_file())
    else:
        matched = glob.glob(str(place), recursive=True)  # noqa: PTH207 - the pattern is absolute
        paths = [path for path in matched if _readable(path)]
    for path in paths:
        status = Path(path).stat()
        if not stat.S_ISDIR(status.st_mode):
            written = datetime.fromtimestamp(status.st_mtime, UTC)
            yield ObservationFile(os.path.normpath(path), str(status.st_mtime_ns), written, source)


def _in_store(source: ObservationSource) -> Iterator[ObservationFile]:
    start = _WILDCARD.search(source.path)
    root = source.path if start is None else source.path[: source.path.rindex("/", 0, start.start())]
    listed = {file.path: file for file in stores.list_files(root, None if start is None else source.path)}
    paths = [path for path in listed if _readable(path)] if start is not None else _looked_into(listed)
    for path in paths:
        file = listed[path]
        yield ObservationFile(path, file.version or str(file.written), file.written, source)


def _readable(path: str) -> bool:
    return is_readable(path.rpartition("/")[2])


def _looked_into(paths: Iterable[str]) -> list[str]:
    """Of the files in and below a folder: the results of harnesses where there are any, else the tables.

    Beside results lie the answers one by one, which are tables too.
    """
    readable = [path for path in paths if _readable(path)]
    return [path for path in readable if is_results(path.rpartition("/")[2])] or readable


def _content(path: str) -> bytes:
    try:
        with open_bytes(path) as stream:
            return stream.read()
    except OSError as error:
        raise SynthAssetsError(f"{path} cannot be read ({error.strerror}); put it back, or mend its rights.") from error
