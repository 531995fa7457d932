"""Compiling loops: kept beside the source where that can be, and working where nothing can be kept."""

import numpy as np

from synth_assets.compiled import compiled
from synth_assets.concepts.walk_loops import accumulate


def test_a_function_that_can_be_kept_nowhere_is_compiled_all_the_same() -> None:
    # Without a source file numba has no place for its cache, as where site-packages and home are read-only.
    namespace: dict[str, object] = {}
    exec(compile("def total(numbers):\n    return numbers.sum()", "<nowhere>", "exec"), namespace)
    total = compiled(namespace["total"])  # type: ignore[arg-type]
    assert total(np.arange(5)) == 10


def test_what_is_compiled_stays_for_the_next_process() -> None:
    starts, sums, guide = np.array([0, 2]), np.array([1.0, 2.0]), np.zeros(2, dtype=np.int32)
    accumulate(starts, sums, guide, 0, 1)
    assert sums.tolist() == [1.0, 3.0]
    assert len(accumulate.signatures) == 1  # type: ignore[attr-defined]
    assert sum(accumulate.stats.cache_hits.values()) + sum(accumulate.stats.cache_misses.values()) == 1  # type: ignore[attr-defined]
