"""Our training step on the batches of a folder: `python -m students_peers.ours FOLDER TURNS`.

Prints a line of JSON: seconds of each turn over all steps, the loss of the first step, the device, and its peak in
floating-point operations a second: by table for a GPU, as a large matrix product attains it on a CPU.
"""

import json
import sys
import time
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from synth_assets.students.checkpoints import read_checkpoint
from synth_assets.students.model import Computing, reach_of
from synth_assets.students.packing import Packed
from synth_assets.students.profiles import Schedule
from synth_assets.students.schedules import precision_of
from synth_assets.students.steps import compiled_call, first_state, on_device

DENSE_BF16 = {"H200": 989e12, "H100": 989e12, "A100": 312e12, "L40S": 362e12, "L4": 121e12}
"""Peak dense bfloat16 operations a second by a part of the device's name, from NVIDIA's data sheets (SXM)."""


def main(folder: Path, turns: int) -> None:
    """Train on all steps once a turn, after one step that compiles."""
    student, _ = read_checkpoint(folder / "student")
    arrays = np.load(folder / "batches.npz")
    packed = Packed(*(arrays[name][:, None] for name in ("tokens", "targets", "segments", "positions", "weights")))
    schedule = Schedule()
    longest = int(np.load(folder / "row_lengths.npy").max())
    computing = Computing(precision_of(schedule), reach_of(longest, packed.tokens.shape[-1]))
    call, state, batches = compiled_call(schedule, computing), first_state(student, schedule), on_device(packed)
    rate, steps = jnp.array(1e-3), len(packed.tokens)
    state, losses = call(state, batches, jnp.array(1), rate, jnp.array(steps))
    first = float(losses[0])
    seconds = []
    for _ in range(turns):
        began = time.perf_counter()
        state, losses = call(state, batches, jnp.array(steps), rate, jnp.array(steps))
        jax.block_until_ready(losses)
        seconds.append(time.perf_counter() - began)
    device = jax.devices()[0]
    told = {"seconds": seconds, "loss": first, "device": device.device_kind, "peak": _peak(device.device_kind)}
    print(json.dumps({**told, "precision": computing.precision}))


def _peak(kind: str) -> float | None:
    """Operations a second; None for a GPU that the table does not have."""
    if jax.default_backend() != "cpu":
        return next((peak for name, peak in DENSE_BF16.items() if name in kind), None)
    side = 2048
    matrix = jnp.ones((side, side))
    product = jax.jit(jnp.matmul)
    jax.block_until_ready(product(matrix, matrix))
    fastest = float("inf")
    for _ in range(8):
        began = time.perf_counter()
        jax.block_until_ready(product(matrix, matrix))
        fastest = min(fastest, time.perf_counter() - began)
    return 2 * side**3 / fastest


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
