"""The Dagster instance of a lake: its home is a folder beside the tables, so the UI shows what the command line did."""

import os
import sys
from importlib.resources import files
from pathlib import Path

import dagster as dg

from synth_assets.settings import LAKE_VARIABLE

INSTANCE_FILE = "dagster.yaml"


def dagster_home(folder: Path) -> Path:
    """The instance's folder, made and given its `dagster.yaml` where it has none; an edited file is left alone."""
    home = folder / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    configuration = home / INSTANCE_FILE
    if not configuration.exists():
        configuration.write_bytes(files("synth_assets.automation").joinpath(INSTANCE_FILE).read_bytes())
    return home


def instance_of(folder: Path) -> dg.DagsterInstance:
    """The instance of the lake in `folder`. Use it as a context manager."""
    return dg.DagsterInstance.from_config(str(dagster_home(folder)))


def ui_command(folder: Path, host: str, port: int) -> tuple[list[str], dict[str, str]]:
    """Command and environment of the web server and the daemon on the lake in `folder`, listening on `host` alone."""
    command = [sys.executable, "-m", "dagster", "dev", "-m", "synth_assets.definitions", "-h", host, "-p", str(port)]
    return command, {**os.environ, "DAGSTER_HOME": str(dagster_home(folder)), LAKE_VARIABLE: str(folder)}
