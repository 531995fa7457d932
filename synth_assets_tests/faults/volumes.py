"""A small disk of its own that can be filled and enlarged: a tmpfs."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

BLOCK = 4096


@dataclass(frozen=True)
class Volume:
    """A mounted file system."""

    place: Path

    @property
    def _ballast(self) -> Path:
        return self.place / "ballast"

    def fill(self) -> None:
        """Take all room that is left."""
        with self._ballast.open("ab", buffering=0) as ballast:
            for size in (256 * BLOCK, BLOCK, 1):
                try:
                    while ballast.write(b"\0" * size) == size:
                        pass
                except OSError:
                    continue

    def free(self) -> None:
        """Give the room back."""
        self._ballast.unlink(missing_ok=True)

    def enlarge(self, megabytes: int) -> None:
        """Make the file system so large."""
        _mount("-o", f"remount,size={megabytes}m", self.place)


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[Volume]:
    """A file system of that size at `place`. Skips the test, with the reason, where it may not be mounted."""
    place.mkdir()
    if os.geteuid() != 0:
        pytest.skip("a small disk needs root: a tmpfs is mounted")
    try:
        _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", place)
    except (subprocess.CalledProcessError, FileNotFoundError) as error:
        pytest.skip(f"no tmpfs can be mounted here: {error}")
    try:
        yield Volume(place)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def _mount(*arguments: object) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True, capture_output=True)
