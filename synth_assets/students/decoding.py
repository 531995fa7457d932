"""Greedy decoding with a key-value cache, in batches of a few shapes, sorted by length.

Prompts are padded on the left, so that all rows of a batch write to the same place of the cache at each step. A batch
ends when all its rows have ended: answers of like length are best decoded together.
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

_NARROWEST, _ANSWER_STEP = 64, 16
"""Prompts are padded to 64 tokens, 128, 256 and so on, answers to a multiple of 16: so few programs are compiled."""


_Cache = tuple[Array, Array]
"""Keys and values, [layers, batch, width + steps, heads, head width] each; within a layer, without the first axis."""
_Carried = tuple[Array, Array, Array, Array, _Cache]
"""Step, the token to be written, which rows have ended, tokens written, cache."""


def greedy_answers(
    student: Decoder,
    prompts: Sequence[NDArray[np.int32]],
    longest_answer: int,
    batch: int,
    expected: Sequence[int] | None = None,
) -> list[list[int]]:
    """The most likely token after token for each prompt, up to `</s>` (left out) or about `longest_answer` tokens.

    `batch` prompts are decoded at a time; the limit is `longest_answer` rounded up to a multiple of 16. `expected`: how
    long each answer will probably be, which decides who is decoded together and changes no answer.
    """
    steps = -(-longest_answer // _ANSWER_STEP) * _ANSWER_STEP
    lengths = expected if expected is not None else [0] * len(prompts)
    by_length = sorted(range(len(prompts)), key=lambda place: (_width(prompts[place]), lengths[place]))
    answers: list[list[int]] = [[] for _ in prompts]
    for start in range(0, len(by_length), batch):
        held = by_length[start : start + batch]
        written = _decode_batch(student, [prompts[place] for place in held], batch, steps)
        for place, row in zip(held, written, strict=True):
            answers[place] = _until_end(row.tolist())
    return answers


def _decode_batch(student: Decoder, prompts: list[NDArray[np.int32]], batch: int, steps: int) -> NDArray[np.int32]:
    """Tokens [prompts, steps] written after the prompts."""
    width = max(_width(prompt) for prompt in prompts)
    # The last batch is filled with copies of its last prompt: unlike padding, they end when it ends.
    padded = np.full((batch, width), PAD_ID, dtype=np.int32)
    lengths = np.empty(batch, dtype=np.int32)
    for row, prompt in enumerate(prompts + [prompts[-1]] * (batch - len(prompts))):
        padded[row, width - len(prompt) :] = prompt
        lengths[row] = len(prompt)
    written: NDArray[np.int32] = np.asarray(_decode(student, jnp.asarray(padded), jnp.asarray(lengths), steps))
    return written[: len(prompts)]


def _width(prompt: NDArray[np.int32]) -> int:
    return max(_NARROWEST, 1 << (len(prompt) - 1).bit_length())


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
