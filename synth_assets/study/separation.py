"""That nothing held out is trained on: what is forbidden, checked, and what templates share by nature, counted.

Forbidden is the same problem with the same numbers, in whatever words and of whatever people: as a whole question, and
as a step of a chained one. The rungs of `decontamination/` are read beside it. Whole questions must never match.
A run of 13 words is shared by many questions here, because problems of one skill are worded by the same templates;
it says nothing about their numbers, so it is reported and not forbidden.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from tokenizers import Tokenizer

from synth_assets.decontamination.ladder import Ladder
from synth_assets.decontamination.matching import BenchmarkIndex
from synth_assets.errors import SynthAssetsError
from synth_assets.students.encoded import EncodedRows

SCANNED_ROWS = 50_000
"""Training rows, the first of the mixture, that are read by the rungs of decontamination."""


@dataclass(frozen=True)
class SharedWords:
    """What held-out questions share with training questions in words.

    scanned_rows: training questions read. sharing_13_words: of these, how many share 13 words in a row with a held-out
    question. items_sharing_13_words: share of the held-out questions of which that is so.
    """

    scanned_rows: int
    sharing_13_words: int
    items_sharing_13_words: float


def check_apart(held_out: pl.DataFrame, trained_problems: NDArray[np.uint64]) -> None:
    """Raise SynthAssetsError where a held-out problem (column `problem`) is trained on, or is held out twice in the
    same words."""
    both = np.isin(held_out["problem"].to_numpy(), trained_problems)
    if both.any():
        question = held_out["question"][int(np.flatnonzero(both)[0])]
        raise SynthAssetsError(f"The held-out problem {question!r} is trained on; make the data set again.")
    if held_out["question"].n_unique() < held_out.height:
        raise SynthAssetsError("A question is held out twice; make the data set again.")


def shared_words(held_out: pl.DataFrame, training: EncodedRows, tokenizer: Tokenizer) -> SharedWords:
    """Read the first training questions by the rungs of whole questions and of 13 words in a row.

    Raises SynthAssetsError where a training question contains a held-out one as a whole.
    """
    rows = training[:SCANNED_ROWS]
    prompts = [row.prompt[1:-1].tolist() for row in rows]
    texts = pl.Series("question", tokenizer.decode_batch(prompts), dtype=pl.String)
    found = BenchmarkIndex(held_out["question"], Ladder(ngram=13, answers=False)).scan(texts)
    whole = found.filter(pl.col("rule").str.starts_with("exact"))
    if whole.height:
        text, item = whole.select("text", "item").row(0)
        raise SynthAssetsError(
            f"The training question {texts[text]!r} contains the held-out {held_out['question'][item]!r}."
        )
    return SharedWords(len(rows), found["text"].n_unique(), found["item"].n_unique() / held_out.height)
