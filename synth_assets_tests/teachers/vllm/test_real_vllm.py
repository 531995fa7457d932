"""A real vLLM with a tiny Llama: structured outputs that end, usage, and nothing left of it afterwards."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Literal

import openai
import psutil
import pytest
from openai.types.chat import ChatCompletion
from pydantic import BaseModel, ConfigDict, Field

from synth_assets.errors import SynthAssetsError
from synth_assets.teachers.vllm.server import Served, served
from synth_assets_tests.teachers.vllm.tiny_llama import byte_tokenizer, write_tiny_llama
from synth_assets_tests.teachers.vllm.tiny_vllm import tiny_settings

pytestmark = pytest.mark.slow

Word = Annotated[str, Field(min_length=1, max_length=60)]


class Topic(BaseModel):
    model_config = ConfigDict(extra="forbid")
    topic: Word
    concepts: Annotated[list[Word], Field(min_length=2, max_length=6)]


class Answer(BaseModel):
    """Every kind of bound that a task's schema may have."""

    model_config = ConfigDict(extra="forbid")
    level: Literal["elementary", "middle", "high"]
    score: Annotated[int, Field(ge=0, le=10)]
    text: Annotated[str, Field(min_length=1)]
    topics: Annotated[list[Topic], Field(min_length=1)]


SCHEMA = Answer.model_json_schema()


def answers(server: Served, temperature: float, count: int) -> list[ChatCompletion]:
    async def ask(client: openai.AsyncOpenAI, seed: int) -> ChatCompletion:
        return await client.chat.completions.create(
            model=server.model,
            messages=[{"role": "user", "content": f"Document {seed}: a triangle has three sides."}],
            response_format={"type": "json_schema", "json_schema": {"name": "x", "strict": True, "schema": SCHEMA}},
            temperature=temperature,
            seed=seed,
            max_completion_tokens=2000,
        )

    async def ask_all() -> list[ChatCompletion]:
        async with openai.AsyncOpenAI(base_url=server.base_url, api_key=server.api_key, max_retries=0) as client:
            return await asyncio.gather(*(ask(client, seed) for seed in range(count)))

    return asyncio.run(ask_all())


@pytest.mark.parametrize("temperature", [1.0, 0.7, 0.0])
def test_every_answer_of_random_weights_fits_the_schema_and_counts_its_tokens(
    tiny_vllm: Served, temperature: float
) -> None:
    for answer in answers(tiny_vllm, temperature, count=32):
        text = answer.choices[0].message.content or ""
        Answer.model_validate_json(text, strict=True)
        assert answer.choices[0].finish_reason == "stop"
        assert answer.usage is not None
        assert answer.usage.prompt_tokens > 40
        # A token is a byte; the end token may be counted or not.
        assert answer.usage.completion_tokens - len(byte_tokenizer().encode(text).ids) in (0, 1)


def test_nobody_without_the_key_is_answered(tiny_vllm: Served) -> None:
    stranger = openai.OpenAI(base_url=tiny_vllm.base_url, api_key="another", max_retries=0)
    with stranger, pytest.raises(openai.AuthenticationError):
        stranger.models.list()
    assert tiny_vllm.api_key not in tiny_vllm.log.read_text()


def test_a_killed_run_leaves_nothing_of_a_real_server(vllm_command: Path, tmp_path: Path) -> None:
    model = str(write_tiny_llama(tmp_path / "tiny-llama"))
    settings = tiny_settings(vllm_command).model_copy(update={"linger": 1.0})
    command = [sys.executable, "-m", "synth_assets_tests.teachers.vllm.user", model]
    with subprocess.Popen(
        [*command, settings.model_dump_json(), str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as user:
        assert user.stdout is not None and user.stdout.readline()
        (server,) = (process for process in psutil.process_iter(["cmdline"]) if _serves(process, model))
        tree = [server, *server.children(recursive=True)]
        assert len(tree) > 1
        user.kill()
    _, alive = psutil.wait_procs(tree, timeout=60)
    assert not alive


def test_a_model_that_cannot_be_loaded_is_told_with_its_cause(vllm_command: Path, tmp_path: Path) -> None:
    model = write_tiny_llama(tmp_path / "tiny-llama")
    (model / "config.json").write_text("{}")
    with (
        pytest.raises(SynthAssetsError, match=r"exit code 1(.|\n)*Error"),
        served(str(model), tiny_settings(vllm_command), tmp_path / "logs"),
    ):
        pass


def _serves(process: psutil.Process, model: str) -> bool:
    words = process.info["cmdline"] or []
    return "serve" in words and model in words
