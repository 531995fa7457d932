"""What follows from the fits of a training set and metric, in numbers and in words.

What lives here: the rows of `scaling_conclusions` and their sentences. How each is computed is the subject of
`choice`, `budgets`, `crossings` and `next_runs`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, groupby

from synth_assets.scaling.budgets import Budget, budget_for
from synth_assets.scaling.choice import choose
from synth_assets.scaling.crossings import Crossing, crossing
from synth_assets.scaling.laws import POWER, RECTIFIED
from synth_assets.scaling.next_runs import NextRun, next_runs
from synth_assets.scaling.series import FittedSeries
from synth_assets.scaling.wording import budget_range, figure, tokens_text

REPLICATES = 400
"""Bootstrap replicates of the conclusions: the ends of a 90% interval vary by some percent of its width with it."""
MOST_COMPARED = 12
"""Models of one training set and metric that are compared pair by pair, the smallest first."""
GOAL = 16.0
"""Default goal of the next run, in multiples of the largest budget observed."""
Row = dict[str, object]


def conclusion_rows(
    fitted: Sequence[FittedSeries], targets: Iterable[float] = (), goal: float | None = None
) -> list[Row]:
    """Rows of `scaling_conclusions`, those of each training set and metric together.

    Targets, crossings and next runs are told of the law that wins on most of the curves of the training set and
    metric, the rectified one where none does. `targets` are values; a target is told of each model. `goal` is the
    budget whose prediction the next run should narrow. Without replicates there are no crossings and next runs.
    """
    rows: list[Row] = []
    ordered = sorted(fitted, key=lambda one: (one.series.training_set, one.series.metric))
    for _, group in groupby(ordered, key=lambda one: (one.series.training_set, one.series.metric)):
        ones = list(group)
        rows += _law_rows(ones)
        spoken = of_winner(ones)
        rows += [_target_row(one, target) for target in sorted(set(targets)) for one in spoken]
        rows += _crossing_rows(spoken)
        rows += [row for one in spoken for row in _next_run_row(one, goal)]
    return rows


def of_winner(group: Sequence[FittedSeries]) -> list[FittedSeries]:
    """The fits of one training set and metric that are spoken of: one law for all models, smallest model first."""
    won = Counter(row["law"] for row in _law_rows(group))
    names = {one.law.name for one in group}
    law = POWER if won["power"] > won["rectified"] or RECTIFIED.name not in names else RECTIFIED
    return sorted(
        (one for one in group if one.law == law), key=lambda one: (one.series.parameters or 0, one.series.model)
    )


def _row(
    one: FittedSeries,
    kind: str,
    said: str,
    about: str = "",
    law: str | None = None,
    numbers: Mapping[str, float | None] | None = None,
) -> Row:
    series = one.series
    nothing = dict.fromkeys(("tokens", "tokens_low", "tokens_high", "probability", "width_now", "width_after"))
    names = {"training_set": series.training_set, "metric": series.metric, "kind": kind, "model": series.model}
    return {**names, "about": about, "law": law or one.law.name, **nothing, **(numbers or {}), "said": said}


def _law_rows(group: Sequence[FittedSeries]) -> list[Row]:
    by_law = {(one.series.model, one.law.name): one for one in group}
    rows = []
    for model in sorted({one.series.model for one in group}):
        rectified, plain = by_law.get((model, RECTIFIED.name)), by_law.get((model, POWER.name))
        if rectified is not None and plain is not None:
            found = choose(rectified, plain)
            rows.append(_row(rectified, "law", f"{model}: {found.said}.", law=found.winner))
    return rows


def _target_row(one: FittedSeries, target: float) -> Row:
    found = budget_for(one.fit, target, one.region)
    ends = {"tokens": found.tokens, "tokens_low": found.interval.low, "tokens_high": found.interval.high}
    return _row(one, "target", _target_said(one, target, found), about=f"{target:g}", numbers=ends)


def _target_said(one: FittedSeries, target: float, found: Budget) -> str:
    subject = f"{one.series.model} at {one.series.metric} {figure(target)}"
    if found.excluded:
        return f"{subject}: never; the target is below every floor E that the data allow."
    if found.tokens is None:
        least = (
            "" if found.interval.low is None else f"; the data do allow it from {tokens_text(found.interval.low)} on"
        )
        return f"{subject}: never by the fitted curve, which levels off above the target{least}."
    if found.tokens == 0 and found.interval.high == 0:
        return f"{subject}: from the start."
    words = budget_range(found.interval.low, found.interval.high)
    return f"{subject}: after {tokens_text(found.tokens)} tokens (90% interval: {words})."


def _crossing_rows(spoken: Sequence[FittedSeries]) -> Iterator[Row]:
    compared = [one for one in spoken if one.bootstrap is not None][:MOST_COMPARED]
    for first, second in combinations(compared, 2):
        assert first.bootstrap is not None and second.bootstrap is not None
        found = crossing(first.bootstrap, second.bootstrap)
        numbers = {
            "tokens": found.tokens,
            "tokens_low": found.interval.low,
            "tokens_high": found.interval.high,
            "probability": found.probability,
        }
        said = _crossing_said(first.series.model, second.series.model, found)
        yield _row(first, "crossing", said, about=second.series.model, numbers=numbers)


def _crossing_said(first: str, second: str, found: Crossing) -> str:
    share = f"{found.probability:.0%} of the replicates"
    low, high = found.interval.low, found.interval.high
    where = f", 90% of them between {tokens_text(low)} and {tokens_text(high)}" if low and high else ""
    if found.tokens is None:
        crossed = f"the fitted curves do not cross up to {tokens_text(found.high)}; {share} do{where}"
    else:
        beyond = ", beyond what both were observed at" if found.tokens > found.observed_to else ""
        crossed = f"the fitted curves cross at {tokens_text(found.tokens)}{beyond}; {share} cross{where}"
    ends_lower = found.first_ends_lower
    lower, sure = (first, ends_lower) if ends_lower >= 0.5 else (second, 1.0 - ends_lower)
    return f"{first} and {second}: {crossed}. At {tokens_text(found.high)} {lower} is the lower one in {sure:.0%}."


def _next_run_row(one: FittedSeries, goal: float | None) -> Iterator[Row]:
    if one.bootstrap is None:
        return
    at = goal if goal is not None else GOAL * float(one.fit.tokens.max())
    runs = next_runs(one.bootstrap, at)
    if not runs:
        return
    best = runs[0]
    numbers = {"tokens": best.tokens, "width_now": best.width_now, "width_after": best.width_after}
    affordable = next((run for run in runs if run.tokens <= one.fit.tokens.max()), None)
    yield _row(one, "next_run", _next_run_said(one, best, affordable, at), about=tokens_text(at), numbers=numbers)


def _next_run_said(one: FittedSeries, best: NextRun, affordable: NextRun | None, goal: float) -> str:
    again = "another seed at" if (one.fit.tokens == best.tokens).any() else "a run with"
    widths = f"from {best.width_now:.1%} to {best.width_after:.1%} of the value"
    within = ""
    if affordable is not None and affordable != best:
        gained = f"at {tokens_text(affordable.tokens)} would narrow it to {affordable.width_after:.1%}"
        within = f"; within the budgets seen, another seed {gained}"
    return (
        f"{one.series.model}: {again} {tokens_text(best.tokens)} tokens would narrow the interval of the prediction at "
        f"{tokens_text(goal)} most, {widths}{within}."
    )
