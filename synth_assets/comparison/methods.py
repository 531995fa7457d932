"""The methods side by side: the error of students trained on each at equal tokens, and which differences are real.

What lives here: laying out the rows of `method_comparison` and `method_pairs`. How a mean over questions and seeds is
judged is `crossed.py`'s subject. All runs compared are asked the same held-out questions, answer the same number of
them and have the same seeds; what else is equal (documents, teacher, budgets, sizes) is the road's business.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from synth_assets.comparison.crossed import CrossedMean, crossed_mean
from synth_assets.tables import METHOD_COMPARISON, METHOD_PAIRS

SHOWN = 0.05
"""A difference is said to be shown where its corrected p-value is below."""

Row = dict[str, object]


@dataclass(frozen=True)
class _Cell:
    """The runs of one method, student and budget, over seeds.

    `wrong` is [questions, seeds], 1.0 where a question was answered wrongly; `losses` has one a seed.
    """

    method: str
    student: str
    parameters: int
    budget: int
    tokens: float
    seeds: tuple[int, ...]
    wrong: NDArray[np.float64]
    losses: NDArray[np.float64]


def comparison_rows(runs: pl.DataFrame, methods: Collection[str]) -> pl.DataFrame:
    """Rows of `method_comparison`: each method, student and budget, from rows of `student_runs`.

    Runs made before answers were kept one by one are left out; so are training sets that are no method's.
    """
    return METHOD_COMPARISON.conform(
        pl.DataFrame([_row(cell) for cell in _cells(runs, methods)], schema=METHOD_COMPARISON.schema)
    )


def pair_rows(runs: pl.DataFrame, methods: Collection[str]) -> pl.DataFrame:
    """Rows of `method_pairs`: each two methods at the same student and budget, question by question and seed by seed.

    p-values are corrected over the pairs of a student and budget by Benjamini and Hochberg's procedure. Untrained
    students are not compared: they are the same.
    """
    rows: list[Row] = []
    groups: dict[tuple[str, int], list[_Cell]] = {}
    for cell in _cells(runs, methods):
        if cell.budget:
            groups.setdefault((cell.student, cell.budget), []).append(cell)
    for cells in groups.values():
        rows += _pairs(cells)
    return METHOD_PAIRS.conform(pl.DataFrame(rows, schema=METHOD_PAIRS.schema))


def at_largest(rows: pl.DataFrame, *of: str) -> pl.DataFrame:
    """Those rows of a table of this module that are at the largest budget of each student and what `of` names.

    A method that runs out of questions ends at an earlier budget than the others, and is compared up to there.
    """
    return rows.filter(pl.col("budget") == pl.col("budget").max().over("student", *of))


def _cells(runs: pl.DataFrame, methods: Collection[str]) -> Iterator[_Cell]:
    chosen = runs.filter(pl.col("training_set").is_in(list(methods)), pl.col("right").is_not_null())
    ordered = chosen.sort("parameters", "student", "budget", "training_set", "seed")
    for (student, budget, method), group in ordered.group_by(
        ["student", "budget", "training_set"], maintain_order=True
    ):
        right = np.array(group["right"].to_list(), dtype=float)
        yield _Cell(
            method=str(method),
            student=str(student),
            parameters=int(group["parameters"][0]),
            budget=int(str(budget)),
            tokens=float(group["unique_tokens"].cast(pl.Float64).mean()),  # type: ignore[arg-type]
            seeds=tuple(group["seed"].to_list()),
            wrong=1.0 - right.T,
            losses=group["answer_loss"].to_numpy(),
        )


def _row(cell: _Cell) -> Row:
    error = crossed_mean(cell.wrong)
    loss_low, loss_high = _interval_over_seeds(cell.losses)
    low, high = error.interval
    return {
        "method": cell.method,
        "student": cell.student,
        "parameters": cell.parameters,
        "budget": cell.budget,
        "unique_tokens": cell.tokens,
        "seeds": error.seeds,
        "questions": error.items,
        "error": error.value,
        "error_low": max(0.0, low),
        "error_high": min(1.0, high),
        "answer_loss": float(cell.losses.mean()),
        "answer_loss_low": loss_low,
        "answer_loss_high": loss_high,
    }


def _pairs(cells: Sequence[_Cell]) -> list[Row]:
    compared = [(first, second, *_difference(first, second)) for first, second in combinations(cells, 2)]
    if not compared:
        return []
    corrected = stats.false_discovery_control([difference.p_value for *_, difference, _ in compared])
    return [
        _pair_row(first, second, difference, loss, float(q))
        for (first, second, difference, loss), q in zip(compared, corrected, strict=True)
    ]


def _difference(first: _Cell, second: _Cell) -> tuple[CrossedMean, CrossedMean | None]:
    """Of the errors, question by question and seed by seed; and of the losses, seed by seed, where there are two."""
    shared = [seed for seed in first.seeds if seed in second.seeds]
    one, other = ([cell.seeds.index(seed) for seed in shared] for cell in (first, second))
    wrong = first.wrong[:, one] - second.wrong[:, other]
    losses = (first.losses[one] - second.losses[other])[:, None]
    return crossed_mean(wrong), crossed_mean(losses) if len(shared) > 1 else None


def _pair_row(first: _Cell, second: _Cell, difference: CrossedMean, loss: CrossedMean | None, q: float) -> Row:
    low, high = difference.interval
    loss_low, loss_high = loss.interval if loss else (None, None)
    return {
        "student": first.student,
        "budget": first.budget,
        "first": first.method,
        "second": second.method,
        "seeds": difference.seeds,
        "questions": difference.items,
        "difference": difference.value,
        "low": low,
        "high": high,
        "p_value": difference.p_value,
        "q_value": q,
        "loss_difference": float(loss.value) if loss else float(first.losses[0] - second.losses[0]),
        "loss_low": loss_low,
        "loss_high": loss_high,
        "loss_p_value": loss.p_value if loss else None,
        "said": _said(first, second, difference, q),
    }


def _said(first: _Cell, second: _Cell, difference: CrossedMean, q: float) -> str:
    points = 100 * abs(difference.value)
    low, high = (100 * end for end in difference.interval)
    better = first.method if difference.value < 0 else second.method
    worse = second.method if better == first.method else first.method
    range_ = f"95% interval {min(abs(low), abs(high)):.1f} to {max(abs(low), abs(high)):.1f}, q = {q:.3f}"
    seeds = "" if difference.seeds > 1 else " (one seed: how much training varies is not in it)"
    if q < SHOWN:
        return f"{better} errs {points:.1f} points less than {worse} ({range_}){seeds}"
    return f"no difference is shown: {first.method} - {second.method} is {low:.1f} to {high:.1f} points{seeds}"


def _interval_over_seeds(losses: NDArray[np.float64]) -> tuple[float | None, float | None]:
    return crossed_mean(losses[:, None]).interval if len(losses) > 1 else (None, None)
