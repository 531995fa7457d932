"""A virtual environment with Ray: found, or built once and kept outside the checkout.

``python -m synth_assets_tests.deploy.environment`` builds it beforehand and prints where it is; a test that needs it
asks :func:`ray_programs`. It is never the environment of this project, which has no Ray. The package itself is not in
it, since every node of a cluster brings its own copy.

`$SYNTH_ASSETS_RAY_ENV` names the folder; by default it lies in the user's cache, under the hash of the requirements.
"""

import os
import platform
import shutil
import sys
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

from filelock import FileLock, Timeout

from synth_assets_tests.teachers.vllm.environment import CannotBeHadError, run_for

VARIABLE = "SYNTH_ASSETS_RAY_ENV"
REQUIREMENTS = Path(__file__).parents[2] / "requirements" / "ray.txt"
"""Pins and hashes of the project's dependencies with the extras postgres, s3 and ray; no address of an index."""

LONGEST_WAIT = 1800.0
"""Seconds to wait for another process that builds the same environment."""


def ray_programs(tell: Callable[[str], None] = print) -> Path:
    """The folder of the environment's programs, the environment built first where it is not there.

    Building downloads about 300 MB. Raises CannotBeHadError with the reason where it cannot be had.
    """
    if platform.system() != "Linux":
        raise CannotBeHadError(f"two nodes on one machine are tried on Linux alone, not on {platform.system()}")
    folder = _folder()
    programs, complete = folder / "bin", folder / "complete"
    if os.environ.get(VARIABLE) and (programs / "ray").exists():
        return programs
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(f"{folder}.lock", timeout=LONGEST_WAIT):
            if not complete.exists():
                tell(f"Building an environment with Ray in {folder}; this takes a minute or two, once.")
                _build(folder)
                complete.touch()
    except Timeout:
        raise CannotBeHadError(f"another process has been building {folder} for too long") from None
    return programs


def _folder() -> Path:
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    version = blake2b(REQUIREMENTS.read_bytes() + python.encode(), digest_size=6).hexdigest()
    return cache / "synth-assets" / f"ray-{version}"


def _build(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    run_for("make a virtual environment", sys.executable, "-m", "venv", str(folder))
    pip = (str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check")
    run_for("install the pinned wheels", *pip, "install", "--quiet", "--require-hashes", "-r", str(REQUIREMENTS))
    run_for("run ray", str(folder / "bin" / "ray"), "--version")


if __name__ == "__main__":
    try:
        print(f"Ray: {ray_programs()}")
    except CannotBeHadError as reason:
        sys.exit(f"SKIPPED: the tests on a real Ray cluster ({reason})")
