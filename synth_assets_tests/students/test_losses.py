"""The loss is the cross-entropy of the answers, and its gradients are those of the plain formula."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from jax import Array

from synth_assets.students.losses import cross_entropy_sum


def plainly(hidden: Array, embedding: Array, targets: Array, weights: Array) -> Array:
    losses = optax.softmax_cross_entropy_with_integer_labels(hidden @ embedding.T, targets)
    return jnp.sum(losses * weights)


@pytest.mark.parametrize("weighed", [0, 1, 128, 129, 300])
def test_value_and_gradients_are_those_of_all_places_weighed(weighed: int) -> None:
    rng = np.random.default_rng(weighed)
    hidden, embedding = (jnp.asarray(rng.standard_normal(shape, dtype=np.float32)) for shape in ((300, 8), (40, 8)))
    targets = jnp.asarray(rng.integers(0, 40, 300))
    weights = jnp.asarray(rng.permutation(np.arange(300) < weighed).astype(np.int32))
    ours, expected = (
        jax.jit(jax.value_and_grad(tripled, argnums=(0, 1)))(hidden, embedding, targets, weights)
        for tripled in (lambda *given: 3 * cross_entropy_sum(*given), lambda *given: 3 * plainly(*given))
    )
    assert float(ours[0]) == pytest.approx(float(expected[0]), rel=1e-5)
    for one, other in zip(ours[1], expected[1], strict=True):
        np.testing.assert_allclose(one, other, atol=2e-4)
