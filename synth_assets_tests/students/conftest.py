"""What the tests of the students share: one data set and its tokenizer."""

import polars as pl
import pytest
from tokenizers import Tokenizer

from synth_assets.students.encoded import EncodedRows
from synth_assets.students.tokenizer import encode_rows, read_tokenizer, train_tokenizer
from synth_assets_tests.students.problems import training_questions


@pytest.fixture(scope="package")
def training_qa() -> pl.DataFrame:
    return training_questions(400)


@pytest.fixture(scope="package")
def tokenizer_json(training_qa: pl.DataFrame) -> str:
    return str(train_tokenizer(training_qa, vocabulary=320)["tokenizer"].item())


@pytest.fixture(scope="package")
def tokenizer(tokenizer_json: str) -> Tokenizer:
    return read_tokenizer(tokenizer_json)


@pytest.fixture(scope="package")
def rows(tokenizer: Tokenizer, training_qa: pl.DataFrame) -> EncodedRows:
    return encode_rows(tokenizer, training_qa)
