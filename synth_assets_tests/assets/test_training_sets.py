"""The asset of the training sets, where a method has lost all of its questions on the way."""

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
