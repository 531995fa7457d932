"""Which of many questions are kept: from the best down, a question leaves for the kept one most like it.

A question is dropped only for one that is kept and truly as similar as asked: chains of likeness carry nothing away.
Of the pairs that the bands propose, those with signatures alike enough are verified on the shingle sets themselves, so
only the texts of such candidates are ever read. Rows are looked up among the kept ones alone, so a family of a
thousand like questions costs some thousand comparisons, not half a million. What stays quadratic is a family of
questions that share buckets without being like enough: signatures are compared for them, 128 bytes each.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from synth_assets.chunks import over_chunks
from synth_assets.decontamination.buckets import empty_lists, members, shared_buckets
from synth_assets.decontamination.keeping_loops import (
    Facts,
    NearRows,
    Verdicts,
    keep,
    mark_partners,
)
from synth_assets.decontamination.semantic_duplicates import Vectors, proposer
from synth_assets.decontamination.shingles import Shingles, shingles
from synth_assets.decontamination.signatures import PERMUTATIONS, Sketches, least_agreement

TEXTS_AT_ONCE = 100_000
"""Texts read together."""

_ROWS_AT_ONCE = 1024

TextsOf = Callable[[npt.NDArray[np.int64]], pl.DataFrame]
"""Columns `question` and `final_answer` (null where not known) of some rows, in their order."""


@dataclass(frozen=True)
class Semantic:
    """Duplicates by meaning are looked for as well.

    Attributes:
        vectors: Sentence embeddings of unit length, shape (questions, dimensions), in the order of the questions.
        cosine: Cosine similarity from which two questions are one problem.
    """

    vectors: Vectors
    cosine: float


def keep_the_best(
    sketches: Sketches, texts_of: TextsOf, similarity: float, meaning: Semantic | None = None
) -> Verdicts:
    """What becomes of each question; of a pair of like ones, the one that stands first is kept.

    Args:
        sketches: Of the questions, the best first; exact duplicates are gone.
        texts_of: Reads questions and final answers; called with ascending row numbers.
        similarity: Jaccard similarity from which two are near duplicates.
        meaning: Where given, questions near by meaning leave as well, those first looked for that are near by words.
    """
    count = len(sketches.low)
    least = least_agreement(similarity, PERMUTATIONS)
    groups = shared_buckets(sketches.keys)
    marked = _with_partner(groups, sketches.low, least)
    rows = np.flatnonzero(marked)
    lists = empty_lists(groups[rows])
    places = np.full(count, -1, np.int32)
    places[rows] = np.arange(len(rows))
    sets, facts = _read(texts_of, marked, everything=meaning is not None)
    near = NearRows(places, rows.astype(np.int32), lists, sketches.low[rows], sets.hashes, sets.starts)
    verdicts = Verdicts(np.zeros(count, np.uint8), np.full(count, -1, np.int32), np.zeros(count))
    if meaning is None:
        nowhere = np.zeros(count + 1, np.int64), np.zeros(0, np.int32)
        keep(near, least, similarity, np.zeros((0, 0), np.float32), nowhere, 1.0, facts, 0, count, verdicts)
        return verdicts
    vectors = np.require(meaning.vectors, np.float32, ["C", "W"])
    proposing = proposer(vectors, meaning.cosine)
    for first in range(0, count, _ROWS_AT_ONCE):
        last = min(first + _ROWS_AT_ONCE, count)
        proposals = proposing.before(first, last, verdicts.rules)
        keep(near, least, similarity, vectors, proposals, meaning.cosine, facts, first, last, verdicts)
    return verdicts


def _with_partner(groups: npt.NDArray[np.int32], low: npt.NDArray[np.uint8], least: int) -> npt.NDArray[np.bool_]:
    """Which rows have another one in a bucket with a signature near enough."""
    marked = np.zeros(len(low), np.bool_)

    def work(first: int, last: int) -> None:
        for table in range(first, last):
            mark_partners(*members(groups[:, table]), low, least, marked)

    over_chunks(work, groups.shape[1], 1)
    return marked


def _read(texts_of: TextsOf, marked: npt.NDArray[np.bool_], everything: bool) -> tuple[Shingles, Facts]:
    """The shingle sets of the marked rows, and the facts of these, or of all rows."""
    facts = Facts(np.zeros(len(marked), np.uint64), np.full(len(marked), np.nan))
    parts = []
    rows = np.arange(len(marked)) if everything else np.flatnonzero(marked)
    for first in range(0, len(rows), TEXTS_AT_ONCE):
        some = rows[first : first + TEXTS_AT_ONCE]
        texts = texts_of(some)
        sets = shingles(texts["question"])
        facts.numerals[some] = sets.numerals
        facts.answers[some] = answer_values(texts["final_answer"])
        parts.append(sets.gathered(np.flatnonzero(marked[some])) if everything else sets)
    return Shingles.joined(parts), facts


def answer_values(final_answers: pl.Series) -> npt.NDArray[np.float64]:
    """The value of each final answer that is a plain number, a fraction or a decimal among them; NaN otherwise."""
    number = r"^\s*\$?\s*([-+]?\d+(?:\.\d+)?)(?:/(\d+(?:\.\d+)?))?\s*\$?\.?\s*$"
    plain = (
        pl.col("answer").str.replace_all(r"(\d),(\d{3})\b", "${1}${2}").str.replace_all(r"(\d),(\d{3})\b", "${1}${2}")
    )
    above, below = (plain.str.extract(number, group).cast(pl.Float64) for group in (1, 2))
    values = final_answers.cast(pl.String).to_frame("answer").select(above / below.fill_null(1.0)).to_series()
    finite = values.fill_null(float("nan")).to_numpy().copy()
    finite[~np.isfinite(finite)] = np.nan
    return finite
