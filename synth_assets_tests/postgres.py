"""A real PostgreSQL server for tests, made from the binaries installed on the machine."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

USERS = ("postgres", "nobody")
"""Whom the server runs as where the tests run as root, which PostgreSQL refuses."""


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """A server in `folder` (made, and removed afterwards): the address of its database, password included.

    Skips the test, with the reason, where PostgreSQL is not installed. `folder` should be short and reachable by
    other users: not below pytest's own temporary folder, which only its owner may enter.
    """
    binaries = _binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed: no initdb on PATH or in /usr/lib/postgresql")
    as_user = _as_user()
    folder.mkdir(parents=True)
    try:
        if as_user:
            shutil.chown(folder, as_user[2])
        password = folder / "password"
        password.write_text("pass word's")
        password.chmod(0o644)
        port = _free_port()
        data = folder / "data"
        access = ("-U", "lake", "-A", "scram-sha-256", f"--pwfile={password}")
        _run(as_user, binaries / "initdb", "-D", data, "-N", *access)
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"
        _run(as_user, binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            yield f"postgresql://lake:pass%20word%27s@127.0.0.1:{port}/postgres"
        finally:
            _run(as_user, binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def restart(folder: Path, mode: str) -> None:
    """Restart the server in `folder` while it is used; `mode` is pg_ctl's: `fast`, or `immediate` as after a crash."""
    binaries = _binaries()
    assert binaries is not None
    _run(_as_user(), binaries / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-m", mode, "restart")


def _binaries() -> Path | None:
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).parent
    return next((path.parent for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)), None)


def _as_user() -> list[str]:
    if os.geteuid() != 0:
        return []
    for user in USERS:
        if subprocess.run(["id", user], capture_output=True, check=False).returncode == 0:
            return ["runuser", "-u", user, "--"]
    pytest.skip("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(as_user: list[str], *command: object) -> None:
    arguments = [*as_user, *map(str, command)]
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
