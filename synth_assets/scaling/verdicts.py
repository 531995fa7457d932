"""Verdicts in words: how well the data determine each parameter, and if not, why not.

What lives here: the reading of intervals. How they are computed is `intervals`'s subject.
"""

import numpy as np

from synth_assets.scaling.fitting import Fit, Fitted
from synth_assets.scaling.intervals import Interval
from synth_assets.scaling.surfaces import SurfaceFit

WELL, ROUGHLY = 0.25, 1.0
"""Widths of an interval, relative to the estimate, up to which a parameter is well or roughly determined."""


def verdict(fit: Fitted, name: str, interval: Interval) -> str:
    """One phrase on how well `fit`, of a curve or a surface, determines the parameter `name`, given its interval."""
    value = fit.parameters[name]
    joint = isinstance(fit, SurfaceFit)
    if fit.is_flat:
        if name in ("E", "S"):
            return "only a constant could be fitted: the values do not fall with data"
        return f"{name} is not determined: the values do not fall with {'data or size' if joint else 'data'}"
    if len(fit.observed[1]) <= fit.form.degrees:
        return f"{name} has no interval: there are no more observations than parameters"
    if interval.low is None or interval.high is None:
        why = _reason(fit, name, interval) if isinstance(fit, Fit) else _reason_of_surface(name, interval)
        return f"{name} is not determined: {why}"
    if name == "E" and interval.low <= 0.0:
        return f"E is only bounded from above, by {interval.high:.3g}: the curve has not levelled off enough"
    width = (interval.high - interval.low) / value if value > 0 else float("inf")
    if width <= WELL:
        return "well determined"
    share = f"the interval is {width:.0%} of the value wide" if width < 10 else "the interval spans over ten times it"
    return f"{'roughly' if width <= ROUGHLY else 'poorly'} determined: {share}"


def _reason(fit: Fit, name: str, interval: Interval) -> str:
    """Why at least one end is open."""
    if interval.low is None and interval.high is None:
        return "budgets on a bend of the curve are missing"
    if name == "S":
        if (fit.tokens == 0).any():
            return "the noise is as large as what the values fall with data"
        return f"no observation without data, and {_budgets_away(fit, above=True)} D_l"
    if name == "D_l":
        return f"{_budgets_away(fit, above=interval.low is None)} it"
    if interval.low is None:
        return "the curve may fall as slowly as the law allows"
    return "the curve may hardly have begun to fall" if name == "B" else "the curve may fall in a single step"


def _budgets_away(fit: Fit, *, above: bool) -> str:
    """Whether all budgets are, or may as well be, on one side of the bend D_l^(1 / beta) of a rectified law."""
    seen, bend = np.log(fit.tokens[fit.tokens > 0]), fit.shape[0]
    certain = bend < seen.min() if above else bend > seen.max()
    return f"all budgets {'are' if certain else 'may be'} far {'above' if above else 'below'}"


def _reason_of_surface(name: str, interval: Interval) -> str:
    """Why at least one end is open in the joint law."""
    what = "model size" if name in ("A", "alpha") else "tokens"
    if name in ("A", "B"):
        return f"its exponent is not, since the values say too little of how they fall with {what}"
    if interval.low is None and interval.high is None:
        return f"the values may not fall with {what} at all"
    if interval.low is None:
        return f"the values may fall as slowly with {what} as the law allows"
    return f"the values may fall in a single step with {what}"
