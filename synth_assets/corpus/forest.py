"""A random forest as plain arrays: trained by scikit-learn, stored without pickle, predicted by a compiled loop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestRegressor

from synth_assets.compiled import compiled

_LEAF = -1


@dataclass(frozen=True)
class Forest:
    """Nodes of all trees in one row of arrays, each tree starting at its root.

    A vector goes to `left` where its `feature` is at most `threshold`, else to `right`; a leaf has `left` = -1 and
    predicts `value`. The forest predicts the mean over its trees.
    """

    roots: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.float64]

    def predict(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """One prediction a vector, shape (vectors,)."""
        sums = _sums(vectors, self.roots, self.feature, self.threshold, self.left, self.right, self.value)
        return np.asarray(sums / len(self.roots), dtype=np.float64)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All parameters, as plain arrays."""
        return dict(vars(self))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "Forest":
        """The forest of :meth:`arrays`."""
        return cls(**arrays)


def train_forest(vectors: NDArray[np.float32], targets: Sequence[float], trees: int, seed: int) -> Forest:
    """A regression forest on `vectors` (rows, dimensions).

    On targets of 0 and 1 it is the binary forest: variance then splits as Gini impurity does, and a prediction is the
    probability of 1.
    """
    return forest_of(RandomForestRegressor(trees, max_features="sqrt", random_state=seed % 2**32).fit(vectors, targets))


def forest_of(trained: RandomForestRegressor) -> Forest:
    """The arrays of a trained scikit-learn forest with one output."""
    trees = [estimator.tree_ for estimator in trained.estimators_]
    roots = np.cumsum([0, *(tree.node_count for tree in trees)])[:-1]
    return Forest(
        roots=roots.astype(np.int64),
        feature=np.concatenate([np.maximum(tree.feature, 0) for tree in trees]).astype(np.int64),
        threshold=np.concatenate([tree.threshold for tree in trees]).astype(np.float64),
        left=_shifted([tree.children_left for tree in trees], roots),
        right=_shifted([tree.children_right for tree in trees], roots),
        value=np.concatenate([tree.value[:, 0, 0] for tree in trees]).astype(np.float64),
    )


@compiled
def _sums(
    vectors: NDArray[np.float32],
    roots: NDArray[np.int64],
    feature: NDArray[np.int64],
    threshold: NDArray[np.float64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    value: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The sum over the trees for each vector, added one tree after the other as scikit-learn does."""
    sums = np.zeros(len(vectors))
    for row in range(len(vectors)):
        for root in roots:
            node = root
            while left[node] != _LEAF:
                node = left[node] if vectors[row, feature[node]] <= threshold[node] else right[node]
            sums[row] += value[node]
    return sums


def _shifted(children: Sequence[NDArray[np.int64]], roots: NDArray[np.int64]) -> NDArray[np.int64]:
    """Children counted from the root of their tree, as places in the row of all nodes."""
    moved = [np.where(nodes < 0, _LEAF, nodes + root) for nodes, root in zip(children, roots, strict=True)]
    return np.concatenate(moved).astype(np.int64)
