"""Training learns answers, repeats bit for bit, and follows its schedule."""

import dataclasses
from functools import partial
from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tokenizers import Tokenizer

from synth_assets.students.encoded import EncodedRows
from synth_assets.students.evaluation import answer_loss, evaluate
from synth_assets.students.losses import answer_loss_sum
from synth_assets.students.model import Computing, Decoder, initial_student
from synth_assets.students.packing import Packed, Packing
from synth_assets.students.profiles import Schedule
from synth_assets.students.schedules import batch_of, learning_rate, rate_at
from synth_assets.students.sizes import StudentSize
from synth_assets.students.steps import on_device
from synth_assets.students.training import Trained, TrainingProgress, train

TINY = StudentSize("tiny", layers=2, width=32, heads=2, feed_width=64)
SCHEDULE = Schedule(peak_rate=0.01, epochs=50, sequence_length=64, batch_sequences=2, steps_per_call=16)


def same_bits(first: Decoder, second: Decoder) -> bool:
    pairs = zip(jax.tree.leaves(first), jax.tree.leaves(second), strict=True)
    return all(np.array_equal(one, other) for one, other in pairs)


def fresh(tokenizer: Tokenizer, seed: int = 0) -> Decoder:
    return initial_student(TINY, tokenizer.get_vocab_size(), seed)


def trained_on(rows: EncodedRows, tokenizer: Tokenizer, schedule: Schedule, seed: int = 1) -> Trained:
    trained = train(fresh(tokenizer), rows, schedule, seed)
    assert trained is not None
    return trained


def packed_of(rows: EncodedRows) -> Packed:
    (packed,) = Packing(rows, 64).read()
    return packed


def test_a_few_questions_are_learnt_by_heart(rows: EncodedRows, tokenizer: Tokenizer) -> None:
    few = rows[:12]
    answers = [tokenizer.decode(row.answer.tolist()).splitlines()[-1].removesuffix(".").split()[-1] for row in few]
    before = evaluate(fresh(tokenizer), few, answers, tokenizer, SCHEDULE, decoded_questions=12, decode_batch=12)
    trained = trained_on(few, tokenizer, SCHEDULE)
    after = evaluate(trained.student, few, answers, tokenizer, SCHEDULE, decoded_questions=12, decode_batch=12)
    assert (before.error, after.error, after.questions) == (1.0, 0.0, 12)
    assert before.answer_loss > 4 and after.answer_loss < 0.02
    assert trained.trained_tokens == SCHEDULE.epochs * sum(row.tokens for row in few)


def test_training_repeats_bit_for_bit_and_follows_its_seed(rows: EncodedRows, tokenizer: Tokenizer) -> None:
    schedule = dataclasses.replace(SCHEDULE, epochs=2)
    first, second, other = (trained_on(rows[:30], tokenizer, schedule, seed) for seed in (1, 1, 2))
    assert same_bits(first.student, second.student) and first.losses == second.losses
    assert not same_bits(first.student, other.student)


def test_how_many_steps_a_call_takes_does_not_change_the_weights(rows: EncodedRows, tokenizer: Tokenizer) -> None:
    schedules = [dataclasses.replace(SCHEDULE, epochs=2, steps_per_call=steps) for steps in (3, 16)]
    first, second = (trained_on(rows[:30], tokenizer, schedule) for schedule in schedules)
    assert same_bits(first.student, second.student)


def test_nothing_to_train_on_leaves_the_student_as_it_was(tokenizer: Tokenizer) -> None:
    student = fresh(tokenizer)
    trained = train(student, [], SCHEDULE, seed=1)
    assert trained is not None
    assert same_bits(trained.student, student)
    assert (trained.trained_tokens, trained.tokens_per_second, trained.losses) == (0, None, ())


def test_the_question_does_not_count_in_the_loss(rows: EncodedRows, tokenizer: Tokenizer) -> None:
    student, packed = fresh(tokenizer), packed_of(rows[:3])
    loss_of = jax.jit(answer_loss_sum)
    whole = loss_of(student, on_device(packed))
    targets = np.where(packed.weights == 1, packed.targets, 7)
    elsewhere = dataclasses.replace(packed, targets=targets)
    assert float(loss_of(student, on_device(elsewhere))) == float(whole)
    changed = dataclasses.replace(packed, targets=np.where(packed.weights == 1, 7, packed.targets))
    assert float(loss_of(student, on_device(changed))) != float(whole)


