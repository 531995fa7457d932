"""Measuring a student on held-out questions: answer loss, and exact match of greedily decoded final answers.

The paper's error is 1 - accuracy on MATH (section 3.1); here it is on held-out questions of the same kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
from jax import Array
from tokenizers import Tokenizer

from synth_assets.final_answers import read_final_answer, same_answer
from synth_assets.students.decoding import greedy_answers
from synth_assets.students.encoded import EncodedRow, EncodedRows
from synth_assets.students.losses import Batch, answer_loss_sum
from synth_assets.students.model import Computing, Decoder, cast, reach_of
from synth_assets.students.packing import Packing, chunks, prefetched
from synth_assets.students.profiles import Schedule
from synth_assets.students.schedules import precision_of
from synth_assets.students.steps import on_device


@dataclass(frozen=True)
class Evaluation:
    """answer_loss: mean cross-entropy of answer tokens, nats a token. right: whether each decoded question is."""

    answer_loss: float
    right: tuple[bool, ...]

    @property
    def questions(self) -> int:
        """Questions decoded."""
        return len(self.right)

    @property
    def error(self) -> float:
        """1 - exact match."""
        return 1 - sum(self.right) / len(self.right)


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

    The loss is of all rows; the first `decoded_questions` are answered token by token, as by :func:`answers_of`.
    """
    decoded = EncodedRows.from_rows(rows)[:decoded_questions]
    answers = answers_of(student, decoded, tokenizer, schedule, decode_batch)
    right = (same_answer(given, found) for given, found in zip(final_answers, answers, strict=False))
    return Evaluation(answer_loss(student, rows, schedule), tuple(right))


def answers_of(
    student: Decoder, rows: Sequence[EncodedRow], tokenizer: Tokenizer, schedule: Schedule, decode_batch: int
) -> list[str]:
    """The final answers that `student` comes to, greedily, for the questions of `rows`, of which there is at least one.

    An answer that has not ended after as many tokens as the longest right one of these has is cut off there.
    """
    decoded = EncodedRows.from_rows(rows)
    lengths = (decoded.lengths - decoded.prompt_lengths).tolist()
    student_in = cast(student, precision_of(schedule))
    prompts = [row.prompt for row in decoded]
    written = greedy_answers(student_in, prompts, max(lengths), min(decode_batch, len(decoded)), lengths)
    return [read_final_answer(text) for text in tokenizer.decode_batch(written)]


def answer_loss(student: Decoder, rows: Sequence[EncodedRow], schedule: Schedule) -> float:
    """Mean cross-entropy of the rows' answer tokens, their end marker counted, in nats a token."""
    held = EncodedRows.from_rows(rows)
    reach = reach_of(int(held.lengths.max()), schedule.sequence_length)
    computing = Computing(precision_of(schedule), reach)
    batches = chunks(Packing(held, schedule.sequence_length).read(), schedule.steps_per_call, schedule.batch_sequences)
    total = 0.0
    for packed, count in prefetched(batches):
        total += float(_loss_of_batches(student, on_device(packed), jnp.array(count), computing))
    return total / held.answer_tokens


@partial(jax.jit, static_argnames="computing")
def _loss_of_batches(student: Decoder, batches: Batch, count: Array, computing: Computing) -> Array:
    """Summed answer loss of the first `count` batches of arrays [steps, batch, time]."""

    def add_batch(number: Array, total: Array) -> Array:
        return total + answer_loss_sum(student, jax.tree.map(lambda array: array[number], batches), computing)

    total: Array = jax.lax.fori_loop(0, count, add_batch, jnp.array(0.0))
    return total
