"""Profiles: how many sizes, budgets and questions a study of the students takes, by name."""

from collections.abc import Mapping
from dataclasses import dataclass

from synth_assets.students.training import Schedule


@dataclass(frozen=True)
class Profile:
    """A named study.

    students: names of model.STUDENT_SIZES. budgets: nested token budgets, doubling. largest_budget: tokens at which
    the largest is capped. evaluated_questions: held-out questions measured on, the first in hash order.
    decode_batch: questions decoded at a time. workers: runs trained at a time; results do not depend on it.
    """

    name: str
    students: tuple[str, ...]
    budgets: int
    largest_budget: int
    schedule: Schedule
    evaluated_questions: int
    decode_batch: int
    workers: int


PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile(
            name="quick",
            students=("student-23k", "student-58k", "student-166k"),
            budgets=5,
            largest_budget=150_000,
            schedule=Schedule(),
            evaluated_questions=200,
            decode_batch=100,
            workers=2,
        ),
        Profile(
            name="smoke",
            students=("student-23k",),
            budgets=2,
            largest_budget=10_000,
            schedule=Schedule(epochs=1, steps_per_call=16),
            evaluated_questions=20,
            decode_batch=20,
            workers=1,
        ),
    )
}
"""`quick`: three sizes by five budgets for two CPU cores. `smoke`: proof that everything runs, in seconds."""
