"""A `vllm serve` shared by all processes of this user that ask for the same model: joined, or started, and given up.

The steps of a run are processes of their own, and a model takes minutes to load. So the first that asks starts the
server through a supervisor (`supervisor.py`), the others join it, and each holds a lock that the system frees when it
dies. The server outlives its last user by `linger` seconds: a run that is killed leaves nothing behind for longer, and
one begun again before finds the model still loaded.
"""

import http.client
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from synth_assets.errors import SynthAssetsError
from synth_assets.teachers.vllm.log_tail import failure, last_lines
from synth_assets.teachers.vllm.place import Place, ServerRecord, free, lock_file, locked, place_of, take
from synth_assets.teachers.vllm.settings import VllmSettings
from synth_assets.teachers.vllm.supervisor import GRACE, GRACE_OF_CHILDREN, HOST, Order

POLL = 0.2
TELL_EVERY = 5.0
"""Seconds between two words about a server that is being waited for."""

INHERITED = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "HF_HOME")
"""Variables of the caller that make another server of the same model."""


@dataclass(frozen=True)
class Served:
    """A server that answers.

    `base_url` is the address of its OpenAI-compatible endpoint, `model` the name under which it knows the model.
    """

    base_url: str
    api_key: str = field(repr=False)
    model: str
    log: Path
    serial: str = field(repr=False)
    place: Place = field(repr=False)

    def check(self) -> None:
        """Raises SynthAssetsError with the end of the log where this server is gone."""
        if _gone(self.place, self.serial):
            raise SynthAssetsError(_ended_message(self.place, self.serial, self.model, self.log))


@contextmanager
def served(
    model: str, settings: VllmSettings, log_folder: Path, tell: Callable[[str], None] = print
) -> Iterator[Served]:
    """A server of `model` (a folder or a name), for as long as the context lasts; its log goes to `log_folder`.

    Waits until it answers, and tells how that goes. Raises SynthAssetsError where the program is missing, the server
    ends before it answers, or takes longer than `startup_timeout`.
    """
    program = _program(settings.command)
    model = _absolute(model)
    place = _place(model, settings, program)
    deadline = time.monotonic() + settings.startup_timeout
    with lock_file(place.users) as users:
        record = _join(place, users, deadline, lambda: _start(place, program, model, settings, log_folder), tell)
        ready = _wait(place, record, model, settings, deadline, tell)
        yield Served(
            base_url=f"http://{HOST}:{ready.port}/v1",
            api_key=ready.api_key,
            model=settings.served_name(model),
            log=ready.log,
            serial=ready.serial,
            place=place,
        )


@contextmanager
def kept(model: str, settings: VllmSettings) -> Iterator[None]:
    """Keep the server of `model` that anyone starts meanwhile, also while no step needs it; stop it at the end.

    For the whole of a run: between two steps that ask there may be long ones that do not, and a model is slow to load.
    Starts nothing by itself.
    """
    program = _found(settings.command)
    if program is None:
        yield
        return
    try:
        with lock_file(_place(_absolute(model), settings, program).users) as users:
            while not take(users, exclusive=False):
                time.sleep(POLL)
            yield
    finally:
        stop(model, settings)


def stop(model: str, settings: VllmSettings) -> bool:
    """Stop the server of `model` now instead of after `linger` seconds, and wait for its end.

    True where no such server is left; False where somebody uses it still: then it goes on.
    """
    program = _found(settings.command)
    if program is None:
        return True
    place = _place(_absolute(model), settings, program)
    deadline = time.monotonic() + GRACE + GRACE_OF_CHILDREN + 10
    while place.supervised() and time.monotonic() < deadline:
        if _in_use(place):
            return False
        place.unneeded.touch()
        time.sleep(POLL)
    return not place.supervised()


def _in_use(place: Place) -> bool:
    """Whether a user holds the lock. The supervisor tries it exclusively now and then, hence more than one look."""
    for _ in range(5):
        if free(place.users, exclusive=True) or not free(place.users):
            return False
        time.sleep(0.02)
    return True


def _program(command: str) -> str:
    found = _found(command)
    if found is None:
        raise SynthAssetsError(
            f"The program {command!r} was not found: pip install 'synth-assets[vllm]', or let the setting "
            "teacher.vllm.command name the vllm of another virtual environment."
        )
    return found


def _found(command: str) -> str | None:
    """On the PATH, or beside this Python, as in a virtual environment that is not activated."""
    named = str(Path(command).expanduser()) if command.startswith("~") else command
    found = shutil.which(named) or shutil.which(Path(sys.executable).parent / named)
    return None if found is None else str(Path(found).absolute())


