"""Students trained on mixtures: before every slice a policy names the arm it is drawn from; all else is equal.

What lives here: drawing rows, the runs, their fingerprints and rows. Policies are given (they live in `comparison/`);
the data are `mixture_data.py`'s, training by slices is `slices.py`'s. Runs of a seed start from the same weights as
those of `runs.py`, see the same number of tokens (within a row) and the same learning rates.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from hashlib import blake2b
from time import monotonic
from typing import NamedTuple, Protocol

import numpy as np
import polars as pl

from synth_assets.errors import SynthAssetsError
from synth_assets.seeds import seed_of
from synth_assets.students.encoded import EncodedRows
from synth_assets.students.evaluation import answer_loss, evaluate
from synth_assets.students.mixture_data import MixtureData
from synth_assets.students.model import initial_student
from synth_assets.students.profiles import Profile
from synth_assets.students.schedules import precision_of
from synth_assets.students.sizes import STUDENT_SIZES, StudentSize
from synth_assets.students.slices import SlicedTraining
from synth_assets.tables import MIXTURE_CHOICES, MIXTURE_RUNS

CODE_VERSION = "1"
"""Raised by hand whenever a change of the code changes what a run measures: then every run is repeated."""


class Slice(NamedTuple):
    """A slice trained on: its arm, its tokens, and the fall of the validation loss by it (nats a token)."""

    arm: str
    tokens: int
    gain: float


class Policy(Protocol):
    """Who decides. Its `repr` says everything its choices depend on but the history."""

    @property
    def name(self) -> str:
        """What it is called in the tables."""
        ...

    def choose(self, history: Sequence[Slice]) -> tuple[str, float | None]:
        """The arm of the next slice, and its upper bound where the policy has one."""
        ...

    def rewards(self, history: Sequence[Slice]) -> Sequence[float | None]:
        """What each slice's gain was worth to it."""
        ...


