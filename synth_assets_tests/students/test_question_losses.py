"""The loss of each question by itself: the mean of all of them, by answer tokens, is the loss of a run."""

import numpy as np
import pytest

from synth_assets.students.encoded import EncodedRows
from synth_assets.students.evaluation import answer_loss
from synth_assets.students.model import initial_student
from synth_assets.students.profiles import Schedule
from synth_assets.students.question_losses import question_losses
from synth_assets.students.sizes import STUDENT_SIZES


def rows(lengths: list[int]) -> EncodedRows:
    random = np.random.default_rng(0)
    tokens = random.integers(4, 300, sum(lengths))
    return EncodedRows.from_parts(
        tokens, np.array(lengths, dtype=np.int64), np.array([max(2, length // 3) for length in lengths], dtype=np.int32)
    )


def test_weighed_by_answer_tokens_they_are_the_answer_loss_and_none_depends_on_the_others() -> None:
    asked, schedule = rows([9, 30, 17, 4, 21] * 8), Schedule(sequence_length=64, steps_per_call=1)
    student = initial_student(STUDENT_SIZES["student-23k"], 300, 1)
    losses = question_losses(student, asked, schedule)
    tokens = asked.lengths - asked.prompt_lengths
    assert losses.shape == (40,)
    assert float(losses @ tokens / tokens.sum()) == pytest.approx(answer_loss(student, asked, schedule), rel=1e-5)
    assert question_losses(student, asked[1:2], schedule)[0] == pytest.approx(losses[1], rel=1e-5)
