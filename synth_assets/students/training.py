"""Training a student on packed rows, to the end or until a moment, and going on from there (paper section 3.1).

What lives here: the loop. A step is `steps.py`'s business, its rules are `schedules.py`'s, the file is
`training_state.py`'s.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

import jax.numpy as jnp
import numpy as np
from jax import Array

from synth_assets.students.encoded import EncodedRow, EncodedRows
from synth_assets.students.model import Computing, Decoder
from synth_assets.students.packing import Order, Packed, Packing, chunks, prefetched
from synth_assets.students.profiles import Schedule
from synth_assets.students.schedules import computing_of, learning_rate, shape_of
from synth_assets.students.steps import State, first_state, on_device, ready_call
from synth_assets.students.training_state import Reached, load_state, save_state

SAVED_EVERY = 60.0
"""Seconds of training between two savings of the state."""


@dataclass(frozen=True)
class TrainingProgress:
    """How far a training run is: steps and tokens done, and all there are; mean loss of the latest call (nats)."""

    step: int
    steps: int
    tokens: int
    total_tokens: int
    loss: float
    seconds: float


@dataclass(frozen=True)
class Trained:
    """A trained student: tokens trained on over all epochs, wall seconds without compiling, mean loss of each step."""

    student: Decoder
    trained_tokens: int
    seconds: float
    losses: tuple[float, ...]

    @property
    def tokens_per_second(self) -> float | None:
        """Throughput; None where nothing was trained."""
        return self.trained_tokens / self.seconds if self.trained_tokens else None


def train(
    student: Decoder,
    rows: Sequence[EncodedRow],
    schedule: Schedule,
    seed: int,
    progress: Callable[[TrainingProgress], None] | None = None,
    *,
    state: Path | None = None,
    until: float | None = None,
    longest_row: int | None = None,
) -> Trained | None:
    """Train `student` on `rows` by `schedule`; `seed` sets the order of the rows.

    `state`: a file where the run is saved every minute and at its end, and from which it goes on where it is there.
    `until`: a moment of time.monotonic(); where the next call would probably end later, the run is saved (if there is a
    `state`) and None is returned; a call or two are always made, so that every attempt gets on. `longest_row`: tokens
    of the longest row there can be, where `rows` are part of more that are to share a compiled program.

    The same arguments give the same weights, bit for bit, on the same machine, however often the run was interrupted.
    Raises ValueError for a row longer than the schedule's sequences, and SynthAssetsError for another run's state.
    """
    if not rows:
        return Trained(student, 0, 0.0, ())
    run = _Run.of(student, EncodedRows.from_rows(rows), schedule, seed, longest_row)
    began, reached = first_state(student, schedule), Reached(np.empty(0, dtype=np.float32), 0.0)
    if state is not None:
        began, reached = load_state(state, began, run.fingerprint) or (began, reached)
    return _Loop(run, began, reached, state, until, progress).to_the_end()


@dataclass(frozen=True)
class _Run:
    """What a run is: everything its weights depend on but the code."""

    student: Decoder
    rows: EncodedRows
    schedule: Schedule
    seed: int
    computing: Computing
    packing: Packing
    shape: tuple[int, int, int]
    """Steps of a call, micro-batches of a step, sequences of a micro-batch."""

    @classmethod
    def of(cls, student: Decoder, rows: EncodedRows, schedule: Schedule, seed: int, longest_row: int | None) -> "_Run":
        longest = max(int(rows.lengths.max()), longest_row or 0)
        packing = Packing(rows, schedule.sequence_length, Order(len(rows), schedule.epochs, seed))
        shape = shape_of(schedule, schedule.epochs * rows.total_tokens)
        return cls(student, rows, schedule, seed, computing_of(schedule, longest), packing, shape)

    @property
    def batch(self) -> int:
        return self.shape[1] * self.shape[2]

    @property
    def steps(self) -> int:
        return -(-self.packing.sequences // self.batch)

    @property
    def tokens(self) -> int:
        return self.schedule.epochs * self.rows.total_tokens

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the run, but for the steps of a call, which change nothing."""
        schedule = {name: value for name, value in asdict(self.schedule).items() if name != "steps_per_call"}
        weights = blake2b(np.asarray(self.student.embedding).tobytes(), digest_size=16).hexdigest()
        what = [self.rows.fingerprint(), schedule, self.seed, asdict(self.computing), weights, self.student.depth]
        return blake2b(json.dumps(what).encode(), digest_size=16).hexdigest()

    def chunks_from(self, step: int) -> Iterator[tuple[Packed, int]]:
        return chunks(self.packing.read(step * self.batch), *self.shape)


class _Loop:
    """A run on its way."""

    def __init__(
        self,
        run: _Run,
        began: State,
        reached: Reached,
        path: Path | None,
        until: float | None,
        progress: Callable[[TrainingProgress], None] | None,
    ) -> None:
        self._run, self._state, self._path, self._until, self._tell = run, began, path, until, progress
        self._losses: list[float] = reached.losses.tolist()
        self._resumed_at, self._before = len(reached.losses), reached.seconds
        self._started = self._saved = time.monotonic()

    def to_the_end(self) -> Trained | None:
        run, schedule = self._run, self._run.schedule
        call, self._state = ready_call(schedule, run.computing, self._state, run.shape)
        peak, steps = jnp.array(learning_rate(schedule, run.student.width)), jnp.array(run.steps)
        self._started = self._saved = time.monotonic()
        waiting: tuple[Array, int] | None = None
        for packed, count in prefetched(run.chunks_from(len(self._losses))):
            if self._too_late(count):
                if waiting is not None:
                    self._gather(*waiting)
                    self._save()
                return None
            self._state, latest = call(self._state, on_device(packed), jnp.array(count), peak, steps)
            # The losses of the call before are waited for, so that the device always has a call to go on with.
            if waiting is not None:
                self._gather(*waiting)
            waiting = (latest, count)
            if self._path is not None and time.monotonic() - self._saved > SAVED_EVERY:
                self._gather(*waiting)
                waiting = None
                self._save()
        if waiting is not None:
            self._gather(*waiting)
            self._save()
        return Trained(self._state.student, run.tokens, self._seconds, tuple(self._losses))

    @property
    def _seconds(self) -> float:
        return self._before + time.monotonic() - self._started

    def _too_late(self, steps: int) -> bool:
        """Whether `steps` more would probably end after the moment to stop; a call is on its way meanwhile."""
        if self._until is None:
            return False
        now, done = time.monotonic(), len(self._losses) - self._resumed_at
        return done > 0 and now + 2 * steps * (now - self._started) / done >= self._until

    def _gather(self, latest: Array, count: int) -> None:
        losses = np.asarray(latest)[:count].tolist()
        self._losses += losses
        if self._tell is not None:
            run, done = self._run, len(self._losses)
            tokens = run.tokens * done // run.steps
            mean = float(np.mean(losses))
            self._tell(TrainingProgress(done, run.steps, tokens, run.tokens, mean, self._seconds))

    def _save(self) -> None:
        if self._path is not None:
            reached = Reached(np.array(self._losses, dtype=np.float32), self._seconds)
            save_state(self._path, self._state, reached, self._run.fingerprint)
            self._saved = time.monotonic()
