"""Runs: one student size on one training set, at every budget and seed, skipping what has been run before.

What lives here: which runs there are, their fingerprints, and their rows. A run under a known fingerprint is never
repeated. The untrained student is a run of its own, at budget 0: the law's value before any data (paper section 3.2).
"""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from hashlib import blake2b

import polars as pl
from tokenizers import Tokenizer

from synth_assets.errors import SynthAssetsError
from synth_assets.seeds import seed_of
from synth_assets.students.encoded import EncodedRows
from synth_assets.students.evaluation import evaluate
from synth_assets.students.model import initial_student
from synth_assets.students.profiles import Profile
from synth_assets.students.schedules import precision_of
from synth_assets.students.scores import scores_of
from synth_assets.students.sizes import STUDENT_SIZES, StudentSize
from synth_assets.students.tokenizer import encode_rows, read_tokenizer, tokenizer_version
from synth_assets.students.training import Trained, TrainingProgress, train
from synth_assets.tables import STUDENT_RUNS, STUDENT_SCORES

CODE_VERSION = "2"
"""Raised by hand whenever a change of the code changes what a run measures: then every run is repeated."""

_UNMEASURED_SETTINGS = frozenset({"steps_per_call"})
"""Settings of a schedule that change its speed and nothing else, left out of fingerprints."""


@dataclass(frozen=True)
class RunProgress:
    """How far a run is: its training set, student, budget in tokens and seed, and its training progress."""

    training_set: str
    student: str
    budget: int
    seed: int
    training: TrainingProgress


@dataclass(frozen=True)
class _Data:
    """What the runs of one training set share.

    `ends`: by budget, how many of `train` it holds. `questions`: of `held_out`, with final answers, levels and topics.
    """

    training_set: str
    train: EncodedRows
    ends: dict[int, int]
    held_out: EncodedRows
    questions: pl.DataFrame
    tokenizer: Tokenizer
    tokenizer_version: str


@dataclass(frozen=True)
class StudentRuns:
    """Rows of tables.STUDENT_RUNS, by budget and seed, and of tables.STUDENT_SCORES, of the same runs."""

    runs: pl.DataFrame
    scores: pl.DataFrame


@dataclass(frozen=True)
class _Run:
    run_id: str
    budget: int
    seed: int


def run_students(
    training_set: str,
    student: str,
    training_sets: pl.DataFrame,
    training_qa: pl.DataFrame,
    tokenizer_json: str,
    profile: Profile,
    *,
    done: StudentRuns | None = None,
    seeds: Sequence[int] = (0,),
    progress: Callable[[RunProgress], None] | None = None,
) -> StudentRuns:
    """Train `student` on `training_set` at every budget of its rows and at 0, once a seed.

    `training_sets` (tables.TRAINING_SETS) and `training_qa` (tables.TRAINING_QA) may hold rows of other sets, which
    are left out. Runs found in `done` keep their rows as they are. Budgets that hold no row more than a smaller one
    have no run. `progress` may be called from several threads. Everything repeats exactly but
    `seconds` and `tokens_per_second`.
    Raises SynthAssetsError for an unknown student or a training set without held-out questions.
    """
    if student not in STUDENT_SIZES:
        raise SynthAssetsError(f"There is no student {student!r}: choose from {', '.join(STUDENT_SIZES)}.")
    size = STUDENT_SIZES[student]
    data = _data_of(training_set, training_sets, training_qa, tokenizer_json, profile)
    wanted = [
        _Run(_fingerprint(data, size, profile, budget, seed), budget, seed)
        for budget in sorted(data.ends)
        for seed in seeds
    ]
    done = done or StudentRuns(STUDENT_RUNS.empty(), STUDENT_SCORES.empty())
    ids = [run.run_id for run in wanted]
    known, known_scores = (rows.filter(pl.col("run_id").is_in(ids)) for rows in (done.runs, done.scores))
    missing = [run for run in wanted if run.run_id not in set(known["run_id"])]
    fresh = _run_all(missing, data, size, profile, progress)
    runs = pl.concat([STUDENT_RUNS.conform(known), pl.DataFrame([row for row, _ in fresh], schema=STUDENT_RUNS.schema)])
    scores = pl.concat([STUDENT_SCORES.conform(known_scores), *(scores for _, scores in fresh)])
    return StudentRuns(runs.sort("budget", "seed"), scores.sort(STUDENT_SCORES.key))


