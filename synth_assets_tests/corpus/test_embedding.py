import numpy as np

from synth_assets.corpus.embedding import CHARACTERS_READ, HashedEmbedder, fit_hashed_embedder

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
    np.testing.assert_allclose(embedder.embed(TEXTS), alone, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(alone, axis=1), 1, atol=1e-5)


def test_the_decomposition_keeps_the_products_of_the_texts_it_was_fitted_to() -> None:
    """With as many dimensions as texts nothing is lost, so vectors of length 1 stay so before they are scaled."""
    embedder = fit_hashed_embedder(TEXTS)
    assert embedder.components.shape[0] == len(TEXTS)
    np.testing.assert_allclose(embedder.components @ embedder.components.T, np.eye(len(TEXTS)), atol=1e-4)


def test_empty_wordless_and_long_texts_have_vectors() -> None:
    embedder = fit_hashed_embedder(TEXTS)
    vectors = embedder.embed(["", "!?", TEXTS[0] * 1000, (TEXTS[0] * 1000)[:CHARACTERS_READ]])
    assert np.isfinite(vectors).all()
    np.testing.assert_array_equal(vectors[2], vectors[3])
    assert embedder.embed([]).shape == (0, len(TEXTS))


def test_an_embedder_survives_its_arrays() -> None:
    embedder = fit_hashed_embedder(TEXTS)
    again = HashedEmbedder.from_arrays(embedder.arrays())
    np.testing.assert_array_equal(again.embed(TEXTS), embedder.embed(TEXTS))
