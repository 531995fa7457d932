"""The byte-pair tokenizer all students share: training it, reading it, and turning question-answer rows into tokens.

What lives here: everything that knows the tokenizers library. How many tokens a training set has is
`training_sets.py`'s business, how rows are laid out for training `packing.py`'s.
"""

from collections.abc import Sequence
from hashlib import blake2b
from itertools import chain

import numpy as np
import polars as pl
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from synth_assets.errors import SynthAssetsError
from synth_assets.final_answers import with_final_answer
from synth_assets.students.encoded import EncodedRows
from synth_assets.students.splits import HELD_OUT_SHARE, with_split
from synth_assets.tables import STUDENT_TOKENIZER

PAD, BEGIN, END, ANSWER = "<pad>", "<s>", "</s>", "<answer>"
SPECIAL_TOKENS = (PAD, BEGIN, END, ANSWER)
"""Special tokens; their ids are their places here."""
PAD_ID, BEGIN_ID, END_ID, ANSWER_ID = range(4)

DEFAULT_VOCABULARY = 1024
"""Small, because the embedding would otherwise outweigh the students' layers (we choose)."""


def train_tokenizer(
    training_qa: pl.DataFrame, vocabulary: int = DEFAULT_VOCABULARY, held_out_share: float = HELD_OUT_SHARE
) -> pl.DataFrame:
    """Train a byte-level BPE tokenizer on the training part of `training_qa`; digits are split singly.

    Returns one row of tables.STUDENT_TOKENIZER. The same texts, in any order, give the same tokenizer.
    Raises SynthAssetsError where there is nothing to train on or the vocabulary cannot hold the 256 bytes.
    """
    least = len(SPECIAL_TOKENS) + 256
    if vocabulary < least:
        raise SynthAssetsError(f"A vocabulary of {vocabulary} is too small: give at least {least} (bytes and markers).")
    rows = with_split(training_qa, held_out_share).filter(pl.col("split") == "train")
    if rows.is_empty():
        raise SynthAssetsError("No training questions to train the tokenizer on: add documents or loosen the filter.")
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=list(SPECIAL_TOKENS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    texts = [text for row in zip(rows["question"], answer_texts(rows), strict=True) for text in row]
    tokenizer.train_from_iterator(texts, trainer)
    written = tokenizer.to_str()
    row = {
        "version": tokenizer_version(written),
        "vocabulary": tokenizer.get_vocab_size(),
        "tokenizer": written,
    }
    return STUDENT_TOKENIZER.conform(pl.DataFrame([row]))


def tokenizer_version(tokenizer_json: str) -> str:
    """Hash of a tokenizer's JSON."""
    return blake2b(tokenizer_json.encode(), digest_size=16).hexdigest()


def read_tokenizer(tokenizer_json: str) -> Tokenizer:
    """The tokenizer written in `tokenizer_json`. Markers inside a text are taken as plain text, never as markers.

    Raises SynthAssetsError where the markers are missing: it is not one of this project's tokenizers.
    """
    tokenizer = Tokenizer.from_str(tokenizer_json)
    if tuple(tokenizer.id_to_token(place) for place in range(4)) != SPECIAL_TOKENS:
        raise SynthAssetsError(
            f"The student tokenizer does not begin with {', '.join(SPECIAL_TOKENS)}: materialise student_tokenizer."
        )
    tokenizer.encode_special_tokens = True
    return tokenizer


def answer_texts(rows: pl.DataFrame) -> list[str]:
    """What students learn to write for each row with `answer` and `final_answer`, in order."""
    return [with_final_answer(*pair) for pair in zip(rows["answer"], rows["final_answer"], strict=True)]


def encode_rows(tokenizer: Tokenizer, rows: pl.DataFrame) -> EncodedRows:
    """Encode frames with `question`, `answer` and `final_answer`, in order."""
    prompts = _encode(tokenizer, rows["question"].to_list())
    answers = _encode(tokenizer, answer_texts(rows))
    parts = ((BEGIN_ID, *p, ANSWER_ID, *a, END_ID) for p, a in zip(prompts, answers, strict=True))
    return EncodedRows.from_parts(
        np.fromiter(chain.from_iterable(parts), dtype=np.int64),
        np.array([len(p) + len(a) + 3 for p, a in zip(prompts, answers, strict=True)], dtype=np.int64),
        np.array([len(p) + 2 for p in prompts], dtype=np.int32),
    )


def _encode(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    return [encoding.ids for encoding in tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]
