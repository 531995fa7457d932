"""Running the study in slices: every call goes on where the last one ended, and stops before its time is over.

A finished run is a line of the record; a run that time cut off keeps its training state and goes on from there. Several
runs are trained at a time, for one small student cannot keep two cores busy; results do not depend on how many.
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import jax

from synth_assets.progress import reported, tell
from synth_assets.seeds import seed_of
from synth_assets.students.evaluation import evaluate
from synth_assets.students.model import initial_student
from synth_assets.students.profiles import Schedule
from synth_assets.students.training import TrainingProgress, train
from synth_assets.study.data_set import DataSet
from synth_assets.study.plan import CODE_VERSION, DECODING_SECONDS, MEAN_CONTEXT, Run, seconds_of
from synth_assets.study.profiles import StudyProfile
from synth_assets.study.records import Finished, append, finished_in, hardware

EVALUATION = Schedule(epochs=1, batch_sequences=8, steps_per_call=8)
"""How held-out questions are laid out for their loss: the same for all, so that it is measured alike."""


UNTRAINED_QUESTIONS = 96
"""Questions an untrained student answers: it never ends an answer, which takes longest, and gets none right."""


@dataclass(frozen=True)
class Slice:
    """How a call ended: runs it finished, runs left, seconds the rest will probably take."""

    finished: int
    left: int
    seconds_left: float


def run_slice(folder: Path, data: DataSet, profile: StudyProfile, runs: Sequence[Run], until: float | None) -> Slice:
    """Make the runs that are not recorded in `folder`, up to the moment `until` of time.monotonic()."""
    (folder / "states").mkdir(parents=True, exist_ok=True)
    known = {one.run_id for one in finished_in(folder)}
    missing = [run for run in runs if run.run_id(data.snapshot) not in known]
    planned = _planned_seconds(missing, folder, profile)
    work = _Work(folder, data, profile, until, planned)
    total = sum(planned.values())
    # By planned seconds, not by operations: compiling and evaluating take as long for the small runs as for the large.
    with reported("training students", "planned seconds") as advance:
        work.report = lambda: advance(int(work.done), max(1, int(total)))
        with ThreadPoolExecutor(profile.workers) as pool:
            made = sum(pool.map(work.make, missing))
    left = [run for run in missing if run.run_id(data.snapshot) not in {one.run_id for one in finished_in(folder)}]
    return Slice(made, len(left), seconds_left(left, folder, profile))


def seconds_left(runs: Sequence[Run], folder: Path, profile: StudyProfile) -> float:
    """What these runs will probably take, by what the finished ones took on this machine."""
    return sum(_planned_seconds(runs, folder, profile).values()) / profile.workers


def _planned_seconds(runs: Sequence[Run], folder: Path, profile: StudyProfile) -> dict[Run, float]:
    done = finished_in(folder)
    evaluating = statistics.median([one.evaluation_seconds for one in done] or [DECODING_SECONDS])
    on_gpu = jax.default_backend() == "gpu"
    timed = timings(done)
    return {run: seconds_of(run, profile.data.vocabulary, timed, on_gpu, evaluating) for run in runs}


def timings(done: Sequence[Finished]) -> Mapping[str, float]:
    """Tokens a second of each size, as its longest run had it: the short ones hardly warm up."""
    ordered = sorted((one for one in done if one.tokens_per_second), key=lambda one: one.trained_tokens)
    return {one.model: float(one.tokens_per_second or 0) for one in ordered}


class _Work:
    """Making runs, from several threads."""

    def __init__(
        self, folder: Path, data: DataSet, profile: StudyProfile, until: float | None, planned: Mapping[Run, float]
    ) -> None:
        self._folder, self._data, self._profile, self._until = folder, data, profile, until
        self._planned = planned
        self._lock = Lock()
        self._in_flight: dict[str, float] = {}
        self._finished = 0.0
        self._evaluating = max([DECODING_SECONDS, *(one.evaluation_seconds for one in finished_in(folder)[-8:])])
        self._hardware = hardware()
        self.report: Callable[[], None] = lambda: None

    @property
    def done(self) -> float:
        """Planned seconds of what is done in this call, parts of unfinished runs included."""
        return self._finished + sum(self._in_flight.values())

    def make(self, run: Run) -> bool:
        """Train, measure and record a run; False where time was over first."""
        run_id = run.run_id(self._data.snapshot)
        if self._is_late(0.0):
            return False
        vocabulary = self._profile.data.vocabulary
        rows = self._data.training_rows(run.training_set, run.budget)
        # Seeded by the size too, never by the budget: the budgets of a seed start from the same weights.
        student = initial_student(run.size, vocabulary, seed_of("student weights", run.size.name, run.seed))

        def advance(progress: TrainingProgress) -> None:
            with self._lock:
                self._in_flight[run_id] = self._planned[run] * progress.step / progress.steps
                self.report()

        state = self._folder / "states" / f"{run_id}.state"
        trained = train(
            student,
            rows,
            run.schedule,
            run.seed,
            advance,
            state=state,
            until=self._until,
            longest_row=self._profile.data.longest_row,
        )
        if trained is None or self._is_late(self._evaluating):
            return False
        started = time.monotonic()
        held_out = self._data.held_out
        measured = evaluate(
            trained.student,
            self._data.held_out_rows,
            held_out["final_answer"].to_list(),
            self._data.tokenizer,
            EVALUATION,
            held_out.height if run.budget else min(UNTRAINED_QUESTIONS, held_out.height),
            self._profile.decode_batch,
        )
        finished = Finished(
            run_id=run_id,
            model=run.size.name,
            parameters=student.parameters,
            training_set=run.training_set,
            budget=run.budget,
            tokens=rows.total_tokens,
            trained_tokens=trained.trained_tokens,
            seed=run.seed,
            answer_loss=measured.answer_loss,
            error=measured.error,
            questions=measured.questions,
            scores=_scores(measured.right, {by: held_out[by].to_list() for by in ("level", "topic")}),
            seconds=trained.seconds,
            evaluation_seconds=time.monotonic() - started,
            tokens_per_second=trained.tokens_per_second,
            operations_per_token=run.size.operations(vocabulary, MEAN_CONTEXT),
            hardware=self._hardware,
            code_version=CODE_VERSION,
            data_snapshot=self._data.snapshot,
        )
        with self._lock:
            append(self._folder, finished)
            self._evaluating = max(self._evaluating, finished.evaluation_seconds)
            self._in_flight.pop(run_id, None)
            self._finished += self._planned[run]
            self.report()
        state.unlink(missing_ok=True)
        tell(f"{run.name}: error {measured.error:.3f}, loss {measured.answer_loss:.3f}, {trained.seconds:,.0f} s")
        return True

    def _is_late(self, seconds: float) -> bool:
        return self._until is not None and time.monotonic() + seconds >= self._until


def _scores(right: Sequence[bool], groups: Mapping[str, Sequence[str]]) -> dict[str, dict[str, tuple[int, int]]]:
    """Right and asked questions by name, for each way to group them."""
    scores: dict[str, dict[str, tuple[int, int]]] = {by: {} for by in groups}
    for by, names in groups.items():
        for name, was_right in zip(names, right, strict=False):  # the untrained answer fewer
            done, asked = scores[by].get(name, (0, 0))
            scores[by][name] = (done + was_right, asked + 1)
    return {by: dict(sorted(found.items())) for by, found in scores.items()}
