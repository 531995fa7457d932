"""The rules of a training run: learning rate by width and step, batch by tokens, precision by device.

Rate and batch are our choice: the paper fine-tunes large models (1e-5, 512); these start from nothing.
"""

import math

import jax
import jax.numpy as jnp
from jax import Array

from synth_assets.students.model import Computing, reach_of
from synth_assets.students.profiles import Schedule


def learning_rate(schedule: Schedule, width: int) -> float:
    """Peak learning rate by width: `peak_rate` x sqrt(32 / width), for wider layers bear smaller steps.

    We choose the root. With `peak_rate` 0.004 it is 1.8 times the rate that Kaplan et al. 2020 (appendix D.6) fitted
    to the number of parameters at student-166k, 1.5 times at student-1m and 1.2 times at student-100m (0.0008). The
    inverse of the width, as muP has it, would be a fifth of that at the largest: it belongs to muP's initial weights.
    """
    return float(schedule.peak_rate * (32 / width) ** 0.5)


def rate_at(schedule: Schedule, peak: Array, step: Array, steps: Array) -> Array:
    """Learning rate of a step (from 0) of `steps`: linear warm-up, then from `peak` down to its final share."""
    warm_up = jnp.maximum(1.0, schedule.warm_up * steps)
    past = jnp.clip((step + 1 - warm_up) / jnp.maximum(1.0, steps - warm_up), 0.0, 1.0)
    left = 1 - past if schedule.decay == "linear" else 0.5 * (1 + jnp.cos(jnp.pi * past))
    return peak * jnp.minimum((step + 1) / warm_up, schedule.final_share + (1 - schedule.final_share) * left)


def batch_of(schedule: Schedule, trained_tokens: int) -> int:
    """Sequences a step, for a run over so many tokens (every epoch counted).

    `batch_sequences`, and twice as many whenever the tokens are four times `batch_grows_from`: the batch beyond which
    steps are wasted grows as the root of the tokens, whatever the model's size (Zhang et al. 2024, "How does critical
    batch size scale in pre-training?").
    """
    if schedule.batch_grows_from is None or trained_tokens <= schedule.batch_grows_from:
        return schedule.batch_sequences
    return schedule.batch_sequences << int(math.log(trained_tokens / schedule.batch_grows_from, 4))


def shape_of(schedule: Schedule, trained_tokens: int) -> tuple[int, int, int]:
    """Of a run over so many tokens: steps of a call, micro-batches of a step, sequences of a micro-batch.

    Raises ValueError for a batch that its micro-batches do not make up.
    """
    batch = batch_of(schedule, trained_tokens)
    micro = min(schedule.micro_sequences or batch, batch)
    if batch % micro:
        raise ValueError(f"a batch of {batch} sequences is not made of micro-batches of {micro}")
    return schedule.steps_per_call, batch // micro, micro


def computing_of(schedule: Schedule, longest_row: int) -> Computing:
    """How rows of at most `longest_row` tokens are trained on here."""
    reach = reach_of(longest_row, schedule.sequence_length)
    return Computing(precision_of(schedule), reach, schedule.rematerialise)


def precision_of(schedule: Schedule) -> str:
    """The type of matrices and activations on this machine."""
    if schedule.precision == "auto":
        return "bfloat16" if jax.default_backend() == "gpu" else "float32"
    return schedule.precision
