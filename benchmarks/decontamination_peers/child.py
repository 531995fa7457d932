"""One measurement in a process of its own: `python -m decontamination_peers.child FOLDER PART NUMBER [--full]`.

The contender runs on a small case first, so that what is compiled is compiled and what is imported is there. Prints a
line of JSON.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from racing import measure

from decontamination_peers.case import Case, Part
from decontamination_peers.contenders import CONTENDERS

SMALL = "small"
"""The folder of the case to warm up on, beside that measured."""


def main(folder: Path, part: Part, number: int, full: bool) -> None:
    """Measure one contender."""
    contender = CONTENDERS[part][number]
    small, case = Case(folder / SMALL), Case(folder)
    measure(contender, small, small.units(part), full=False)
    measured, _, _ = measure(contender, case, case.units(part), full)
    print(json.dumps(asdict(measured)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Part(sys.argv[2]), int(sys.argv[3]), "--full" in sys.argv)
