"""The plan of runs: which there are, in which order, what each costs, and how long they will take.

A run is a student, a training set, a budget in tokens and a seed. Budget 0 is the untrained student, which is the
same whatever it would be trained on, and so measured for the mixture alone.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b

import polars as pl

from synth_assets.students.profiles import Schedule
from synth_assets.students.sizes import STUDENT_SIZES, StudentSize
from synth_assets.study.profiles import ALL, StudyProfile

CODE_VERSION = "1"
"""Raised by hand whenever a change of the code changes what a run measures: then every run is repeated."""
_UNMEASURED = frozenset({"steps_per_call", "micro_sequences", "rematerialise"})
"""Settings of a schedule that change a run's speed and nothing else."""
MEAN_CONTEXT = 70.0
"""Places that a token sees on average, for the operations of attention: rows have some 130 tokens (measured)."""
CPU_OPERATIONS = 2.5e10
"""Operations a second assumed of a run that has one CPU core, before a run of a size has been timed."""
GPU_OPERATIONS = 1e14
"""The same of one large GPU in bfloat16, where the student is large enough to fill it."""
GPU_TOKENS = 2e6
"""Tokens a second that no student passes on a GPU, however small: rows must be laid out and calls dispatched."""
DECODING_SECONDS = 20.0
"""Seconds assumed for an evaluation before one has been timed."""


@dataclass(frozen=True)
class Run:
    """A run: where it stands, and its schedule."""

    size: StudentSize
    training_set: str
    budget: int
    seed: int
    schedule: Schedule

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.size.name} on {self.training_set}, {self.budget:,} tokens, seed {self.seed}"

    @property
    def tokens(self) -> int:
        """Tokens it trains on, every epoch counted."""
        return self.budget * self.schedule.epochs

    def run_id(self, snapshot: str) -> str:
        """Fingerprint of what its figures depend on."""
        schedule = {name: value for name, value in asdict(self.schedule).items() if name not in _UNMEASURED}
        what = [CODE_VERSION, snapshot, asdict(self.size), self.training_set, self.budget, self.seed, schedule]
        return blake2b(json.dumps(what, sort_keys=True).encode(), digest_size=8).hexdigest()

    def operations(self, vocabulary: int) -> float:
        """Floating-point operations of its training."""
        return self.tokens * self.size.operations(vocabulary, MEAN_CONTEXT)


def runs_of(profile: StudyProfile) -> list[Run]:
    """Every run once, in the order they are made: seed by seed, then by budget, so that curves are whole early."""
    found: dict[tuple[str, str, int, int], Run] = {}
    for series in profile.series:
        size = STUDENT_SIZES[series.student]
        for seed in range(series.seeds):
            for budget in ((0,) if series.training_set == ALL else ()) + series.budgets:
                key = (series.student, series.training_set, budget, seed)
                found.setdefault(key, Run(size, series.training_set, budget, seed, series.schedule))
    return sorted(found.values(), key=lambda run: (run.seed, run.tokens * run.size.parameters(1024)))


def tokens_per_second(size: StudentSize, vocabulary: int, timed: Mapping[str, float], on_gpu: bool) -> float:
    """What a size trains at: as timed, or else by its operations from the nearest timed size, or else assumed."""
    if size.name in timed:
        return timed[size.name]
    cost = size.operations(vocabulary, MEAN_CONTEXT)
    if timed:
        near = min(
            timed, key=lambda name: abs(STUDENT_SIZES[name].parameters(vocabulary) - size.parameters(vocabulary))
        )
        rate = timed[near] * STUDENT_SIZES[near].operations(vocabulary, MEAN_CONTEXT) / cost
        return min(rate, GPU_TOKENS) if on_gpu else rate
    return min(GPU_OPERATIONS / cost, GPU_TOKENS) if on_gpu else CPU_OPERATIONS / cost


def seconds_of(run: Run, vocabulary: int, timed: Mapping[str, float], on_gpu: bool, evaluating: float) -> float:
    """Seconds a run will probably take alone, its evaluation included."""
    return run.tokens / tokens_per_second(run.size, vocabulary, timed, on_gpu) + evaluating


def plan_table(
    runs: Sequence[Run], vocabulary: int, on_gpu: bool, workers: int, timed: Mapping[str, float] | None = None
) -> pl.DataFrame:
    """The runs by size and training set: budgets, seeds, tokens, operations and hours, with a last row of sums."""
    rows = [
        {
            "student": run.size.name,
            "parameters": run.size.parameters(vocabulary),
            "training_set": run.training_set,
            "budget": run.budget,
            "seed": run.seed,
            "tokens": run.tokens,
            "petaflop": run.operations(vocabulary) / 1e15,
            "minutes": seconds_of(run, vocabulary, timed or {}, on_gpu, DECODING_SECONDS) / 60 / workers,
        }
        for run in runs
    ]
    frame = pl.DataFrame(rows)
    sums = (pl.len().alias("runs"), pl.col("tokens").sum(), pl.col("petaflop").sum(), pl.col("minutes").sum())
    grouped = (
        frame.group_by("student", "parameters", "training_set")
        .agg(
            pl.col("budget").n_unique().alias("budgets"),
            pl.col("budget").max().alias("largest_budget"),
            pl.col("seed").n_unique().alias("seeds"),
            *sums,
        )
        .sort("training_set", "parameters")
    )
    total = frame.select(pl.lit("all").alias("student"), *sums)
    return pl.concat([grouped, total], how="diagonal").with_columns(pl.col("petaflop", "minutes").round(2))
