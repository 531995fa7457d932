"""The loss: cross-entropy of answer tokens, whose logits alone are computed, a few hundred at a time.

What students learn is written in the answers, so a question's tokens have no loss; most of the cost of a small student
is its logits over the vocabulary. Value and gradients come out of one loop over the answer tokens: the logits of all
places never exist together.
"""

import jax
import jax.numpy as jnp
from jax import Array

from synth_assets.students.model import PLAIN, Computing, Decoder, cast, hidden_of, rms_norm

Batch = tuple[Array, Array, Array, Array, Array]
"""The arrays of packing.Packed, in its order."""

_Gradients = tuple[Array, Array]

_AT_ONCE_ON_CPU, _AT_ONCE = 128, 8192
"""Places whose logits are computed together: on a CPU so few that they stay in its cache."""


def answer_loss_sum(student: Decoder, batch: Batch, computing: Computing = PLAIN) -> Array:
    """Sum over a packed batch's answer tokens of their cross-entropy, in nats; arrays [batch, time]."""
    tokens, targets, segments, positions, weights = batch
    hidden = hidden_of(cast(student, computing.precision), tokens, segments, positions, computing)
    normed = rms_norm(hidden, student.final_norm)
    return cross_entropy_sum(normed.reshape(-1, student.width), student.embedding, targets.ravel(), weights.ravel())


@jax.custom_vjp
def cross_entropy_sum(hidden: Array, embedding: Array, targets: Array, weights: Array) -> Array:
    """Sum of the cross-entropy at the places of weight 1, in float32; weights are whole numbers, 0 or 1.

    hidden: [places, width]. embedding: [vocabulary, width]. targets, weights: [places].
    """
    return _loss_and_gradients(hidden, embedding, targets, weights)[0]


def _loss_and_gradients(
    hidden: Array, embedding: Array, targets: Array, weights: Array
) -> tuple[Array, tuple[_Gradients, Array, Array]]:
    places, width = hidden.shape
    at_once = min(_AT_ONCE_ON_CPU if jax.default_backend() == "cpu" else _AT_ONCE, places)
    room = -(-places // at_once) * at_once
    weighed = weights.sum()
    # The places of weight 1 first, in order, then the others: where each goes, and who comes there.
    goes = jnp.where(weights > 0, jnp.cumsum(weights) - 1, weighed + jnp.cumsum(1 - weights) - 1)
    comes = jnp.zeros(room, dtype=goes.dtype).at[goes].set(jnp.arange(places, dtype=goes.dtype), unique_indices=True)
    given, wanted = hidden[comes], targets[comes]
    matrix = embedding.astype(hidden.dtype)
    vocabulary = jnp.arange(len(embedding))

    def add_some(number: Array, carried: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        loss, of_hidden, of_embedding = carried
        first = number * at_once
        here = jax.lax.dynamic_slice(given, (first, 0), (at_once, width))
        target = jax.lax.dynamic_slice(wanted, (first,), (at_once,))[:, None]
        counts = (first + jnp.arange(at_once) < weighed)[:, None]
        logits = jnp.matmul(here, matrix.T, preferred_element_type=jnp.float32)
        largest = logits.max(axis=-1, keepdims=True)
        powers = jnp.exp(logits - largest)
        total = powers.sum(axis=-1, keepdims=True)
        right = jnp.take_along_axis(logits, target, axis=-1)
        loss += jnp.sum(jnp.where(counts, jnp.log(total) + largest - right, 0.0))
        gradient = powers * jnp.where(counts, 1 / total, 0.0) - jnp.where((vocabulary == target) & counts, 1.0, 0.0)
        gradient = gradient.astype(hidden.dtype)
        of_here = jnp.matmul(gradient, matrix, preferred_element_type=jnp.float32).astype(hidden.dtype)
        of_hidden = jax.lax.dynamic_update_slice(of_hidden, of_here, (first, 0))
        return loss, of_hidden, of_embedding + jnp.matmul(gradient.T, here, preferred_element_type=jnp.float32)

    start = (jnp.array(0.0), jnp.zeros((room, width), hidden.dtype), jnp.zeros(embedding.shape, jnp.float32))
    loss, of_hidden, of_embedding = jax.lax.fori_loop(0, -(-weighed // at_once), add_some, start)
    return loss, ((of_hidden[goes], of_embedding), targets, weights)


def _scaled(kept: tuple[_Gradients, Array, Array], scale: Array) -> tuple[Array, Array, None, None]:
    (of_hidden, of_embedding), _, _ = kept
    return (of_hidden * scale).astype(of_hidden.dtype), of_embedding * scale, None, None


cross_entropy_sum.defvjp(_loss_and_gradients, _scaled)
