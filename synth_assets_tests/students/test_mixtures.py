"""Students trained on mixtures: what is drawn, what is held equal, and a run of all policies."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import jax
import numpy as np
import polars as pl
import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.seeds import seed_of
from synth_assets.students.encoded import EncodedRows
from synth_assets.students.evaluation import answer_loss
from synth_assets.students.mixture_data import MixtureData, mixture_data
from synth_assets.students.mixtures import Arm, MixturePlan, MixtureRuns, Slice, run_mixtures
from synth_assets.students.model import initial_student
from synth_assets.students.packing import Order
from synth_assets.students.profiles import PROFILES, Schedule
from synth_assets.students.sizes import STUDENT_SIZES
from synth_assets.students.slices import SlicedTraining
from synth_assets.students.splits import question_group
from synth_assets.students.training import train
from synth_assets.tables import MIXTURE_CHOICES, MIXTURE_RUNS

SMALLEST = STUDENT_SIZES["student-23k"]
PROFILE = replace(PROFILES["smoke"], schedule=Schedule(epochs=1, sequence_length=128, steps_per_call=8))


@dataclass(frozen=True)
class InTurn:
    """Draws from the arms in turn."""

    name: str
    arms: tuple[str, ...]

    def choose(self, history: Sequence[Slice]) -> tuple[str, float | None]:
        return self.arms[len(history) % len(self.arms)], None

    def rewards(self, history: Sequence[Slice]) -> Sequence[float | None]:
        return [None] * len(history)


@pytest.fixture(scope="module")
def data(training_qa: pl.DataFrame, tokenizer_json: str) -> MixtureData:
    return mixture_data(training_qa, tokenizer_json, PROFILE.evaluated_questions)


def texts(data: MixtureData, rows: EncodedRows) -> set[str]:
    decoded = data.tokenizer.decode_batch([row.prompt.tolist() for row in rows])
    return {question_group(text) for text in decoded}


def test_no_question_is_in_two_of_arms_validation_and_test(data: MixtureData) -> None:
    trained = set[str]().union(*(texts(data, rows) for rows in data.arms.values()))
    validation, test = texts(data, data.validation), texts(data, data.test)
    assert validation and test and len(trained) > 200
    assert not trained & validation and not trained & test and not validation & test


def test_arms_are_methods_or_the_first_topics_of_questions(training_qa: pl.DataFrame, tokenizer_json: str) -> None:
    names = [*"abcdefgh", "i"]
    topics = [[names[min(number % 12, 8)], "z"] for number in range(training_qa.height)]
    by_topic = training_qa.with_columns(pl.Series("topics", topics))
    found = mixture_data(by_topic, tokenizer_json, 20, "topic")
    # The most frequent seven, of which `i` is one; the rest are `other`.
    assert len(found.arms) == 8 and {"i", "other"} <= set(found.arms) and "z" not in found.arms
    assert list(mixture_data(training_qa, tokenizer_json, 20).arms) == ["level_1", "level_2", "level_3"]


def test_a_target_is_validated_and_tested_on_alone_and_changes_no_arm(
    data: MixtureData, training_qa: pl.DataFrame, tokenizer_json: str
) -> None:
    aimed = mixture_data(training_qa, tokenizer_json, 20, target=("level_2",))
    assert {name: rows.fingerprint() for name, rows in aimed.arms.items()} == {
        name: rows.fingerprint() for name, rows in data.arms.items()
    }
    methods = dict(training_qa.select("qa_id", "method").iter_rows())
    assert {methods[qa_id] for qa_id in aimed.questions["qa_id"]} == {"level_2"}
    assert len(aimed.validation) < len(data.validation)


def test_one_arm_is_no_mixture_and_an_unknown_target_is_named(training_qa: pl.DataFrame, tokenizer_json: str) -> None:
    with pytest.raises(SynthAssetsError, match="two arms or more"):
        mixture_data(training_qa.filter(method="level_1"), tokenizer_json, 20)
    with pytest.raises(SynthAssetsError, match="'level_9', which is no arm"):
        mixture_data(training_qa, tokenizer_json, 20, target=("level_9",))


def test_an_arm_hands_out_its_rows_in_order_and_starts_again_when_it_is_used_up(rows: EncodedRows) -> None:
    few = rows[:5]
    arm = Arm(few)
    first, repeated = arm.draw(int(few.lengths[:3].sum()))
    assert (first.fingerprint(), repeated) == (few[:3].fingerprint(), 0)
    second, repeated = arm.draw(int(few.lengths[3:].sum()) + 1)
    assert (second.fingerprint(), repeated) == (few.take(np.array([3, 4, 0])).fingerprint(), 1)
    assert arm.unique_tokens == few.total_tokens
    assert arm.draw(1)[1] == 1


@pytest.mark.slow
def test_one_slice_is_the_training_of_one_epoch_bit_for_bit(rows: EncodedRows) -> None:
    student, few = initial_student(SMALLEST, 320, 1), rows[:60]
    trained = train(student, few, PROFILE.schedule, seed=5)
    assert trained is not None
    sliced = SlicedTraining(student, PROFILE.schedule, 1, few.total_tokens, int(few.lengths.max()))
    loss = sliced.train(few.take(Order(len(few), 1, 5).numbers(0, len(few))))
    assert loss == pytest.approx(np.mean(trained.losses), rel=1e-6)
    for one, other in zip(jax.tree.leaves(sliced.student), jax.tree.leaves(trained.student), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.slow
def test_the_runs_are_over_equal_tokens_and_repeat_and_are_kept(data: MixtureData) -> None:
    plan = MixturePlan("student-23k", tokens=4_000, slices=4)
    arms = tuple(data.arms)
    policies = {0: [InTurn("uniform", arms), InTurn("proportional", arms[:1])]}
    told: list[tuple[int, int]] = []
    made = run_mixtures(data, plan, PROFILE, policies, progress=lambda done, total: told.append((done, total)))
    assert MIXTURE_RUNS.conform(made.runs).height == 2 and MIXTURE_CHOICES.conform(made.choices).height == 8
    longest = max(int(rows.lengths.max()) for rows in data.arms.values())
    assert all(0 <= tokens - plan.tokens < longest for tokens in made.runs["trained_tokens"])
    assert told[-1][0] == made.runs["trained_tokens"].sum() and told[-1][1] == 2 * plan.tokens
    assert made.choices.filter(policy="uniform")["arm"].to_list() == [*arms, arms[0]]
    _the_loss_falls_by_the_gains_from_the_same_weights(made, data)
    kept = run_mixtures(data, plan, PROFILE, {0: policies[0][:1]}, done=made)
    assert kept.runs.equals(made.runs.filter(policy="uniform"))
    again = run_mixtures(data, plan, PROFILE, {0: policies[0][:1]})
    assert again.choices.equals(kept.choices)
    assert again.runs.drop("seconds").equals(kept.runs.drop("seconds"))


def _the_loss_falls_by_the_gains_from_the_same_weights(made: MixtureRuns, data: MixtureData) -> None:
    student = initial_student(SMALLEST, 320, seed_of("student weights", SMALLEST.name, 0))
    for _, own in made.choices.group_by("run_id"):
        untrained = own["validation_loss"][0] + own["gain"][0]
        assert untrained == pytest.approx(answer_loss(student, data.validation, PROFILE.schedule), rel=1e-6)
        assert (untrained - own["gain"].cum_sum()).to_list() == pytest.approx(own["validation_loss"].to_list())
    assert made.runs["validation_loss"].max() < 5.5  # nats


def test_a_student_that_is_none_is_named(data: MixtureData) -> None:
    with pytest.raises(SynthAssetsError, match=r"mixtures\.student = 'student-7'"):
        run_mixtures(data, MixturePlan("student-7", 100, 1), PROFILE, {})
