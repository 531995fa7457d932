"""Where the processes of one user meet over one server: a private folder of locks and what is known of the server.

Every server has a folder below the machine's folder for temporary files. In it:

- `users`: a file lock, shared. Whoever uses the server holds it; the system frees it when its process dies, however
  that happens. Who gets it exclusively knows that nobody uses the server.
- `supervisor`: a file lock, held as long as the server's supervisor lives.
- `starting`: a file lock, held for the moment in which a user looks for the supervisor, and starts one.
- `server.json`: the server's port, key, log and end. `unneeded`: there where the server shall not linger.

What does not live here: starting, waiting and stopping (`server.py`, `supervisor.py`).
"""

import fcntl
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from synth_assets.errors import SynthAssetsError


class ServerRecord(BaseModel):
    """What is known of a server. `port` is None until it is started, `exit_code` until it has ended."""

    model_config = ConfigDict(frozen=True)

    serial: str
    log: Path
    api_key: str = Field(repr=False)
    port: int | None = None
    exit_code: int | None = None


@dataclass(frozen=True)
class Place:
    """The folder of one server."""

    folder: Path

    @property
    def users(self) -> Path:
        """Lock of those who use the server."""
        return self.folder / "users"

    @property
    def supervisor(self) -> Path:
        """Lock of the supervisor."""
        return self.folder / "supervisor"

    @property
    def starting(self) -> Path:
        """Lock of the one who looks whether a supervisor must be started."""
        return self.folder / "starting"

    @property
    def unneeded(self) -> Path:
        """Stands where the server shall stop as soon as nobody uses it."""
        return self.folder / "unneeded"

    @property
    def _record(self) -> Path:
        return self.folder / "server.json"

    def supervised(self) -> bool:
        """Whether a supervisor lives."""
        return not free(self.supervisor)

    def read(self) -> ServerRecord | None:
        """What is known of the server, if anything."""
        try:
            return ServerRecord.model_validate_json(self._record.read_bytes())
        except (FileNotFoundError, ValidationError):
            return None

    def write(self, record: ServerRecord) -> None:
        """Write it for this user's eyes alone, aside and renamed."""
        aside = self._record.with_suffix(f".{os.getpid()}")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(record.model_dump_json())
        aside.replace(self._record)

    def forget(self) -> None:
        """Remove what is known of a server that is no more."""
        self._record.unlink(missing_ok=True)
        self.unneeded.unlink(missing_ok=True)


def place_of(*identity: object) -> Place:
    """The place of the server with this identity, made where it is missing; same identity, same place.

    Raises SynthAssetsError where somebody else owns the folder it should be in.
    """
    root = Path(tempfile.gettempdir()) / f"synth-assets-vllm-{os.geteuid()}"
    name = blake2b(json.dumps(identity, sort_keys=True).encode(), digest_size=8).hexdigest()
    for folder in (root, root / name):
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
            raise SynthAssetsError(
                f"{folder} is not a private folder of yours: remove it, or set TMPDIR to a folder of your own."
            )
    return Place(root / name)


_open: set[int] = set()


def _close_in_child() -> None:
    """A forked child shares its parent's locks, and would keep them when the parent dies."""
    for descriptor in _open:
        os.close(descriptor)
    _open.clear()


os.register_at_fork(after_in_child=_close_in_child)


@contextmanager
def lock_file(path: Path) -> Iterator[int]:
    """A descriptor to lock the file with, for this process alone. Closing it gives up what it holds."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    _open.add(descriptor)
    try:
        yield descriptor
    finally:
        _open.discard(descriptor)
        os.close(descriptor)


@contextmanager
def locked(path: Path) -> Iterator[int]:
    """Hold the lock exclusively, waiting for it; gives its descriptor."""
    with lock_file(path) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor


def take(descriptor: int, exclusive: bool) -> bool:
    """Take the lock if that is possible at once."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def release(descriptor: int) -> None:
    """Give the lock up and keep the descriptor."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)


def free(path: Path, exclusive: bool = False) -> bool:
    """Whether the lock could be taken now: shared, or exclusively."""
    with lock_file(path) as descriptor:
        return take(descriptor, exclusive)
