"""Profiles: how many sizes, budgets and questions a study of the students takes, by name, and how they are trained.

Declarations only, so that a code location can name them without importing JAX.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Schedule:
    """How students are trained.

    peak_rate: learning rate at width 32; other widths follow `schedules.learning_rate`. epochs: passes over the rows (3
    in the paper). sequence_length: places of a packed sequence. batch_sequences: sequences a step, before
    `batch_grows_from` (see `schedules.batch_of`). steps_per_call: steps of one dispatch. warm_up: share of the steps in
    which the rate rises; it then falls by `decay` (`cosine` or `linear`) to `final_share` of its peak.

    batch_grows_from: tokens trained on from which the batch grows; None: it never does. micro_sequences: sequences
    whose gradients are computed at a time and added up to a step's; None: all of a step. precision: what is computed
    in, `float32` or `bfloat16` (weights, softmax, norms and loss stay float32); `auto` is bfloat16 on a GPU.
    rematerialise: compute a layer's values again for its gradients instead of keeping them (deep ones, large batches).
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
    decay: Literal["cosine", "linear"] = "cosine"
    batch_grows_from: int | None = None
    micro_sequences: int | None = None
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    rematerialise: bool = False


@dataclass(frozen=True)
class Profile:
    """A named study.

    students: names of model.STUDENT_SIZES. budgets: nested token budgets, doubling. largest_budget: tokens at which
    the largest is capped. evaluated_questions: held-out questions measured on, the first in hash order.
    decoded_questions: how many of them, again the first, are also answered token by token. decode_batch: questions
    decoded at a time. workers: runs trained at a time; results do not depend on the last two.
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
            decoded_questions=32,
            decode_batch=32,
            workers=2,
        ),
        Profile(
            name="compare",
            students=("student-23k", "student-58k"),
            budgets=5,
            largest_budget=240_000,
            schedule=Schedule(),
            evaluated_questions=300,
            decoded_questions=300,
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
            decoded_questions=20,
            decode_batch=20,
            workers=1,
        ),
    )
}
"""`quick`: three sizes by five budgets for two CPU cores. `compare`: two sizes, and more questions answered, so that
methods can be told apart. `smoke`: proof that everything runs, in seconds."""
