"""Training a student: AdamW with warm-up, a cosine and gradient clipping, on packed rows (paper section 3.1).

What lives here: the schedule and the loop. The step is compiled once a size: the steps of a call, the length of the
schedule and the peak rate are arguments, so all budgets of a size share one program.
The paper fine-tunes large models (rate 1e-5, batch 512); these start from nothing, so rate and batch are our choice.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array

from synth_assets.students.model import Decoder, logits_of
from synth_assets.students.packing import Packed, chunks, pack, training_order
from synth_assets.students.profiles import Schedule
from synth_assets.students.tokenizer import EncodedRow


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


Batches = tuple[Array, Array, Array, Array, Array]
"""The arrays of packing.Packed, in its order."""

Call = Callable[["_State", Batches, Array, Array, Array], tuple["_State", Array]]
"""State, batches [steps, batch, time], how many of them to take, peak rate and steps of the schedule, to the new state
and the loss of each step."""

_COMPILING = threading.Lock()
"""Runs in several threads would otherwise compile the same program at once."""


class _State(eqx.Module):
    student: Decoder
    optimiser: optax.OptState
    step: Array


def learning_rate(schedule: Schedule, width: int) -> float:
    """Peak learning rate by width: `peak_rate` x sqrt(32 / width), for wider layers bear smaller steps (we choose)."""
    return float(schedule.peak_rate * (32 / width) ** 0.5)


def rate_at(schedule: Schedule, peak: Array, step: Array, steps: Array) -> Array:
    """Learning rate of a step (from 0) of `steps`: linear warm-up, then a cosine from `peak` to its final share."""
    warm_up = jnp.maximum(1.0, schedule.warm_up * steps)
    past = jnp.clip((step + 1 - warm_up) / jnp.maximum(1.0, steps - warm_up), 0.0, 1.0)
    cosine = schedule.final_share + (1 - schedule.final_share) * 0.5 * (1 + jnp.cos(jnp.pi * past))
    return peak * jnp.minimum((step + 1) / warm_up, cosine)


def train(
    student: Decoder,
    rows: Sequence[EncodedRow],
    schedule: Schedule,
    seed: int,
    progress: Callable[[TrainingProgress], None] | None = None,
) -> Trained:
    """Train `student` on `rows` by `schedule`; `seed` sets the order of the rows.

    Raises ValueError for a row longer than the schedule's sequences. The same arguments give the same weights, bit for
    bit, on the same machine.
    """
    if not rows:
        return Trained(student, 0, 0.0, ())
    order = training_order(len(rows), schedule.epochs, seed)
    packed = pack([rows[number] for number in order], schedule.sequence_length)
    steps = -(-len(packed.tokens) // schedule.batch_sequences)
    tokens = schedule.epochs * sum(row.tokens for row in rows)
    optimiser = _optimiser(schedule).init(eqx.filter(student, eqx.is_array))
    state = _State(student, optimiser, jnp.array(0))
    call = _compiled_call(_programmed(schedule))
    peak, total = jnp.array(learning_rate(schedule, student.width)), jnp.array(steps)
    # A call of no steps compiles the program where that has not been done: compiling is not part of the speed.
    with _COMPILING:
        call(state, on_device(_empty_batches(schedule)), jnp.array(0), peak, total)
    losses: list[float] = []
    started = time.perf_counter()
    for batches, count in chunks(packed, schedule.batch_sequences, schedule.steps_per_call):
        state, latest = call(state, on_device(batches), jnp.array(count), peak, total)
        losses += np.asarray(latest)[:count].tolist()
        if progress is not None:
            done = tokens * len(losses) // steps
            elapsed = time.perf_counter() - started
            progress(TrainingProgress(len(losses), steps, done, tokens, float(np.mean(losses[-count:])), elapsed))
    return Trained(state.student, tokens, time.perf_counter() - started, tuple(losses))


def on_device(packed: Packed) -> Batches:
    """The arrays of `packed` as JAX arrays."""
    tokens, targets, segments, positions, weights = (jnp.asarray(array) for array in packed.arrays())
    return tokens, targets, segments, positions, weights


def answer_loss_sum(student: Decoder, batch: Batches) -> Array:
    """Sum over a packed batch's answer tokens of their cross-entropy, in nats; arrays [batch, time]."""
    tokens, targets, segments, positions, weights = batch
    logits = logits_of(student, tokens, segments, positions).astype(jnp.float32)
    return jnp.sum(optax.softmax_cross_entropy_with_integer_labels(logits, targets) * weights)


def _optimiser(schedule: Schedule) -> optax.GradientTransformation:
    """AdamW but for the learning rate; norms do not decay."""
    return optax.chain(
        optax.clip_by_global_norm(schedule.clip_norm),
        optax.scale_by_adam(b1=0.9, b2=0.95),
        optax.add_decayed_weights(schedule.weight_decay, mask=_decays),
    )


def _decays(student: Decoder) -> Decoder:
    """Which weights decay: all but the norms."""
    decays: Decoder = eqx.tree_at(
        lambda tree: (tree.layers.attention_norm, tree.layers.feed_norm, tree.final_norm),
        jax.tree.map(lambda _: True, student),
        (False, False, False),
    )
    return decays


def _empty_batches(schedule: Schedule) -> Packed:
    shape = (schedule.steps_per_call, schedule.batch_sequences, schedule.sequence_length)
    return Packed(*(np.zeros(shape, dtype=np.int32) for _ in range(5)))


def _programmed(schedule: Schedule) -> Schedule:
    """`schedule` with the settings set to defaults that are arguments or shapes: equal ones share one program."""
    arguments = ("peak_rate", "epochs", "sequence_length", "batch_sequences", "steps_per_call")
    return replace(schedule, **{name: getattr(Schedule, name) for name in arguments})


@cache
def _compiled_call(schedule: Schedule) -> Call:
    """Several steps as one program, compiled once a shape."""
    optimiser = _optimiser(schedule)

    def mean_loss(student: Decoder, batch: Batches) -> Array:
        return answer_loss_sum(student, batch) / jnp.maximum(1, jnp.sum(batch[-1]))

    def call(state: _State, batches: Batches, count: Array, peak: Array, steps: Array) -> tuple[_State, Array]:
        def take_step(number: Array, carried: tuple[_State, Array]) -> tuple[_State, Array]:
            state, losses = carried
            batch = jax.tree.map(lambda array: array[number], batches)
            loss, gradients = eqx.filter_value_and_grad(mean_loss)(state.student, batch)
            updates, optimiser_state = optimiser.update(gradients, state.optimiser, state.student)
            rate = rate_at(schedule, peak, state.step, steps)
            student = optax.apply_updates(state.student, optax.tree.scale(-rate, updates))
            return _State(student, optimiser_state, state.step + 1), losses.at[number].set(loss)

        start = (state, jnp.zeros(len(batches[0])))
        taken: tuple[_State, Array] = jax.lax.fori_loop(0, count, take_step, start)
        return taken

    compiled: Call = eqx.filter_jit(call)
    return compiled
