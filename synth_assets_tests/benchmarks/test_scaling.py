"""The benchmark of the fits measures what it says: every way to fit does fit, and ours is no worse than any."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from racing import measure
from scaling_peers.case import Case, Part
from scaling_peers.contenders import CONTENDERS, bootstrap_losses
from scaling_peers.coverage import NAMES, as_markdown, coverages
from scaling_peers.making import make

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return make(tmp_path_factory.mktemp("case"), replicates=20, public=None, seed=0, curves=2)


def test_the_published_procedure_and_ours_fit_drawn_curves(case: Case) -> None:
    peer, *_, ours = CONTENDERS[Part.FITS]
    (measured, _, theirs), (own, _, found) = (measure(one, case, 2, full=True) for one in (peer, ours))
    assert measured.right and own.right
    assert (found.found <= theirs.found * (1 + 1e-6)).all()
    assert (theirs.found < 0.03).all()


def test_ours_gives_every_replicate(case: Case) -> None:
    measured, chosen, _ = measure(CONTENDERS[Part.BOOTSTRAP][-1], case, 20, full=True)
    assert measured.right and len(chosen) == 20
    assert np.isfinite(bootstrap_losses(case, chosen)).all()


def test_the_table_of_coverage_has_a_row_a_case_and_one_for_all() -> None:
    rows = list(coverages(simulations=2, bootstrapped=0, seed=0))
    table = list(as_markdown(rows))
    assert all(name in table[0] for name in NAMES)
    assert len(table) == 2 + 6 + 2


@pytest.mark.slow
def test_one_command_prints_every_table() -> None:
    command = [sys.executable, str(BENCHMARKS / "scaling.py"), "--turns", "1", "--replicates", "100"]
    command += ["--simulations", "4", "--bootstrapped", "1"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for heading in ("| the rectified law |", "| bootstrap of one curve |", "| truth | points |"):
        assert heading in printed
    assert printed.count("| synth-assets |") == 2
    assert "WRONG" not in printed
