"""Training a student slice by slice: what the next slice holds may be decided after the one before.

What lives here: one run that goes on over slices, with the step, optimiser and learning rates of `training.py`'s runs.
What a slice holds, and who decides, is `mixtures.py`'s subject.
"""

import jax.numpy as jnp
import numpy as np

from synth_assets.students.encoded import EncodedRows
from synth_assets.students.model import Decoder
from synth_assets.students.packing import Packing, chunks
from synth_assets.students.profiles import Schedule
from synth_assets.students.schedules import computing_of, learning_rate, shape_of
from synth_assets.students.steps import State, first_state, on_device, ready_call


class SlicedTraining:
    """A run of a known number of slices of about `slice_tokens` tokens each, trained on in one pass.

    The learning rate goes by the place in the run: a slice begins at the rate that its number says, whatever was
    drawn before and however well that was packed, so that runs on different rows have the same schedule. The optimiser
    goes on too, and its momentum (0.9 a step) carries a slice's gradients into the next: what a slice of a step or two
    did is seen only later. With one slice it is `training.train` of one epoch. `longest_row`: tokens of the longest row
    that any slice may hold.
    """

    def __init__(self, student: Decoder, schedule: Schedule, slices: int, slice_tokens: int, longest_row: int) -> None:
        self._schedule, self._slices = schedule, slices
        steps_per_call, *of_step = shape_of(schedule, slices * slice_tokens)
        full = -(-slice_tokens // (of_step[0] * of_step[1] * schedule.sequence_length))
        # No more room than a slice needs, with padding: the steps of a call change nothing but the speed.
        self._shape = (min(steps_per_call, full + 1), of_step[0], of_step[1])
        self._peak = jnp.array(learning_rate(schedule, student.width))
        computing = computing_of(schedule, longest_row)
        self._call, self._state = ready_call(schedule, computing, first_state(student, schedule), self._shape)
        self.trained = 0

    @property
    def student(self) -> Decoder:
        """The student as it stands; its memory is used by the next slice."""
        return self._state.student

    def train(self, rows: EncodedRows) -> float:
        """Train on the next slice, its rows in their order: the mean loss of its steps, nats an answer token."""
        packing = Packing(rows, self._schedule.sequence_length)
        own = -(-packing.sequences // (self._shape[1] * self._shape[2]))
        # As if every slice had as many steps as this one: so the place in the schedule is that in the run.
        step, steps = jnp.array(self.trained * own), jnp.array(self._slices * own)
        self._state = State(self._state.student, self._state.optimiser, step)
        losses: list[float] = []
        for packed, count in chunks(packing.read(), *self._shape):
            self._state, latest = self._call(self._state, on_device(packed), jnp.array(count), self._peak, steps)
            losses += np.asarray(latest)[:count].tolist()
        self.trained += 1
        return float(np.mean(losses))
