"""The whole road on a real Ray cluster of two nodes that share PostgreSQL and S3, and nothing else.

Each node has its own copy of the code and its own folder; steps are Ray jobs, launched by dagster-ray's executor.
"""

import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from synth_assets.lake.lake import Lake
from synth_assets.settings import ExecutionSettings, Settings, load_settings, save_settings
from synth_assets_tests.command_line import told_plainly
from synth_assets_tests.deploy.environment import ray_programs
from synth_assets_tests.deploy.ray_cluster import Node, RayCluster, ray_cluster
from synth_assets_tests.deploy.rows import COMPARED, assert_same_report, assert_same_rows
from synth_assets_tests.deploy.services import LIMIT_SECONDS, Services, bare_environment, write_home
from synth_assets_tests.teachers.vllm.environment import CannotBeHadError

pytestmark = pytest.mark.slow

MAINTENANCE = "__anonymous_asset_job_weekly_maintenance"
"""What the schedule of that name launches: a run of two steps."""


@dataclass(frozen=True)
class Spread:
    """A finished run on the cluster: its jobs, how it ended, and the lake; and the way to run more from the head."""

    cluster: RayCluster
    programs: Path
    environment: Mapping[str, str]
    jobs: list[dict[str, Any]]
    done: subprocess.CompletedProcess[str]
    lake: Lake

    def run(self, settings: Settings) -> subprocess.CompletedProcess[str]:
        """`synth-assets run` on the head with these settings, as it ended."""
        return _run(self.cluster, self.programs, self.environment, settings)

    def dagster(self, *arguments: str) -> None:
        """Dagster's own command on the head."""
        subprocess.run((self.programs / "dagster", *arguments), env=self.environment, timeout=LIMIT_SECONDS, check=True)

    @contextmanager
    def daemon(self) -> Iterator[None]:
        """Dagster's daemon on the head, which launches the runs that wait."""
        command = (self.programs / "dagster-daemon", "run", "-m", "synth_assets.definitions")
        process = subprocess.Popen(command, env=self.environment)
        try:
            yield
        finally:
            process.terminate()
            process.wait(LIMIT_SECONDS)


def _run(
    cluster: RayCluster, programs: Path, environment: Mapping[str, str], settings: Settings
) -> subprocess.CompletedProcess[str]:
    head = cluster.nodes[0]
    save_settings(settings, head.lake)
    command = (programs / "python", "-m", "synth_assets.cli", "run", "--lake", head.lake)
    return subprocess.run(
        command, cwd=head.place, env=environment, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
    )


@pytest.fixture(scope="module")
def elsewhere(settings: Settings, shared: Services) -> Settings:
    """The road's settings, its steps and its lake on the cluster."""
    return settings.model_copy(update={"execution": ExecutionSettings(kind="ray"), "lake": shared.location("ray")})


@pytest.fixture(scope="module")
def spread(shared: Services, elsewhere: Settings) -> Iterator[Spread]:
    try:
        programs = ray_programs()
    except CannotBeHadError as reason:
        pytest.skip(f"no environment with Ray: {reason}")
    given = {**bare_environment(), **shared.environment, **shared.instance("ray")}
    # Ray's sockets need a short path.
    with TemporaryDirectory(prefix="ray-") as place, ray_cluster(Path(place), programs, given) as cluster:
        head = cluster.nodes[0]
        write_home(head.lake, on_ray=True)
        environment = head.environment(programs, cluster.environment(given))
        environment["DAGSTER_HOME"] = str(head.lake / "dagster")
        done = _run(cluster, programs, environment, elsewhere)
        lake = Lake(load_settings(head.lake).lake_in(head.lake))
        yield Spread(cluster, programs, environment, cluster.jobs_ended(), done, lake)
        lake.close()


def test_the_road_ends_well(spread: Spread) -> None:
    assert spread.done.returncode == 0, spread.done.stdout + spread.done.stderr
    assert {job["status"] for job in spread.jobs} == {"SUCCEEDED"}


def test_steps_ran_on_both_nodes(spread: Spread) -> None:
    assert len({job["driver_node_id"] for job in spread.jobs}) == 2


@pytest.mark.parametrize("table", COMPARED)
def test_every_table_is_that_of_one_machine(spread: Spread, alone: Lake, table: str) -> None:
    assert_same_rows(table, spread.lake, alone)


def test_the_report_is_that_of_one_machine(spread: Spread, alone: Lake, shared: Services) -> None:
    page = shared.content("ray/files/report/index.html")
    assert_same_report(page, (alone.settings.folder / "report" / "index.html").read_bytes())


def test_a_node_keeps_nothing_but_what_people_read(spread: Spread) -> None:
    """No table, no catalogue, no log and no record of a run; the settings lie where the road was asked for."""
    head, other = (_files(node) for node in spread.cluster.nodes)
    assert head - other >= {"synth.toml", "dagster/dagster.yaml"}
    for_people = {path for path in head | other if path.startswith(("report/", "exports/"))}
    assert (head | other) - for_people == {"synth.toml", "dagster/dagster.yaml", "dagster/run.lock"}


def _files(node: Node) -> set[str]:
    return {path.relative_to(node.lake).as_posix() for path in node.lake.rglob("*") if path.is_file()}


def test_the_log_of_every_step_is_in_the_store(spread: Spread, shared: Services) -> None:
    """By dagster-aws's compute log manager, as many of a run as it had steps: of the command's runs they are empty."""
    steps = Counter(job["metadata"]["dagster/run-id"] for job in spread.jobs)
    for run, count in steps.items():
        logs = [name for name in shared.names(f"logs/storage/{run}/compute_logs/") if name.endswith(".err")]
        assert len(logs) == count


def test_what_people_read_is_in_the_store(spread: Spread, shared: Services) -> None:
    assert "ray/files/report/index.html" in shared.names("ray/files/")


def test_a_run_that_is_launched_is_a_job_of_the_cluster_and_so_are_its_steps(spread: Spread, shared: Services) -> None:
    """As the UI and schedules launch them: by the daemon, through dagster-ray's run launcher.

    The run itself, which waits for its steps, is on the head and takes no processor from them. What each step wrote on
    its node can be read in the UI.
    """
    with spread.daemon():
        spread.dagster("job", "launch", "-m", "synth_assets.definitions", "-j", MAINTENANCE)
        launched = spread.cluster.jobs_ended({job["submission_id"] for job in spread.jobs})
    assert {job["status"] for job in launched} == {"SUCCEEDED"}
    assert len({job["metadata"]["dagster/run-id"] for job in launched}) == 1
    assert sorted(job["entrypoint"].split()[2] for job in launched) == ["execute_run", "execute_step", "execute_step"]
    (run,) = (job for job in launched if "execute_run" in job["entrypoint"])
    assert run["driver_node_id"] == spread.cluster.head_id()
    assert spread.lake.read("lake_maintenance").height > 0
    names = shared.names(f"logs/storage/{run['metadata']['dagster/run-id']}/compute_logs/")
    logs = [shared.content(name) for name in names if name.endswith(".err")]
    assert sum(b"STEP_SUCCESS" in log for log in logs) == 2


def test_a_step_that_fails_on_a_node_says_why_in_one_sentence(spread: Spread, elsewhere: Settings) -> None:
    """Last, as it changes the settings: they name a file that the node does not have."""
    merging = elsewhere.concepts.model_copy(update={"synonyms": "accepted.csv"})
    told = told_plainly(spread.run(elsewhere.model_copy(update={"concepts": merging})))
    assert "concept_graph failed elsewhere (" in told
    assert "there is no file" in told and "what was finished before is kept" in told
