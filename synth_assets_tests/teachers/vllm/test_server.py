"""A server is started once, shared, and gone with all its children after its last user, however that ended."""

import json
import os
import shlex
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.teachers.vllm import server as server_module
from synth_assets.teachers.vllm.server import Served, kept, served, stop
from synth_assets.teachers.vllm.settings import VllmSettings
from synth_assets_tests.teachers.vllm import scripted_vllm

LONGEST_WAIT = 30.0


@dataclass(frozen=True)
class Start:
    """The start of a scripted server."""

    pid: int
    children: list[int]
    argv: list[str]


class Machine:
    """A folder with the scripted program, its journal, and the places of its servers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.logs = folder / "logs"
        self.told: list[str] = []
        self._journal = folder / "journal"
        self._program = folder / "vllm"
        self._program.write_text(
            f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(scripted_vllm.__file__)} "$@"\n'
        )
        self._program.chmod(0o755)

    def settings(self, *args: str, linger: float = 0.0, **others: object) -> VllmSettings:
        words = (*args, f"--journal {self._journal}")
        return VllmSettings.model_validate(
            {"command": str(self._program), "args": words, "linger": linger, "startup_timeout": LONGEST_WAIT, **others}
        )

    def user(self, settings: VllmSettings) -> "subprocess.Popen[str]":
        """Another process that uses the server; it is using it when its first line can be read."""
        command = [sys.executable, "-m", "synth_assets_tests.teachers.vllm.user", "a/model"]
        return subprocess.Popen(
            [*command, settings.model_dump_json(), str(self.logs)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @property
    def starts(self) -> list[Start]:
        """One for each server that was started."""
        if not self._journal.exists():
            return []
        return [Start(**json.loads(line)) for line in self._journal.read_text().splitlines()]

    @property
    def processes(self) -> set[int]:
        """What lives of servers and their children, and what has this folder on its command line; zombies count."""
        started = {pid for start in self.starts for pid in (start.pid, *start.children)}
        others = {
            process.pid
            for process in psutil.process_iter(["cmdline"])
            if any(str(self.folder) in word for word in process.info["cmdline"] or ())
        }
        return {pid for pid in started if psutil.pid_exists(pid)} | others


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """The places of servers are below `tmp_path`, so no test sees those of another."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    machine = Machine(tmp_path)
    yield machine
    eventually(lambda: not machine.processes)


def eventually(holds: Callable[[], object]) -> None:
    end = time.monotonic() + LONGEST_WAIT
    while not holds():
        assert time.monotonic() < end, "it does not come true"
        time.sleep(0.05)


def get(server: Served, path: str) -> dict[str, str]:
    request = urllib.request.Request(f"{server.base_url}{path}", headers={"Authorization": f"Bearer {server.api_key}"})
    with urllib.request.urlopen(request, timeout=5) as response:
        return dict(json.load(response))


def test_a_server_answers_while_it_is_used_and_is_gone_afterwards(machine: Machine) -> None:
    settings = machine.settings("--children 2", environment={"SEEN_BY_SERVER": "yes"})
    before = set(psutil.Process().children(recursive=True))
    with served("a/model", settings, machine.logs, machine.told.append) as server:
        server.check()
        assert get(server, "/models") == {"path": "/v1/models", "seen": "yes"}
        assert server.model == "a/model"
        assert len(machine.processes) == 4  # the server, its children, the supervisor
    eventually(lambda: not machine.processes)
    with pytest.raises(SynthAssetsError, match="was stopped"):
        server.check()
    assert set(psutil.Process().children(recursive=True)) <= before


def test_its_arguments_are_passed_on_and_its_name_is_known(machine: Machine) -> None:
    settings = machine.settings("--served-model-name 'a name'")
    with served("a/model", settings, machine.logs, machine.told.append) as server:
        assert server.model == "a name"
    (start,) = machine.starts
    assert {"serve", "a/model", "--served-model-name", "a name"} <= set(start.argv)


def test_processes_and_threads_that_ask_for_the_same_share_one_server(machine: Machine) -> None:
    settings = machine.settings("--load-seconds 1")
    addresses: list[str] = []

    def use() -> None:
        with served("a/model", settings, machine.logs, lambda _: None) as server:
            addresses.append(server.base_url)
            everyone.wait(LONGEST_WAIT)

    everyone = threading.Barrier(4)
    threads = [threading.Thread(target=use) for _ in range(3)]
    other = machine.user(settings)
    for thread in threads:
        thread.start()
    assert other.stdout is not None
    addresses.append(other.stdout.readline().strip())
    everyone.wait(LONGEST_WAIT)
    for thread in threads:
        thread.join()
    other.communicate("done\n")
    assert len(set(addresses)) == 1
    assert len(machine.starts) == 1


def test_another_model_gets_another_server(machine: Machine) -> None:
    settings = machine.settings()
    with ExitStack() as stack:
        servers = [
            stack.enter_context(served(model, settings, machine.logs, machine.told.append))
            for model in ("a/model", "another/model")
        ]
        assert servers[0].base_url != servers[1].base_url


def test_a_killed_user_leaves_nothing_behind(machine: Machine) -> None:
    user = machine.user(machine.settings("--stubborn-children 2"))
    assert user.stdout is not None and user.stdout.readline()
    assert len(machine.processes) == 5  # the user's command line holds the folder, too
    user.kill()
    user.wait()
    eventually(lambda: not machine.processes)


def test_a_user_killed_while_the_server_loads_leaves_nothing_behind(machine: Machine) -> None:
    user = machine.user(machine.settings("--children 1", "--load-seconds 60"))
    eventually(lambda: machine.starts)
    user.kill()
    user.wait()
    eventually(lambda: not machine.processes)