@dataclass(frozen=True)
class MixturePlan:
    """What all runs share: the student's size by name, tokens trained on in all, and in how many slices."""

    student: str
    tokens: int
    slices: int

    @property
    def slice_tokens(self) -> int:
        """Tokens of a slice, rounded up."""
        return -(-self.tokens // self.slices)


@dataclass(frozen=True)
class MixtureRuns:
    """Rows of tables.MIXTURE_RUNS and, of the same runs, of tables.MIXTURE_CHOICES."""

    runs: pl.DataFrame
    choices: pl.DataFrame


@dataclass(frozen=True)
class _Run:
    run_id: str
    policy: Policy
    seed: int


class Arm:
    """An arm's rows, handed out one after another; after the last it starts again with the first."""

    def __init__(self, rows: EncodedRows) -> None:
        self._rows, self._lengths = rows, rows.lengths
        self.drawn = 0

    def draw(self, tokens: int) -> tuple[EncodedRows, int]:
        """The next rows, until they have `tokens` or more; and how many of them had been drawn before."""
        numbers: list[int] = []
        while tokens > 0:
            number = self.drawn % len(self._rows)
            numbers.append(number)
            tokens -= int(self._lengths[number])
            self.drawn += 1
        repeated = min(len(numbers), max(0, self.drawn - len(self._rows)))
        return self._rows.take(np.array(numbers, dtype=np.int64)), repeated

    @property
    def unique_tokens(self) -> int:
        """Tokens of the different rows drawn so far."""
        return int(self._lengths[: self.drawn].sum())


def run_mixtures(
    data: MixtureData,
    plan: MixturePlan,
    profile: Profile,
    policies: Mapping[int, Sequence[Policy]],
    *,
    done: MixtureRuns | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> MixtureRuns:
    """Train the plan's student once for every seed and policy: `policies` are by seed.

    Runs found in `done` keep their rows. `progress` is told tokens trained on and those there are, over all runs to
    make, from several threads. Everything repeats exactly but `seconds`.
    Raises SynthAssetsError for an unknown student.
    """
    if plan.student not in STUDENT_SIZES:
        raise SynthAssetsError(
            f"mixtures.student = {plan.student!r} is no student: choose from {', '.join(STUDENT_SIZES)}."
        )
    size = STUDENT_SIZES[plan.student]
    shared = _shared(data, plan, profile, size)
    wanted = [
        _Run(_fingerprint(shared, policy, seed), policy, seed) for seed, each in policies.items() for policy in each
    ]
    done = done or MixtureRuns(MIXTURE_RUNS.empty(), MIXTURE_CHOICES.empty())
    ids = [run.run_id for run in wanted]
    known, known_choices = (rows.filter(pl.col("run_id").is_in(ids)) for rows in (done.runs, done.choices))
    missing = [run for run in wanted if run.run_id not in set(known["run_id"])]
    reached: dict[str, int] = {}

    def told(run_id: str, tokens: int) -> None:
        reached[run_id] = tokens
        if progress is not None:
            progress(sum(reached.values()), plan.tokens * len(missing))

    with ThreadPoolExecutor(profile.workers) as pool:
        fresh = list(pool.map(lambda run: _run_one(run, data, plan, profile, size, told), missing))
    runs = pl.DataFrame([row for row, _ in fresh], schema=MIXTURE_RUNS.schema)
    choices = pl.DataFrame([row for _, rows in fresh for row in rows], schema=MIXTURE_CHOICES.schema)
    return MixtureRuns(
        MIXTURE_RUNS.conform(pl.concat([known, runs])).sort("policy", "seed"),
        MIXTURE_CHOICES.conform(pl.concat([known_choices, choices])).sort("policy", "seed", "step"),
    )


def _shared(data: MixtureData, plan: MixturePlan, profile: Profile, size: StudentSize) -> dict[str, object]:
    """Everything that the figures of all runs depend on, and nothing that only changes their speed."""
    schedule = {name: value for name, value in asdict(profile.schedule).items() if name != "steps_per_call"}
    return {
        "code": CODE_VERSION,
        "tokenizer": data.tokenizer_version,
        "arms": {arm: rows.fingerprint() for arm, rows in data.arms.items()},
        "validation": data.validation.fingerprint(),
        "test": data.test.fingerprint(),
        "final_answers": data.questions["final_answer"].to_list(),
        "precision": precision_of(profile.schedule),
        "decoded_questions": profile.decoded_questions,
        "size": asdict(size),
        "schedule": {**schedule, "epochs": 1},
        "tokens": plan.tokens,
        "slices": plan.slices,
    }


def _fingerprint(shared: dict[str, object], policy: Policy, seed: int) -> str:
    what = {**shared, "policy": repr(policy), "seed": seed}
    return blake2b(json.dumps(what, sort_keys=True).encode(), digest_size=16).hexdigest()


def _run_one(
    run: _Run,
    data: MixtureData,
    plan: MixturePlan,
    profile: Profile,
    size: StudentSize,
    told: Callable[[str, int], None],
) -> tuple[dict[str, object], list[dict[str, object]]]:
    student = initial_student(size, data.tokenizer.get_vocab_size(), seed_of("student weights", size.name, run.seed))
    training = SlicedTraining(student, profile.schedule, plan.slices, plan.slice_tokens, data.longest_row)
    arms = {name: Arm(rows) for name, rows in data.arms.items()}
    of_run = {"run_id": run.run_id, "policy": run.policy.name, "student": size.name, "seed": run.seed}
    history: list[Slice] = []
    choices: list[dict[str, object]] = []
    started, tokens, loss = monotonic(), 0, answer_loss(student, data.validation, profile.schedule)
    for step in range(plan.slices):
        name, bound = run.policy.choose(history)
        # What a slice had too much, for rows are whole, the next has less: runs differ by less than a row.
        rows, repeated = arms[name].draw(plan.tokens * (step + 1) // plan.slices - tokens)
        if len(rows):
            training.train(rows)
        before, loss = loss, answer_loss(training.student, data.validation, profile.schedule)
        tokens += rows.total_tokens
        history.append(Slice(name, rows.total_tokens, before - loss))
        choices.append(
            {
                **of_run,
                "step": step,
                "arm": name,
                "tokens": rows.total_tokens,
                "trained_tokens": tokens,
                "rows": len(rows),
                "repeated_rows": repeated,
                "validation_loss": loss,
                "gain": before - loss,
                "upper_bound": None if bound is None or np.isinf(bound) else bound,
            }
        )
        told(run.run_id, tokens)
    seconds = monotonic() - started
    for row, reward in zip(choices, run.policy.rewards(history), strict=True):
        row["reward"] = reward
    measured = evaluate(
        training.student,
        data.test,
        data.questions["final_answer"].to_list(),
        data.tokenizer,
        profile.schedule,
        profile.decoded_questions,
        profile.decode_batch,
    )
    return {
        **of_run,
        "parameters": student.parameters,
        "arms": list(data.arms),
        "slices": plan.slices,
        "trained_tokens": tokens,
        "unique_tokens": sum(arm.unique_tokens for arm in arms.values()),
        "repeated_rows": sum(int(str(row["repeated_rows"])) for row in choices),
        "validation_loss": loss,
        "answer_loss": measured.answer_loss,
        "error": measured.error,
        "evaluated_questions": measured.questions,
        "right": list(measured.right),
        "seconds": seconds,
    }, choices
