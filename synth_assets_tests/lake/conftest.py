"""Real lakes for the tests of this room."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest

from synth_assets.lake import Lake, LakeSettings
from synth_assets_tests.postgres import postgres_server


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    """An empty lake in a temporary folder, its catalogue in SQLite."""
    made = Lake(LakeSettings(folder=tmp_path / "lake"))
    made.create()
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared_lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """A lake for several tests that do not disturb each other."""
    made = Lake(LakeSettings(folder=tmp_path_factory.mktemp("shared") / "lake"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """The address of a PostgreSQL server of our own, without the database's name."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with postgres_server(Path(folder) / "pg") as address:
            yield address.rpartition("/")[0]


@pytest.fixture
def postgres(postgres_address: str) -> str:
    """The address of an empty database, for one lake."""
    name = f"lake_{uuid4().hex}"
    connection = psycopg2.connect(f"{postgres_address}/postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    return f"{postgres_address}/{name}"
