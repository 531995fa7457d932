"""The training step: gradients of the answer loss, AdamW with clipping, several steps as one program.

The program is compiled once a shape: which steps of a call are taken, the length of the schedule and the peak rate are
arguments, so all budgets of a size share it.
"""

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import equinox as eqx
import jax
import jax.numpy as jnp
import optax
from jax import Array

from synth_assets.students.losses import Batch, answer_loss_sum
from synth_assets.students.model import Computing, Decoder
from synth_assets.students.packing import Packed
from synth_assets.students.profiles import Schedule
from synth_assets.students.schedules import rate_at


class State(eqx.Module):
    """What a step changes: the student, the optimiser's state, and how many steps have been taken."""

    student: Decoder
    optimiser: optax.OptState
    step: Array


Call = Callable[[State, Batch, Array, Array, Array], tuple[State, Array]]
"""State (its memory is used for the new one), batches [steps, micro-batches, sequences, time], how many steps to take,
peak rate and steps of the schedule, to the new state and the mean loss of each step."""


_COMPILING = threading.Lock()
"""Runs in several threads would otherwise compile the same program at once."""


def first_state(student: Decoder, schedule: Schedule) -> State:
    """The state before the first step; it has its own copy of the student's weights."""
    own: Decoder = jax.tree.map(lambda leaf: jnp.array(leaf, copy=True), student)
    return State(own, _optimiser(schedule).init(own), jnp.array(0))


def on_device(packed: Packed) -> Batch:
    """The arrays of `packed` as JAX arrays."""
    tokens, targets, segments, positions, weights = (jnp.asarray(array) for array in packed.arrays())
    return tokens, targets, segments, positions, weights


def compiled_call(schedule: Schedule, computing: Computing) -> Call:
    """Several steps as one program; what is an argument of it, or the shape of one, makes no other program."""
    arguments = (
        "peak_rate",
        "epochs",
        "sequence_length",
        "batch_sequences",
        "steps_per_call",
        "batch_grows_from",
        "micro_sequences",
        "precision",
        "rematerialise",
    )
    return _compiled_call(replace(schedule, **{name: getattr(Schedule, name) for name in arguments}), computing)


def ready_call(
    schedule: Schedule, computing: Computing, state: State, shape: tuple[int, int, int]
) -> tuple[Call, State]:
    """The call for batches of this shape, compiled, and the state in memory that it may take.

    A call of no steps compiles the program where that has not been done: compiling is not part of the speed.
    """
    call = compiled_call(schedule, computing)
    nothing = on_device(Packed.empty(*shape, schedule.sequence_length))
    with _COMPILING:
        state, _ = call(state, nothing, jnp.array(0), jnp.array(0.0), jnp.array(1))
    return call, state


@cache
def _compiled_call(schedule: Schedule, computing: Computing) -> Call:
    optimiser = _optimiser(schedule)

    def gradients_of(student: Decoder, micro_batches: Batch) -> tuple[Array, Decoder]:
        """Mean loss over the answer tokens of a step, and its gradients, micro-batch by micro-batch."""

        def summed(student: Decoder, batch: Batch) -> Array:
            return answer_loss_sum(student, batch, computing)

        def add(number: Array, total: tuple[Array, Decoder]) -> tuple[Array, Decoder]:
            batch = jax.tree.map(lambda array: array[number], micro_batches)
            added: tuple[Array, Decoder] = jax.tree.map(jnp.add, total, jax.value_and_grad(summed)(student, batch))
            return added

        if len(micro_batches[0]) == 1:
            loss, gradients = jax.value_and_grad(summed)(student, jax.tree.map(lambda array: array[0], micro_batches))
        else:
            nothing = (jnp.array(0.0), jax.tree.map(jnp.zeros_like, student))
            loss, gradients = jax.lax.fori_loop(0, len(micro_batches[0]), add, nothing)
        tokens = jnp.maximum(1, jnp.sum(micro_batches[-1]))
        return loss / tokens, jax.tree.map(lambda gradient: gradient / tokens, gradients)

    def call(state: State, batches: Batch, count: Array, peak: Array, steps: Array) -> tuple[State, Array]:
        def take_step(number: Array, carried: tuple[State, Array]) -> tuple[State, Array]:
            state, losses = carried
            loss, gradients = gradients_of(state.student, jax.tree.map(lambda array: array[number], batches))
            updates, optimiser_state = optimiser.update(gradients, state.optimiser, state.student)
            rate = rate_at(schedule, peak, state.step, steps)
            student = optax.apply_updates(state.student, optax.tree.scale(-rate, updates))
            return State(student, optimiser_state, state.step + 1), losses.at[number].set(loss)

        start = (state, jnp.zeros(len(batches[0])))
        taken: tuple[State, Array] = jax.lax.fori_loop(0, count, take_step, start)
        return taken

    compiled: Call = jax.jit(call, donate_argnums=0)
    return compiled


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
