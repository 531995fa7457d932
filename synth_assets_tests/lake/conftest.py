"""Real lakes for the tests of this room."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from synth_assets.lake import Lake, LakeSettings
from synth_assets_tests.postgres import postgres_server


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """An empty lake in a temporary folder, its catalogue in SQLite."""
    made = Lake(LakeSettings(folder=tmp_path / "lake"))
    made.create()
    return made


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a database in a PostgreSQL server of our own; it holds one lake."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with postgres_server(Path(folder) / "pg") as address:
            yield address
