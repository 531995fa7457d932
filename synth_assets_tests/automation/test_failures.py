"""What a failed run says, and where its traceback goes."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest
from absl.logging import PythonHandler

from synth_assets.automation.failures import FAILURE_LOG, UNRECORDED, explained, unrecorded_events_held
from synth_assets.automation.instance import instance_of
from synth_assets.errors import SynthAssetsError


def explanation(failure: Exception, folder: Path) -> str:
    """What is told after an asset `questions` has raised `failure` in a real run."""

    @dg.asset
    def questions() -> None:
        raise failure

    since = datetime.now(UTC)
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    with instance_of(folder) as instance:
        with pytest.raises(Exception) as raised:
            dg.materialize([questions], instance=instance, run_config=quiet)
        return str(explained(raised.value, folder, instance, since))


def test_a_problem_a_user_can_solve_is_told_in_its_own_sentence(tmp_path: Path) -> None:
    assert explanation(SynthAssetsError("a.parquet cannot be read; mend it."), tmp_path) == (
        "a.parquet cannot be read; mend it."
    )
    assert not (tmp_path / FAILURE_LOG).exists()


def test_a_problem_a_user_can_solve_is_found_behind_the_error_it_caused(tmp_path: Path) -> None:
    failure = ValueError("outer")
    failure.__cause__ = SynthAssetsError("a.parquet cannot be read; mend it.")
    assert explanation(failure, tmp_path) == "a.parquet cannot be read; mend it."


def test_any_other_failure_names_the_stage_and_the_log_with_its_traceback(tmp_path: Path) -> None:
    said = explanation(ZeroDivisionError("integer division\nby zero"), tmp_path)
    assert said.startswith("The stage questions failed (ZeroDivisionError: integer division)")
    assert str(tmp_path / FAILURE_LOG) in said
    assert "\n" not in said
    log = (tmp_path / FAILURE_LOG).read_text()
    assert "Traceback" in log
    assert "raise failure" in log


def test_a_failure_before_any_run_is_not_put_down_to_an_earlier_stage(tmp_path: Path) -> None:
    explanation(ZeroDivisionError("earlier"), tmp_path)
    with instance_of(tmp_path) as instance:
        said = str(explained(KeyError("later"), tmp_path, instance, datetime.now(UTC)))
    assert said.startswith("The run failed (KeyError: 'later')")


def test_a_log_that_cannot_be_written_is_told_too(tmp_path: Path) -> None:
    (tmp_path / FAILURE_LOG).mkdir()
    said = explanation(ZeroDivisionError("by zero"), tmp_path)
    assert "ZeroDivisionError: by zero" in said
    assert "could not be written" in said


def test_events_that_could_not_be_recorded_are_told_of_where_the_run_ends_well(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with unrecorded_events_held():
        sys.stderr.write(f"{UNRECORDED}: busy\n")
        sys.stderr.write("a warning\n")
        assert capsys.readouterr().err == "a warning\n"
    assert capsys.readouterr().err == f"{UNRECORDED}: busy\n"


def test_of_a_run_that_fails_nothing_is_printed_beside_its_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(OSError, match="full"), unrecorded_events_held():
        sys.stderr.write(f"{UNRECORDED}: (sqlite3.OperationalError) disk I/O error\n[SQL: SELECT 1]\n")
        raise OSError("the disk is full")
    assert capsys.readouterr().err == ""


def test_a_handler_made_before_or_in_a_run_closes_no_stream_that_others_write_to(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """absl's, which comes with JAX, closes its stream unless that is `sys.stderr` at the time."""
    before = PythonHandler()
    with unrecorded_events_held():
        before.close()
        within = PythonHandler()
    within.stream.write(f"{UNRECORDED}: later\n")
    within.close()
    within.stream.close()
    sys.stderr.write("still open\n")
    assert capsys.readouterr().err == f"{UNRECORDED}: later\nstill open\n"
