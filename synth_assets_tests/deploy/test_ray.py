"""The whole road on a real Ray cluster of two nodes that share PostgreSQL and S3, and nothing else.

Each node has its own copy of the code and its own folder; steps are Ray jobs, launched by dagster-ray's executor.
"""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from synth_assets.lake.lake import Lake
from synth_assets.settings import ExecutionSettings, Settings, load_settings, save_settings
from synth_assets_tests.deploy.environment import ray_programs
from synth_assets_tests.deploy.ray_cluster import RayCluster, ray_cluster
from synth_assets_tests.deploy.rows import COMPARED, assert_same_rows
from synth_assets_tests.deploy.services import Services, bare_environment, write_home
from synth_assets_tests.teachers.vllm.environment import CannotBeHadError

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        "SYNTH_ASSETS_CLUSTER" not in os.environ, reason="Several machines are tried where SYNTH_ASSETS_CLUSTER is set."
    ),
]

LIMIT_SECONDS = 1500


@dataclass(frozen=True)
class Spread:
    """A finished run on the cluster: the nodes, the jobs that it submitted, how it ended, and the lake."""

    cluster: RayCluster
    jobs: list[dict[str, str]]
    done: subprocess.CompletedProcess[str]
    lake: Lake


@pytest.fixture(scope="module")
def spread(shared: Services, settings: Settings) -> Iterator[Spread]:
    try:
        programs = ray_programs()
    except CannotBeHadError as reason:
        pytest.skip(f"no environment with Ray: {reason}")
    given = {**bare_environment(), **shared.environment, **shared.instance("ray")}
    # Ray's sockets need a short path.
    with TemporaryDirectory(prefix="ray-") as place, ray_cluster(Path(place), programs, given) as cluster:
        head = cluster.nodes[0]
        write_home(head.lake, on_ray=True)
        elsewhere = {"execution": ExecutionSettings(kind="ray"), "lake": shared.location("ray")}
        save_settings(settings.model_copy(update=elsewhere), head.lake)
        command = (programs / "python", "-m", "synth_assets.cli", "run", "--lake", head.lake)
        environment = head.environment(programs, cluster.environment(given))
        done = subprocess.run(
            command, cwd=place, env=environment, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
        )
        lake = Lake(load_settings(head.lake).lake_in(head.lake))
        yield Spread(cluster, cluster.jobs(), done, lake)
        lake.close()


def test_the_road_ends_well(spread: Spread) -> None:
    assert spread.done.returncode == 0, spread.done.stdout + spread.done.stderr
    assert {job["status"] for job in spread.jobs} == {"SUCCEEDED"}


def test_steps_ran_on_both_nodes(spread: Spread) -> None:
    assert len({job["driver_node_id"] for job in spread.jobs}) == 2


@pytest.mark.parametrize("table", COMPARED)
def test_every_table_is_that_of_one_machine(spread: Spread, alone: Lake, table: str) -> None:
    assert_same_rows(table, spread.lake, alone)


def test_no_table_and_no_settings_lie_on_a_node_that_was_not_asked(spread: Spread) -> None:
    head, other = spread.cluster.nodes
    assert not list(other.lake.glob("*.toml"))
    for node in (head, other):
        assert not list(node.lake.glob("catalog.sqlite*"))
        assert not list((node.lake / "data").rglob("*"))


def test_logs_of_steps_and_what_people_read_are_in_the_store(spread: Spread, shared: Services) -> None:
    assert [name for name in shared.names("logs/") if name.endswith(".err")]
    assert "ray/files/report/index.html" in shared.names("ray/files/")
