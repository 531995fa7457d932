"""Vectors of a real vLLM: the tiny Llama, served as an embedding model."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.teachers.embeddings.embedder import EndpointEmbedder
from synth_assets.teachers.embeddings.settings import EmbedderSettings
from synth_assets.teachers.store import MemoryStore
from synth_assets.teachers.vllm.server import Served, served, stop
from synth_assets_tests.teachers.embeddings.asking import texts
from synth_assets_tests.teachers.vllm.tiny_llama import byte_tokenizer, write_tiny_llama
from synth_assets_tests.teachers.vllm.tiny_vllm import tiny_settings

pytestmark = pytest.mark.slow

LONGEST = 512
"""Tokens, which are bytes, that the server takes of a text."""


@pytest.fixture(scope="module")
def server(vllm_command: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("embedding_vllm")
    model = str(write_tiny_llama(folder / "tiny-llama"))
    arguments = (f"--runner pooling --max-model-len {LONGEST} --enforce-eager --dtype float32",)
    settings = tiny_settings(vllm_command).model_copy(update={"args": arguments})
    with served(model, settings, folder / "logs") as started:
        yield started
    stop(model, settings)


@pytest.fixture
def settings(server: Served, monkeypatch: pytest.MonkeyPatch) -> EmbedderSettings:
    monkeypatch.setenv("VLLM_KEY", server.api_key)
    return EmbedderSettings(
        kind="endpoint", model=server.model, base_urls=(server.base_url,), api_key_env="VLLM_KEY", batch_size=16
    )


def test_vectors_are_the_same_however_they_travel_and_are_counted_as_the_tokenizer_counts(
    settings: EmbedderSettings,
) -> None:
    asked = texts(100)
    by_base64 = EndpointEmbedder(settings, MemoryStore())
    as_numbers = EndpointEmbedder(settings.model_copy(update={"encoding_format": "float"}), MemoryStore())
    vectors = by_base64.embed(asked)
    assert np.abs(vectors - as_numbers.embed(asked)).max() < 1e-5
    assert vectors.shape[0] == 100
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert len(np.unique(vectors.round(6), axis=0)) == 100
    tokens = sum(len(byte_tokenizer().encode(text).ids) for text in asked)
    assert by_base64.spent.prompt_tokens - tokens in (0, len(asked)), "a token may mark the beginning of each"
    assert by_base64.spent.approximated == 0


def test_texts_beyond_the_models_length_are_cut_until_it_takes_them(settings: EmbedderSettings) -> None:
    long = "triangle " * 200
    vectors = EndpointEmbedder(settings, MemoryStore()).embed([*texts(20), long, *texts(20, first=20)])
    within = EndpointEmbedder(settings, MemoryStore()).embed([long[: len(long) // 4]])
    assert np.abs(vectors[20] - within[0]).max() < 1e-5


def test_a_length_of_vectors_that_the_model_does_not_offer_is_told_with_its_setting(settings: EmbedderSettings) -> None:
    asking = EndpointEmbedder(settings.model_copy(update={"dimensions": 8}), MemoryStore())
    with pytest.raises(SynthAssetsError, match=r"change `filter.embedder.dimensions`"):
        asking.embed(texts(3))
