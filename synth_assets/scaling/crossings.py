"""Where the curves of two models cross, and how probable it is that they do.

What lives here: the comparison of two fitted curves. The paper's own 3B curve ends below its 8B curve, a crossing it
does not discuss; whether such a thing is in the data or in the extrapolation, the bootstrap replicates of both tell.
"""

from dataclasses import dataclass

import numpy as np

from synth_assets.scaling.bootstrap import Bootstrap
from synth_assets.scaling.intervals import LEVEL, UNBOUNDED, Interval
from synth_assets.scaling.laws import Array

REACH = 100.0
"""Crossings are looked for up to this multiple of the largest budget either model was observed at."""
STEPS = 241


@dataclass(frozen=True)
class Crossing:
    """The last crossing of two curves within the range looked at.

    Attributes:
        tokens: Where the two fitted curves cross; None where they do not.
        interval: 90% interval over the pairs of replicates that cross; open where none does.
        probability: Share of the pairs of replicates that cross.
        first_ends_lower: Share of the pairs in which the first model is the lower one at the end of the range.
        low, high: The range looked at, in tokens.
        observed_to: The largest budget at which both were observed: what lies beyond it is extrapolated.
    """

    tokens: float | None
    interval: Interval
    probability: float
    first_ends_lower: float
    low: float
    high: float
    observed_to: float


def crossing(first: Bootstrap, second: Bootstrap, reach: float = REACH) -> Crossing:
    """The crossing of the curves of two models, from as many pairs of replicates as the shorter one has.

    The two are drawn independently, so that any pairing of their replicates is as good as another. The range begins
    at the largest of the two smallest budgets D > 0. Where curves cross twice, the last crossing counts: the order
    that stands after it is what a reader of the extrapolation is told.
    """
    seen = [of.fit.tokens[of.fit.tokens > 0] for of in (first, second)]
    low, high = max(float(s.min()) for s in seen), reach * max(float(s.max()) for s in seen)
    tokens = np.geomspace(low, high, STEPS)
    count = min(len(first.floor), len(second.floor))
    gaps = first.values(tokens)[:count] - second.values(tokens)[:count]
    crossed = _last_sign_change(gaps, np.log(tokens))
    fitted = _last_sign_change((first.fit.at(tokens) - second.fit.at(tokens))[None], np.log(tokens))[0]
    which = np.isfinite(crossed)
    tails = np.quantile(crossed[which], [(1 - LEVEL) / 2, (1 + LEVEL) / 2]) if which.any() else None
    return Crossing(
        tokens=float(np.exp(fitted)) if np.isfinite(fitted) else None,
        interval=UNBOUNDED if tails is None else Interval(float(np.exp(tails[0])), float(np.exp(tails[1]))),
        probability=float(which.mean()),
        first_ends_lower=float((gaps[:, -1] < 0).mean()),
        low=low,
        high=high,
        observed_to=min(float(s.max()) for s in seen),
    )


def _last_sign_change(gaps: Array, log_tokens: Array) -> Array:
    """The last place where each row [m, steps] changes its sign, between the steps by a straight line: [m] or nan."""
    changes = np.sign(gaps[:, :-1]) * np.sign(gaps[:, 1:]) < 0
    last = changes.shape[1] - 1 - changes[:, ::-1].argmax(axis=1)
    rows = np.arange(len(gaps))
    before, after = gaps[rows, last], gaps[rows, last + 1]
    share = before / np.where(before == after, 1.0, before - after)
    found = log_tokens[last] + share * (log_tokens[last + 1] - log_tokens[last])
    return np.where(changes.any(axis=1), found, np.nan)