def _absolute(word: str) -> str:
    """A word of the command line that names an existing file or folder by a relative path gets the whole path."""
    return str(Path(word).absolute()) if "/" in word and Path(word).exists() else word


def _place(model: str, settings: VllmSettings, program: str) -> Place:
    inherited = {name: os.environ.get(name) for name in INHERITED}
    return place_of(model, program, [*map(_absolute, settings.words)], settings.environment, inherited)


def _join(
    place: Place, users: int, deadline: float, start: Callable[[], ServerRecord], tell: Callable[[str], None]
) -> ServerRecord:
    """Become a user, of a running server or of one started now."""
    told = False
    while time.monotonic() < deadline:
        if take(users, exclusive=False):
            place.unneeded.unlink(missing_ok=True)
            with locked(place.starting):
                record = place.read()
                if not place.supervised():
                    record = start()
                    tell(f"Starting vLLM; its log is {record.log}")
                    return record
                if record is not None and record.exit_code is None:
                    return record
        if not told:
            tell("Waiting for the former vLLM to stop")
            told = True
        time.sleep(POLL / 4)
    raise SynthAssetsError(f"The former vLLM in {place.folder} does not stop: end the process that supervises it.")


def _start(place: Place, program: str, model: str, settings: VllmSettings, log_folder: Path) -> ServerRecord:
    """Start a supervisor, which starts the server. The lock `starting` is held."""
    record = ServerRecord(serial=secrets.token_hex(8), log=_new_log(log_folder), api_key=secrets.token_urlsafe(32))
    place.write(record)
    words = map(_absolute, settings.words)
    # The program's folder leads the PATH: compilers that vLLM calls for its kernels lie beside it.
    path = os.pathsep.join([str(Path(program).parent), os.environ.get("PATH", os.defpath)])
    order = Order(
        program=program,
        arguments=("serve", model, "--disable-uvicorn-access-log", *words),
        environment={"PATH": path, "VLLM_NO_USAGE_STATS": "1", **settings.environment},
        linger=settings.linger,
    )
    with locked(place.supervisor) as lock, record.log.open("ab") as log:
        subprocess.run(
            [sys.executable, "-P", "-m", "synth_assets.teachers.vllm.supervisor", str(place.folder)],
            input=order.model_dump_json().encode(),
            stdout=log,
            stderr=log,
            pass_fds=(lock,),
            start_new_session=True,
            check=False,
        )
    return record


def _new_log(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        log = folder.absolute() / f"vllm-{datetime.now():%Y%m%d-%H%M%S}-{os.getpid()}.log"
        log.touch()
    except OSError as error:
        raise SynthAssetsError(f"Cannot write logs in {folder} ({error.strerror}): make it writable.") from error
    return log


def _wait(
    place: Place, record: ServerRecord, model: str, settings: VllmSettings, deadline: float, tell: Callable[[str], None]
) -> ServerRecord:
    """Wait until the server answers, telling the log's last line every few seconds."""
    begun = told = time.monotonic()
    while time.monotonic() < deadline:
        if _gone(place, record.serial):
            raise SynthAssetsError(_ended_message(place, record.serial, model, record.log))
        now = place.read() or record
        if now.serial == record.serial and now.port is not None and _healthy(now.port):
            if told > begun:  # nothing to say of one that was running already
                tell(f"vLLM answers after {time.monotonic() - begun:.0f} s")
            return now
        if time.monotonic() - told >= TELL_EVERY:
            told = time.monotonic()
            line = "".join(last_lines(record.log, 1)) or "nothing in its log yet"
            tell(f"vLLM is starting ({told - begun:.0f} s): {line}")
        time.sleep(POLL)
    raise SynthAssetsError(
        f"vLLM did not answer for {model} within {settings.startup_timeout:.0f} s: raise the setting "
        f"teacher.vllm.startup_timeout, or see what keeps it in {record.log}, which ends:\n{failure(record.log)}"
    )


def _healthy(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)  # knows no proxy, unlike urllib
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _gone(place: Place, serial: str) -> bool:
    record = place.read()
    return record is None or record.serial != serial or record.exit_code is not None or not place.supervised()


def _ended_message(place: Place, serial: str, model: str, log: Path) -> str:
    record = place.read()
    code = record.exit_code if record is not None and record.serial == serial else None
    how = "was stopped" if code is None else f"ended with exit code {code}"
    return f"The vLLM for {model} {how}: mend what its log {log} tells, and run again. It ends:\n{failure(log)}"
