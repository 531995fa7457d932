"""Profiles: how many sizes, budgets and questions a study of the students takes, by name, and how they are trained.

Declarations only, so that a code location can name them without importing JAX.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Schedule:
    """How students are trained.

    peak_rate: learning rate at width 32; other widths follow `learning_rate`. epochs: passes over the rows (3 in the
    paper). sequence_length: places of a packed sequence. batch_sequences: sequences a step. steps_per_call: steps of
    one dispatch. warm_up: share of the steps in which the rate rises; it then falls as a cosine to `final_share`.
    """

    peak_rate: float = 0.004
    epochs: int = 3
    sequence_length: int = 512
    batch_sequences: int = 2
    steps_per_call: int = 64
    warm_up: float = 0.1
    final_share: float = 0.1
    weight_decay: float = 0.01
    clip_norm: float = 1.0


@dataclass(frozen=True)
class Profile:
    """A named study.

    students: names of model.STUDENT_SIZES. budgets: nested token budgets, doubling. largest_budget: tokens at which
    the largest is capped. evaluated_questions: held-out questions measured on, the first in hash order.
    decoded_questions: how many of them, the shortest, are also answered token by token: decoding costs the square of
    the length. decode_batch: questions decoded at a time. workers: runs trained at a time; results do not depend on it.
    """

    name: str
    students: tuple[str, ...]
    budgets: int
    largest_budget: int
    schedule: Schedule
    evaluated_questions: int
    decoded_questions: int
    decode_batch: int
    workers: int


PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile(
            name="quick",
            students=("student-23k", "student-58k", "student-166k"),
            budgets=5,
            largest_budget=120_000,
            schedule=Schedule(),
            evaluated_questions=200,
            decoded_questions=64,
            decode_batch=64,
            workers=2,
        ),
        Profile(
            name="smoke",
            students=("student-23k",),
            budgets=2,
            largest_budget=10_000,
            schedule=Schedule(epochs=1, steps_per_call=16),
            evaluated_questions=20,
            decoded_questions=20,
            decode_batch=20,
            workers=1,
        ),
    )
}
"""`quick`: three sizes by five budgets for two CPU cores. `smoke`: proof that everything runs, in seconds."""
