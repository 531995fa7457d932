"""The Dagster instance of a lake and the command that opens the UI on it."""

import sys
from pathlib import Path

import pytest

from synth_assets.automation.instance import dagster_home, instance_of, ui_command
from synth_assets.settings import LAKE_VARIABLE


def test_the_instance_lies_beside_the_tables(tmp_path: Path) -> None:
    with instance_of(tmp_path) as instance:
        assert Path(instance.root_directory) == tmp_path / "dagster"
        assert instance.is_persistent


def test_it_sends_no_telemetry_and_greets_nobody(tmp_path: Path) -> None:
    with instance_of(tmp_path) as instance:
        assert instance.telemetry_enabled is False
        assert instance.nux_enabled is False


def test_a_person_s_own_configuration_is_left_alone(tmp_path: Path) -> None:
    written = dagster_home(tmp_path) / "dagster.yaml"
    written.write_text(written.read_text().replace("max_concurrent_runs: 4", "max_concurrent_runs: 1"))
    with instance_of(tmp_path) as instance:
        assert instance.get_concurrency_config().run_queue_config.max_concurrent_runs == 1


FIRST_RELEASE = """\
# The Dagster instance. `synth-assets run` and `synth-assets ui` put a copy into <lake>/dagster and use that folder as
# DAGSTER_HOME, so runs, schedules and logs lie beside the tables they made.

telemetry:
  enabled: false

nux:
  enabled: false

run_coordinator:
  module: dagster.core.run_coordinator
  class: QueuedRunCoordinator

concurrency:
  runs:
    max_concurrent_runs: 4
  pools:
    granularity: op
    # One step at a time asks a teacher, so that a budget cannot be passed by two that do not know of each other; it keeps
    # as many requests on their way as the teacher bears. One at a time trains students: training takes all cores.
    default_limit: 1

run_monitoring:
  enabled: true
  start_timeout_seconds: 180
  cancel_timeout_seconds: 60

run_retries:
  enabled: true
  max_retries: 0
"""  # noqa: E501
"""What lakes were given before there were retries of crashed runs."""


@pytest.mark.parametrize(("edit", "replaced"), [("", True), ("# ours\n", False)])
def test_an_earlier_release_s_configuration_is_replaced_unless_a_person_edited_it(
    tmp_path: Path, edit: str, replaced: bool
) -> None:
    home = tmp_path / "dagster"
    home.mkdir()
    (home / "dagster.yaml").write_text(FIRST_RELEASE + edit)
    dagster_home(tmp_path)
    now = (home / "dagster.yaml").read_text()
    assert ("retry_on_asset_or_op_failure: false" in now) is replaced
    assert (now == FIRST_RELEASE + edit) is not replaced
    assert [path.name for path in home.iterdir()] == ["dagster.yaml"]


def test_a_crashed_run_is_launched_again_and_a_failed_step_is_not(tmp_path: Path) -> None:
    with instance_of(tmp_path) as instance:
        assert instance.run_retries_enabled
        assert instance.run_retries_max_retries == 2
        assert instance.run_retries_retry_on_asset_or_op_failure is False


def test_every_run_has_a_time_by_which_it_must_have_begun_and_ended(tmp_path: Path) -> None:
    with instance_of(tmp_path) as instance:
        assert instance.run_monitoring_enabled
        assert instance.run_monitoring_start_timeout_seconds == 180
        assert instance.run_monitoring_cancel_timeout_seconds == 60
        assert instance.run_monitoring_max_runtime_seconds == 7 * 24 * 3600


def test_the_ui_opens_on_this_lake_and_this_machine(tmp_path: Path) -> None:
    command, environment = ui_command(tmp_path, "127.0.0.1", 3005)
    assert command[0] == sys.executable
    assert command[-4:] == ["-h", "127.0.0.1", "-p", "3005"]
    assert environment["DAGSTER_HOME"] == str(tmp_path / "dagster")
    assert environment[LAKE_VARIABLE] == str(tmp_path)
    assert (tmp_path / "dagster" / "dagster.yaml").exists()


def test_the_repository_s_own_instance_is_configured_as_a_lake_s() -> None:
    root = Path(__file__).parents[2]
    assert "- python_module: synth_assets.definitions\n" in (root / "workspace.yaml").read_text()
    packaged = root / "synth_assets" / "automation" / "dagster.yaml"
    assert (root / "dagster.yaml").read_bytes() == packaged.read_bytes()
