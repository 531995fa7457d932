"""The fourth rung of the ladder: a teacher says whether a doubtful question is a benchmark's problem in other words.

Which pairs are doubtful is the business of the third rung (`rephrased.py`); what a verdict does, of the caller.
"""

from collections.abc import Callable, Iterator

import polars as pl

from synth_assets.teachers.asking import Asker, Request
from synth_assets.teachers.tasks import CompareProblems, Comparison

VERDICT = {"same": pl.Boolean, "reason": pl.String}
"""The columns a verdict adds."""


def judge_candidates(
    candidates: pl.DataFrame, asker: Asker, advance: Callable[[int, int], None] | None = None
) -> pl.DataFrame:
    """The candidates in their order and with all their columns, and the teacher's verdict on each.

    A candidate without an answer must be taken for the same problem, as one called the same: staying clear of a
    benchmark errs on the safe side. `is_same_problem` says so as an expression. Equal pairs of texts are asked for
    once, and answers in the store are not asked for again.

    Args:
        candidates: Rows with `method`, `shard`, `question` and `item_text`, as text; other columns are kept. Each is
            asked on the account of its partition.
        asker: Asks the teacher.
        advance: Called with how many of the candidates are judged, and of how many.

    Returns:
        The columns of `VERDICT` besides: `same`, and the teacher's `reason`; both null where it gave no answer.

    Raises:
        BudgetReachedError: The budget allows no further request; what was answered is stored.
        SynthAssetsError: The teacher can answer nothing more.
    """
    verdicts: list[Comparison | None] = [None] * candidates.height
    for answered in asker.ask(_requests(candidates), candidates.height, advance):
        verdicts[answered.place] = answered.response.result
    told = [(None, None) if verdict is None else (verdict.same, verdict.reason) for verdict in verdicts]
    return candidates.hstack(pl.DataFrame(told, schema=VERDICT, orient="row"))


def is_same_problem() -> pl.Expr:
    """Whether a judged candidate counts as the same problem: it was called so, or the teacher gave no answer."""
    return pl.col("same").fill_null(value=True)


def _requests(candidates: pl.DataFrame) -> Iterator[Request[Comparison]]:
    wanted = candidates.select("method", "shard", "question", "item_text")
    for method, shard, question, item in wanted.iter_rows():
        yield Request(f"{method}|{shard}", CompareProblems(question=question, item=item))
