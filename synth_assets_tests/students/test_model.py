"""The student sees the past of its own segment and nothing else, and decodes what its logits say."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from synth_assets.students.decoding import greedy_answers
from synth_assets.students.model import (
    Decoder,
    attention,
    causal_mask,
    initial_student,
    logits_of,
    packed_attention,
    reach_of,
)
from synth_assets.students.sizes import STUDENT_SIZES, StudentSize
from synth_assets.students.tokenizer import END_ID

VOCABULARY = 40
TINY = StudentSize("tiny", layers=2, width=16, heads=2, feed_width=24)
DEEP = StudentSize("deep", layers=6, width=8, heads=1, feed_width=8)


@pytest.fixture(scope="module")
def student() -> Decoder:
    # Larger weights than training starts from: logits far apart, so that a wrong mask cannot hide in rounding.
    doubled: Decoder = jax.tree.map(lambda leaf: leaf * 2, initial_student(TINY, VOCABULARY, seed=3))
    return doubled


def whole_logits(student: Decoder, tokens: list[int]) -> np.ndarray:
    """Logits [time, vocabulary] of one row on its own."""
    row = jnp.array([tokens])
    return np.asarray(logits_of(student, row, jnp.ones_like(row), jnp.arange(len(tokens))[None])[0])


SMALL = [size for size in STUDENT_SIZES.values() if size.width <= 256]


@pytest.mark.parametrize("size", [*SMALL, TINY, DEEP], ids=lambda size: size.name)
def test_sizes_count_their_parameters(size: StudentSize) -> None:
    assert initial_student(size, VOCABULARY, seed=0).parameters == size.parameters(VOCABULARY)


def test_the_named_sizes_are_what_their_names_say() -> None:
    for size in STUDENT_SIZES.values():
        number, unit = size.name.removeprefix("student-")[:-1], {"k": 1e3, "m": 1e6}[size.name[-1]]
        assert abs(size.parameters(1024) / unit - int(number)) < 1
        assert size.width % size.heads == 0 and (size.width // size.heads) % 2 == 0
        assert size.width < 128 or size.width % 64 == size.feed_width % 64 == 0


def test_a_later_token_leaves_earlier_logits_as_they_were(student: Decoder) -> None:
    before = whole_logits(student, [5, 6, 7, 8, 9, 10])
    after = whole_logits(student, [5, 6, 7, 30, 31, 32])
    np.testing.assert_array_equal(before[:3], after[:3])
    assert np.abs(before[3:] - after[3:]).max(axis=1).min() > 0.01


def test_the_order_of_earlier_tokens_matters(student: Decoder) -> None:
    assert np.abs(whole_logits(student, [5, 6, 7])[-1] - whole_logits(student, [6, 5, 7])[-1]).max() > 0.01


@pytest.mark.parametrize("size", [TINY, DEEP], ids=lambda size: size.name)
def test_packed_segments_do_not_see_each_other(size: StudentSize) -> None:
    student = initial_student(size, VOCABULARY, seed=5)
    first, second = [5, 6, 7, 8], [9, 10, 11]
    packed = logits_of(
        student,
        jnp.array([first + second + [0]]),
        jnp.array([[1] * 4 + [2] * 3 + [0]]),
        jnp.array([[0, 1, 2, 3, 0, 1, 2, 0]]),
    )[0]
    np.testing.assert_allclose(packed[:4], whole_logits(student, first), atol=1e-5)
    np.testing.assert_allclose(packed[4:7], whole_logits(student, second), atol=1e-5)
    assert bool(jnp.isfinite(packed).all())


def test_attention_agrees_with_the_library() -> None:
    query, key, value = (jax.random.normal(jax.random.key(n), (2, 6, 3, 4)) for n in range(3))
    mask = jnp.tril(jnp.ones((6, 6), dtype=bool))[None, None]
    ours = attention(query, key, value, jnp.broadcast_to(mask, (2, 1, 6, 6)))
    np.testing.assert_allclose(ours, jax.nn.dot_product_attention(query, key, value, mask=mask), atol=1e-5)


def test_what_lies_too_far_back_to_be_seen_need_not_be_computed() -> None:
    rng = np.random.default_rng(0)
    segments = jnp.asarray(np.sort(rng.integers(0, 8, (2, 512)), axis=1))
    longest = max(int(np.bincount(row).max()) for row in np.asarray(segments))
    query, key, value = (jax.random.normal(jax.random.key(n), (2, 512, 2, 8)) for n in range(3))
    whole = attention(query, key, value, causal_mask(segments))
    for reach in (None, reach_of(longest + 1, 512)):
        packed = jax.jit(packed_attention, static_argnums=4)(query, key, value, segments, reach)
        np.testing.assert_allclose(packed, whole, atol=1e-5)
    assert longest - 1 <= reach_of(longest + 1, 512) == 128
    assert [reach_of(longest_row, 512) for longest_row in (1, 130, 131, 386, 387, 513)] == [
        128,
        128,
        256,
        384,
        512,
        512,
    ]


def test_decoding_with_a_cache_writes_the_most_likely_tokens_of_the_full_pass(student: Decoder) -> None:
    prompts = [np.array(tokens, dtype=np.int32) for tokens in ([1, 5, 6, 7, 3], [1, 9, 3], list(range(4, 20)))]
    answers = greedy_answers(student, prompts, longest_answer=10, batch=2)
    full_pass = eqx.filter_jit(logits_of)
    for prompt, answer in zip(prompts, answers, strict=True):
        written = prompt.tolist()
        for _ in range(16):
            row = jnp.array([written + [0] * (32 - len(written))])
            logits = full_pass(student, row, jnp.ones_like(row), jnp.arange(32)[None])
            written.append(int(logits[0, len(written) - 1].argmax()))
            if written[-1] == END_ID:
                break
        expected = written[len(prompt) :]
        assert answer == (expected[:-1] if expected[-1] == END_ID else expected)


def test_decoding_stops_at_the_end_marker_and_takes_no_prompts() -> None:
    student = initial_student(TINY, VOCABULARY, seed=0)
    # With nothing but END's embedding left, END is the most likely token whatever was read.
    silent = eqx.tree_at(
        lambda tree: (tree.embedding, tree.final_norm),
        student,
        (jnp.full((VOCABULARY, 16), 0.1).at[END_ID].set(1.0), jnp.ones(16)),
    )
    answers = greedy_answers(silent, [np.array([END_ID, END_ID], dtype=np.int32)], longest_answer=10, batch=4)
    assert answers == [[]]
    assert greedy_answers(student, [], longest_answer=10, batch=4) == []