def _data_of(
    training_set: str, training_sets: pl.DataFrame, training_qa: pl.DataFrame, tokenizer_json: str, profile: Profile
) -> _Data:
    rows = (
        training_sets.filter(pl.col("training_set") == training_set)
        .join(training_qa, on="qa_id", how="inner")
        .sort("place")
    )
    train_rows = rows.filter(pl.col("split") == "train", pl.col("budget").is_not_null())
    held_out = rows.filter(pl.col("split") == "held_out").head(profile.evaluated_questions)
    if held_out.is_empty():
        raise SynthAssetsError(
            f"The training set {training_set!r} has no held-out question to measure students on: "
            "add documents, or raise the held-out share."
        )
    tokenizer = read_tokenizer(tokenizer_json)
    ends = {budget: train_rows.filter(pl.col("budget") <= budget).height for budget in train_rows["budget"].unique()}
    return _Data(
        training_set=training_set,
        train=encode_rows(tokenizer, train_rows),
        ends={0: 0, **ends},
        held_out=encode_rows(tokenizer, held_out),
        questions=held_out.select("method", "school_level", "topics", "final_answer"),
        tokenizer=tokenizer,
        tokenizer_version=tokenizer_version(tokenizer_json),
    )


def _fingerprint(data: _Data, size: StudentSize, profile: Profile, budget: int, seed: int) -> str:
    """Hash of everything a run's figures depend on, and of nothing that only changes its speed."""
    schedule = {name: value for name, value in asdict(profile.schedule).items() if name not in _UNMEASURED_SETTINGS}
    settings = {
        "code": CODE_VERSION,
        "training_set": data.training_set,
        "tokenizer": data.tokenizer_version,
        "train": data.train[: data.ends[budget]].fingerprint(),
        "longest_row": int(data.train.lengths.max(initial=0)),
        "held_out": data.held_out.fingerprint(),
        "final_answers": data.questions["final_answer"].to_list(),
        "precision": precision_of(profile.schedule),
        "decoded_questions": profile.decoded_questions,
        "size": asdict(size),
        "schedule": schedule,
        "budget": budget,
        "seed": seed,
    }
    return blake2b(json.dumps(settings, sort_keys=True).encode(), digest_size=16).hexdigest()


def _run_all(
    runs: Sequence[_Run],
    data: _Data,
    size: StudentSize,
    profile: Profile,
    progress: Callable[[RunProgress], None] | None,
) -> list[tuple[dict[str, object], pl.DataFrame]]:
    """The row of each run, and its scores. Several are trained at a time: one small student keeps no two cores busy."""
    # The longest first, so that no core is left waiting for one at the end.
    longest_first = sorted(runs, key=lambda run: -run.budget)
    with ThreadPoolExecutor(profile.workers) as pool:
        return list(pool.map(lambda run: _run_one(run, data, size, profile, progress), longest_first))


def _run_one(
    run: _Run, data: _Data, size: StudentSize, profile: Profile, progress: Callable[[RunProgress], None] | None
) -> tuple[dict[str, object], pl.DataFrame]:
    rows = data.train[: data.ends[run.budget]]
    # Seeded by the size too, never by the budget: the budgets of a seed start from the same weights.
    student = initial_student(size, data.tokenizer.get_vocab_size(), seed_of("student weights", size.name, run.seed))

    def report(training: TrainingProgress) -> None:
        if progress is not None:
            progress(RunProgress(data.training_set, size.name, run.budget, run.seed, training))

    longest_row = int(data.train.lengths.max(initial=0))
    trained = train(student, rows, profile.schedule, run.seed, report, longest_row=longest_row)
    assert isinstance(trained, Trained)  # without a moment to stop at, it goes on to the end
    measured = evaluate(
        trained.student,
        data.held_out,
        data.questions["final_answer"].to_list(),
        data.tokenizer,
        profile.schedule,
        profile.decoded_questions,
        profile.decode_batch,
    )
    of_run = {
        "training_set": data.training_set,
        "student": size.name,
        "run_id": run.run_id,
        "budget": run.budget,
    }
    return {
        **of_run,
        "parameters": student.parameters,
        "unique_tokens": rows.total_tokens,
        "trained_tokens": trained.trained_tokens,
        "epochs": profile.schedule.epochs if rows else 0,
        "seed": run.seed,
        "answer_loss": measured.answer_loss,
        "error": measured.error,
        "evaluated_questions": measured.questions,
        "right": list(measured.right),
        "seconds": trained.seconds,
        "tokens_per_second": trained.tokens_per_second,
    }, scores_of(of_run, data.questions.head(measured.questions), measured.right)
