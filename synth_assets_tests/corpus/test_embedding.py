import re

import numpy as np
import pytest

from synth_assets.corpus.hashed_embedding import CHARACTERS_READ, HashedEmbedder, fit_hashed_embedder
from synth_assets.corpus.text_features import BUCKETS, WORD_BUCKETS, bucket_counts

TEXTS = [
    "Add the fractions with a common denominator.", "The fraction has a denominator and a numerator.",
    "Solve the linear equation for the unknown.", "An equation with one unknown is linear.",
    "The ferry leaves the harbour at dawn.", "At dawn the harbour was full of ferries.",
]  # fmt: skip


def test_texts_of_one_subject_are_nearer_than_others() -> None:
    vectors = fit_hashed_embedder(TEXTS).embed(TEXTS)
    nearness = vectors @ vectors.T - 2 * np.eye(len(TEXTS))
    assert nearness.argmax(axis=1).tolist() == [1, 0, 3, 2, 5, 4]


def test_a_vector_does_not_depend_on_what_is_embedded_with_it() -> None:
    embedder = fit_hashed_embedder(TEXTS)
    alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
    np.testing.assert_array_equal(embedder.embed(TEXTS), alone)
    np.testing.assert_allclose(np.linalg.norm(alone, axis=1), 1, atol=1e-5)


def test_the_decomposition_is_truncated_to_as_many_dimensions_as_there_are_texts() -> None:
    components = fit_hashed_embedder(TEXTS).components
    assert components.shape == (BUCKETS, len(TEXTS))
    np.testing.assert_allclose(components.T @ components, np.eye(len(TEXTS)), atol=1e-4)


def test_the_vectors_are_the_products_of_the_weighted_counts_and_the_components() -> None:
    embedder = fit_hashed_embedder(TEXTS)
    plain = np.zeros((len(TEXTS), BUCKETS))
    for row, text in enumerate(TEXTS):
        counts = counts_of(text)
        plain[row, counts > 0] = (1 + np.log(counts[counts > 0])) * embedder.weights[counts > 0]
    vectors = plain @ embedder.components
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    np.testing.assert_allclose(embedder.embed(TEXTS), vectors, atol=1e-5)


def test_what_was_never_seen_moves_a_vector_nowhere() -> None:
    embedder = fit_hashed_embedder(TEXTS)
    held = embedder.weights > 0
    unseen = [word for word in ("quartz", "opus", "vex", "zyx", "jib") if not held[counts_of(word) > 0].any()]
    assert unseen
    np.testing.assert_array_equal(embedder.embed(unseen), np.zeros((len(unseen), len(TEXTS)), dtype=np.float32))


def test_numbers_count_as_numbers_whatever_their_digits() -> None:
    np.testing.assert_array_equal(counts_of("2x + 13 = 7.5"), counts_of("140x + 2 = 1,000"))
    assert (counts_of("in 1847") != counts_of("in May")).any()


@pytest.mark.parametrize(
    "text",
    ["Solve 3x + 5 = 20.", "a", "", "  \n", "½ × 4 ≤ 7 − 2; √16", "naïve Straße Ωμέγα 数学 3,5 1.2.3 x_1 7,", "𝑥²+𝑦²"],  # noqa: RUF001
)
def test_the_compiled_reading_is_the_plain_one(text: str) -> None:
    np.testing.assert_array_equal(counts_of(text), plainly_counted(text))


def test_empty_wordless_broken_and_long_texts_have_vectors() -> None:
    embedder = fit_hashed_embedder(TEXTS)
    long = TEXTS[0] * 1000
    vectors = embedder.embed(["", "\n", "half \ud835 a pair", long, long[:CHARACTERS_READ]])
    assert np.isfinite(vectors).all()
    np.testing.assert_array_equal(vectors[3], vectors[4])
    assert embedder.embed([]).shape == (0, len(TEXTS))


def test_an_embedder_survives_its_arrays() -> None:
    embedder = fit_hashed_embedder(TEXTS)
    again = HashedEmbedder.from_arrays(embedder.arrays())
    np.testing.assert_array_equal(again.embed(TEXTS), embedder.embed(TEXTS))
    assert again.name == embedder.name


def counts_of(text: str) -> np.ndarray:  # type: ignore[type-arg]
    encoded = text.lower().encode()
    held, values, _ = bucket_counts(np.frombuffer(encoded, dtype=np.uint8), np.array([len(encoded)]))
    counts = np.zeros(BUCKETS, dtype=np.int64)
    counts[held] = values
    return counts


TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_²³¹½¼¾]+|[^\s_]")


def plainly_counted(text: str) -> np.ndarray:  # type: ignore[type-arg]
    """The same rules with a regular expression and Python's numbers."""
    tokens = ["#" if token[0] in "0123456789" else token for token in TOKEN.findall(text.lower())]
    counts = np.zeros(BUCKETS, dtype=np.int64)
    hashes = [fnv(token.encode()) for token in tokens]
    for hashed in hashes:
        counts[(hashed ^ hashed >> 15) % WORD_BUCKETS] += 1
    for (one, first), (other, second) in zip(
        zip(tokens, hashes, strict=True), list(zip(tokens, hashes, strict=True))[1:], strict=False
    ):
        if len(one) == 1 or len(other) == 1:
            pair = (first * 31 + 7) % 2**32 * 0x01000193 % 2**32 ^ second
            counts[(pair ^ pair >> 15) % WORD_BUCKETS] += 1
    spaced = "".join(f" {token}" for token in tokens).encode() + b" "
    for length in (3, 4):
        for place in range(len(spaced) - length + 1):
            gram = length
            for byte in spaced[place : place + length]:
                gram = gram * 0x01000193 % 2**32 ^ byte
            counts[WORD_BUCKETS + (gram ^ gram >> 15) % (BUCKETS - WORD_BUCKETS)] += 1
    return counts


def fnv(token: bytes) -> int:
    hashed = 0x811C9DC5
    for byte in token:
        hashed = (hashed ^ byte) * 0x01000193 % 2**32
    return hashed
