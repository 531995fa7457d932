"""The stream of a level's questions as tokens: made by several processes, distinct, split, never depending on how many.

A batch is a function of level and number; batches are taken in the order of their numbers, and a question met before
is left out there. So what has been streamed never changes, however much more is streamed.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from itertools import count
from multiprocessing import get_context

import numpy as np
import polars as pl
from numpy.typing import NDArray
from tokenizers import Tokenizer

from synth_assets.students.encoded import EncodedRows
from synth_assets.students.splits import question_group
from synth_assets.students.tokenizer import encode_rows, read_tokenizer
from synth_assets.study.distinct import Distinct, Hashes
from synth_assets.study.problems import StudyQuestion, Syllabus, questions_of

_DRY_SHARE = 0.02
"""A stream whose batch brings fewer new questions than this share of it is at its end."""


@dataclass(frozen=True)
class Batch:
    """A batch of a level, every array in the order of its rows.

    hashes: of the normalised question texts. problems: of skills and numbers. rows: the tokens. dropped: questions left
    out because one of their steps is a held-out problem, or because the row is too long. held_out: the held-out ones.
    """

    hashes: Hashes
    problems: Hashes
    rows: EncodedRows
    dropped: int
    held_out: tuple[StudyQuestion, ...]


@dataclass(frozen=True)
class Streamed:
    """What a stream gives at a time: new training rows and their problems.

    made, repeated, dropped: questions made, met before, left out. held_out: those held out, met for the first time.
    """

    rows: EncodedRows
    problems: Hashes
    made: int
    repeated: int
    dropped: int
    held_out: tuple[StudyQuestion, ...]


def text_hash(question: str) -> int:
    """64 bits of the normalised question: NFKC, case, white space and end punctuation do not count; digits do."""
    return int.from_bytes(blake2b(question_group(question).encode(), digest_size=8).digest(), "big")


def stream(
    level: str, syllabus: Syllabus, tokenizer_json: str, longest_row: int, processes: int = 1
) -> Iterator[Streamed]:
    """Batch after batch of a level's distinct questions. Ends where hardly any question is new."""
    met, met_held_out = Distinct(), Distinct()
    for batch in _batches(level, syllabus, tokenizer_json, longest_row, processes):
        fresh = met.new(batch.hashes)
        texts = np.array([text_hash(question.question) for question in batch.held_out], dtype=np.uint64)
        fresh_held_out = met_held_out.new(texts)
        held_out = tuple(question for question, new in zip(batch.held_out, fresh_held_out, strict=True) if new)
        made = len(fresh) + len(batch.held_out) + batch.dropped
        repeated = int((~fresh).sum()) + len(batch.held_out) - len(held_out)
        rows = batch.rows.take(np.flatnonzero(fresh))
        yield Streamed(rows, batch.problems[fresh], made, repeated, batch.dropped, held_out)
        if len(fresh) and fresh.mean() < _DRY_SHARE:
            return


def _batches(level: str, syllabus: Syllabus, tokenizer_json: str, longest_row: int, processes: int) -> Iterator[Batch]:
    """Every batch in the order of the numbers; a few more than there are processes are made ahead."""
    if processes <= 1:
        yield from (encoded_batch(level, number, syllabus, tokenizer_json, longest_row) for number in count())
        return
    with ExitStack() as stack:
        pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"))
        stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        waiting: deque[Future[Batch]] = deque()
        for number in count():
            waiting.append(pool.submit(encoded_batch, level, number, syllabus, tokenizer_json, longest_row))
            if len(waiting) > 2 * processes:
                yield waiting.popleft().result()


def encoded_batch(level: str, number: int, syllabus: Syllabus, tokenizer_json: str, longest_row: int) -> Batch:
    """A batch of a level as tokens."""
    questions = questions_of(level, number, syllabus)
    held_out = tuple(question for question in questions if question.is_held_out)
    training = [question for question in questions if question.may_train]
    rows = EncodedRows.from_rows(encode_rows(_tokenizer(tokenizer_json), frame_of(training)))
    fitting = rows.lengths <= longest_row
    kept: NDArray[np.intp] = np.flatnonzero(fitting)
    hashes = np.array([text_hash(question.question) for question in training], dtype=np.uint64)
    problems = np.array([question.problem for question in training], dtype=np.uint64)
    dropped = len(questions) - len(held_out) - len(kept)
    return Batch(hashes[kept], problems[kept], rows.take(kept), dropped, held_out)


def frame_of(questions: "list[StudyQuestion] | tuple[StudyQuestion, ...]") -> pl.DataFrame:
    """Columns level, topic, problem, question, answer, final_answer."""
    return pl.DataFrame(
        {
            "level": [one.level for one in questions],
            "topic": [one.topic for one in questions],
            "problem": pl.Series([one.problem for one in questions], dtype=pl.UInt64),
            "question": [one.question for one in questions],
            "answer": [one.answer for one in questions],
            "final_answer": [one.final_answer for one in questions],
        },
        schema_overrides=dict.fromkeys(("level", "topic", "question", "answer", "final_answer"), pl.String),
    )


@cache
def _tokenizer(tokenizer_json: str) -> Tokenizer:
    return read_tokenizer(tokenizer_json)
