"""Equal students on the data set of each generator, and the record of what each got right.

A run is a file of its own below `runs/`, written whole when it is finished and named by everything its figures depend
on: what is recorded is not trained again, and an unfinished run goes on from the state it saved.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synth_assets.ensemble.layout import Layout
from synth_assets.errors import SynthAssetsError
from synth_assets.progress import reported, tell
from synth_assets.seeds import seed_of
from synth_assets.students.evaluation import evaluate
from synth_assets.students.model import initial_student
from synth_assets.students.profiles import PROFILES, Schedule
from synth_assets.students.question_losses import question_losses
from synth_assets.students.runs import CODE_VERSION
from synth_assets.students.schedules import precision_of
from synth_assets.students.sizes import STUDENT_SIZES, StudentSize
from synth_assets.students.tokenizer import tokenizer_version
from synth_assets.students.training import Trained, TrainingProgress, train

RUNS = "runs"
SCHEDULE: Schedule = PROFILES["compare"].schedule
"""How the students are trained: as those that compare methods."""
DECODED_AT_ONCE = 100


@dataclass(frozen=True)
class Run:
    """A finished run: its generator and seed, tokens, and of each question whether it was right, and its loss."""

    generator: str
    seed: int
    parameters: int
    tokens: int
    right: tuple[bool, ...]
    losses: tuple[float, ...]
    seconds: float

    @property
    def wrong(self) -> NDArray[np.float64]:
        """1.0 where a question was answered wrongly; [questions]."""
        return 1.0 - np.array(self.right, dtype=np.float64)


def size_named(student: str) -> StudentSize:
    """The size of that name. Raises SynthAssetsError where there is none."""
    if student not in STUDENT_SIZES:
        raise SynthAssetsError(f"There is no student {student!r}: choose from {', '.join(STUDENT_SIZES)}.")
    return STUDENT_SIZES[student]


def train_all(folder: Path, layout: Layout, size: StudentSize, seeds: int) -> Mapping[str, Sequence[Run]]:
    """`seeds` students on each generator's rows, by its name; those recorded in `folder` are kept.

    The seeds of a generator are its own: what first weights and the order of the rows do is then another random draw in
    every student, as the analysis takes it to be.
    """
    runs = folder / RUNS
    runs.mkdir(parents=True, exist_ok=True)
    wanted = [
        (name, seed) for place, name in enumerate(layout.train) for seed in range(place * seeds, (place + 1) * seeds)
    ]
    found: dict[str, list[Run]] = {name: [] for name in layout.train}
    in_all = sum(SCHEDULE.epochs * layout.train[name].total_tokens for name, _ in wanted)
    done = 0
    with reported(f"{size.name} on {len(layout.train)} data sets", "tokens") as advance:

        def told(progress: TrainingProgress) -> None:
            advance(done + progress.tokens, in_all)

        for name, seed in wanted:
            path = runs / f"{name}-seed-{seed}-{_identity(layout, name, size, seed)}.json"
            run = _read(path)
            if run is None:
                run = _trained(layout, name, size, seed, path.with_suffix(".state"), told)
                _write(path, run)
                tell(f"{name}, seed {seed}: error {run.wrong.mean():.3f}, loss {np.mean(run.losses):.3f}")
            done += SCHEDULE.epochs * run.tokens
            found[name].append(run)
    return found


def _trained(
    layout: Layout, name: str, size: StudentSize, seed: int, state: Path, told: Callable[[TrainingProgress], None]
) -> Run:
    rows, tokenizer = layout.train[name], layout.tokenizer
    student = initial_student(size, tokenizer.get_vocab_size(), seed_of("student weights", size.name, seed))
    longest = max(int(own.lengths.max()) for own in layout.train.values())
    trained = train(student, rows, SCHEDULE, seed, told, state=state, longest_row=longest)
    assert isinstance(trained, Trained)  # without a moment to stop at, it goes on to the end
    measured = evaluate(
        trained.student,
        layout.asked,
        layout.held_out["final_answer"].to_list(),
        tokenizer,
        SCHEDULE,
        len(layout.asked),
        DECODED_AT_ONCE,
    )
    losses = question_losses(trained.student, layout.asked, SCHEDULE)
    return Run(
        generator=name,
        seed=seed,
        parameters=student.parameters,
        tokens=rows.total_tokens,
        right=measured.right,
        losses=tuple(round(float(loss), 5) for loss in losses),
        seconds=round(trained.seconds, 2),
    )


def _identity(layout: Layout, name: str, size: StudentSize, seed: int) -> str:
    schedule = {key: value for key, value in asdict(SCHEDULE).items() if key != "steps_per_call"}
    what = [
        CODE_VERSION,
        tokenizer_version(layout.tokenizer_json),
        layout.train[name].fingerprint(),
        layout.asked.fingerprint(),
        layout.held_out["final_answer"].to_list(),
        asdict(size),
        schedule,
        precision_of(SCHEDULE),
        seed,
    ]
    return blake2b(json.dumps(what, sort_keys=True).encode(), digest_size=8).hexdigest()


def _read(path: Path) -> Run | None:
    if not path.exists():
        return None
    written = json.loads(path.read_text(encoding="utf-8"))
    return Run(**{**written, "right": tuple(written["right"]), "losses": tuple(written["losses"])})


def _write(path: Path, run: Run) -> None:
    aside = path.with_name(f".{path.name}.new")
    aside.write_text(json.dumps(asdict(run)), encoding="utf-8")
    aside.replace(path)
    path.with_suffix(".state").unlink(missing_ok=True)
