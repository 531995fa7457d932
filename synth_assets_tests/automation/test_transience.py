"""Which faults repeat a step, and which never do: on real steps, and on a real PostgreSQL that goes down meanwhile."""

import getpass
import shlex
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import mkdtemp
from threading import Thread
from typing import Any

import dagster as dg
import duckdb
import pytest
from filelock import Timeout

from synth_assets.automation import transience
from synth_assets.automation.partitions import missing_partitions
from synth_assets.automation.ranges import RANGE_END, RANGE_START
from synth_assets.automation.transience import PAUSES, is_transient, retried
from synth_assets.definitions import build_definitions
from synth_assets.errors import PassingFaultError, SynthAssetsError
from synth_assets.lake.commits import ADVISORY_KEY
from synth_assets_tests.automation.small_road import QUIET, SmallRoad
from synth_assets_tests.automation.web_server import waited_for
from synth_assets_tests.postgres import postgres_server


def raised(attempt: Callable[[], object]) -> Exception:
    with pytest.raises(Exception) as caught:
        attempt()
    assert isinstance(caught.value, Exception)
    return caught.value


def caused(error: Exception, by: BaseException) -> Exception:
    error.__cause__ = by
    return error


def test_a_service_that_is_away_is_transient_however_it_is_told(tmp_path: Path) -> None:
    psycopg2 = pytest.importorskip("psycopg2")
    nobody_there = "postgresql://lake@127.0.0.1:1/lake"
    away = raised(lambda: psycopg2.connect(nobody_there))
    assert is_transient(away)
    assert is_transient(caused(SynthAssetsError("The catalogue cannot be reached."), away))
    assert is_transient(PassingFaultError("No answer from http://gpu1:8000/v1."))
    assert is_transient(caused(SynthAssetsError("Another process has been writing."), Timeout("commits.lock")))


def test_a_wrong_row_a_setting_or_a_bug_is_not_transient(tmp_path: Path) -> None:
    psycopg2 = pytest.importorskip("psycopg2")
    assert not is_transient(ValueError("table documents: 2 rows repeat a key"))
    assert not is_transient(SynthAssetsError("teacher.model is not set."))
    assert not is_transient(raised(lambda: duckdb.sql(f"from read_parquet('{tmp_path}/none.parquet')")))
    assert not is_transient(raised(lambda: duckdb.sql("select 1 +")))
    # What is wrong with the address stays wrong.
    assert not is_transient(raised(lambda: psycopg2.connect("postgresql://lake@no-such-host.invalid/lake")))
    assert not is_transient(psycopg2.errors.UniqueViolation("duplicate key value"))


def test_what_another_error_was_met_with_does_not_make_it_transient() -> None:
    """Only what an error was raised from counts, not what happened to be handled at the time."""
    try:
        try:
            raise ConnectionResetError
        except ConnectionResetError:
            raise KeyError("a bug in the handler")  # noqa: B904 - the missing `from` is what is tested
    except KeyError as error:
        assert not is_transient(error)


def materialised(asset: Any, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    return dg.materialize([asset], instance=instance, raise_on_error=False)


def steps(result: dg.ExecuteInProcessResult) -> list[str]:
    wanted = {"STEP_START", "STEP_UP_FOR_RETRY", "STEP_RESTARTED", "STEP_SUCCESS", "STEP_FAILURE"}
    return [event.event_type_value for event in result.all_events if event.event_type_value in wanted]


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transience, "PAUSES", (0.0,) * len(PAUSES))


@pytest.mark.usefixtures("no_pauses")
def test_a_step_that_meets_a_transient_fault_is_repeated_and_then_succeeds() -> None:
    attempts: list[int] = []

    @dg.asset
    @retried
    def answers(context: dg.AssetExecutionContext) -> int:
        attempts.append(context.retry_number)
        if len(attempts) < 3:
            raise PassingFaultError("No answer.")
        return 42

    with dg.DagsterInstance.ephemeral() as instance:
        result = materialised(answers, instance)
    assert result.success
    assert attempts == [0, 1, 2]
    assert result.output_for_node("answers") == 42


