"""Measuring a student on held-out questions: answer loss, and exact match of greedily decoded final answers.

The paper's error is 1 - accuracy on MATH (section 3.1); here it is on held-out questions of the same kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
from jax import Array
from tokenizers import Tokenizer

from synth_assets.students.answers import read_final_answer, same_answer
from synth_assets.students.decoding import greedy_answers
from synth_assets.students.model import Decoder
from synth_assets.students.packing import chunks, pack
from synth_assets.students.profiles import Schedule
from synth_assets.students.tokenizer import EncodedRow
from synth_assets.students.training import Batches, answer_loss_sum, on_device


@dataclass(frozen=True)
class Evaluation:
    """answer_loss: mean cross-entropy of answer tokens, nats a token. error: 1 - exact match. questions: decoded."""

    answer_loss: float
    error: float
    questions: int


def evaluate(
    student: Decoder,
    rows: Sequence[EncodedRow],
    final_answers: Sequence[str],
    tokenizer: Tokenizer,
    schedule: Schedule,
    decode_batch: int,
) -> Evaluation:
    """Measure `student` on `rows`, whose right final answers are given; there must be at least one."""
    longest = max(len(row.answer) for row in rows)
    written = greedy_answers(student, [row.prompt for row in rows], longest, decode_batch)
    texts = tokenizer.decode_batch(written)
    right = sum(
        same_answer(reference, read_final_answer(text)) for reference, text in zip(final_answers, texts, strict=True)
    )
    return Evaluation(answer_loss(student, rows, schedule), 1 - right / len(rows), len(rows))


def answer_loss(student: Decoder, rows: Sequence[EncodedRow], schedule: Schedule) -> float:
    """Mean cross-entropy of the rows' answer tokens, their end marker counted, in nats a token."""
    total = 0.0
    packed = pack(rows, schedule.sequence_length)
    for batches, count in chunks(packed, schedule.batch_sequences, schedule.steps_per_call):
        total += float(_loss_of_batches(student, on_device(batches), jnp.array(count)))
    return total / sum(len(row.answer) for row in rows)


@eqx.filter_jit
def _loss_of_batches(student: Decoder, batches: Batches, count: Array) -> Array:
    """Summed answer loss of the first `count` batches of arrays [steps, batch, time]."""

    def add_batch(number: Array, total: Array) -> Array:
        return total + answer_loss_sum(student, jax.tree.map(lambda array: array[number], batches))

    total: Array = jax.lax.fori_loop(0, count, add_batch, jnp.array(0.0))
    return total
