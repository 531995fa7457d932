"""What asking a teacher costs beside the model: rates against a scripted endpoint, and memory, as Markdown tables.

    .venv/bin/python benchmarks/teachers.py [latency] [rate] [memory] [vllm] [--cores 2]

`latency`: answers take a fixed time, 256 requests are on their way at once; the rate over the whole run, and that from
the first tenth of the answers to the last, which leaves out the ramp from 64 to 256 requests and the end, beside the
ideal of 256 / latency. `rate`: answers come at once, endpoint and lake on the same cores.
`memory`: the resident set over a long run. `vllm`: completion tokens a second of a real vLLM on this CPU with a tiny
model, beside what its own `vllm bench serve` reaches with the same prompts, parameters and concurrency, in turns; its
environment is built first where it is not there.

The peers of `latency` and `rate` are loops around the bare clients: they prepare nothing, read nothing, store nothing
and stop at the first fault.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from statistics import median
from typing import Annotated

import psutil
import typer
from openai import AsyncOpenAI, DefaultAioHttpClient

from synth_assets.lake.lake import Lake
from synth_assets.lake.responses import LakeResponseStore
from synth_assets.lake.settings import LakeSettings
from synth_assets.teachers.asking import Asker, Request
from synth_assets.teachers.openai.payload import Payload
from synth_assets.teachers.openai.sources import Endpoint
from synth_assets.teachers.openai.teacher import OpenAITeacher
from synth_assets.teachers.settings import Sampling, TeacherSettings
from synth_assets.teachers.store import MemoryStore
from synth_assets.teachers.tasks import AnswerQuestion, WrittenAnswer
from synth_assets.teachers.vllm.server import Served, served

sys.path.insert(0, str(Path(__file__).parents[1]))
from synth_assets_tests.teachers.openai.endpoint import EndpointProcess, scripted_endpoint
from synth_assets_tests.teachers.openai.serving import Script
from synth_assets_tests.teachers.vllm.environment import vllm_program
from synth_assets_tests.teachers.vllm.tiny_llama import write_tiny_llama
from synth_assets_tests.teachers.vllm.tiny_vllm import tiny_settings

CONCURRENCY = 256
VLLM_CONCURRENCY, VLLM_REQUESTS, VLLM_TOKENS, VLLM_TURNS = 32, 400, 1_024, 5
"""Of the part `vllm`: requests on their way, requests a turn, the longest answer, and turns."""

STEPS = 5
"""Points at which the resident set is taken."""


class Part(StrEnum):
    LATENCY = "latency"
    RATE = "rate"
    MEMORY = "memory"
    VLLM = "vllm"


@dataclass(frozen=True)
class Rate:
    """What one way of asking did.

    `answered` has the times of the answers, in seconds since the start; `cpu` is this process's CPU time, in seconds.
    """

    name: str
    answered: tuple[float, ...]
    cpu: float

    @property
    def requests(self) -> int:
        """How many there were."""
        return len(self.answered)

    @property
    def a_second(self) -> float:
        """Requests a second over the whole run."""
        return self.requests / self.answered[-1]

    @property
    def steady(self) -> float:
        """Requests a second between the first tenth of the answers and the last."""
        tenth = self.requests // 10
        return (self.requests - 2 * tenth) / (self.answered[-tenth] - self.answered[tenth])


def questions(count: int) -> Iterator[Request[WrittenAnswer]]:
    """So many questions, of the length of a word problem."""
    story = "A tank is filled by two pipes, one of which is closed after a while. " * 3
    return (Request("shard", AnswerQuestion(question=f"{story}What is {number} + 4?")) for number in range(count))


def teacher(endpoint: EndpointProcess) -> OpenAITeacher:
    """The teacher at `endpoint`."""
    settings = TeacherSettings(kind="openai", model="scripted", base_urls=(endpoint.url,), concurrency=CONCURRENCY)
    return OpenAITeacher(settings)


def ours(endpoint: EndpointProcess, count: int, folder: Path | None) -> Rate:
    """Ask through the store of a lake in `folder`; None: through one in memory."""
    store = MemoryStore() if folder is None else LakeResponseStore(Lake(LakeSettings(folder=folder)), "qa_pairs")
    name = "synth-assets, answers kept in memory" if folder is None else "synth-assets, answers kept in the lake"
    asker = Asker(teacher(endpoint), store)

    def ask(note: Callable[[], None]) -> None:
        for answered in asker.ask(questions(count)):
            assert answered.response.result is not None
            note()

    return _timed(name, ask)


def openai_client(endpoint: EndpointProcess, bodies: Sequence[bytes]) -> Rate:
    """The `openai` client in a loop: a semaphore around its typed method."""

    async def ask(client: AsyncOpenAI, body: bytes) -> None:
        completion = await client.chat.completions.create(**json.loads(body))
        assert completion.choices[0].message.content

    async def everything(note: Callable[[], None]) -> None:
        async with AsyncOpenAI(
            api_key="none", base_url=endpoint.url, max_retries=0, http_client=DefaultAioHttpClient()
        ) as client:
            await _gathered(lambda body: ask(client, body), bodies, note)

    return _timed("`openai` client alone (aiohttp)", lambda note: asyncio.run(everything(note)))


def litellm_client(endpoint: EndpointProcess, bodies: Sequence[bytes]) -> Rate | None:
    """`litellm` in a loop; None where it is not installed."""
    try:
        import litellm  # type: ignore[import-not-found]  # no dependency of ours
    except ImportError:
        return None

    async def ask(body: bytes) -> None:
        sent = json.loads(body) | {"model": "openai/scripted"}
        completion = await litellm.acompletion(**sent, api_base=endpoint.url, api_key="none", num_retries=0)
        assert completion.choices[0].message.content

    return _timed("`litellm` alone", lambda note: asyncio.run(_gathered(ask, bodies, note)))


async def _gathered(ask: Callable[[bytes], Awaitable[None]], bodies: Sequence[bytes], note: Callable[[], None]) -> None:
    gate = asyncio.Semaphore(CONCURRENCY)

    async def one(body: bytes) -> None:
        async with gate:
            await ask(body)
            note()

    await asyncio.gather(*map(one, bodies))


def _timed(name: str, ask: Callable[[Callable[[], None]], None]) -> Rate:
    answered: list[float] = []
    cpu, started = time.process_time(), time.monotonic()
    ask(lambda: answered.append(time.monotonic() - started))
    return Rate(name, tuple(answered), time.process_time() - cpu)


def _bodies(endpoint: EndpointProcess, count: int) -> list[bytes]:
    """The same requests as ours, prepared."""
    made = teacher(endpoint)
    payloads = [made.prepare(request.task).payload for request in questions(count)]
    return [payload.body_for("scripted") for payload in payloads if isinstance(payload, Payload)]


def measure_latency(count: int) -> list[str]:
    """Rates where answers take a fixed time, beside the ideal."""
    lines = ["| latency, s | way of asking | requests/s | of the ideal | after the ramp |", "|---:|---|---:|---:|---:|"]
    for latency in (1.0, 0.25):
        ideal = CONCURRENCY / latency
        with scripted_endpoint(script=Script(latency=latency)) as endpoint, tempfile.TemporaryDirectory() as folder:
            rates = [ours(endpoint, count, Path(folder)), openai_client(endpoint, _bodies(endpoint, count))]
        for rate in rates:
            shares = f"{rate.a_second / ideal:.0%} | {rate.steady / ideal:.0%}"
            lines.append(f"| {latency:g} | {rate.name} | {rate.a_second:,.0f} | {shares} |")
    return lines


def measure_rate(count: int) -> list[str]:
    """Rates where answers come at once."""
    with scripted_endpoint() as endpoint, tempfile.TemporaryDirectory() as folder:
        bodies = _bodies(endpoint, count)
        floor = openai_client(endpoint, bodies)
        rates = [ours(endpoint, count, Path(folder)), ours(endpoint, count, None), floor]
        peer = litellm_client(endpoint, bodies[: count // 5])
        rates += [peer] if peer is not None else []
    lines = ["| way of asking | requests/s | to the bare client | CPU, ms a request |", "|---|---:|---:|---:|"]
    for rate in rates:
        share = rate.a_second / floor.a_second
        lines.append(f"| {rate.name} | {rate.a_second:,.0f} | {share:.2f} | {1_000 * rate.cpu / rate.requests:.2f} |")
    return lines


def measure_memory(count: int) -> list[str]:
    """The resident set of this process while it asks, with answers kept in a lake."""
    lines = ["| requests | resident set, MiB | requests/s so far |", "|---:|---:|---:|"]
    process = psutil.Process()
    with scripted_endpoint() as endpoint, tempfile.TemporaryDirectory() as folder:
        asker = Asker(teacher(endpoint), LakeResponseStore(Lake(LakeSettings(folder=Path(folder))), "qa_pairs"))
        started = time.monotonic()
        for done, _ in enumerate(asker.ask(questions(count)), start=1):
            if done % (count // STEPS) == 0:
                resident = process.memory_info().rss / 2**20
                lines.append(f"| {done:,} | {resident:,.0f} | {done / (time.monotonic() - started):,.0f} |")
    return lines


def measure_vllm() -> list[str]:
    """Tokens a second of a real vLLM: ours through the lake, and `vllm bench serve`, in turns."""
    program = vllm_program(lambda line: print(line, file=sys.stderr))
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        model = str(write_tiny_llama(folder / "tiny-llama"))
        tiny = tiny_settings(program)
        tiny = tiny.model_copy(update={"args": (*tiny.args, "--no-enable-chunked-prefill")})
        with served(model, tiny, folder / "logs", lambda line: print(line, file=sys.stderr)) as server:
            _ours_of_vllm(server, folder / "warming", VLLM_CONCURRENCY)
            pairs = [
                (_ours_of_vllm(server, folder / f"lake-{turn}", VLLM_REQUESTS), _bench_serve(program, server, folder))
                for turn in range(VLLM_TURNS)
            ]
    lines = ["| turn | synth-assets, tokens/s | `vllm bench serve`, tokens/s | ratio |", "|---|---:|---:|---:|"]
    for turn, (mine, theirs) in enumerate(pairs, start=1):
        lines.append(f"| {turn} | {mine:,.0f} | {theirs:,.0f} | {mine / theirs:.2f} |")
    return [*lines, f"| median | | | {median(mine / theirs for mine, theirs in pairs):.2f} |"]


def _teacher_of(server: Served) -> OpenAITeacher:
    @contextmanager
    def source() -> Iterator[Sequence[Endpoint]]:
        yield [Endpoint(server.base_url, server.api_key, server.model, server.check)]

    settings = TeacherSettings(
        kind="vllm",
        model="tiny",
        concurrency=VLLM_CONCURRENCY,
        sampling={AnswerQuestion.kind: Sampling(temperature=1.0, max_completion_tokens=VLLM_TOKENS)},
    )
    return OpenAITeacher(settings, source)


def _ours_of_vllm(server: Served, folder: Path, count: int) -> float:
    asker = Asker(_teacher_of(server), LakeResponseStore(Lake(LakeSettings(folder=folder)), "qa_pairs"))
    started = time.monotonic()
    for _ in asker.ask(questions(count)):
        pass
    return asker.spent.completion_tokens / (time.monotonic() - started)


def _bench_serve(program: Path, server: Served, folder: Path) -> float:
    """What vLLM's own load generator reaches with our prompts (system and user text in one) and parameters."""
    made = _teacher_of(server)
    payloads = [made.prepare(request.task).payload for request in questions(VLLM_REQUESTS)]
    bodies = [json.loads(payload.body) for payload in payloads if isinstance(payload, Payload)]
    prompts = ["\n\n".join(message["content"] for message in body["messages"]) for body in bodies]
    (folder / "prompts.jsonl").write_text("\n".join(json.dumps({"prompt": prompt}) for prompt in prompts))
    extra = {name: bodies[0][name] for name in ("response_format", "seed", "top_p")}
    subprocess.run(
        [
            *(program, "bench", "serve", "--backend", "openai-chat", "--endpoint", "/v1/chat/completions"),
            *("--base-url", server.base_url.removesuffix("/v1"), "--model", server.model),
            *("--dataset-name", "custom", "--dataset-path", folder / "prompts.jsonl", "--skip-chat-template"),
            *("--custom-output-len", str(VLLM_TOKENS), "--num-prompts", str(VLLM_REQUESTS), "--disable-shuffle"),
            *("--max-concurrency", str(VLLM_CONCURRENCY), "--temperature", "1.0", "--disable-tqdm"),
            *(
                "--extra-body",
                json.dumps(extra),
                "--save-result",
                "--result-dir",
                folder,
                "--result-filename",
                "r.json",
            ),
        ],
        env={**os.environ, "OPENAI_API_KEY": server.api_key},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    result = json.loads((folder / "r.json").read_text())
    assert result["completed"] == VLLM_REQUESTS
    return float(result["output_throughput"])


def main(
    parts: Annotated[list[Part] | None, typer.Argument(help="What to measure; everything if nothing is named.")] = None,
    cores: Annotated[int, typer.Option(help="Cores for all processes together, where the system can enforce it.")] = 2,
    requests: Annotated[int, typer.Option(help="Requests of `latency` and `rate`.")] = 10_000,
    long: Annotated[int, typer.Option(help="Requests of `memory`.")] = 100_000,
) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])  # the endpoint's process inherits it
    for part in parts or [*Part]:
        match part:
            case Part.LATENCY:
                lines = measure_latency(requests)
            case Part.RATE:
                lines = measure_rate(requests)
            case Part.MEMORY:
                lines = measure_memory(long)
            case Part.VLLM:
                lines = measure_vllm()
        print(f"\n### {part}\n", *lines, sep="\n", flush=True)


if __name__ == "__main__":
    typer.run(main)
