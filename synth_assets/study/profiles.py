"""The study's profiles: which students at which budgets and seeds, on how much data, and how they are trained.

Declarations only. They are not among the road's profiles (settings `students.profile`): those train on a lake's own
data, these on a data set made for the study; `synth-assets study --profile NAME` runs them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from synth_assets.errors import SynthAssetsError
from synth_assets.students.profiles import Schedule
from synth_assets.study.problems import Syllabus

ALL = "all"
"""The training set of all three levels in equal shares of tokens."""


EASY = Syllabus(
    (
        "box_height_from_volume", "counting_principle_product", "direct_variation", "fraction_of_quantity",
        "inverse_variation", "unit_rate",
    ),
    hardest=1,
)  # fmt: skip
"""Six skills of six topics with their smallest numbers: products and quotients below a few hundred, worked in short
sentences. With all of the teacher's skills a student of some ten thousand weights answers nothing right within a CPU's
hour; with these its error falls. Every skill can take another's result, so that all levels are there."""
WIDE = Syllabus(
    (
        *EASY.skills, "arithmetic_sequence_term", "capacity_sum", "consecutive_numbers", "customary_conversion",
        "direct_proportion", "evaluate_expression", "gain_and_loss", "inverse_function", "missing_addend",
        "mixed_units", "opposite_of_sum", "order_of_operations", "product_of_negatives", "third_angle_of_triangle",
    ),
    hardest=3,
)  # fmt: skip
"""Twenty skills with all of their numbers, for students and budgets that take hours of a GPU."""


@dataclass(frozen=True)
class DataPlan:
    """Which problems, and how much data: tokens of the mixture and of each level's own set.

    held_out_each: held-out questions of each level.
    longest_row: rows of more tokens are left out. tokenizer_questions: questions the tokenizer is trained on.
    """

    syllabus: Syllabus
    all_tokens: int
    level_tokens: int
    held_out_each: int
    longest_row: int = 256
    vocabulary: int = 1024
    tokenizer_questions: int = 12_000

    @property
    def tokens_of_level(self) -> int:
        """Tokens to make of each level: for its own set and for its third of the mixture, and a row more."""
        return max(self.level_tokens, self.all_tokens // 3 + self.longest_row) + self.longest_row


@dataclass(frozen=True)
class Series:
    """A student on a training set: its seeds, its budgets (beside 0) and its schedule."""

    student: str
    training_set: str
    budgets: tuple[int, ...]
    seeds: int
    schedule: Schedule


@dataclass(frozen=True)
class StudyProfile:
    """A named study: its data, its series, questions decoded at a time, and runs trained at a time.

    on_gpu: what it is meant for, by which its plan is estimated before anything was timed.
    """

    name: str
    data: DataPlan
    series: tuple[Series, ...]
    decode_batch: int
    workers: int
    on_gpu: bool = False


def doubling(largest: int, count: int) -> tuple[int, ...]:
    """`count` budgets, each twice the one before."""
    return tuple(largest >> place for place in reversed(range(count)))


_LEVELS = ("level_1", "level_2", "level_3")

_CPU = Schedule(epochs=1, batch_sequences=1)
_CPU_BUDGETS = doubling(4_000_000, 7)
_CPU_LEVELS = doubling(2_000_000, 5)

_SMOKE = Schedule(epochs=1, batch_sequences=1, steps_per_call=16)

_GPU = Schedule(epochs=1, batch_sequences=16, batch_grows_from=4_000_000, steps_per_call=32)
_GPU_BUDGETS = doubling(256_000_000, 8)
_GPU_LEVELS = doubling(64_000_000, 5)

PROFILES: Mapping[str, StudyProfile] = {
    profile.name: profile
    for profile in (
        StudyProfile(
            name="study-smoke",
            data=DataPlan(EASY, all_tokens=24_000, level_tokens=12_000, held_out_each=8, tokenizer_questions=1_500),
            series=(
                *(Series(name, ALL, doubling(24_000, 4), 1, _SMOKE) for name in ("student-23k", "student-58k")),
                *(Series("student-23k", level, doubling(12_000, 2), 1, _SMOKE) for level in _LEVELS),
            ),
            decode_batch=24,
            workers=2,
        ),
        StudyProfile(
            name="study-cpu",
            data=DataPlan(EASY, all_tokens=4_000_000, level_tokens=2_000_000, held_out_each=350),
            series=(
                Series("student-23k", ALL, _CPU_BUDGETS, 3, _CPU),
                *(Series(name, ALL, _CPU_BUDGETS, 2, _CPU) for name in ("student-58k", "student-166k")),
                *(Series(name, ALL, _CPU_BUDGETS, 1, _CPU) for name in ("student-541k", "student-1m")),
                *(Series("student-58k", level, _CPU_LEVELS, 2, _CPU) for level in _LEVELS),
            ),
            decode_batch=128,
            workers=2,
        ),
        StudyProfile(
            name="study",
            data=DataPlan(WIDE, all_tokens=256_000_000, level_tokens=64_000_000, held_out_each=1_000),
            series=(
                *(
                    Series(name, ALL, _GPU_BUDGETS, 3, _GPU)
                    for name in ("student-58k", "student-166k", "student-541k", "student-1m")
                ),
                *(Series(name, ALL, _GPU_BUDGETS, 2, _GPU) for name in ("student-3m", "student-10m")),
                *(Series(name, ALL, _GPU_BUDGETS, 1, _GPU) for name in ("student-33m", "student-100m")),
                *(
                    Series(name, level, _GPU_LEVELS, 3, _GPU)
                    for name in ("student-1m", "student-10m")
                    for level in _LEVELS
                ),
            ),
            decode_batch=1_000,
            workers=1,
            on_gpu=True,
        ),
    )
}
"""By name: `study-smoke` proves in a minute that all runs, `study-cpu` takes two cores, `study` one large GPU."""


def profile_named(name: str) -> StudyProfile:
    """The profile of that name. Raises SynthAssetsError listing the known ones."""
    if name not in PROFILES:
        raise SynthAssetsError(f"There is no study profile {name!r}: choose from {', '.join(PROFILES)}.")
    return PROFILES[name]
