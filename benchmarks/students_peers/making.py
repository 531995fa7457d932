"""What both loops are given: packed batches and the same initial weights, in a folder.

Run as `python -m students_peers.making FOLDER STUDENT STEPS SEQUENCES`. Rows have 60 to 200 tokens, two fifths of them
the question: about the lengths of the embedded problems. The tokens are random: they change no speed.
"""

import json
import sys
from pathlib import Path

import numpy as np

from synth_assets.students.checkpoints import write_checkpoint
from synth_assets.students.encoded import EncodedRows
from synth_assets.students.model import initial_student
from synth_assets.students.packing import Packing, chunks
from synth_assets.students.sizes import STUDENT_SIZES

VOCABULARY, LENGTH = 1024, 512


def main(folder: Path, name: str, steps: int, sequences: int) -> None:
    """Write `batches.npz` (arrays [steps, sequences, time]), `row_lengths.npy` and the checkpoint `student`."""
    rng = np.random.default_rng(0)
    lengths = rng.integers(60, 200, steps * sequences * LENGTH // 110)
    tokens = rng.integers(4, VOCABULARY, int(lengths.sum()))
    rows = EncodedRows.from_parts(tokens, lengths, (lengths * 2 // 5).astype(np.int32))
    packed, _ = next(chunks(Packing(rows, LENGTH).read(), steps, sequences))
    names = ("tokens", "targets", "segments", "positions", "weights")
    np.savez(folder / "batches.npz", **dict(zip(names, packed.arrays(), strict=True)))
    np.save(folder / "row_lengths.npy", lengths)
    write_checkpoint(folder / "student", initial_student(STUDENT_SIZES[name], VOCABULARY, 0), "{}", LENGTH)
    held = int((packed.segments > 0).sum())
    print(json.dumps({"places": int(packed.tokens.size), "tokens": held}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
