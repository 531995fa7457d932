"""Writes the curves of a measurement: `python -m scaling_peers.making FOLDER REPLICATES CURVES|- SEED [--small]`."""

import sys
from pathlib import Path

import numpy as np

from scaling_peers.case import Case, drawn_curves, public_curves
from synth_assets.scaling.bootstrap import drawn_weights
from synth_assets.scaling.fitting import fit
from synth_assets.scaling.laws import RECTIFIED


def make(folder: Path, replicates: int, public: Path | None, seed: int, curves: int | None = None) -> Case:
    """Write the public curves, or drawn ones without a folder of public ones; the first `curves` of them."""
    folder.mkdir(parents=True, exist_ok=True)
    tokens, values = drawn_curves(seed) if public is None else public_curves(public)
    values = values[:curves]
    np.save(folder / "tokens.npy", tokens)
    np.save(folder / "values.npy", values)
    np.save(folder / "weights.npy", drawn_weights(fit(tokens, values[0], RECTIFIED), replicates, seed, None))
    return Case(folder)


if __name__ == "__main__":
    where, count, source, number = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    made = make(where, count, None if source == "-" else Path(source), number, 2 if "--small" in sys.argv else None)
    kind = "drawn" if source == "-" else "public"
    print(
        f"{len(made.values)} {kind} curves of {len(made.tokens)} points; {len(made.weights):,} replicates of the first."
    )
