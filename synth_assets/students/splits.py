"""Which questions are held out, and in which order training rows are taken: both by hash, so that growth moves no row.

What lives here: the two decisions about single rows. Counting tokens and budgets is `training_sets.py`'s business.
The paper trains on nested subsets (section 3.1) and tests on MATH; our students are tested on held-out questions.
"""

import re
import unicodedata
from hashlib import blake2b

import polars as pl

HELD_OUT_SHARE = 0.1
"""Share of distinct questions kept out of training (we choose)."""

_WHITE_SPACE = re.compile(r"\s+")


def question_group(question: str) -> str:
    """What makes two questions the same one: NFKC, case-folded, white space collapsed, end punctuation dropped.

    Digits are kept: the same problem with other numbers is another question.
    """
    folded = unicodedata.normalize("NFKC", question).casefold()
    return _WHITE_SPACE.sub(" ", folded).strip().rstrip(".?!: ")


def is_held_out(question: str, share: float = HELD_OUT_SHARE) -> bool:
    """Whether a question is held out: its group's hash, as a number in [0, 1), lies below `share`.

    It depends on nothing but the question's text, so adding data never moves a question into training.
    """
    return _hash("held out", question_group(question)) < int(share * 2**64)


def stable_place(qa_id: str) -> int:
    """The number by which rows are ordered within a split: a 64-bit hash of the row's id."""
    return _hash("training order", qa_id)


def with_split(training_qa: pl.DataFrame, share: float = HELD_OUT_SHARE) -> pl.DataFrame:
    """`training_qa` with a column `split`: `held_out` or `train`."""
    splits = ["held_out" if is_held_out(question, share) else "train" for question in training_qa["question"]]
    return training_qa.with_columns(pl.Series("split", splits, dtype=pl.String))


def _hash(purpose: str, text: str) -> int:
    return int.from_bytes(blake2b(f"{purpose}\x1f{text}".encode(), digest_size=8).digest(), "big")
