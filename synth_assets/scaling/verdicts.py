"""Verdicts in words: how well the data determine each parameter, and if not, why not.

What lives here: the reading of intervals. How they are computed is `intervals`'s subject.
"""

from synth_assets.scaling.fitting import Fit
from synth_assets.scaling.intervals import Interval

WELL, ROUGHLY = 0.25, 1.0
"""Widths of an interval, relative to the estimate, up to which a parameter is well or roughly determined."""


def verdict(fit: Fit, name: str, interval: Interval) -> str:
    """One phrase on how well `fit` determines the parameter `name`, given its interval."""
    value = fit.parameters[name]
    if fit.is_flat:
        if name in ("E", "S"):
            return "only a constant could be fitted: the values do not fall with data"
        return f"{name} is not determined: the values do not fall with data"
    if len(fit.values) <= fit.law.degrees:
        return f"{name} has no interval: there are no more observations than parameters"
    if interval.low is None or interval.high is None:
        return f"{name} is not determined: {_reason(name, interval)}"
    if name == "E" and interval.low <= 0.0:
        return f"E is only bounded from above, by {interval.high:.3g}: the curve has not levelled off enough"
    width = (interval.high - interval.low) / value if value > 0 else float("inf")
    if width <= WELL:
        return "well determined"
    share = f"the interval is {width:.0%} of the value wide" if width < 10 else "the interval spans over ten times it"
    return f"{'roughly' if width <= ROUGHLY else 'poorly'} determined: {share}"


def _reason(name: str, interval: Interval) -> str:
    """Why at least one end is open."""
    if interval.low is None and interval.high is None:
        return "budgets on a bend of the curve are missing"
    if name == "S":
        return "no observation without data, and all budgets are far above D_l"
    if name == "D_l":
        return f"all budgets are far {'above' if interval.low is None else 'below'} it"
    if interval.low is None:
        return "the curve falls as slowly as the law allows"
    return "the curve has hardly begun to fall" if name == "B" else "the curve falls in a single step"
