"""One measurement in a process of its own: `python -m graph_peers.child FOLDER PART NUMBER [--full]`.

The contender runs on a small case first, so that what is compiled is compiled and what is imported is there. Prints a
line of JSON; results of the part `references` stay in the folder for comparison.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
from racing import measure

from graph_peers.case import Case, Part
from graph_peers.contenders import CONTENDERS
from graph_peers.references import References

SMALL = "small"
"""The folder of the case to warm up on, beside that measured."""


def units_of(part: Part, case: Case) -> int:
    """How many documents or walks there are."""
    return case.memberships.documents if part is Part.EDGES else len(case.starts) * case.epochs


def main(folder: Path, part: Part, number: int, full: bool) -> None:
    """Measure one contender."""
    contender = CONTENDERS[part][number]
    small, case = Case(folder / SMALL), Case(folder)
    measure(contender, small, units_of(part, small), full=False)
    measured, chosen, result = measure(contender, case, units_of(part, case), full)
    if isinstance(result, References):
        np.savez(folder / f"references-{number}.npz", chosen=chosen, **asdict(result))
    print(json.dumps(asdict(measured)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Part(sys.argv[2]), int(sys.argv[3]), "--full" in sys.argv)
