"""Greedy decoding with a key-value cache, in batches of one shape.

Prompts are padded on the left, so that all rows of a batch write to the same place of the cache at each step.
"""

from collections.abc import Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from synth_assets.students.model import Decoder, attention, causal_mask, logits_from, through_layers
from synth_assets.students.tokenizer import END_ID, PAD_ID

_PROMPT_STEP, _ANSWER_STEP = 32, 16
"""Lengths are rounded up to multiples of these, so that a few more rows seldom mean another compilation."""


_Cache = tuple[Array, Array]
"""Keys and values, [layers, batch, width + steps, heads, head width] each; within a layer, without the first axis."""
_Carried = tuple[Array, Array, Array, Array, _Cache]
"""Step, the token to be written, which rows have ended, tokens written, cache."""


def greedy_answers(
    student: Decoder, prompts: Sequence[NDArray[np.int32]], longest_answer: int, batch: int
) -> list[list[int]]:
    """The most likely token after token for each prompt, up to `</s>` (left out) or about `longest_answer` tokens.

    `batch` prompts are decoded at a time; the limit is `longest_answer` rounded up to a multiple of 16.
    """
    if not prompts:
        return []
    width = _rounded(max(len(prompt) for prompt in prompts), _PROMPT_STEP)
    steps = _rounded(longest_answer, _ANSWER_STEP)
    answers: list[list[int]] = []
    for start in range(0, len(prompts), batch):
        held = list(prompts[start : start + batch])
        # The last batch is filled with copies of its last prompt: unlike padding, they end when it ends.
        padded = np.full((batch, width), PAD_ID, dtype=np.int32)
        lengths = np.empty(batch, dtype=np.int32)
        for row, prompt in enumerate(held + [held[-1]] * (batch - len(held))):
            padded[row, width - len(prompt) :] = prompt
            lengths[row] = len(prompt)
        written = np.asarray(_decode(student, jnp.asarray(padded), jnp.asarray(lengths), steps))[: len(held)]
        answers += [_until_end(row.tolist()) for row in written]
    return answers


def _rounded(length: int, step: int) -> int:
    return -(-length // step) * step


def _until_end(tokens: list[int]) -> list[int]:
    return tokens[: tokens.index(END_ID)] if END_ID in tokens else tokens


@eqx.filter_jit
def _decode(student: Decoder, prompts: Array, lengths: Array, steps: int) -> Array:
    """Tokens [batch, steps] written after left-padded prompts [batch, width]; past `</s>` they mean nothing."""
    batch, width = prompts.shape
    places = jnp.arange(width + steps)
    padding = width - lengths
    token, cache = _read_prompts(student, prompts, padding, steps)

    def goes_on(carried: _Carried) -> Array:
        return (carried[0] < steps) & ~jnp.all(carried[2])

    def write_token(carried: _Carried) -> _Carried:
        step, token, ended, written, cache = carried
        place = width + step
        seen = ((places >= padding[:, None]) & (places <= place))[:, None, None]

        def attend(query: Array, key: Array, value: Array, kept: _Cache) -> tuple[Array, _Cache]:
            keys = jax.lax.dynamic_update_slice_in_dim(kept[0], key, place, axis=1)
            values = jax.lax.dynamic_update_slice_in_dim(kept[1], value, place, axis=1)
            return attention(query, keys, values, seen), (keys, values)

        positions = (lengths + step)[:, None]
        hidden, cache = through_layers(student, token[:, None], positions, attend, cache)
        following = jnp.argmax(logits_from(student, hidden[:, 0]), axis=-1).astype(jnp.int32)
        return step + 1, following, ended | (token == END_ID), written.at[:, step].set(token), cache

    nothing = jnp.full((batch, steps), END_ID, dtype=jnp.int32)
    start = (jnp.array(0), token, jnp.zeros(batch, dtype=bool), nothing, cache)
    ended: _Carried = jax.lax.while_loop(goes_on, write_token, start)
    return ended[3]


def _read_prompts(student: Decoder, prompts: Array, padding: Array, steps: int) -> tuple[Array, _Cache]:
    """The first token to be written, and the cache of the prompts, with room for `steps` more places."""
    positions = jnp.arange(prompts.shape[1]) - padding[:, None]
    mask = causal_mask((positions >= 0).astype(jnp.int32))
    room = ((0, 0), (0, steps), (0, 0), (0, 0))

    def attend(query: Array, key: Array, value: Array, kept: None) -> tuple[Array, _Cache]:
        return attention(query, key, value, mask), (jnp.pad(key, room), jnp.pad(value, room))

    hidden, cache = through_layers(student, prompts, jnp.maximum(positions, 0), attend, None)
    return jnp.argmax(logits_from(student, hidden[:, -1]), axis=-1).astype(jnp.int32), cache
