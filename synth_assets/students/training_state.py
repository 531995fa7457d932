"""A training run on disk, so that it can be stopped at any moment and go on: one file, written aside and renamed.

It holds the weights, the optimiser's state, the place in the schedule and the losses so far. What is trained on and
how is not in it but its fingerprint is: another run's state is refused.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import jax
import numpy as np
from jax import Array
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from synth_assets.errors import SynthAssetsError

Tree = TypeVar("Tree")


@dataclass(frozen=True)
class Reached:
    """How far a run has come: the mean loss of each step taken, and seconds of training."""

    losses: NDArray[np.float32]
    seconds: float


def save_state(path: Path, tree: Any, reached: Reached, run: str) -> None:
    """Write the arrays of `tree` and how far the run with the fingerprint `run` has come; the file there is replaced.

    Raises SynthAssetsError where it cannot be written.
    """
    arrays = {f"{number:04}": np.asarray(leaf) for number, leaf in enumerate(jax.tree.leaves(tree))}
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    told = {"run": run, "seconds": json.dumps(reached.seconds)}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        save_file({**arrays, "losses": reached.losses}, aside, metadata=told)
        with aside.open("rb") as written:
            os.fsync(written.fileno())
        aside.replace(path)
    except (OSError, SafetensorError) as error:
        raise SynthAssetsError(f"Cannot write the training state {path} ({error}): name another file.") from error
    finally:
        aside.unlink(missing_ok=True)


def load_state(path: Path, tree: Tree, run: str) -> tuple[Tree, Reached] | None:
    """What `save_state` wrote, in the structure of `tree`; None where there is no file.

    Raises SynthAssetsError for the state of another run, and for a file that is none.
    """
    if not path.exists():
        return None
    leaves, structure = jax.tree.flatten(tree)
    try:
        with safe_open(path, framework="numpy") as file:
            told = file.metadata() or {}
            if told.get("run") != run:
                message = f"{path} is the state of another training run: remove it, or name another file."
                raise SynthAssetsError(message)
            held = [_on_device(file.get_tensor(f"{number:04}"), leaf) for number, leaf in enumerate(leaves)]
            reached = Reached(file.get_tensor("losses"), float(json.loads(told["seconds"])))
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise SynthAssetsError(f"{path} is no state of a training run ({error}): remove it.") from error
    return jax.tree.unflatten(structure, held), reached


def _on_device(array: NDArray[Any], like: Array) -> Array:
    if array.shape != like.shape or array.dtype != like.dtype:
        raise ValueError(f"an array is {array.dtype} {array.shape}, not {like.dtype} {like.shape}")
    return jax.numpy.array(array)
