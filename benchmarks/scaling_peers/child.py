"""One measurement in a process of its own: `python -m scaling_peers.child FOLDER PART NUMBER [--full]`.

The contender runs on two curves and a replicate first, so that what is compiled is compiled and what is imported is
there. Prints a line of JSON and keeps what was found in the folder.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
from racing import measure

from scaling_peers.case import Case, Part
from scaling_peers.contenders import CONTENDERS, Minima

SMALL = "small"
"""The folder of the case to warm up on, beside that measured."""


def main(folder: Path, part: Part, number: int, full: bool) -> None:
    """Measure one contender."""
    contender = CONTENDERS[part][number]
    small, case = Case(folder / SMALL), Case(folder)
    measure(contender, small, 1, full=False)
    measured, chosen, result = measure(contender, case, case.units(part), full)
    if isinstance(result, Minima):
        np.savez(case.kept(part, number), chosen=chosen, found=result.found)
    print(json.dumps(asdict(measured)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Part(sys.argv[2]), int(sys.argv[3]), "--full" in sys.argv)
