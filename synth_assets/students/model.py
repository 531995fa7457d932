"""The student: a Llama-style decoder (RMSNorm, rotary positions, SwiGLU, tied embeddings) as an equinox module.

What lives here: initial weights and the forward pass over whole sequences. Decoding token by token is
`decoding.py`'s business; it uses the same layers through `through_layers`. The paper trains Llama 3 (section 3.1).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from synth_assets.students.sizes import StudentSize

ROTARY_BASE = 10_000.0
NORM_EPSILON = 1e-5
_MOST_UNROLLED = 4
"""Up to so many layers are compiled one after another, which runs faster; deeper ones as one loop body."""
_BLOCK = 128
"""Places whose attention is computed together: a power of two as matrix units like it, and small beside a sequence."""


@dataclass(frozen=True)
class Computing:
    """How a forward pass is computed; none of it changes what is meant.

    precision: type of matrices and activations (softmax, norms and loss stay float32). reach: no place sees one further
    back than so many; None where that is not known. rematerialise: see profiles.Schedule.
    """

    precision: str = "float32"
    reach: int | None = None
    rematerialise: bool = False


PLAIN = Computing()
"""In float32, with nothing known about the rows."""


class Layers(eqx.Module):
    """Weights of all layers, stacked along a first axis of length L; matrices are applied as `x @ matrix`.

    attention_norm, feed_norm: [L, width]. query_key_value: [L, width, 3 width], heads one after another in each third.
    attention_output: [L, width, width]. gate_up: [L, width, 2 feed width]. down: [L, feed width, width].
    """

    attention_norm: Array
    query_key_value: Array
    attention_output: Array
    feed_norm: Array
    gate_up: Array
    down: Array


class Decoder(eqx.Module):
    """A student's weights. The embedding [vocabulary, width] is also the output matrix; final_norm is [width]."""

    embedding: Array
    layers: Layers
    final_norm: Array
    heads: int = eqx.field(static=True)

    @property
    def depth(self) -> int:
        """Number of layers."""
        return self.layers.attention_norm.shape[0]

    @property
    def width(self) -> int:
        """Width of the residual stream."""
        return self.embedding.shape[1]

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return sum(leaf.size for leaf in jax.tree.leaves(eqx.filter(self, eqx.is_array)))


Attention = Callable[[Array, Array, Array, Any], tuple[Array, Any]]
"""From query, key, value ([batch, time, heads, head width] each) and what a layer keeps: context and what it keeps."""


def initial_student(size: StudentSize, vocabulary: int, seed: int) -> Decoder:
    """Random weights: normal, standard deviation 1/sqrt(inputs), residual outputs also divided by sqrt(2 layers)."""
    depth, width, feed = size.layers, size.width, size.feed_width
    # NumPy's generator: JAX's would compile a program for each shape, which takes longer than a short training run.
    generator = np.random.default_rng(seed)
    residual = (2 * depth) ** -0.5

    def normal(*shape: int, scale: float) -> Array:
        return jnp.asarray(generator.standard_normal(shape, dtype=np.float32) * np.float32(scale))

    layers = Layers(
        attention_norm=jnp.asarray(np.ones((depth, width), dtype=np.float32)),
        query_key_value=normal(depth, width, 3 * width, scale=width**-0.5),
        attention_output=normal(depth, width, width, scale=width**-0.5 * residual),
        feed_norm=jnp.asarray(np.ones((depth, width), dtype=np.float32)),
        gate_up=normal(depth, width, 2 * feed, scale=width**-0.5),
        down=normal(depth, feed, width, scale=feed**-0.5 * residual),
    )
    embedding = normal(vocabulary, width, scale=width**-0.5)
    return Decoder(embedding, layers, jnp.asarray(np.ones(width, dtype=np.float32)), size.heads)


