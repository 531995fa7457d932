"""The small process between the users of a server and the server: starts it, watches both, and always stops it.

``python -m synth_assets.teachers.vllm.supervisor PLACE`` with an :class:`Order` on standard input; `server.py` runs it
and hands down the descriptor that holds the place's lock `supervisor`. It belongs to no user: it goes into a session of
its own, so that neither a killed user nor a closed terminal takes it along, and the system gives it the orphans of the
server. It stops the server when nobody has used it for `linger` seconds, when it is told to end, and what is left of
the server when that dies by itself.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from synth_assets.teachers.vllm.place import Place, ServerRecord, lock_file, release, take
from synth_assets.teachers.vllm.process_tree import adopt_orphans, die_with_parent, end_descendants, reap

PULSE = 0.2
"""Seconds between two looks at the server and its users."""

GRACE = 15.0
"""Seconds the server has for an orderly end."""

GRACE_OF_CHILDREN = 4.0
"""Seconds its children have after that, before everything left is killed."""

HOST = "127.0.0.1"


class Order(BaseModel):
    """What to run, the port aside, with which variables added, and how many seconds it may be without users."""

    model_config = ConfigDict(frozen=True)

    program: str
    arguments: tuple[str, ...]
    environment: dict[str, str]
    linger: float


class Supervisor:
    """One server's supervisor. Its process holds the place's lock `supervisor`."""

    def __init__(self, place: Place, order: Order, record: ServerRecord) -> None:
        self._place = place
        self._order = order
        self._record = record
        self._told_to_end = False

    def run(self) -> None:
        """Serve until the server dies, is unused, or SIGTERM comes. Nothing of the server remains."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end_soon)
        adopt_orphans()
        with _held_port() as port, lock_file(self._place.users) as users:
            server = self._start(port)
            exit_code = self._watch(server, users)
            if exit_code is None:
                self._place.forget()
            else:  # its users learn of it at once, before what it left behind is gone
                self._place.write(self._record.model_copy(update={"port": port, "exit_code": exit_code}))
            end_descendants(server, GRACE, GRACE_OF_CHILDREN)

    def _start(self, port: int) -> int:
        command = [self._order.program, *self._order.arguments, "--host", HOST, "--port", str(port)]
        environment = {**os.environ, **self._order.environment, "VLLM_API_KEY": self._record.api_key}
        with self._record.log.open("ab") as log:
            server = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=die_with_parent,
            )
        self._place.write(self._record.model_copy(update={"port": port}))
        return server.pid

    def _watch(self, server: int, users: int) -> int | None:
        """Until the end: the server's exit code if it ended by itself, else None. Once unused, it stays so."""
        unused_since: float | None = None
        while not self._told_to_end:
            ended = reap()
            if server in ended:
                return ended[server]
            if not take(users, exclusive=True):
                unused_since = None
            else:
                unused_since = unused_since or time.monotonic()
                if self._place.unneeded.exists() or time.monotonic() - unused_since >= self._order.linger:
                    return None
                release(users)
            time.sleep(PULSE)
        return None

    def _end_soon(self, *_: object) -> None:
        self._told_to_end = True


@contextmanager
def _held_port() -> Iterator[int]:
    """A free port that no one else is given meanwhile, by a socket that never listens.

    Whoever allows an address to be shared, as model servers do, can listen there all the same.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holder.bind((HOST, 0))
        yield int(holder.getsockname()[1])


def main() -> None:
    """Read the order, leave the caller, and supervise."""
    place = Place(Path(sys.argv[1]))
    order = Order.model_validate_json(sys.stdin.buffer.read())
    record = place.read()
    if record is None:
        sys.exit(f"{place.folder} lacks the record of the server to start")
    if os.fork():
        os._exit(0)  # the caller waits for this one, so that it has no child left to wait for
    Supervisor(place, order, record).run()
    os._exit(0)  # the system frees the lock `supervisor` with the process: who waits for it finds none left


if __name__ == "__main__":
    main()
