"""What the tests of this room share: a lake that is walked, and a PostgreSQL server of the room's own."""

import shutil
from collections.abc import Callable

import pytest
import yaml

from synth_assets_tests.faults.lakes import lake_of_shards
from synth_assets_tests.lake.conftest import postgres, postgres_address
from synth_assets_tests.teachers.road.lakes import SmallLake

__all__ = ["postgres", "postgres_address"]

SHARDS = 3
MONITORING = {"poll_interval_seconds": 5, "free_slots_after_run_end_seconds": 5}
"""Dagster looks every two minutes for places in pools that a dead run still has, and frees them a minute after its end;
a test would rather not wait for that."""


@pytest.fixture(scope="session")
def walked(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    """A lake of three shards that is walked, and whose instance looks often after dead runs. It is only copied."""
    made = lake_of_shards(tmp_path_factory.mktemp("walked"), SHARDS)
    done = made.run()
    assert done.returncode == 0, done.stderr
    configuration = made.folder / "dagster" / "dagster.yaml"
    values = yaml.safe_load(configuration.read_text())
    values["run_monitoring"] |= MONITORING
    configuration.write_text(yaml.safe_dump(values))
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