def reach_of(longest_row: int, sequence_length: int) -> int:
    """How far back a place may have to look where rows have at most `longest_row` tokens: a multiple of the block.

    Coarse, so that a few more rows seldom mean another compilation.
    """
    return min(-(-max(1, longest_row - 2) // _BLOCK) * _BLOCK, sequence_length)


def cast(student: Decoder, precision: str) -> Decoder:
    """The student with the matrices of its layers in `precision`; activations follow them.

    Norms stay as they are, and the embedding, where many gradients add up in one row: it is converted where it is read.
    """
    layers = student.layers
    converted = Layers(
        attention_norm=layers.attention_norm,
        query_key_value=layers.query_key_value.astype(precision),
        attention_output=layers.attention_output.astype(precision),
        feed_norm=layers.feed_norm,
        gate_up=layers.gate_up.astype(precision),
        down=layers.down.astype(precision),
    )
    return Decoder(student.embedding, converted, student.final_norm, student.heads)


def logits_of(
    student: Decoder, tokens: Array, segments: Array, positions: Array, computing: Computing = PLAIN
) -> Array:
    """Logits [batch, time, vocabulary] of the next token at each place, from whole numbers [batch, time].

    A place sees itself and the earlier ones of its own segment only.
    """
    return logits_from(student, hidden_of(student, tokens, segments, positions, computing))


def hidden_of(student: Decoder, tokens: Array, segments: Array, positions: Array, computing: Computing) -> Array:
    """Hidden states [batch, time, width] after the last layer."""

    def attend(query: Array, key: Array, value: Array, kept: None) -> tuple[Array, None]:
        return packed_attention(query, key, value, segments, computing.reach), None

    return through_layers(student, tokens, positions, attend, None, computing.rematerialise)[0]


def packed_attention(query: Array, key: Array, value: Array, segments: Array, reach: int | None = None) -> Array:
    """Attention of each place to itself and the earlier places of its segment.

    query, key, value: [batch, time, heads, head width]; segments: [batch, time]. Returns the context, shaped likewise.

    Block by block, each with the places up to its end and, where no segment is longer than `reach`, from so many back:
    what no place of the block can see is never computed.
    """
    time = query.shape[1]
    # Heads first once, not for every block: a product over heads wants its arrays so.
    query, key, value = (jnp.swapaxes(array, 1, 2) for array in (query, key, value))
    contexts = []
    for first in range(0, time, _BLOCK):
        last = min(first + _BLOCK, time)
        seen = slice(0 if reach is None else max(0, first - reach), last)
        here = jnp.arange(first, last)[:, None] >= jnp.arange(seen.start, last)[None]
        mask = (segments[:, first:last, None] == segments[:, None, seen]) & here
        contexts.append(_attention_of_heads(query[:, :, first:last], key[:, :, seen], value[:, :, seen], mask[:, None]))
    return jnp.swapaxes(jnp.concatenate(contexts, axis=2), 1, 2)


def causal_mask(segments: Array) -> Array:
    """Which places (last axis) each place (third axis) sees: itself and earlier ones of its own segment.

    From segments [batch, time] to truth values [batch, 1, time, time].
    """
    length = segments.shape[1]
    earlier = jnp.tril(jnp.ones((length, length), dtype=bool))
    same = segments[:, :, None] == segments[:, None, :]
    return (same & earlier)[:, None]


def attention(query: Array, key: Array, value: Array, mask: Array) -> Array:
    """Softmax attention over the places the mask allows; a place must see at least one.

    query: [batch, time, heads, head width]. key, value: [batch, seen, heads, head width]. mask: [batch, 1, time, seen].
    Returns the context, shaped like query.
    """
    query, key, value = (jnp.swapaxes(array, 1, 2) for array in (query, key, value))
    return jnp.swapaxes(_attention_of_heads(query, key, value, mask), 1, 2)


def _attention_of_heads(query: Array, key: Array, value: Array, mask: Array) -> Array:
    """`attention` of arrays [batch, heads, time, head width].

    Written out because it trains the small students up to twice as fast on a CPU as `jax.nn.dot_product_attention`:
    the weights are normalised after the sum over values, which touches the largest array less often.
    """
    scaled = query * query.shape[-1] ** -0.5
    scores = jnp.einsum("bhtd,bhsd->bhts", scaled, key, preferred_element_type=jnp.float32)
    scores = jnp.where(mask, scores, float(np.finfo(np.float32).min))
    weights = jnp.exp(scores - jax.lax.stop_gradient(scores.max(axis=-1, keepdims=True)))
    context = jnp.einsum("bhts,bhsd->bhtd", weights.astype(value.dtype), value, preferred_element_type=jnp.float32)
    return (context / weights.sum(axis=-1, keepdims=True)).astype(value.dtype)


def through_layers(
    student: Decoder, tokens: Array, positions: Array, attend: Attention, kept: Any, rematerialise: bool = False
) -> tuple[Array, Any]:
    """Hidden states [batch, time, width] after the last layer, and what `attend` kept of each layer, stacked.

    `kept` goes to `attend` layer by layer (its arrays have a first axis of length L), or is None.
    """
    cosine, sine = _rotation(positions, student.width // student.heads)

    def layer_step(hidden: Array, at_layer: tuple[Layers, Any]) -> tuple[Array, Any]:
        layer, kept_here = at_layer
        projected = rms_norm(hidden, layer.attention_norm) @ layer.query_key_value
        query, key, value = jnp.split(projected.reshape(*hidden.shape[:2], 3 * student.heads, -1), 3, axis=2)
        context, kept_here = attend(_rotated(query, cosine, sine), _rotated(key, cosine, sine), value, kept_here)
        hidden = hidden + context.reshape(hidden.shape) @ layer.attention_output
        gate, up = jnp.split(rms_norm(hidden, layer.feed_norm) @ layer.gate_up, 2, axis=-1)
        return hidden + (jax.nn.silu(gate) * up) @ layer.down, kept_here

    step = jax.checkpoint(layer_step) if rematerialise else layer_step
    hidden = student.embedding[tokens].astype(student.layers.down.dtype)
    if student.depth > _MOST_UNROLLED:
        return jax.lax.scan(step, hidden, (student.layers, kept))
    kept_by_layer = []
    for at_layer in _by_layer((student.layers, kept), student.depth):
        hidden, kept_here = step(hidden, at_layer)
        kept_by_layer.append(kept_here)
    return hidden, jax.tree.map(lambda *leaves: jnp.stack(leaves), *kept_by_layer)


def _by_layer(stacked: Any, depth: int) -> list[Any]:
    """What is stacked along a first axis, layer by layer: unlike slices, whose gradients would be added up in full."""
    leaves, structure = jax.tree.flatten(stacked)
    cut = [jax.lax.split(leaf, (1,) * depth, axis=0) for leaf in leaves]
    return [jax.tree.unflatten(structure, [leaf[0] for leaf in layer]) for layer in zip(*cut, strict=True)]


def logits_from(student: Decoder, hidden: Array) -> Array:
    """Logits [..., vocabulary], float32, from hidden states [..., width] after the last layer."""
    normed = rms_norm(hidden, student.final_norm)
    return jnp.matmul(normed, student.embedding.T.astype(normed.dtype), preferred_element_type=jnp.float32)


def rms_norm(hidden: Array, weight: Array) -> Array:
    """Root-mean-square normalisation of the last axis, computed in float32."""
    wide = hidden.astype(jnp.float32)
    scale = jax.lax.rsqrt(jnp.mean(jnp.square(wide), axis=-1, keepdims=True) + NORM_EPSILON)
    return (wide * scale * weight).astype(hidden.dtype)


def _rotation(positions: Array, head_width: int) -> tuple[Array, Array]:
    """Cosine and sine, [batch, time, 1, head width / 2], of each position's angles."""
    frequencies = ROTARY_BASE ** (-jnp.arange(0, head_width, 2) / head_width)
    angles = positions[:, :, None, None] * frequencies
    return jnp.cos(angles), jnp.sin(angles)


def _rotated(heads: Array, cosine: Array, sine: Array) -> Array:
    """Rotary positions with the halves of each head paired (the Hugging Face convention, not neighbouring pairs)."""
    first, second = jnp.split(heads, 2, axis=-1)
    turned = jnp.concatenate([first * cosine - second * sine, second * cosine + first * sine], axis=-1)
    return turned.astype(heads.dtype)
