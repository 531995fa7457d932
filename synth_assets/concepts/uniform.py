"""Uniform random numbers by counter: any number of any walk can be made alone, in any order and on any machine.

A generator with a running state would tie a walk's numbers to the walks made before it, and so to how the work was
cut into shards, processes and threads.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from synth_assets.seeds import seed_of

# SplitMix64: the increment and the two multipliers of Steele, Lea and Flood, "Fast splittable pseudorandom number
# generators", OOPSLA 2014 (variant 13 of Stafford's mixers).
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST_MULTIPLIER = np.uint64(0xBF58476D1CE4E5B9)
SECOND_MULTIPLIER = np.uint64(0x94D049BB133111EB)

States = npt.NDArray[np.uint64]


def _mix(state: States) -> States:
    state = (state ^ (state >> np.uint64(30))) * FIRST_MULTIPLIER
    state = (state ^ (state >> np.uint64(27))) * SECOND_MULTIPLIER
    return state ^ (state >> np.uint64(31))


def walk_states(topics: npt.NDArray[np.int64], epochs: npt.NDArray[np.int64], seed: Sequence[object]) -> States:
    """What the numbers of each topic's walk in each epoch follow from: a function of (seed, topic, epoch) alone.

    Args:
        topics: Numbers of the start topics, which are hashes of their names (`names.concept_number`).
        epochs: Epoch numbers.
        seed: Names that identify the choice, as for `seeds.seed_of`.

    Returns:
        Shape (topics * epochs,), the epochs of a topic together.
    """
    keys = _mix(topics.astype(np.uint64) + np.uint64(seed_of(*seed)))
    return _mix(keys[:, None] + GOLDEN * (epochs.astype(np.uint64) + np.uint64(1))).reshape(-1)


def uniforms(states: States, draws: int) -> npt.NDArray[np.float64]:
    """Numbers in [0, 1), a function of (state, draw) alone; shape (draws, states)."""
    numbers = _mix(states + GOLDEN * np.arange(1, draws + 1, dtype=np.uint64)[:, None])
    return np.asarray((numbers >> np.uint64(11)).astype(np.float64) * 2.0**-53)
