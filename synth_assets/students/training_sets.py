"""Training sets: which rows train, in which order, and which nested token budget holds them (paper section 3.1).

Every set has the same held-out questions, those of all methods, so that sets compare on one evaluation; a set named
after a method trains on that method's rows only. Budgets are in tokens and the same for all sets; one that has fewer
tokens ends at an earlier budget.
"""

from collections.abc import Sequence

import polars as pl

from synth_assets.errors import SynthAssetsError
from synth_assets.students.splits import HELD_OUT_SHARE, stable_place, with_split
from synth_assets.students.tokenizer import encode_rows, read_tokenizer
from synth_assets.tables import TRAINING_SETS, StageResult, quarantine_rows

ALL = "all"
"""The training set of every method's rows."""

LONGEST_ROW = 512
"""Tokens of the longest row a student can read; the quick profile's sequences are this long (we choose)."""


def training_set_names(training_qa: pl.DataFrame) -> tuple[str, ...]:
    """`all`, then each method that has rows, in alphabetical order."""
    return (ALL, *training_qa["method"].unique().sort())


def token_budgets(total_tokens: int, count: int = 5) -> tuple[int, ...]:
    """`count` budgets in tokens, each twice the one before, the largest `total_tokens`; fewer where a half is 0."""
    halved = (total_tokens >> place for place in reversed(range(count)))
    return tuple(budget for budget in halved if budget > 0)


def filled_budgets(budgets: Sequence[int], tokens: int) -> list[int]:
    """Those of the budgets that a training set of so many tokens fills, the smallest first."""
    return sorted(budget for budget in budgets if budget <= tokens)


def shared_budgets(
    training_qa: pl.DataFrame,
    tokenizer_json: str,
    count: int = 5,
    *,
    largest: int | None = None,
    training_sets: Sequence[str] = (),
    held_out_share: float = HELD_OUT_SHARE,
    longest_row: int = LONGEST_ROW,
) -> tuple[int, ...]:
    """Budgets for the named training sets (all of them where none is named): two sets at least can fill each.

    So a set that runs out early does not end the comparison of the others. Where there is one set alone, it fills
    all. `largest` caps the largest budget. Raises SynthAssetsError where none has any, or a name is unknown.
    """
    rows = _measured(training_qa, tokenizer_json, held_out_share)
    trained = rows.filter(pl.col("split") == "train", pl.col("tokens") <= longest_row)
    known = training_set_names(training_qa)
    totals = sorted(int(_rows_of(trained, name, known)["tokens"].sum()) for name in training_sets or known)
    filled = [total for total in totals if total > 0][-2:]
    if not filled:
        raise SynthAssetsError("No training question is left after the held-out split: add documents to the corpus.")
    return token_budgets(filled[0] if largest is None else min(filled[0], largest), count)


def build(
    training_qa: pl.DataFrame,
    tokenizer_json: str,
    budgets: Sequence[int],
    *,
    training_sets: Sequence[str] = (),
    held_out_share: float = HELD_OUT_SHARE,
    longest_row: int = LONGEST_ROW,
) -> StageResult:
    """Lay out the named training sets (all of them where none is named) over `training_qa` (tables.TRAINING_QA).

    Returns rows of tables.TRAINING_SETS; a set has those budgets alone that its rows fill. A row longer than
    `longest_row` tokens is quarantined as `too_long` in each set that would hold it; the counts are over (set, row).
    Raises SynthAssetsError for an unknown set.
    """
    rows = _measured(training_qa, tokenizer_json, held_out_share)
    known = training_set_names(training_qa)
    frames, quarantined, received = [TRAINING_SETS.empty()], list[dict[str, str]](), 0
    for name in training_sets or known:
        train = _rows_of(rows.filter(pl.col("split") == "train"), name, known)
        candidates = pl.concat([train, rows.filter(pl.col("split") == "held_out")])
        received += candidates.height
        fitting = candidates.filter(pl.col("tokens") <= longest_row)
        frames.append(_laid_out(fitting, name, budgets))
        quarantined += [
            {
                "training_set": name,
                "id": qa_id,
                "reason": "too_long",
                "detail": f"{tokens} tokens; the students read at most {longest_row}",
            }
            for qa_id, tokens in candidates.filter(pl.col("tokens") > longest_row).select("qa_id", "tokens").iter_rows()
        ]
    laid_out = pl.concat(frames)
    result = StageResult(laid_out, quarantine_rows(quarantined, "training_set"), received, laid_out.height)
    result.check("training_sets")
    return result


def _measured(training_qa: pl.DataFrame, tokenizer_json: str, held_out_share: float) -> pl.DataFrame:
    """Columns method, qa_id, split, tokens, in the stable hash order."""
    tokens = encode_rows(read_tokenizer(tokenizer_json), training_qa).lengths
    places = [stable_place(qa_id) for qa_id in training_qa["qa_id"]]
    return (
        with_split(training_qa, held_out_share)
        .with_columns(pl.Series("tokens", tokens, dtype=pl.Int64), pl.Series("stable_place", places, dtype=pl.UInt64))
        .sort("stable_place", "qa_id")
        .select("method", "qa_id", "split", "tokens")
    )


def _rows_of(rows: pl.DataFrame, name: str, known: Sequence[str]) -> pl.DataFrame:
    if name not in known:
        raise SynthAssetsError(f"There is no training set {name!r}: choose from {', '.join(known)}.")
    return rows if name == ALL else rows.filter(pl.col("method") == name)


def _laid_out(rows: pl.DataFrame, name: str, budgets: Sequence[int]) -> pl.DataFrame:
    filled = filled_budgets(budgets, int(rows.filter(pl.col("split") == "train")["tokens"].sum()))
    ends = pl.DataFrame({"budget": filled}, schema={"budget": pl.Int64}).with_columns(end=pl.col("budget"))
    running = rows.with_columns(
        training_set=pl.lit(name),
        place=pl.int_range(pl.len()).over("split"),
        cumulative_tokens=pl.col("tokens").cum_sum().over("split"),
    )
    # Each row falls into the first budget whose end lies at or past its running count; the rest lie past the last.
    labelled = running.sort("cumulative_tokens").join_asof(
        ends, left_on="cumulative_tokens", right_on="end", strategy="forward"
    )
    budget = pl.when(pl.col("split") == "train").then("budget")
    return TRAINING_SETS.conform(
        labelled.with_columns(budget=budget).sort("split", "place").select(list(TRAINING_SETS.columns))
    )
