"""A sentence-transformers model in a local folder: its vectors by the real library, and what is told without it."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from synth_assets.corpus.sentence import SentenceEmbedder
from synth_assets.errors import SynthAssetsError
from synth_assets_tests.teachers.vllm.environment import VARIABLE, environment_folder
from synth_assets_tests.teachers.vllm.tiny_llama import write_tiny_llama

ROOT = Path(__file__).parents[2]

EMBED = """
import json, sys
from pathlib import Path
from synth_assets.corpus.sentence import SentenceEmbedder
from synth_assets.errors import SynthAssetsError

told = []
asked = json.load(sys.stdin)
embedder = SentenceEmbedder(Path(asked["model"]), asked["characters"], 4, asked["dimensions"], told.append)
try:
    vectors = embedder.embed(asked["texts"])
    print(json.dumps({"vectors": vectors.tolist(), "dtype": str(vectors.dtype), "done": sum(told)}))
except SynthAssetsError as error:
    print(json.dumps({"error": str(error)}))
"""


def write_model(folder: Path) -> Path:
    """The tiny Llama, whose last layer's mean is taken for the vector of a text."""
    write_tiny_llama(folder)
    settings = folder / "tokenizer_config.json"
    settings.write_text(json.dumps({**json.loads(settings.read_text()), "pad_token": "</s>"}))
    return folder


def embedder(model: Path, **changed: Any) -> SentenceEmbedder:
    return SentenceEmbedder(model, **{"characters": 20_000, "batch_size": 8, **changed})


def test_the_name_says_the_model_by_its_content_wherever_it_lies(tmp_path: Path) -> None:
    model = write_model(tmp_path / "here" / "tiny")
    moved = Path(shutil.copytree(model, tmp_path / "there" / "tiny"))
    (moved / "README.md").write_text("Words about the model.")
    name = embedder(model).name
    assert embedder(moved).name == name
    assert embedder(model, characters=10).name != name
    assert embedder(model, dimensions=8).name != name
    weights = bytearray((moved / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (moved / "model.safetensors").write_bytes(bytes(weights))
    assert embedder(moved).name != name


def test_weights_too_large_to_read_are_told_apart_by_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synth_assets.model_folders.READ_WHOLE", 1_000)
    monkeypatch.setattr("synth_assets.model_folders.PIECE", 100)
    model = write_model(tmp_path / "tiny")
    name = embedder(model).name
    weights = (model / "model.safetensors").read_bytes()
    (model / "model.safetensors").write_bytes(weights[:-100] + bytes(100))
    assert embedder(model).name != name


@pytest.mark.parametrize("folder", ["absent", "."])
def test_a_folder_without_a_model_is_told_with_the_setting(folder: str, tmp_path: Path) -> None:
    with pytest.raises(SynthAssetsError, match=r"neither modules.json nor config.json.*`filter.embedder.model`"):
        embedder(tmp_path / folder)


@pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is not None, reason="sentence-transformers is installed here"
)
def test_without_the_library_the_extra_is_named(tmp_path: Path) -> None:
    with pytest.raises(SynthAssetsError, match=r"install 'synth-assets\[sentence-transformers\]'"):
        embedder(write_model(tmp_path / "tiny")).embed(["a text"])


@pytest.fixture(scope="module")
def python_with_library() -> str:
    """A Python that has the real library: this one, or that of the environment with vLLM."""
    for python in (sys.executable, str(environment_folder() / "bin" / "python")):
        looking = "import importlib.util, sys; sys.exit(importlib.util.find_spec('sentence_transformers') is None)"
        if Path(python).exists() and subprocess.run([python, "-c", looking], check=False).returncode == 0:
            return python
    pytest.skip(f"no sentence-transformers, neither here nor in the environment with vLLM (${VARIABLE})")


def embedded(python: str, model: Path, texts: list[str], characters: int = 20_000, **more: Any) -> Any:
    asked = {"model": str(model), "texts": texts, "characters": characters, "dimensions": None, **more}
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        [python, "-c", EMBED], input=json.dumps(asked), env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
def test_the_real_library_gives_vectors_of_length_one_the_same_in_any_company(
    python_with_library: str, tmp_path: Path
) -> None:
    model = write_model(tmp_path / "tiny")
    texts = [f"A triangle with {number} sides" * (1 + number % 7) for number in range(70)]
    told = embedded(python_with_library, model, [*texts, "", "x" * 3_000])
    assert (told["dtype"], told["done"], len(told["vectors"])) == ("float32", 72, 72)
    assert all(sum(number**2 for number in vector) == pytest.approx(1, abs=1e-5) for vector in told["vectors"])
    (alone,) = embedded(python_with_library, model, texts[3:4])["vectors"]
    assert alone == pytest.approx(told["vectors"][3], abs=1e-5)
    first, second = embedded(python_with_library, model, ["the same, then not", "the same, or so"], 8)["vectors"]
    assert first == pytest.approx(second, abs=1e-6)


@pytest.mark.slow
def test_the_real_library_is_asked_for_shorter_vectors_and_longer_ones_are_refused(
    python_with_library: str, tmp_path: Path
) -> None:
    model = write_model(tmp_path / "tiny")
    (vector,) = embedded(python_with_library, model, ["a text"], dimensions=16)["vectors"]
    assert len(vector) == 16
    assert "asks for 100" in embedded(python_with_library, model, ["a text"], dimensions=100)["error"]


@pytest.mark.slow
def test_a_model_that_the_real_library_cannot_load_is_told(python_with_library: str, tmp_path: Path) -> None:
    model = write_model(tmp_path / "tiny")
    (model / "config.json").write_text("{}")
    assert "cannot be loaded by sentence-transformers" in embedded(python_with_library, model, ["a text"])["error"]
