"""How often a 90% interval holds the truth: `python -m scaling_peers.coverage SIMULATIONS BOOTSTRAPPED SEED`.

Curves are drawn from the rectified law with the parameters published for three models on FLAN (arXiv 2402.02314), log
noise of 2%, at 8 and at 14 budgets from 200 to 1,638,400. Asked is for each reported parameter, and for the curve at 4
times the largest budget. An interval with an open end holds all that lies beyond. Prints a line of JSON a case.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np

from synth_assets.scaling.bootstrap import bootstrap
from synth_assets.scaling.fitting import fit
from synth_assets.scaling.intervals import Interval, confidence_region
from synth_assets.scaling.laws import RECTIFIED, Array

TRUTHS = {
    "LaMini-GPT-124M": (563.8, 166.1, 0.4553, 1.069),
    "gpt2": (856.0, 261.0, 0.5005, 1.242),
    "phi-2": (91.2, 75.7, 0.332, 1.40),
}
"""B, D_l, beta, E."""
POINTS = (8, 14)
NOISE = 0.02
FIRST, LAST, BEYOND = 200.0, 1_638_400.0, 4.0
REPLICATES = 500
NAMES = (*RECTIFIED.parameter_names, "curve")


@dataclass(frozen=True)
class Coverage:
    """How many of so many intervals held the truth, by quantity, and how many were open at an end."""

    truth: str
    points: int
    scheme: str
    simulations: int
    held: dict[str, int]
    open_ended: dict[str, int]


def coverages(simulations: int, bootstrapped: int, seed: int, noise: float = NOISE) -> Iterator[Coverage]:
    """Every truth and number of points, by profile over all simulations and by bootstrap over the first ones."""
    for number, (name, (b, d_l, beta, e)) in enumerate(TRUTHS.items()):
        for points in POINTS:
            budgets = np.geomspace(FIRST, LAST, points)
            far = np.array([BEYOND * LAST])

            def law(tokens: Array, b: float = b, d_l: float = d_l, beta: float = beta, e: float = e) -> Array:
                return b / (d_l + tokens**beta) + e

            truths = {"B": b, "D_l": d_l, "beta": beta, "E": e, "S": b / d_l + e, "curve": float(law(far)[0])}
            counts = {
                scheme: Coverage(name, points, scheme, times, dict.fromkeys(NAMES, 0), dict.fromkeys(NAMES, 0))
                for scheme, times in (("profile", simulations), ("bootstrap", bootstrapped))
            }
            for simulation in range(simulations):
                random = np.random.default_rng([seed, number, points, simulation])
                fitted = fit(budgets, law(budgets) * np.exp(random.normal(0.0, noise, points)), RECTIFIED)
                region = confidence_region(fitted)
                for asked in NAMES:
                    if region is None:
                        interval = Interval(None, None)
                    else:
                        interval = region.values_at(far)[0] if asked == "curve" else region.parameter(asked)
                    _count(counts["profile"], asked, interval, truths[asked])
                if simulation < bootstrapped:
                    drawn = bootstrap(fitted, REPLICATES, seed=simulation)
                    for asked in NAMES:
                        samples = drawn.values(far)[:, 0] if asked == "curve" else drawn.parameter(asked)
                        _count(counts["bootstrap"], asked, drawn.interval(samples), truths[asked])
            yield from counts.values()


def _count(coverage: Coverage, asked: str, interval: Interval, truth: float) -> None:
    low = -np.inf if interval.low is None else interval.low
    high = np.inf if interval.high is None else interval.high
    coverage.held[asked] += low <= truth <= high
    coverage.open_ended[asked] += interval.low is None or interval.high is None


def as_markdown(rows: list[Coverage]) -> Iterator[str]:
    """The table: shares that held, for each truth, number of points and scheme; then all truths together."""
    yield f"| truth | points | intervals | simulations | {' | '.join(NAMES)} |"
    yield f"|---|---:|---|---:|{'---:|' * len(NAMES)}"
    for scheme in ("profile", "bootstrap"):
        of_scheme = [row for row in rows if row.scheme == scheme and row.simulations]
        for row in of_scheme:
            yield _line(row.truth, row.points, scheme, [row])
        for points in POINTS:
            together = [row for row in of_scheme if row.points == points]
            if together:
                yield _line("**all**", points, scheme, together)


def _line(name: str, points: int, scheme: str, rows: list[Coverage]) -> str:
    number = sum(row.simulations for row in rows)
    shares = [f"{sum(row.held[asked] for row in rows) / number:.1%}" for asked in NAMES]
    return f"| {' | '.join([name, str(points), scheme, f'{number:,}', *shares])} |"


if __name__ == "__main__":
    for coverage in coverages(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])):
        print(json.dumps(asdict(coverage)), flush=True)
