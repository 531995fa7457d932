"""Other ways to fit the rectified law, to be compared with ours; written for this benchmark, with SciPy.

`two_stages` follows the procedure that arXiv 2402.02314 publishes with its curves: BFGS over A, B, beta, E and an
auxiliary variable for each point whose square stands for D^beta / D_l, pulled towards that by a term of its own; then
BFGS over A and E alone; three times over. `from_many_starts` is what one does at hand: least squares from random
starts. `from_many_starts_bfgs` is the same by L-BFGS, as bootstraps of scaling laws are done. Both have the analytic
derivatives.
"""

from collections.abc import Callable

import numpy as np
from scipy.optimize import least_squares, minimize
from scipy.special import expit

from synth_assets.scaling.laws import Array

REPEATS = 3
STARTS, BOOTSTRAP_STARTS = 60, 240


def law(parameters: Array, log_tokens: Array) -> Array:
    """Log values for log B, log D_l, beta, E."""
    log_b, log_d_l, beta, floor = parameters
    with np.errstate(over="ignore", invalid="ignore"):
        values: Array = np.log(np.exp(log_b - np.logaddexp(log_d_l, beta * log_tokens)) + abs(floor))
    return values


def derivatives(parameters: Array, log_tokens: Array) -> Array:
    """Of the log values by the parameters, [n, 4]."""
    log_b, log_d_l, beta, floor = parameters
    with np.errstate(over="ignore", invalid="ignore"):
        falling = np.exp(log_b - np.logaddexp(log_d_l, beta * log_tokens))
        passed = expit(beta * log_tokens - log_d_l)
        columns = [falling, falling * (passed - 1.0), -falling * passed * log_tokens, np.ones_like(falling)]
        by_parameters: Array = np.nan_to_num(np.stack(columns, axis=1) / (falling + floor)[:, None])
    return by_parameters


def two_stages(log_tokens: Array, log_values: Array) -> Array:
    """The published procedure: log B, log D_l, beta, E."""
    best, lowest = np.full(4, np.nan), np.inf
    highest, least = log_values.max(), log_values.min()
    for _ in range(REPEATS):
        first = np.array([np.exp(highest), 0.0, 1.0, np.exp((highest + least) / 2)])

        def with_auxiliaries(unknown: Array) -> float:
            top, offset, slope, floor = unknown[:4]
            passed = unknown[4:] ** 2
            with np.errstate(divide="ignore", invalid="ignore"):
                off_values = np.log(top + abs(floor) * passed) - np.log(1.0 + passed) - log_values
                off_line = np.log(passed) - slope * log_tokens - offset
            return float(np.mean(off_values**2) + np.mean(off_line**2))

        found = minimize(with_auxiliaries, np.concatenate([first, np.ones_like(log_tokens)])).x
        offset, slope = found[1], found[2]

        def of_levels(levels: Array, offset: float = offset, slope: float = slope) -> float:
            top, floor = levels
            with np.errstate(over="ignore", invalid="ignore"):
                falling = (top - abs(floor)) / (1.0 + np.exp(slope * log_tokens + offset))
                return float(np.mean((np.log(falling + abs(floor)) - log_values) ** 2))

        second = minimize(of_levels, found[[0, 3]])
        top, floor = second.x
        if second.fun < lowest and top > abs(floor):
            lowest = float(second.fun)
            best = np.array([np.log(top - abs(floor)) - offset, -offset, slope, abs(floor)])
    return best


def _starts(log_tokens: Array, log_values: Array, count: int, seed: int) -> Array:
    """Random starts over what such curves can be: log B, log D_l, beta, E; [count, 4]."""
    random = np.random.default_rng(seed)
    beta = np.exp(random.uniform(np.log(0.1), np.log(1.5), count))
    log_d_l = beta * random.uniform(log_tokens.min() - 3.0, log_tokens.max(), count)
    log_b = log_d_l + random.uniform(-1.0, 2.0, count)
    return np.stack([log_b, log_d_l, beta, random.uniform(0.0, np.exp(log_values.min()), count)], axis=1)


def from_many_starts(log_tokens: Array, log_values: Array, starts: int = STARTS, seed: int = 0) -> Array:
    """The best of SciPy's least squares from random starts: log B, log D_l, beta, E."""

    def residuals(parameters: Array) -> Array:
        return np.nan_to_num(law(parameters, log_tokens) - log_values, nan=1e3, posinf=1e3, neginf=-1e3)

    bounds = ([-np.inf, -np.inf, 1e-3, 0.0], [np.inf, np.inf, 10.0, np.inf])
    return _best(
        [
            least_squares(residuals, start, lambda at: derivatives(at, log_tokens), bounds=bounds)
            for start in _starts(log_tokens, log_values, starts, seed)
        ],
        lambda found: 2.0 * float(found.cost),
    )


def from_many_starts_bfgs(
    log_tokens: Array, log_values: Array, weights: Array, starts: int = BOOTSTRAP_STARTS, seed: int = 0
) -> Array:
    """The best of SciPy's L-BFGS from random starts, observations weighted: log B, log D_l, beta, E."""

    def loss(parameters: Array) -> tuple[float, Array]:
        off = np.nan_to_num(law(parameters, log_tokens) - log_values, nan=1e3, posinf=1e3, neginf=-1e3)
        return float(np.sum(weights * off**2)), 2.0 * (weights * off) @ derivatives(parameters, log_tokens)

    bounds = [(None, None), (None, None), (1e-3, 10.0), (0.0, None)]
    return _best(
        [
            minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
            for start in _starts(log_tokens, log_values, starts, seed)
        ],
        lambda found: float(found.fun),
    )


def _best(found: list[object], loss: Callable[[object], float]) -> Array:
    parameters: Array = min(found, key=loss).x  # type: ignore[attr-defined]
    return parameters
