"""The Dagster instance of a lake and the command that opens the UI on it."""

import sys
from pathlib import Path

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
