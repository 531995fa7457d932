"""The asset of the training sets, where a method has lost questions on the way."""

import dagster as dg
import polars as pl
import pytest

from synth_assets.assets.students import training_sets
from synth_assets.settings import Settings
from synth_assets.students.tokenizer import train_tokenizer
from synth_assets.tables import StageResult
from synth_assets_tests.students.problems import training_questions


@pytest.mark.parametrize(
    ("first", "last", "filled"),
    [("all", "level_3", {"all", "level_1", "level_2"}), ("level_3", "level_3", set())],
    ids=["beside others", "alone"],
)
def test_a_method_without_a_question_has_an_empty_training_set(first: str, last: str, filled: set[str]) -> None:
    questions = training_questions(200).filter(pl.col("method") != "level_3")
    tokenizer = train_tokenizer(questions, vocabulary=320)
    context = dg.build_asset_context(partition_key_range=dg.PartitionKeyRange(first, last))
    made = training_sets(context, questions, tokenizer, settings=Settings())
    assert isinstance(made, StageResult)
    assert set(made.rows["training_set"]) == filled


def test_a_set_that_ends_before_the_largest_budget_is_warned_of_and_the_others_go_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    questions = training_questions(400).with_row_index("place")
    questions = questions.filter((pl.col("method") != "level_3") | (pl.col("place") < 40)).drop("place")
    names = ("level_1", "level_2", "level_3")
    settings = Settings.model_validate({"students": {"training_sets": names}})
    context = dg.build_asset_context(partition_key_range=dg.PartitionKeyRange("level_1", "level_3"))
    training_sets(context, questions, train_tokenizer(questions, vocabulary=320), settings=settings)
    budgets = context.get_output_metadata("result")["budgets"].value
    assert len(budgets["level_1"]) == len(budgets["level_2"]) == 5
    assert 0 < len(budgets["level_3"]) < 5
    warned = [line for line in capsys.readouterr().err.splitlines() if "WARNING" in line]
    assert len(warned) == 1
    training_sets(context, questions, train_tokenizer(questions, vocabulary=320), settings=Settings())
    assert "WARNING" not in capsys.readouterr().err  # students are trained on `all` alone
    assert "The training set level_3 has" in warned[0] and f"at {len(budgets['level_3'])} of 5 budgets" in warned[0]
