"""A checkpoint read back is the student that was written, under the names the Llama layout gives its weights."""

import json
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest
from safetensors.numpy import load_file

from synth_assets.errors import SynthAssetsError
from synth_assets.students.checkpoints import read_checkpoint, write_checkpoint
from synth_assets.students.model import Decoder, initial_student, logits_of
from synth_assets.students.sizes import StudentSize

SIZE = StudentSize("tiny", layers=3, width=16, heads=4, feed_width=24)


def student_of(seed: int) -> Decoder:
    return initial_student(SIZE, 50, seed)


def logits(student: Decoder) -> np.ndarray:
    tokens = jnp.arange(12)[None]
    return np.asarray(logits_of(student, tokens, jnp.ones_like(tokens), tokens))


def test_a_checkpoint_read_back_gives_the_same_logits(tmp_path: Path, tokenizer_json: str) -> None:
    student = student_of(1)
    write_checkpoint(tmp_path / "runs" / "student", student, tokenizer_json, longest_row=128)
    again, tokenizer = read_checkpoint(tmp_path / "runs" / "student")
    np.testing.assert_array_equal(logits(again), logits(student))
    assert tokenizer == tokenizer_json


def test_weights_have_the_names_and_shapes_of_the_llama_layout(tmp_path: Path, tokenizer_json: str) -> None:
    student = student_of(1)
    write_checkpoint(tmp_path / "student", student, tokenizer_json, longest_row=128)
    weights = load_file(tmp_path / "student" / "model.safetensors")
    assert len(weights) == 2 + 9 * SIZE.layers
    assert weights["model.layers.2.mlp.up_proj.weight"].shape == (24, 16)
    assert weights["model.layers.0.mlp.down_proj.weight"].shape == (16, 24)
    key = student.layers.query_key_value[1][:, 16:32]
    np.testing.assert_array_equal(weights["model.layers.1.self_attn.k_proj.weight"], key.T)
    config = json.loads((tmp_path / "student" / "config.json").read_text())
    assert (config["architectures"], config["vocab_size"], config["head_dim"]) == (["LlamaForCausalLM"], 50, 4)


def test_writing_again_replaces_the_checkpoint_and_leaves_nothing_beside_it(
    tmp_path: Path, tokenizer_json: str
) -> None:
    for seed in (1, 2):
        write_checkpoint(tmp_path / "student", student_of(seed), tokenizer_json, longest_row=128)
    np.testing.assert_array_equal(logits(read_checkpoint(tmp_path / "student")[0]), logits(student_of(2)))
    assert [path.name for path in tmp_path.iterdir()] == ["student"]


def test_a_folder_that_is_no_checkpoint_is_named(tmp_path: Path, tokenizer_json: str) -> None:
    with pytest.raises(SynthAssetsError, match="nothing-here"):
        read_checkpoint(tmp_path / "nothing-here")
    write_checkpoint(tmp_path / "torn", student_of(1), tokenizer_json, longest_row=128)
    whole = (tmp_path / "torn" / "model.safetensors").read_bytes()
    (tmp_path / "torn" / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SynthAssetsError, match="torn is not a student's checkpoint"):
        read_checkpoint(tmp_path / "torn")


def test_a_checkpoint_that_cannot_be_written_is_said(tmp_path: Path, tokenizer_json: str) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SynthAssetsError, match="Cannot write the checkpoint"):
        write_checkpoint(tmp_path / "file" / "student", student_of(1), tokenizer_json, longest_row=128)
