import numpy as np
import pytest
from sklearn.ensemble import RandomForestRegressor

from synth_assets.corpus.forest import Forest, forest_of, train_forest


@pytest.mark.parametrize("binary", [False, True])
def test_the_arrays_predict_what_scikit_learn_predicts(binary: bool) -> None:
    generator = np.random.default_rng(4)
    vectors = generator.normal(size=(120, 7)).astype(np.float32)
    targets = vectors[:, 0] * 2 + np.abs(vectors[:, 1]) + generator.normal(size=120) / 10
    targets = (targets > 1).astype(float) if binary else targets
    trained = RandomForestRegressor(25, random_state=1).fit(vectors, targets)
    # More than a batch of the prediction, some vectors of the training among them.
    asked = np.concatenate([vectors, generator.normal(size=(5000, 7)).astype(np.float32)])
    np.testing.assert_allclose(forest_of(trained).predict(asked), trained.predict(asked), rtol=1e-13, atol=1e-13)


def test_a_forest_survives_its_arrays_and_predicts_nothing_for_nothing() -> None:
    vectors = np.arange(20, dtype=np.float32).reshape(10, 2)
    forest = train_forest(vectors, [float(row) for row in range(10)], trees=5, seed=2**62)
    again = Forest.from_arrays(forest.arrays())
    assert again.predict(vectors).tolist() == forest.predict(vectors).tolist()
    assert forest.predict(vectors[:0]).shape == (0,)


def test_the_seed_alone_decides() -> None:
    vectors = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32)
    first, same, other = (
        train_forest(vectors, vectors[:, 0].tolist(), 10, seed).predict(vectors) for seed in (1, 1, 2)
    )
    assert first.tolist() == same.tolist() != other.tolist()
