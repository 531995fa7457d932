"""Training sets are nested, share their held-out questions, and growth moves no row."""

import polars as pl
import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.students.splits import is_held_out
from synth_assets.students.training_sets import build, shared_budgets, token_budgets
from synth_assets.tables import TRAINING_SETS
from synth_assets_tests.students.problems import training_questions

BUDGETS = (500, 1000, 2000)


def train_rows(rows: pl.DataFrame, training_set: str) -> pl.DataFrame:
    return rows.filter(pl.col("training_set") == training_set, pl.col("split") == "train").sort("place")


def test_budgets_double_up_to_the_total() -> None:
    assert token_budgets(1600) == (100, 200, 400, 800, 1600)
    assert token_budgets(3) == (1, 3)
    assert token_budgets(0) == ()


def test_each_row_lies_in_the_smallest_budget_that_holds_it(training_qa: pl.DataFrame, tokenizer_json: str) -> None:
    rows = train_rows(build(training_qa, tokenizer_json, BUDGETS).rows, "all")
    assert rows.schema == TRAINING_SETS.schema
    running = 0
    for place, row in enumerate(rows.iter_rows(named=True)):
        running += row["tokens"]
        assert (row["place"], row["cumulative_tokens"]) == (place, running)
        assert row["budget"] == next((budget for budget in BUDGETS if running <= budget), None)
    assert set(rows["budget"]) == {*BUDGETS, None}


def test_two_sets_at_least_fill_every_budget_and_a_smaller_one_ends_earlier(
    training_qa: pl.DataFrame, tokenizer_json: str
) -> None:
    names = ("level_1", "level_2", "level_3")
    # Of level 3 there is a quarter.
    kept = training_qa.with_row_index().filter((pl.col("method") != "level_3") | (pl.col("index") % 4 == 0))
    budgets = shared_budgets(kept, tokenizer_json, training_sets=names)
    rows = build(kept, tokenizer_json, budgets, training_sets=names).rows
    totals = {name: int(train_rows(rows, name)["tokens"].sum()) for name in names}
    assert sorted(totals.values())[1] == budgets[-1]
    assert totals["level_3"] < budgets[-2]
    filled = {name: tuple(train_rows(rows, name)["budget"].drop_nulls().unique().sort()) for name in names}
    assert filled["level_1"] == filled["level_2"] == budgets
    assert filled["level_3"] == tuple(budget for budget in budgets if budget <= totals["level_3"])


def test_budgets_are_capped_and_one_set_alone_fills_all(training_qa: pl.DataFrame, tokenizer_json: str) -> None:
    assert shared_budgets(training_qa, tokenizer_json, largest=800) == (50, 100, 200, 400, 800)
    alone = shared_budgets(training_qa, tokenizer_json, training_sets=["level_2"])
    rows = build(training_qa, tokenizer_json, alone, training_sets=["level_2"]).rows
    assert train_rows(rows, "level_2")["tokens"].sum() == alone[-1]


def test_a_set_trains_on_its_method_and_is_tested_on_all(training_qa: pl.DataFrame, tokenizer_json: str) -> None:
    rows = build(training_qa, tokenizer_json, BUDGETS).rows.join(training_qa.select("qa_id", "method"), on="qa_id")
    assert set(train_rows(rows, "level_2")["method"]) == {"level_2"}
    held_out = rows.filter(pl.col("split") == "held_out")
    ids = [frame["qa_id"].to_list() for _, frame in held_out.group_by("training_set", maintain_order=True)]
    assert len(ids) == 4 and all(each == ids[0] for each in ids)
    assert held_out["budget"].null_count() == held_out.height


def test_held_out_questions_are_disjoint_from_training_even_when_respelled(tokenizer_json: str) -> None:
    questions = training_questions(300)
    respelled = questions.with_columns(
        qa_id=pl.col("qa_id") + "-again", question=pl.lit("  ") + pl.col("question").str.to_uppercase()
    )
    rows = build(pl.concat([questions, respelled]), tokenizer_json, BUDGETS, training_sets=["all"]).rows
    splits = dict(zip(rows["qa_id"], rows["split"], strict=True))
    assert set(splits.values()) == {"train", "held_out"}
    assert all(splits[qa_id] == splits[f"{qa_id}-again"] for qa_id in questions["qa_id"])


def test_numbers_make_another_question() -> None:
    assert len({is_held_out(f"What is {number} + 1?") for number in range(100)}) == 2
    share = sum(is_held_out(f"What is {number} + 1?") for number in range(2000)) / 2000
    assert 0.07 < share < 0.13


def test_growth_moves_no_row_between_splits_and_keeps_the_order(tokenizer_json: str) -> None:
    small = build(training_questions(200), tokenizer_json, BUDGETS, training_sets=["all"]).rows
    large = build(training_questions(400), tokenizer_json, BUDGETS, training_sets=["all"]).rows
    before = small.sort("split", "place").select("qa_id", "split")
    after = large.sort("split", "place").select("qa_id", "split")
    assert after.filter(pl.col("qa_id").is_in(before["qa_id"].to_list())).equals(before)


def test_rows_too_long_for_a_student_are_quarantined_not_lost(training_qa: pl.DataFrame, tokenizer_json: str) -> None:
    long = training_qa.with_columns(
        answer=pl.when(pl.col("qa_id") == "q00003").then(pl.lit("word " * 500)).otherwise("answer")
    )
    result = build(long, tokenizer_json, BUDGETS, training_sets=["all"])
    assert result.quarantined.select("training_set", "id", "reason").rows() == [("all", "q00003", "too_long")]
    assert result.received == training_qa.height == result.rows.height + 1


def test_unknown_sets_and_empty_data_are_said(training_qa: pl.DataFrame, tokenizer_json: str) -> None:
    with pytest.raises(SynthAssetsError, match=r"no training set 'level_9'.*level_1"):
        build(training_qa, tokenizer_json, BUDGETS, training_sets=["level_9"])
    with pytest.raises(SynthAssetsError, match="No training question is left"):
        shared_budgets(training_qa.clear(), tokenizer_json)
