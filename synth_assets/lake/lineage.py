"""Where a training example comes from: everything the lake knows about one question and its answer.

What does not live here: how it is shown (`cli.py`).
"""

from collections.abc import Iterable
from typing import Any, Literal

import duckdb
from pydantic import BaseModel, ConfigDict

from synth_assets.errors import SynthAssetsError
from synth_assets.lake.lake import Lake
from synth_assets.lake.sql import literal, one_of, quoted_list, stored, within
from synth_assets.tables import (
    CONCEPT_WALKS,
    CONTAMINATION,
    DOCUMENTS,
    DUPLICATES,
    QA_PAIRS,
    QUARANTINE,
    QUESTIONS,
    TRAINING_QA,
    TRAINING_SETS,
    Table,
)

Verdict = Literal["training", "contaminated", "duplicate", "quarantined", "unanswered", "undecided"]
"""What became of a question: it is training data, it was dropped for a reason, or the road has not come so far."""


class _Traced(BaseModel):
    model_config = ConfigDict(frozen=True)


class TracedDocument(_Traced):
    """A corpus document a question was written from."""

    document_id: str
    title: str
    url: str | None


class TracedWalk(_Traced):
    """The walk over the concept graph behind a level 3 question."""

    walk_id: str
    start_topic: str
    epoch: int
    topics: list[str]
    key_concepts: list[str]
    reference_1: str
    similarity_1: float
    reference_2: str | None
    similarity_2: float | None


class TracedAnswer(_Traced):
    """The answer that won the vote."""

    answer: str
    final_answer: str
    samples: int
    agreement: float
    judged: bool | None
    teacher: str
    prompt_version: str


class TracedContamination(_Traced):
    """A benchmark item the pair is too near to."""

    benchmark: str
    item_id: str
    part: str
    rule: str
    score: float
    span: str
    item_text: str


class TracedTrainingSet(_Traced):
    """The pair's place in a training set, and the smallest token budget that holds it."""

    training_set: str
    split: str
    place: int
    budget: int | None


class TracedRejection(_Traced):
    """Why the pair left the road at a stage."""

    stage: str
    partition: str
    reason: str
    detail: str


class Trace(_Traced):
    """The way of one question and answer through the lake, as of one snapshot."""

    qa_id: str
    snapshot: int
    method: str
    shard: str
    question: str
    origin: str
    school_level: str
    documents: list[TracedDocument]
    topics: list[str]
    key_concepts: list[str]
    walk: TracedWalk | None
    teacher: str
    prompt_version: str
    answer: TracedAnswer | None
    verdict: Verdict
    contamination: list[TracedContamination]
    duplicate_of: str | None
    training_sets: list[TracedTrainingSet]
    rejections: list[TracedRejection]


def trace(lake: Lake, qa_id: str) -> Trace:
    """Everything the lake knows about a QA pair, or about a question that was never answered.

    Raises SynthAssetsError where the lake has no question of that id.
    """
    snapshot = lake.current_snapshot()
    with lake.cursor() as cursor:
        find = _Finder(cursor, snapshot)
        # A zero byte would end the statement; no id has one.
        found = [] if "\0" in qa_id else find(QUESTIONS, f"question_id = {literal(qa_id)}")
        if not found:
            raise SynthAssetsError(
                f"No question or QA pair has the id {qa_id!r}: list ids with "
                '`synth-assets sql "SELECT qa_id, question FROM qa_pairs LIMIT 20"`.'
            )
        return _assemble(qa_id, found[0], find)


class _Finder:
    """Rows of the lake's tables as dictionaries, all from one snapshot."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, snapshot: int) -> None:
        self._cursor = cursor
        self.snapshot = snapshot

    def __call__(self, table: Table, condition: str) -> list[dict[str, Any]]:
        order = quoted_list(table.key)
        self._cursor.execute(f"SELECT * FROM {stored(table, self.snapshot)} WHERE {condition} ORDER BY {order}")
        names = [column[0] for column in self._cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in self._cursor.fetchall()]


def _assemble(qa_id: str, question: dict[str, Any], find: _Finder) -> Trace:
    # The partition lets the lake skip the files of all others.
    here = within({"method": [question["method"]], "shard": [question["shard"]]})
    this = f"qa_id = {literal(qa_id)}"
    answers = find(QA_PAIRS, f"{here} AND {this}")
    contamination = find(CONTAMINATION, f"{here} AND {this}")
    duplicates = find(DUPLICATES, this)
    rejections = find(QUARANTINE, f"id = {literal(qa_id)}")
    kept = bool(find(TRAINING_QA, f"{here} AND {this}"))
    fields = ("method", "shard", "question", "origin", "school_level", "topics", "key_concepts", "teacher")
    return Trace(
        **{field: question[field] for field in fields},
        qa_id=qa_id,
        snapshot=find.snapshot,
        prompt_version=question["prompt_version"],
        documents=_documents(find, question["documents"]),
        walk=_walk(find, question["walk_id"]),
        answer=TracedAnswer(**answers[0]) if answers else None,
        verdict=_verdict(kept, bool(answers), bool(contamination), bool(duplicates), bool(rejections)),
        contamination=[TracedContamination(**row) for row in contamination],
        duplicate_of=duplicates[0]["kept_id"] if duplicates else None,
        training_sets=[TracedTrainingSet(**row) for row in find(TRAINING_SETS, this)],
        rejections=[TracedRejection(**row) for row in rejections],
    )


def _documents(find: _Finder, ids: Iterable[str]) -> list[TracedDocument]:
    """The documents in the order the question names them."""
    rows = {row["document_id"]: row for row in find(DOCUMENTS, one_of("document_id", ids))}
    return [TracedDocument(**rows[document_id]) for document_id in ids if document_id in rows]


def _walk(find: _Finder, walk_id: str | None) -> TracedWalk | None:
    walks = find(CONCEPT_WALKS, f"walk_id = {literal(walk_id)}") if walk_id else []
    return TracedWalk(**walks[0]) if walks else None


def _verdict(kept: bool, answered: bool, contaminated: bool, repeated: bool, rejected: bool) -> Verdict:
    """What became of the pair. Contamination and duplication come first: they say more than quarantine does."""
    verdicts: list[tuple[bool, Verdict]] = [
        (kept, "training"),
        (contaminated, "contaminated"),
        (repeated, "duplicate"),
        (rejected, "quarantined"),
        (not answered, "unanswered"),
    ]
    return next((verdict for holds, verdict in verdicts if holds), "undecided")
