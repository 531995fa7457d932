"""The peers' packages in a folder of their own: found, or installed once and kept outside the checkout.

They are laid over the project's environment: a process that measures a peer has the folder before all other packages,
so that a peer finds its own versions (datatrove wants an older xxhash) and this project's for the rest.

`$SYNTH_ASSETS_PEERS` names the folder; by default it lies in the user's cache, under the hash of the requirements.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

from filelock import FileLock, Timeout

VARIABLE = "SYNTH_ASSETS_PEERS"
REQUIREMENTS = Path(__file__).parents[2] / "requirements" / "benchmarks.txt"
"""Pins and hashes of the peers and all they import that the project does not have; no address of an index."""

LONGEST_WAIT = 900.0
"""Seconds to wait for another process that installs the same."""


class CannotBeHadError(Exception):
    """The packages cannot be had on this machine; the message says why."""


def peers_packages(tell: Callable[[str], None] = print) -> Path:
    """The folder of the peers' packages, installed first where it is not there.

    Installing downloads about 80 MB. Raises CannotBeHadError with the reason where it cannot be done.
    """
    folder = packages_folder()
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(f"{folder}.lock", timeout=LONGEST_WAIT):
            if not folder.is_dir():
                tell(f"Installing the peers' packages into {folder}; this takes less than a minute, once.")
                _install(folder)
    except Timeout:
        raise CannotBeHadError(f"another process has been installing {folder} for too long") from None
    return folder


def packages_folder() -> Path:
    """Where the packages are, or will be: wheels are for one version of Python."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    version = blake2b(REQUIREMENTS.read_bytes(), digest_size=6).hexdigest()
    return cache / "synth-assets" / f"peers-{sys.implementation.cache_tag}-{version}"


def _install(folder: Path) -> None:
    """Beside the folder, which is there only when it is whole."""
    begun = folder.with_name(f"{folder.name}.building")
    shutil.rmtree(begun, ignore_errors=True)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    # Without dependencies: the file is complete, and what it leaves out the project has.
    pinned = ("--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", str(REQUIREMENTS))
    done = subprocess.run([*pip, *pinned, "--target", str(begun)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = "; ".join((done.stderr or done.stdout).strip().splitlines()[-3:])
        raise CannotBeHadError(f"could not install the pinned wheels: {last}")
    begun.rename(folder)


if __name__ == "__main__":
    try:
        print(f"The peers' packages: {peers_packages()}")
    except CannotBeHadError as reason:
        sys.exit(f"SKIPPED: the peers ({reason})")
