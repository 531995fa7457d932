"""The answer loss of each question by itself, where `evaluation.py` gives the mean over all answer tokens."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from synth_assets.students.encoded import EncodedRows
from synth_assets.students.losses import Batch
from synth_assets.students.model import Computing, Decoder, cast, hidden_of, rms_norm
from synth_assets.students.packing import Packed
from synth_assets.students.profiles import Schedule
from synth_assets.students.schedules import precision_of
from synth_assets.students.steps import on_device

_AT_ONCE = 32
"""Questions of a batch: their logits over the vocabulary are in memory together."""


def question_losses(student: Decoder, rows: EncodedRows, schedule: Schedule) -> NDArray[np.float64]:
    """Mean cross-entropy of each row's answer tokens, its end marker counted, in nats a token; [rows]."""
    computing = Computing(precision_of(schedule))
    longest = int(rows.lengths.max()) - 1
    found = [
        np.asarray(_losses(student, _batch(rows[first : first + _AT_ONCE], longest), computing))
        for first in range(0, len(rows), _AT_ONCE)
    ]
    return np.concatenate(found)[: len(rows)].astype(np.float64)


def _batch(rows: EncodedRows, longest: int) -> Batch:
    """Arrays [_AT_ONCE, longest]: a sequence a row; a batch that is not full ends in padding."""
    packed = Packed.empty(_AT_ONCE, longest)
    for place, row in enumerate(rows):
        tokens = np.concatenate([row.prompt, row.answer])
        read = slice(0, len(tokens) - 1)
        packed.tokens[place, read], packed.targets[place, read] = tokens[:-1], tokens[1:]
        packed.segments[place, read], packed.positions[place, read] = 1, np.arange(len(tokens) - 1)
        packed.weights[place, len(row.prompt) - 1 : len(tokens) - 1] = 1
    return on_device(packed)


@partial(jax.jit, static_argnames="computing")
def _losses(student: Decoder, batch: Batch, computing: Computing) -> Array:
    tokens, targets, segments, positions, weights = batch
    hidden = hidden_of(cast(student, computing.precision), tokens, segments, positions, computing)
    normed = rms_norm(hidden, student.final_norm)
    logits = jnp.matmul(normed, student.embedding.T.astype(normed.dtype), preferred_element_type=jnp.float32)
    right = jnp.take_along_axis(jax.nn.log_softmax(logits), targets[..., None], axis=-1)[..., 0]
    losses: Array = -(right * weights).sum(axis=-1) / jnp.maximum(weights.sum(axis=-1), 1)
    return losses
