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

from synth_assets.final_answers import read_final_answer, same_answer
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
    decoded_questions: int,
    decode_batch: int,
) -> Evaluation:
    """Measure `student` on `rows`, whose right final answers are given; there must be at least one.

    The loss is of all rows, the error of the `decoded_questions` shortest.
    """
    by_length = sorted(range(len(rows)), key=lambda place: (len(rows[place].prompt) + len(rows[place].answer), place))
    decoded = sorted(by_length[:decoded_questions])
    longest = max(len(rows[place].answer) for place in decoded)
    written = greedy_answers(student, [rows[place].prompt for place in decoded], longest, decode_batch)
    texts = tokenizer.decode_batch(written)
    right = sum(
        same_answer(final_answers[place], read_final_answer(text)) for place, text in zip(decoded, texts, strict=True)
    )
    return Evaluation(answer_loss(student, rows, schedule), 1 - right / len(decoded), len(decoded))


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