def test_the_answer_loss_of_a_student_that_knows_nothing_is_that_of_the_uniform(
    rows: EncodedRows, tokenizer: Tokenizer
) -> None:
    ignorant = jax.tree.map(jnp.zeros_like, fresh(tokenizer))
    assert answer_loss(ignorant, rows[:20], SCHEDULE) == pytest.approx(np.log(tokenizer.get_vocab_size()), rel=1e-5)


def test_the_rate_warms_up_to_its_peak_and_falls_to_its_final_share() -> None:
    rates = [float(rate_at(SCHEDULE, jnp.array(0.5), jnp.array(step), jnp.array(100))) for step in range(100)]
    assert rates[:10] == pytest.approx([0.05 * step for step in range(1, 11)])
    assert max(rates) == rates[9] and all(a > b for a, b in pairwise(rates[9:]))
    assert rates[-1] == pytest.approx(0.05)
    linear = dataclasses.replace(SCHEDULE, decay="linear")
    falling = [float(rate_at(linear, jnp.array(0.5), jnp.array(step), jnp.array(100))) for step in range(9, 100)]
    assert np.diff(falling) == pytest.approx(-0.005, rel=1e-4)
    assert falling[-1] == pytest.approx(0.05)


def test_wider_students_take_smaller_steps() -> None:
    assert learning_rate(SCHEDULE, 32) == 0.01
    assert learning_rate(SCHEDULE, 128) == pytest.approx(0.005)


def test_the_batch_grows_as_the_root_of_the_tokens_in_powers_of_two() -> None:
    growing = dataclasses.replace(SCHEDULE, batch_grows_from=1000)
    assert [batch_of(growing, tokens) for tokens in (10, 3999, 4000, 15_999, 16_000, 64_000)] == [2, 2, 4, 4, 8, 16]
    assert batch_of(SCHEDULE, 10**12) == 2


def test_micro_batches_add_up_to_one_large_batch(rows: EncodedRows, tokenizer: Tokenizer) -> None:
    large = dataclasses.replace(SCHEDULE, epochs=2, batch_sequences=4)
    whole, cut = (
        trained_on(rows[:60], tokenizer, dataclasses.replace(large, micro_sequences=micro)) for micro in (None, 1)
    )
    np.testing.assert_allclose(cut.losses, whole.losses, rtol=1e-4)
    for one, other in zip(jax.tree.leaves(cut.student), jax.tree.leaves(whole.student), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-3)
    with pytest.raises(ValueError, match="not made of micro-batches of 3"):
        train(fresh(tokenizer), rows, dataclasses.replace(large, micro_sequences=3), 1)


@pytest.mark.slow
def test_rematerialising_and_half_precision_train_alike(rows: EncodedRows, tokenizer: Tokenizer) -> None:
    batch = on_device(packed_of(rows[:12]))
    ways = (Computing(), Computing(rematerialise=True), Computing("bfloat16"))
    plain, *others = (
        jax.jit(jax.value_and_grad(partial(answer_loss_sum, batch=batch, computing=how)))(fresh(tokenizer))
        for how in ways
    )
    for (loss, gradients), tolerance in zip(others, (1e-5, 0.1), strict=True):
        assert float(loss) == pytest.approx(float(plain[0]), rel=tolerance / 10)
        for one, other in zip(jax.tree.leaves(gradients), jax.tree.leaves(plain[1]), strict=True):
            assert one.dtype == jnp.float32
            np.testing.assert_allclose(one, other, atol=tolerance * float(jnp.abs(other).max()))


def test_progress_is_told_after_every_call(rows: EncodedRows, tokenizer: Tokenizer) -> None:
    told: list[TrainingProgress] = []
    trained = train(fresh(tokenizer), rows[:30], dataclasses.replace(SCHEDULE, epochs=3), 1, told.append)
    assert trained is not None
    assert [progress.step for progress in told][-1] == told[-1].steps == len(trained.losses)
    assert told[-1].tokens == told[-1].total_tokens == trained.trained_tokens
    assert len(told) == -(-told[-1].steps // 16)