def test_a_server_lingers_for_the_next_user_and_is_stopped_on_demand(machine: Machine) -> None:
    settings = machine.settings(linger=60)
    with served("a/model", settings, machine.logs, machine.told.append) as first:
        pass
    with served("a/model", settings, machine.logs, machine.told.append) as second:
        assert second.base_url == first.base_url
        first.check()
        assert not stop("a/model", settings), "in use"
        second.check()
    with served("a/model", settings, machine.logs, machine.told.append):
        pass
    assert stop("a/model", settings)
    assert not machine.processes
    assert len(machine.starts) == 1


def test_a_run_keeps_the_server_between_its_steps_and_stops_it_at_its_end(machine: Machine) -> None:
    settings = machine.settings(linger=0)
    with kept("a/model", settings):
        assert not machine.starts
        for _ in range(2):
            with served("a/model", settings, machine.logs, machine.told.append):
                pass
            time.sleep(1)
    assert not machine.processes
    assert len(machine.starts) == 1


def test_a_program_beside_this_python_is_found(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = machine.settings()
    monkeypatch.setattr(sys, "executable", str(machine.folder / "python"))
    (machine.folder / "python").symlink_to(Path(sys.prefix) / "bin" / "python")
    monkeypatch.chdir(machine.folder)
    assert server_module._found("vllm") == settings.command


def test_a_child_forked_by_a_user_does_not_keep_the_server(machine: Machine) -> None:
    with served("a/model", machine.settings(), machine.logs, machine.told.append):
        child = os.fork()
        if child == 0:
            time.sleep(LONGEST_WAIT)
            os._exit(0)
    try:
        eventually(lambda: not machine.processes)
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)


def test_a_killed_supervisor_takes_the_server_along(machine: Machine) -> None:
    with served("a/model", machine.settings(), machine.logs, machine.told.append) as server:
        (start,) = machine.starts
        supervisor = psutil.Process(start.pid).parent()
        assert supervisor is not None
        supervisor.kill()
        eventually(lambda: not machine.processes)
        with pytest.raises(SynthAssetsError, match="was stopped"):
            server.check()


def test_a_server_that_fails_to_start_is_told_with_its_cause_and_its_log(machine: Machine) -> None:
    settings = machine.settings("--children 1", "--fail 'no such weights'")
    with (
        pytest.raises(SynthAssetsError, match="exit code 3") as raised,
        served("a/model", settings, machine.logs, machine.told.append),
    ):
        pass
    (log,) = machine.logs.iterdir()
    assert str(log) in str(raised.value)
    assert "RuntimeError: no such weights" in str(raised.value)
    assert "no such weights" in log.read_text()


def test_a_server_that_dies_later_is_told_and_the_next_user_gets_another(machine: Machine) -> None:
    settings = machine.settings("--children 1", "--die-after 1")
    with served("a/model", settings, machine.logs, machine.told.append) as server:
        eventually(lambda: server_module._gone(server.place, server.serial))
        with pytest.raises(SynthAssetsError, match="exit code -9"):
            server.check()
        with served("a/model", settings, machine.logs, machine.told.append) as another:
            another.check()
    assert len(machine.starts) == 2


def test_a_server_that_takes_too_long_is_told_with_the_setting(machine: Machine) -> None:
    settings = machine.settings("--load-seconds 60", startup_timeout=1.5)
    with (
        pytest.raises(SynthAssetsError, match=r"teacher\.vllm\.startup_timeout"),
        served("a/model", settings, machine.logs, machine.told.append),
    ):
        pass


def test_the_wait_is_told_with_the_last_line_of_the_log(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "TELL_EVERY", 0.5)
    with served("a/model", machine.settings("--load-seconds 2"), machine.logs, machine.told.append):
        pass
    assert any("Loading a/model" in line for line in machine.told)


def test_a_missing_program_is_told_with_the_ways_out(machine: Machine) -> None:
    settings = VllmSettings(command="no-such-vllm")
    with (
        pytest.raises(SynthAssetsError, match=r"synth-assets\[vllm\].*teacher\.vllm\.command"),
        served("a/model", settings, machine.logs, machine.told.append),
    ):
        pass
    assert stop("a/model", settings)


def test_the_key_is_readable_by_its_user_alone_and_stands_nowhere_else(machine: Machine) -> None:
    with served("a/model", machine.settings(), machine.logs, machine.told.append) as server:
        key = server.api_key.encode()
        holders = [path for path in machine.folder.rglob("*") if path.is_file() and key in path.read_bytes()]
        assert [path.name for path in holders] == ["server.json"]
        assert holders[0].stat().st_mode & 0o077 == 0
        assert holders[0].parent.stat().st_mode & 0o077 == 0
        commands = [" ".join(psutil.Process(pid).cmdline()) for pid in machine.processes]
        assert not any(server.api_key in command for command in commands)
        assert server.api_key not in repr(server) + "".join(machine.told)
    eventually(lambda: not machine.processes)
    assert not [path for path in machine.folder.rglob("*") if path.is_file() and key in path.read_bytes()]


def test_a_place_that_others_may_enter_is_refused(machine: Machine) -> None:
    (machine.folder / "tmp" / f"synth-assets-vllm-{os.geteuid()}").mkdir(mode=0o755)
    with (
        pytest.raises(SynthAssetsError, match="not a private folder"),
        served("a/model", machine.settings(), machine.logs, machine.told.append),
    ):
        pass
