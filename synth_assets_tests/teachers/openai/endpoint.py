"""A scripted OpenAI-compatible endpoint, as a process of its own or in a thread of the test.

    python -m synth_assets_tests.teachers.openai.endpoint --port 0 --log FILE --faults 0.33 --latency 0.1

prints the URL it serves and runs until it is stopped. Its behaviour can be changed while it runs, by POST /script with
fields of :class:`Script`; GET /counts says what it has seen.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from synth_assets_tests.teachers.openai.serving import Connection, Endpoint, Script

BACKLOG = 2_048


@dataclass(frozen=True)
class Logged:
    """A line of the endpoint's log; see :class:`~synth_assets_tests.teachers.openai.serving.Endpoint`."""

    request: str
    asked: str
    kind: str
    time: float
    fault: str
    texts: list[str]


def read_log(file: Path) -> list[Logged]:
    """The requests an endpoint has dealt with, in order."""
    return [Logged(**json.loads(line)) for line in file.read_text().splitlines()]


@dataclass(frozen=True)
class EndpointProcess:
    """A scripted endpoint in a process of its own. `url` ends in /v1."""

    url: str
    log: Path | None
    process: subprocess.Popen[str]

    def change(self, **changed: Any) -> None:
        """Change fields of the script."""
        self._fetch("script", json.dumps(changed).encode())

    def counts(self) -> dict[str, int]:
        """Requests received, the most at once, and how many had which fault."""
        counts: dict[str, int] = self._fetch("counts", None)
        return counts

    def logged(self) -> list[Logged]:
        """The requests dealt with so far."""
        return [] if self.log is None else read_log(self.log)

    def _fetch(self, path: str, content: bytes | None) -> Any:
        with urllib.request.urlopen(self.url.removesuffix("v1") + path, content, timeout=30) as response:
            return json.load(response)


@contextmanager
def scripted_endpoint(
    log: Path | None = None, script: Script | None = None, port: int = 0
) -> Iterator[EndpointProcess]:
    """A scripted endpoint in a process of its own, stopped at the end."""
    command = [sys.executable, "-m", "synth_assets_tests.teachers.openai.endpoint", "--port", str(port)]
    command += ["--script", json.dumps(asdict(script or Script()))]
    command += ["--log", str(log)] if log is not None else []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert url, "the scripted endpoint did not start; see its message on standard error"
            yield EndpointProcess(url, log, process)
        finally:
            process.kill()


@contextmanager
def endpoint_in_thread(
    script: Script | None = None, port: int = 0, log: Path | None = None
) -> Iterator[tuple[str, Endpoint]]:
    """A scripted endpoint in a thread: its URL and its state, which may be looked at and changed while it runs."""
    loop = asyncio.new_event_loop()
    with log.open("a", buffering=1) if log is not None else nullcontext() as file:
        endpoint = Endpoint(script or Script(), file)
        server = loop.run_until_complete(_listening(endpoint, port))
        thread = threading.Thread(target=loop.run_forever, name="scripted endpoint", daemon=True)
        thread.start()
        try:
            yield _url(server), endpoint
        finally:
            loop.call_soon_threadsafe(server.close)
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()


async def _listening(endpoint: Endpoint, port: int) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: Connection(endpoint), "127.0.0.1", port, backlog=BACKLOG)


def _url(server: asyncio.Server) -> str:
    return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"


async def _serve(script: Script, log: Path | None, port: int) -> None:
    file = log.open("a", buffering=1) if log is not None else None
    server = await _listening(Endpoint(script, file), port)
    print(_url(server), flush=True)
    async with server:
        await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--log", type=Path, help="file to which a line is written for each request")
    parser.add_argument("--script", default="{}", help="fields of the script as JSON")
    parser.add_argument("--faults", type=float, help="share of faulty attempts, evenly of all kinds")
    parser.add_argument("--latency", type=float, help="seconds before each answer")
    parser.add_argument("--key", help="the key to demand")
    parser.add_argument("--seed", type=int, help="of the faults")
    given = parser.parse_args()
    script = replace(Script(), **json.loads(given.script))
    for option in fields(Script):
        value = getattr(given, option.name, None)
        if value is not None:
            setattr(script, option.name, Script.evenly(value) if option.name == "faults" else value)
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(script, given.log, given.port))


if __name__ == "__main__":
    main()
