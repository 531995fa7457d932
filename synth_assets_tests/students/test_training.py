"""Training learns answers, repeats bit for bit, and follows its schedule."""

import dataclasses
from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tokenizers import Tokenizer

from synth_assets.students.evaluation import answer_loss, evaluate
from synth_assets.students.model import Decoder, initial_student
from synth_assets.students.packing import pack
from synth_assets.students.profiles import Schedule
from synth_assets.students.sizes import StudentSize
from synth_assets.students.tokenizer import EncodedRow
from synth_assets.students.training import (
    TrainingProgress,
    answer_loss_sum,
    learning_rate,
    on_device,
    rate_at,
    train,
)

TINY = StudentSize("tiny", layers=2, width=32, heads=2, feed_width=64)
SCHEDULE = Schedule(peak_rate=0.01, epochs=50, sequence_length=64, batch_sequences=2, steps_per_call=16)


def same_bits(first: Decoder, second: Decoder) -> bool:
    pairs = zip(jax.tree.leaves(first), jax.tree.leaves(second), strict=True)
    return all(np.array_equal(one, other) for one, other in pairs)


def fresh(tokenizer: Tokenizer, seed: int = 0) -> Decoder:
    return initial_student(TINY, tokenizer.get_vocab_size(), seed)


def test_a_few_questions_are_learnt_by_heart(rows: list[EncodedRow], tokenizer: Tokenizer) -> None:
    few = rows[:12]
    answers = [tokenizer.decode(row.answer.tolist()).splitlines()[-1].removesuffix(".").split()[-1] for row in few]
    before = evaluate(fresh(tokenizer), few, answers, tokenizer, SCHEDULE, decoded_questions=12, decode_batch=12)
    trained = train(fresh(tokenizer), few, SCHEDULE, seed=1)
    after = evaluate(trained.student, few, answers, tokenizer, SCHEDULE, decoded_questions=12, decode_batch=12)
    assert (before.error, after.error, after.questions) == (1.0, 0.0, 12)
    assert before.answer_loss > 4 and after.answer_loss < 0.02
    assert trained.trained_tokens == SCHEDULE.epochs * sum(row.tokens for row in few)


def test_training_repeats_bit_for_bit_and_follows_its_seed(rows: list[EncodedRow], tokenizer: Tokenizer) -> None:
    schedule = dataclasses.replace(SCHEDULE, epochs=2)
    first, second, other = (train(fresh(tokenizer), rows[:30], schedule, seed) for seed in (1, 1, 2))
    assert same_bits(first.student, second.student) and first.losses == second.losses
    assert not same_bits(first.student, other.student)


def test_how_many_steps_a_call_takes_does_not_change_the_weights(rows: list[EncodedRow], tokenizer: Tokenizer) -> None:
    schedules = [dataclasses.replace(SCHEDULE, epochs=2, steps_per_call=steps) for steps in (3, 16)]
    first, second = (train(fresh(tokenizer), rows[:30], schedule, 1) for schedule in schedules)
    assert same_bits(first.student, second.student)


def test_nothing_to_train_on_leaves_the_student_as_it_was(tokenizer: Tokenizer) -> None:
    student = fresh(tokenizer)
    trained = train(student, [], SCHEDULE, seed=1)
    assert same_bits(trained.student, student)
    assert (trained.trained_tokens, trained.tokens_per_second, trained.losses) == (0, None, ())


def test_the_question_does_not_count_in_the_loss(rows: list[EncodedRow], tokenizer: Tokenizer) -> None:
    student, packed = fresh(tokenizer), pack(rows[:3], 128)
    whole = answer_loss_sum(student, on_device(packed))
    targets = np.where(packed.weights == 1, packed.targets, 7)
    elsewhere = dataclasses.replace(packed, targets=targets)
    assert float(answer_loss_sum(student, on_device(elsewhere))) == float(whole)
    changed = dataclasses.replace(packed, targets=np.where(packed.weights == 1, 7, packed.targets))
    assert float(answer_loss_sum(student, on_device(changed))) != float(whole)


def test_the_answer_loss_of_a_student_that_knows_nothing_is_that_of_the_uniform(
    rows: list[EncodedRow], tokenizer: Tokenizer
) -> None:
    ignorant = jax.tree.map(jnp.zeros_like, fresh(tokenizer))
    assert answer_loss(ignorant, rows[:20], SCHEDULE) == pytest.approx(np.log(tokenizer.get_vocab_size()), rel=1e-5)


def test_the_rate_warms_up_to_its_peak_and_falls_to_its_final_share() -> None:
    rates = [float(rate_at(SCHEDULE, jnp.array(0.5), jnp.array(step), jnp.array(100))) for step in range(100)]
    assert rates[:10] == pytest.approx([0.05 * step for step in range(1, 11)])
    assert max(rates) == rates[9] and all(a > b for a, b in pairwise(rates[9:]))
    assert rates[-1] == pytest.approx(0.05)


def test_wider_students_take_smaller_steps() -> None:
    assert learning_rate(SCHEDULE, 32) == 0.01
    assert learning_rate(SCHEDULE, 128) == pytest.approx(0.005)


def test_progress_is_told_after_every_call(rows: list[EncodedRow], tokenizer: Tokenizer) -> None:
    told: list[TrainingProgress] = []
    trained = train(fresh(tokenizer), rows[:30], dataclasses.replace(SCHEDULE, epochs=3), 1, told.append)
    assert [progress.step for progress in told][-1] == told[-1].steps == len(trained.losses)
    assert told[-1].tokens == told[-1].total_tokens == trained.trained_tokens
    assert len(told) == -(-told[-1].steps // 16)
