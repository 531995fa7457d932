"""The largest students learn, write their checkpoint and read it back: what a GPU is for, seen once on a CPU."""

from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from synth_assets.students.checkpoints import read_checkpoint, write_checkpoint
from synth_assets.students.encoded import EncodedRows
from synth_assets.students.model import initial_student
from synth_assets.students.profiles import Schedule
from synth_assets.students.sizes import STUDENT_SIZES
from synth_assets.students.training import train

SCHEDULE = Schedule(epochs=8, sequence_length=64, batch_sequences=2, steps_per_call=8)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["student-33m", "student-100m"])
def test_a_large_student_learns_and_comes_back_from_its_checkpoint(
    name: str, rows: EncodedRows, tokenizer: Tokenizer, tokenizer_json: str, tmp_path: Path
) -> None:
    size = STUDENT_SIZES[name]
    few = rows[:6]
    trained = train(initial_student(size, tokenizer.get_vocab_size(), 0), few, SCHEDULE, seed=1)
    assert trained is not None
    assert len(trained.losses) >= SCHEDULE.epochs
    assert trained.losses[-1] < trained.losses[0] / 2
    write_checkpoint(tmp_path / name, trained.student, tokenizer_json, longest_row=64)
    again, _ = read_checkpoint(tmp_path / name)
    np.testing.assert_array_equal(again.layers.query_key_value, trained.student.layers.query_key_value)
    np.testing.assert_array_equal(again.embedding, trained.student.embedding)