@pytest.mark.usefixtures("no_pauses")
def test_a_step_that_yields_its_outputs_is_repeated_as_well() -> None:
    attempts: list[int] = []

    @dg.multi_asset(outs={"first": dg.AssetOut(), "second": dg.AssetOut()})
    @retried
    def both() -> Iterator[dg.Output[int]]:
        attempts.append(len(attempts))
        yield dg.Output(1, output_name="first")
        if len(attempts) == 1:
            raise ConnectionResetError
        yield dg.Output(2, output_name="second")

    with dg.DagsterInstance.ephemeral() as instance:
        result = materialised(both, instance)
    assert result.success
    assert len(attempts) == 2


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.parametrize("fault", [ValueError("a wrong row"), SynthAssetsError("Mend teacher.model."), KeyError("bug")])
def test_any_other_fault_fails_the_step_at_once(fault: Exception) -> None:
    attempts: list[int] = []

    @dg.asset
    @retried
    def rows() -> int:
        attempts.append(len(attempts))
        raise fault

    with dg.DagsterInstance.ephemeral() as instance:
        result = materialised(rows, instance)
    assert attempts == [0]
    assert steps(result) == ["STEP_START", "STEP_FAILURE"]


@pytest.mark.usefixtures("no_pauses")
def test_a_fault_that_does_not_pass_is_told_as_it_was_raised() -> None:
    @dg.asset
    @retried
    def answers() -> int:
        raise PassingFaultError("No answer from http://gpu1:8000/v1.")

    with dg.DagsterInstance.ephemeral() as instance:
        with pytest.raises(PassingFaultError, match="gpu1"):
            dg.materialize([answers], instance=instance)
        (run,) = instance.get_runs()
        retries = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_UP_FOR_RETRY)
    assert len(retries) == len(PAUSES)


def test_outside_a_step_nothing_is_repeated() -> None:
    @retried
    def answers() -> int:
        raise PassingFaultError("No answer.")

    with pytest.raises(PassingFaultError):
        answers()


class Server:
    """PostgreSQL's own switches, for a server that `postgres_server` has started in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        words = shlex.split((self.data / "postmaster.opts").read_text())
        self.program, self.options = Path(words[0]).with_name("pg_ctl"), shlex.join(words[1:])

    def is_down_for(self, seconds: float) -> None:
        self._switch("-m", "fast", "stop")
        time.sleep(seconds)
        self._switch("-l", "/dev/null", "-o", self.options, "start")

    def _switch(self, *words: str) -> None:
        owner = self.data.owner()
        as_owner = ["runuser", "-u", owner, "--"] if owner != getpass.getuser() else []
        command = [*as_owner, str(self.program), "-D", str(self.data), "-w", *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


@contextmanager
def running_postgres() -> Iterator[tuple[str, Server]]:
    folder = Path(mkdtemp(prefix="sa", dir="/tmp"))
    folder.chmod(0o755)
    try:
        with postgres_server(folder / "pg") as address:
            yield address, Server(folder / "pg")
    finally:
        folder.rmdir()


def goes_down_while_a_commit_waits(server: Server, address: str, seconds: float) -> None:
    """Stop the server once a commit waits for the lake's lock: everything before is read and computed by then."""
    import psycopg2

    with closing(psycopg2.connect(address)) as holding:
        holding.autocommit = True
        cursor = holding.cursor()

        def waiting() -> int | None:
            cursor.execute("select count(*) from pg_locks where locktype = 'advisory' and not granted")
            return (cursor.fetchone() or (0,))[0] or None

        waited_for(waiting, 120)
    server.is_down_for(seconds)


@pytest.mark.slow
def test_a_step_outlives_a_postgresql_that_is_down_for_some_seconds(tmp_path: Path) -> None:
    psycopg2 = pytest.importorskip("psycopg2")
    small = SmallRoad(tmp_path)
    small.write_corpus(3)
    with running_postgres() as (address, server), dg.DagsterInstance.ephemeral() as instance:
        settings = small.settings(lake={"catalog": address})
        with closing(small.lake(settings)) as lake:
            lake.create()
        for definition, names in missing_partitions(instance, settings):
            instance.add_dynamic_partitions(str(definition.name), names)
        job = build_definitions(small.folder, settings).resolve_implicit_global_asset_job_def()
        holder = psycopg2.connect(address)
        holder.cursor().execute("select pg_advisory_lock(%s)", [ADVISORY_KEY])
        outage = Thread(target=goes_down_while_a_commit_waits, args=(server, address, 6.0))
        outage.start()
        try:
            result = job.execute_in_process(
                instance=instance,
                asset_selection=[dg.AssetKey("documents")],
                tags={RANGE_START: "algebra", RANGE_END: "geometry"},
                run_config=QUIET,
            )
        finally:
            outage.join()
            holder.close()
        assert result.success
        happened = [event.event_type_value for event in result.all_events if event.step_key == "documents"]
        assert 1 <= happened.count("STEP_UP_FOR_RETRY") <= len(PAUSES)
        assert "STEP_FAILURE" not in happened
        with closing(small.lake(settings)) as lake:
            assert lake.row_count("documents") == 6
