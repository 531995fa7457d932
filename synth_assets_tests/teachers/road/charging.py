"""The scripted endpoint, adding up the tokens it charges and, where told to, quoting the key it is sent.

    python -m synth_assets_tests.teachers.road.charging --log FILE --script JSON

prints the URL it serves and runs until it is stopped. GET /charged says what it has charged.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from synth_assets_tests.teachers.openai.endpoint import EndpointProcess, Logged
from synth_assets_tests.teachers.openai.serving import Connection, Endpoint, Fault, Received, Script, completion

CHARGED: tuple[str, ...] = (
    "none",
    "truncated_json",
    "invalid_json",
    "duplicate_keys",
    "length",
    "wrong_counts",
    "no_counts",
)
"""Kinds of the log's lines that are an answer, which a client must expect to be charged for."""


@dataclass
class QuotingScript(Script):
    """A script that may quote the key.

    `quotes_in_errors`: in the body of every error. `quotes_everywhere`: by the prompt's hash, a quarter of the
    requests is answered well, a quarter by a refusal that quotes it, a quarter by a text it stands behind, and a
    quarter always fails with status 500.
    """

    quotes_in_errors: bool = False
    quotes_everywhere: bool = False


class ChargingEndpoint(Endpoint):
    """Adds up the tokens of its answers as it counts them itself."""

    script: QuotingScript

    def __init__(self, script: QuotingScript, log: Any = None) -> None:
        super().__init__(script, log)
        self.charged: Counter[str] = Counter()

    def note(self, request: Received, fault: str) -> None:
        super().note(request, fault)
        if fault in CHARGED:
            usage = self.answer(request, None)["usage"]
            usage = {name: usage[name] for name in ("prompt_tokens", "completion_tokens") if name in usage}
            self.charged += Counter({"answers": max(1, len(request.texts)), **usage})


class QuotingConnection(Connection):
    """A connection that remembers the key of its latest request."""

    _endpoint: ChargingEndpoint
    _sent = ""

    def _handle(self, path: str, headers: Mapping[str, str], content: bytes) -> None:
        self._sent = headers.get("authorization", "").removeprefix("Bearer ")
        if path == "/charged":
            self._send(200, self._endpoint.charged)
        else:
            super()._handle(path, headers, content)

    def _answer(self, transport: asyncio.Transport, request: Received, fault: Fault | None) -> None:
        way = request.asked[0] % 4
        if not self._endpoint.script.quotes_everywhere or way == 0:
            super()._answer(transport, request, fault)
        elif way == 1:
            self._send(500, {"error": {"message": "The engine is overloaded."}})
        else:
            body = completion(request, fault)
            message = body["choices"][0]["message"]
            if way == 2:
                message |= {"content": None, "refusal": f"I do not work for {self._sent}."}
            else:
                message["content"] = f"The key {self._sent} asked for something that I cannot put into this form."
            self._send(200, body)

    def _send(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        script = self._endpoint.script
        if status >= 400 and (script.quotes_in_errors or script.quotes_everywhere):
            body = {"error": {"message": f"{body['error']['message']} The key sent is {self._sent}."}}
        super()._send(status, body, headers)


@dataclass(frozen=True)
class ChargingProcess:
    """A charging endpoint in a process of its own. `url` ends in /v1."""

    endpoint: EndpointProcess

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.endpoint.url

    def change(self, **changed: Any) -> None:
        """Change fields of the script."""
        self.endpoint.change(**changed)

    def logged(self) -> list[Logged]:
        """The requests dealt with so far."""
        return self.endpoint.logged()

    @property
    def received(self) -> int:
        """Requests received so far."""
        return self.endpoint.counts()["received"]

    def charged(self) -> Mapping[str, int]:
        """`answers`, `prompt_tokens` and `completion_tokens` charged so far."""
        with urllib.request.urlopen(self.url.removesuffix("v1") + "charged", timeout=30) as response:
            counted: dict[str, int] = json.load(response)
        return {"answers": 0, "prompt_tokens": 0, "completion_tokens": 0, **counted}

    def settled(self) -> list[Logged]:
        """The log, once every request that was received has been dealt with."""
        while True:
            counts = self.endpoint.counts()
            if counts["received"] == sum(counts.values()) - counts["received"] - counts["most_at_once"]:
                return self.logged()
            time.sleep(0.02)


def kinds(logged: Sequence[Logged]) -> Counter[str]:
    """Requests dealt with, by kind of task."""
    return Counter(line.kind for line in logged)


@contextmanager
def charging_endpoint(log: Path, script: QuotingScript | None = None) -> Iterator[ChargingProcess]:
    """A charging endpoint in a process of its own, stopped at the end."""
    module = "synth_assets_tests.teachers.road.charging"
    command = [
        sys.executable,
        "-m",
        module,
        "--log",
        str(log),
        "--script",
        json.dumps(asdict(script or QuotingScript())),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert url, "the charging endpoint did not start; see its message on standard error"
            yield ChargingProcess(EndpointProcess(url, log, process))
        finally:
            process.kill()


async def _serve(script: QuotingScript, log: Path) -> None:
    loop = asyncio.get_running_loop()
    with log.open("a", buffering=1) as file:
        endpoint = ChargingEndpoint(script, file)
        server = await loop.create_server(lambda: QuotingConnection(endpoint), "127.0.0.1", 0, backlog=2_048)
        print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
        async with server:
            await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", type=Path, required=True, help="file to which a line is written for each request")
    parser.add_argument("--script", default="{}", help="fields of the script as JSON")
    given = parser.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(QuotingScript(**json.loads(given.script)), given.log))


if __name__ == "__main__":
    main()
