"""The Dagster instance of a lake: its home is a folder beside the tables, so the UI shows what the command line did."""

import os
import sys
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import dagster as dg

from synth_assets.settings import LAKE_VARIABLE

INSTANCE_FILE = "dagster.yaml"

EARLIER = frozenset(
    {
        "6ff0bd01a1565d96dbc0eb7887558db03132f1184a443f9518ff86b1bdc8cef3",
        "e1d77021b9165be475b9fd4421134646ec9ee2dac6bdbfacb41b2a31c4350c25",
    }
)
"""SHA-256 of what earlier releases wrote. A lake's file that is one of them was never edited. Whoever changes the
packaged file adds the hash of what it was."""


def dagster_home(folder: Path) -> Path:
    """The instance's folder, made and given its `dagster.yaml`.

    One of an earlier release that nobody edited is replaced; an edited one is left alone.
    """
    home = folder / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    configuration = home / INSTANCE_FILE
    if not configuration.exists() or sha256(configuration.read_bytes()).hexdigest() in EARLIER:
        # Written aside: a process that starts meanwhile must not read half of it.
        written = home / f"{INSTANCE_FILE}.{os.getpid()}"
        written.write_bytes(files("synth_assets.automation").joinpath(INSTANCE_FILE).read_bytes())
        written.replace(configuration)
    return home


def instance_of(folder: Path) -> dg.DagsterInstance:
    """The instance of the lake in `folder`. Use it as a context manager."""
    return dg.DagsterInstance.from_config(str(dagster_home(folder)))


def ui_command(folder: Path, host: str, port: int) -> tuple[list[str], dict[str, str]]:
    """Command and environment of the web server and the daemon on the lake in `folder`, listening on `host` alone."""
    command = [sys.executable, "-m", "dagster", "dev", "-m", "synth_assets.definitions", "-h", host, "-p", str(port)]
    return command, {**os.environ, "DAGSTER_HOME": str(dagster_home(folder)), LAKE_VARIABLE: str(folder)}
