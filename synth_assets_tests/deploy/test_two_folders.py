"""A road begun on one machine and finished on another, which share PostgreSQL and S3 and nothing else."""

import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.lake.lake import Lake
from synth_assets.lake.one_run import only_run_anywhere
from synth_assets.settings import SETTINGS_VARIABLE, Settings, as_toml
from synth_assets_tests.command_line import stopped_in_stage, synth_assets, told_plainly
from synth_assets_tests.deploy.rows import COMPARED, assert_same_report, assert_same_rows
from synth_assets_tests.deploy.services import LIMIT_SECONDS, Services, write_home

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class TwoFolders:
    """The folders of both machines, how the first was killed, how the second ended, and the lake between them."""

    first: Path
    second: Path
    killed: subprocess.CompletedProcess[str]
    done: subprocess.CompletedProcess[str]
    lake: Lake
    shared: Services


@pytest.fixture(scope="module")
def walked(shared: Services, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoFolders]:
    between = settings.model_copy(update={"lake": shared.location("folders")})
    folders = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SETTINGS_VARIABLE, as_toml(between))
        for name, value in shared.instance("folders").items():
            patch.setenv(name, value)
        for folder in folders:
            write_home(folder)
        killed = stopped_in_stage("questions", signal.SIGKILL, "--lake", folders[0])
        done = synth_assets("run", "--lake", folders[1], limit_seconds=LIMIT_SECONDS)
        lake = Lake(between.lake_in(tmp_path_factory.mktemp("third")))
        yield TwoFolders(*folders, killed, done, lake, shared)
        lake.close()


def test_the_second_machine_goes_on_where_the_first_was_killed(walked: TwoFolders) -> None:
    assert walked.killed.returncode == -signal.SIGKILL
    assert walked.done.returncode == 0, walked.done.stderr
    done_before = [line for line in walked.done.stdout.splitlines() if "(fresh)" in line]
    assert any("documents" in line for line in done_before), walked.done.stdout


@pytest.mark.parametrize("table", COMPARED)
def test_every_table_is_that_of_one_machine(walked: TwoFolders, alone: Lake, table: str) -> None:
    assert_same_rows(table, walked.lake, alone)


def test_the_report_is_that_of_one_machine(walked: TwoFolders, alone: Lake) -> None:
    page = walked.shared.content("folders/files/report/index.html")
    assert_same_report(page, (alone.settings.folder / "report" / "index.html").read_bytes())


def test_no_table_lies_on_a_machine(walked: TwoFolders) -> None:
    for folder in (walked.first, walked.second):
        assert not list(folder.glob("catalog.sqlite*"))
        assert not list((folder / "data").rglob("*"))
        assert not list((folder / "dagster").rglob("*.db"))


def test_what_people_read_is_in_the_store(walked: TwoFolders) -> None:
    names = {name.removeprefix("folders/files/") for name in walked.shared.names("folders/files/")}
    listed = {
        path for table in ("scaling_report", "dataset_card", "exports") for path in walked.lake.read(table)["path"]
    }
    assert names == listed
    page = walked.shared.content("folders/files/report/index.html")
    assert page == (walked.second / "report" / "index.html").read_bytes()


def test_logs_of_steps_are_in_the_store(walked: TwoFolders) -> None:
    assert [name for name in walked.shared.names("logs/") if name.endswith(".err")]


def test_two_machines_never_run_at_once(walked: TwoFolders) -> None:
    with only_run_anywhere(walked.lake.settings):
        with pytest.raises(SynthAssetsError, match="Another machine"), only_run_anywhere(walked.lake.settings):
            pass
        assert "Another machine" in told_plainly(synth_assets("run", "--lake", walked.first))
