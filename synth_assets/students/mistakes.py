"""What a student gets wrong: trained on some pairs, asked others, its wrong answers beside the right ones.

This is the part of S3 (2310.13671) that a student plays in a round of error extrapolation. What is written from the
mistakes is the methods' business (`generation/methods/error_extrapolation.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from synth_assets.final_answers import same_answer
from synth_assets.seeds import seed_of
from synth_assets.students.evaluation import answers_of
from synth_assets.students.model import initial_student
from synth_assets.students.profiles import Profile
from synth_assets.students.sizes import STUDENT_SIZES
from synth_assets.students.splits import is_held_out, question_group, stable_place
from synth_assets.students.tokenizer import encode_rows, read_tokenizer, train_tokenizer
from synth_assets.students.training import TrainingProgress, train
from synth_assets.students.training_sets import LONGEST_ROW

VALIDATION_SHARE = 0.25
"""Share of the seeds' distinct questions that students are asked, where there are no problems from elsewhere."""


def set_aside(pairs: pl.DataFrame, most: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pairs to train on, and up to `most` to be asked; a question is in one of them, by its text alone.

    Questions that the students of the road are tested on (`splits.is_held_out`) are in neither: problems written from
    them would be near copies of the test.
    """
    rows = pairs.filter([not is_held_out(question) for question in pairs["question"]])
    groups = [question_group(question) for question in rows["question"]]
    asked = pl.Series([seed_of("asked", group) < VALIDATION_SHARE * 2**63 for group in groups], dtype=pl.Boolean)
    problems = rows.filter(asked).unique("question", keep="first", maintain_order=True)
    places = pl.Series("stable_place", [stable_place(question) for question in problems["question"]], dtype=pl.UInt64)
    drawn = problems.with_columns(places).sort("stable_place", "question").head(most).drop("stable_place")
    return rows.filter(~asked), drawn


@dataclass(frozen=True)
class Mistakes:
    """What a student answers wrongly: `rows`, of `asked` problems, after learning from `learnt` pairs."""

    rows: pl.DataFrame
    learnt: int
    asked: int


def mistakes_of(
    pairs: pl.DataFrame,
    problems: pl.DataFrame,
    size: str,
    profile: Profile,
    progress: Callable[[TrainingProgress], None] | None = None,
) -> Mistakes:
    """The problems that a student trained on `pairs` answers wrongly, in their order.

    Both frames have `question`, `answer` (the worked solution) and `final_answer`; what else `problems` has stays, and
    `written` is what the student came to. Rows too long for a student are neither trained on nor asked, nor counted.
    The same frames give the same mistakes. None where there is nothing to train on or to ask.
    """
    nothing = Mistakes(problems.clear().with_columns(written=pl.lit(None, pl.String)), 0, 0)
    if pairs.is_empty() or problems.is_empty():
        return nothing
    tokenizer = read_tokenizer(train_tokenizer(pairs, held_out_share=0.0)["tokenizer"].item())
    # Whatever order the pairs came in: the order in which rows are trained on is that of their texts.
    ordered = pairs.select("question", "answer", "final_answer").sort(pl.all())
    learnt, asked = encode_rows(tokenizer, ordered), encode_rows(tokenizer, problems)
    problems = problems.filter(pl.Series(asked.lengths <= LONGEST_ROW))
    learnt, asked = (rows.take(np.flatnonzero(rows.lengths <= LONGEST_ROW)) for rows in (learnt, asked))
    if not len(learnt) or not len(asked):
        return nothing
    weights = seed_of("student of error extrapolation", size)
    student = initial_student(STUDENT_SIZES[size], tokenizer.get_vocab_size(), weights)
    trained = train(student, learnt, profile.schedule, 0, progress)
    assert trained is not None  # it is given no moment to stop at
    written = answers_of(trained.student, asked, tokenizer, profile.schedule, profile.decode_batch)
    wrong = [not same_answer(given, found) for given, found in zip(problems["final_answer"], written, strict=True)]
    rows = problems.with_columns(pl.Series("written", written, dtype=pl.String)).filter(wrong)
    return Mistakes(rows, len(learnt), len(asked))
