"""Who is measured in each part, the peers first and ours last.

Run with a part, prints a line of JSON: their names.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from racing import Contender, Finding, Whole

from scaling_peers.case import Case, Part
from scaling_peers.other_fits import BOOTSTRAP_STARTS, STARTS, from_many_starts, from_many_starts_bfgs, law, two_stages
from synth_assets.scaling.bootstrap import Bootstrap, bootstrap
from synth_assets.scaling.fitting import Fit, fit
from synth_assets.scaling.laws import RECTIFIED, Array
from synth_assets.scaling.problems import Problem

MEASURED_REPLICATES = 2
"""Replicates measured of the slow bootstrap."""


@dataclass(frozen=True)
class Minima:
    """What was found: root mean square log residuals of curves, or the least losses of replicates, [units]."""

    found: Array


def _same(case: Case) -> Case:
    return case


def _rmsd(case: Case, curve: int, parameters: Array) -> float:
    off = law(parameters, np.log(case.tokens)) - np.log(case.values[curve])
    return float(np.sqrt(np.mean(off**2)))


def _peer(procedure: Callable[[Array, Array], Array]) -> Callable[[Case, Whole], Minima]:
    def run(case: Case, curves: Whole) -> Minima:
        fits = [procedure(np.log(case.tokens), np.log(case.values[curve])) for curve in curves]
        return Minima(np.array([_rmsd(case, curve, found) for curve, found in zip(curves, fits, strict=True)]))

    return run


def _our_fits(case: Case, curves: Whole) -> Minima:
    return Minima(np.array([fit(case.tokens, case.values[curve], RECTIFIED).log_rmsd for curve in curves]))


def _mean_rmsd(case: Case, curves: Whole, result: Minima) -> Finding:
    failed = int(np.isnan(result.found).sum())
    words = f"mean log-RMSD {np.nanmean(result.found):.5f}"
    return Finding(bool((result.found < 1.0).any()), words + (f", no fit of {failed} curves" if failed else ""))


def _slow_bootstrap(case: Case, replicates: Whole) -> Minima:
    inputs, values = np.log(case.tokens), np.log(case.values[0])
    losses = []
    for replicate in replicates:
        weights = case.weights[replicate]
        found = from_many_starts_bfgs(inputs, values, weights)
        losses.append(float(np.sum(weights * (law(found, inputs) - values) ** 2)))
    return Minima(np.array(losses))


def _fitted(case: Case) -> Fit:
    return fit(case.tokens, case.values[0], RECTIFIED)


def _our_bootstrap(case: Case, replicates: Whole) -> Bootstrap:
    return bootstrap(_fitted(case), len(replicates))


def bootstrap_losses(case: Case, replicates: Whole) -> Array:
    """The least losses that our bootstrap finds for the case's replicates; not what is timed."""
    problem = Problem.of(RECTIFIED, np.log(case.tokens)[None], case.values[0])
    return problem.solve(case.weights[replicates]).losses


def _has_replicates(case: Case, replicates: Whole, result: Bootstrap) -> Finding:
    interval = result.interval(result.parameter("E"))
    return Finding(len(result.floor) == len(replicates), f"90% of E within {interval.low:.3f} and {interval.high:.3f}")


def _has_losses(case: Case, replicates: Whole, result: Minima) -> Finding:
    ours = bootstrap_losses(case, replicates)
    return Finding(bool((ours <= result.found * (1 + 1e-6)).all()), "none of its minima is below ours")


CONTENDERS: dict[Part, list[Contender[Case, Case, Case, object]]] = {
    Part.FITS: [
        Contender("published procedure, two stages of BFGS", _same, _same, _peer(two_stages), _mean_rmsd),
        Contender(f"{STARTS} starts of SciPy's least squares", _same, _same, _peer(from_many_starts), _mean_rmsd),
        Contender("synth-assets", _same, _same, _our_fits, _mean_rmsd),
    ],
    Part.BOOTSTRAP: [
        Contender(
            f"{BOOTSTRAP_STARTS} starts of SciPy's L-BFGS a replicate",
            _same,
            _same,
            _slow_bootstrap,
            _has_losses,
            sample=MEASURED_REPLICATES,
        ),
        Contender("synth-assets", _same, _same, _our_bootstrap, _has_replicates),
    ],
}


if __name__ == "__main__":
    print(json.dumps([contender.name for contender in CONTENDERS[Part(sys.argv[1])]]))
