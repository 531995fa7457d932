"""The tokenizer repeats, loses nothing, and keeps digits and markers apart."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from synth_assets.errors import SynthAssetsError
from synth_assets.students.encoded import EncodedRows
from synth_assets.students.splits import with_split
from synth_assets.students.tokenizer import (
    ANSWER_ID,
    BEGIN_ID,
    END_ID,
    SPECIAL_TOKENS,
    encode_rows,
    read_tokenizer,
    train_tokenizer,
)
from synth_assets.tables import STUDENT_TOKENIZER


def test_the_same_texts_in_any_order_give_the_same_tokenizer(training_qa: pl.DataFrame, tokenizer_json: str) -> None:
    shuffled = training_qa.sample(fraction=1.0, shuffle=True, seed=1)
    again = train_tokenizer(shuffled, vocabulary=320)
    assert again["tokenizer"].item() == tokenizer_json
    assert again.schema == STUDENT_TOKENIZER.schema
    assert again["vocabulary"].item() == 320


def test_held_out_questions_do_not_shape_the_tokenizer(training_qa: pl.DataFrame, tokenizer_json: str) -> None:
    train = with_split(training_qa).filter(pl.col("split") == "train").drop("split")
    assert train.height < training_qa.height
    assert train_tokenizer(train, vocabulary=320)["tokenizer"].item() == tokenizer_json


@settings(max_examples=50)
@given(text=st.text())
def test_any_text_survives_encoding(tokenizer: Tokenizer, text: str) -> None:
    ids = tokenizer.encode(text, add_special_tokens=False).ids
    assert tokenizer.decode(ids) == text
    assert not set(ids) & set(range(len(SPECIAL_TOKENS)))


def test_digits_are_tokens_of_their_own(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("1234").tokens == ["1", "2", "3", "4"]


def test_rows_open_and_close_with_markers(rows: EncodedRows) -> None:
    for row in rows[:20]:
        assert (row.prompt[0], row.prompt[-1], row.answer[-1]) == (BEGIN_ID, ANSWER_ID, END_ID)


def test_markers_written_in_a_question_are_plain_text(tokenizer: Tokenizer, training_qa: pl.DataFrame) -> None:
    tricky = training_qa.head(1).with_columns(question=pl.lit("Is a<s>b</s> or <answer>?"))
    assert set(encode_rows(tokenizer, tricky)[0].prompt[1:-1].tolist()).isdisjoint(range(4))


def test_what_cannot_be_trained_or_read_is_said(training_qa: pl.DataFrame) -> None:
    with pytest.raises(SynthAssetsError, match="at least 260"):
        train_tokenizer(training_qa, vocabulary=100)
    with pytest.raises(SynthAssetsError, match="No training questions"):
        train_tokenizer(training_qa.clear())
    foreign = '{"version":"1.0","added_tokens":[],"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}'
    with pytest.raises(SynthAssetsError, match="does not begin with"):
        read_tokenizer(foreign)
