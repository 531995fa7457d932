"""The fixture `tiny_vllm`: a real vLLM on CPU with the tiny Llama, started as a run starts it, once a session.

A test module elsewhere gets it by importing the fixture's name into its `conftest.py`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from synth_assets.teachers.vllm.server import Served, served, stop
from synth_assets.teachers.vllm.settings import VllmSettings
from synth_assets_tests.teachers.vllm.environment import CannotBeHadError, vllm_program
from synth_assets_tests.teachers.vllm.tiny_llama import write_tiny_llama


def tiny_settings(program: Path) -> VllmSettings:
    """How the tiny Llama is served by the vLLM for CPU."""
    return VllmSettings(
        command=str(program),
        args=("--max-model-len 32768", "--enforce-eager", "--dtype float32"),
        # Without the second, vLLM's processes wait for each other by yielding the processor without end, and on some
        # kernels (6.18 here) that starves everything else on the machine for up to a second at a time.
        environment={"VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_USE_SPINLOOP_EXT": "1"},
        startup_timeout=300,
        linger=10,
    )


@pytest.fixture(scope="session")
def vllm_command() -> Path:
    """The program `vllm` of the environment for CPU; the test is skipped with the reason where it cannot be had."""
    try:
        return vllm_program()
    except CannotBeHadError as reason:
        pytest.skip(f"no vLLM for CPU: {reason}")


@pytest.fixture(scope="session")
def tiny_vllm(vllm_command: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A running server of the tiny Llama."""
    folder = tmp_path_factory.mktemp("tiny_vllm")
    model = str(write_tiny_llama(folder / "tiny-llama"))
    settings = tiny_settings(vllm_command)
    with served(model, settings, folder / "logs") as server:
        yield server
    stop(model, settings)
