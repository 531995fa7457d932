"""What the tests of this room share: a lake that is walked, and a PostgreSQL server of the room's own."""

import shutil
from collections.abc import Callable

import pytest

from synth_assets_tests.faults.lakes import lake_of_shards
from synth_assets_tests.lake.conftest import postgres, postgres_address
from synth_assets_tests.teachers.road.lakes import SmallLake

__all__ = ["postgres", "postgres_address"]

SHARDS = 3
MONITORING = "  poll_interval_seconds: 5\n"
"""Dagster looks every two minutes whether the process of a run still lives; a test would rather not wait for that."""


@pytest.fixture(scope="session")
def walked(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    """A lake of three shards that is walked, and whose instance looks often for dead runs. It is only copied."""
    made = lake_of_shards(tmp_path_factory.mktemp("walked"), SHARDS)
    done = made.run()
    assert done.returncode == 0, done.stderr
    configuration = made.folder / "dagster" / "dagster.yaml"
    lines = configuration.read_text().splitlines(keepends=True)
    lines.insert(lines.index("run_monitoring:\n") + 1, MONITORING)
    configuration.write_text("".join(lines))
    return made


@pytest.fixture(scope="module")
def lake(walked: SmallLake, tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    """A copy of it for one file of tests."""
    folder = tmp_path_factory.mktemp("copy") / "lake"
    shutil.copytree(walked.folder, folder)
    return SmallLake(folder, walked.corpus)


@pytest.fixture(scope="module")
def changed_tables(lake: SmallLake) -> Callable[[], list[str]]:
    """The tables whose rows are not those of the walked lake: none lost, none twice."""
    before = lake.tables()

    def changed() -> list[str]:
        after = lake.tables()
        return [name for name in before if not after[name].equals(before[name])]

    return changed
