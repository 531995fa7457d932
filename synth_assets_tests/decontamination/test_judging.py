"""The judge of doubtful pairs: what it is asked, what its silence means, and how the embedded teacher does on GSM8K."""

import re
from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pytest

from synth_assets.decontamination.judging import VERDICT, is_same_problem, judge_candidates
from synth_assets.teachers.asking import Asker
from synth_assets.teachers.embedded.teacher import EmbeddedTeacher
from synth_assets.teachers.store import MemoryStore
from synth_assets.teachers.tasks import CompareProblems, Comparison, Result
from synth_assets_tests.rule_teacher import RuleTeacher, ShufflingTeacher, asking

Pairs = Iterable[tuple[str, str]]


def candidates(pairs: Pairs) -> pl.DataFrame:
    """Candidates of these questions and items, with a column that judging knows nothing of."""
    rows = [
        ("level_1", "a", f"q{place}", "bench", f"i{place}", question, item, place / 10)
        for place, (question, item) in enumerate(pairs)
    ]
    names = ("method", "shard", "qa_id", "benchmark", "item_id", "question", "item_text", "score")
    schema = {name: pl.Float64 if name == "score" else pl.String for name in names}
    return pl.DataFrame(rows, schema=schema, orient="row")


def verdict(task: CompareProblems) -> Result | str:
    """Equal texts are the same; about a question mark alone nothing is said."""
    if task.question == "?":
        return "busy"
    return Comparison(same=task.question == task.item, reason=f"{task.question} beside {task.item}")


ASKED = (("a", "a"), ("a", "b"), ("?", "b"), ("b", "a"), ("a", "b"))


def test_each_candidate_keeps_its_columns_and_gets_its_verdict() -> None:
    of = candidates(ASKED)
    judged = judge_candidates(of, asking(RuleTeacher(verdict)))
    assert judged.select(of.columns).equals(of)
    assert judged["same"].to_list() == [True, False, None, False, False]
    assert judged["reason"].to_list() == ["a beside a", "a beside b", None, "b beside a", "a beside b"]


def test_silence_counts_as_the_same_problem() -> None:
    judged = judge_candidates(candidates(ASKED), asking(RuleTeacher(verdict)))
    assert judged.select(is_same_problem()).to_series().to_list() == [True, False, True, False, False]


def test_equal_pairs_are_asked_for_once_and_the_order_of_the_answers_does_not_count() -> None:
    teacher = RuleTeacher(verdict)
    in_order = judge_candidates(candidates(ASKED * 40), asking(teacher))
    assert sum(task != CompareProblems(question="?", item="b") for task in teacher.asked) == 3
    shuffled = judge_candidates(candidates(ASKED * 40), asking(ShufflingTeacher(verdict, seed=1)))
    assert shuffled.equals(in_order)


def test_answers_in_the_store_cost_nothing_and_stand_on_the_account_of_their_partition() -> None:
    store, teacher = MemoryStore(), RuleTeacher(verdict)
    for _ in range(2):
        judge_candidates(candidates(ASKED[:2]), Asker(teacher, store))
    assert len(teacher.asked) == 2


def test_progress_is_told_and_no_candidates_are_no_question() -> None:
    told: list[tuple[int, int]] = []
    judge_candidates(candidates(ASKED), asking(RuleTeacher(verdict)), lambda done, of: told.append((done, of)))
    assert told == [(done, 5) for done in range(1, 6)]
    none = judge_candidates(candidates(()), asking(RuleTeacher(verdict)))
    assert none.is_empty() and none.schema == candidates(()).schema | VERDICT


def rows(shared: Path, name: str) -> list[dict[str, str]]:
    path = shared / "benchmarks" / f"{name}.jsonl"
    if not path.exists():
        pytest.skip(
            f"{path.name} is not at {path.parent}; set SYNTH_ASSETS_SHARED to the folder that holds benchmarks/"
        )
    return pl.read_ndjson(path).to_dicts()


def called_the_same(pairs: Pairs) -> float:
    """The share of pairs that the embedded teacher calls the same problem."""
    judged = judge_candidates(candidates(pairs), Asker(EmbeddedTeacher(), MemoryStore()))
    return float(judged.select(pl.col("same").mean()).item())


def test_the_embedded_teacher_knows_gsm8k_in_other_words_and_tells_other_numbers_and_problems_apart(
    shared: Path,
) -> None:
    items = {row["id"]: row["question"] for row in rows(shared, "gsm8k")}
    rephrased = [(row["question"], items[row["of"]]) for row in rows(shared, "gsm8k_rephrased_first_half")]
    changed = [
        (re.sub(r"\d+", lambda found: str(int(found[0]) + 7), question, count=1), item)
        for question, item in rephrased
        if re.search(r"\d", question)
    ]
    training = [row["question"] for row in rows(shared, "gsm8k_train_first_half")]
    assert called_the_same(rephrased) >= 0.89
    assert called_the_same(changed) <= 0.01
    assert called_the_same(zip(training, items.values(), strict=False)) == 0
