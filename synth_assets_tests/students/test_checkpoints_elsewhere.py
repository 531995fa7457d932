"""A checkpoint is loaded by transformers and by a real vLLM, which write the same greedy tokens as this project."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from synth_assets.students.checkpoints import write_checkpoint
from synth_assets.students.decoding import greedy_answers
from synth_assets.students.encoded import EncodedRows
from synth_assets.students.model import Decoder, initial_student
from synth_assets.students.profiles import Schedule
from synth_assets.students.sizes import StudentSize
from synth_assets.students.tokenizer import END_ID
from synth_assets.students.training import train
from synth_assets_tests.students import other_programs
from synth_assets_tests.teachers.vllm.environment import CannotBeHadError, vllm_program

pytestmark = pytest.mark.slow

SIZE = StudentSize("small", layers=2, width=64, heads=2, feed_width=176)
SCHEDULE = Schedule(peak_rate=0.01, epochs=20, sequence_length=128, batch_sequences=4)
STEPS = 48


@pytest.fixture(scope="module")
def python() -> Path:
    try:
        return vllm_program().parent / "python"
    except CannotBeHadError as reason:
        pytest.skip(f"vLLM for CPU: {reason}")


@pytest.fixture(scope="module")
def student(rows: EncodedRows, tokenizer: Tokenizer) -> Decoder:
    """Trained until it is sure of most tokens: near ties would be decided by rounding."""
    trained = train(initial_student(SIZE, tokenizer.get_vocab_size(), 0), rows[:40], SCHEDULE, 1)
    assert trained is not None and trained.losses[-1] < 0.3
    return trained.student


@pytest.mark.parametrize("program", ["transformers", "vllm"])
def test_the_same_greedy_tokens_are_written(
    program: str, python: Path, student: Decoder, rows: EncodedRows, tokenizer_json: str, tmp_path: Path
) -> None:
    write_checkpoint(tmp_path / "student", student, tokenizer_json, longest_row=128)
    prompts = [row.prompt for row in rows[30:50]]
    (tmp_path / "prompts.json").write_text(json.dumps([prompt.tolist() for prompt in prompts]))
    command = [str(python), other_programs.__file__, program, "student", "prompts.json", str(STEPS), "answers.json"]
    # vLLM sets a share of all memory aside for keys and values unless it is told how much.
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_USE_SPINLOOP_EXT": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    theirs = [_ended(tokens) for tokens in json.loads((tmp_path / "answers.json").read_text())]
    ours = [answer[:STEPS] for answer in greedy_answers(student, prompts, STEPS, batch=20)]
    assert ours == theirs
    assert sum(len(answer) < STEPS for answer in ours) > 15  # most end by themselves


def _ended(tokens: list[int]) -> list[int]:
    return tokens[: tokens.index(END_ID)] if END_ID in tokens else tokens
