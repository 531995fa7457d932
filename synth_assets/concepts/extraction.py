"""Concept extraction (paper section 2.2): what a teacher finds in each document, as rows of `document_concepts`."""

from collections.abc import Callable

import polars as pl

from synth_assets.concepts.extraction_rows import extraction_rows
from synth_assets.tables import DOCUMENT_CONCEPTS, TEXT, StageResult, quarantine_rows
from synth_assets.teachers.asking import ask_all
from synth_assets.teachers.tasks import ExtractConcepts, SourceDocument
from synth_assets.teachers.teacher import ResponseStore, Teacher

_COLUMNS = (
    "shard",
    "document_id",
    "level",
    "subject",
    "topic_written",
    "key_concept_written",
    "teacher",
    "prompt_version",
    "request_hash",
)


def extract_concepts(
    documents: pl.DataFrame,
    teacher: Teacher,
    store: ResponseStore,
    advance: Callable[[int, int], None] | None = None,
) -> StageResult:
    """Ask `teacher` for the concepts of each row of `documents`.

    A document is quarantined where the teacher fails (`teacher_failed`) or names no key concept (`no_concepts`).
    """
    tasks = [
        ExtractConcepts(document=SourceDocument(document_id=document_id, title=title, text=text))
        for document_id, title, text in documents.select("document_id", "title", "text").iter_rows()
    ]
    responses = ask_all(teacher, store, tasks, advance)
    version = teacher.prompt_version(ExtractConcepts)
    rows: list[tuple[str, ...]] = []
    lost: list[dict[str, str]] = []
    for shard, task, response in zip(documents["shard"], tasks, responses, strict=True):
        document_id, found = task.document.document_id, response.result
        if found is None:
            detail = response.failure or "no response"
            lost.append({"shard": shard, "id": document_id, "reason": "teacher_failed", "detail": detail})
            continue
        common = (teacher.name, version, response.request_hash)
        pairs = [(topic.topic, concept) for topic in found.topics for concept in topic.key_concepts] or [("", "")]
        rows += [(shard, document_id, found.level, found.subject, *pair, *common) for pair in pairs]
    extracted = extraction_rows(pl.DataFrame(rows, schema=dict.fromkeys(_COLUMNS, TEXT), orient="row"))
    quarantined = pl.concat([quarantine_rows(lost, "shard"), extracted.quarantined])
    return StageResult(DOCUMENT_CONCEPTS.conform(extracted.rows), quarantined, documents.height, extracted.passed)
