"""Concept extraction (paper section 2.2): what a teacher finds in each document, as rows of `document_concepts`."""

from collections.abc import Callable, Iterator

import polars as pl

from synth_assets.concepts.extraction_rows import extraction_rows
from synth_assets.tables import DOCUMENT_CONCEPTS, TEXT, StageResult, quarantine_rows
from synth_assets.teachers.asking import Asker, Request
from synth_assets.teachers.tasks import ExtractConcepts, ExtractedConcepts, SourceDocument
from synth_assets.teachers.teacher import Failure

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
    documents: pl.DataFrame, asker: Asker, advance: Callable[[int, int], None] | None = None
) -> StageResult:
    """Ask for the concepts of each document; the same whatever order the answers come in.

    A document is quarantined where the teacher fails (`teacher_failed`), gives no valid answer (`invalid_answer`) or
    names no key concept (`no_concepts`).

    Args:
        documents: Rows of `documents`.
        asker: Asks a teacher; requests are on the account of the document's shard.
        advance: Told how many documents are done.
    """
    teacher, version = asker.teacher.name, asker.teacher.prompt_version(ExtractConcepts)
    named = documents.select("shard", "document_id").rows()
    rows: dict[int, list[tuple[str, ...]]] = {}
    lost: dict[int, dict[str, str]] = {}
    for answered in asker.ask(_requests(documents), documents.height, advance):
        (shard, document_id), response = named[answered.place], answered.response
        found = response.result
        if found is None:
            failure = response.failure or Failure("teacher_failed", "no response")
            named_by = {"shard": shard, "id": document_id}
            lost[answered.place] = named_by | {"reason": failure.reason, "detail": failure.detail}
            continue
        common = (teacher, version, response.request_hash)
        pairs = [(topic.topic, concept) for topic in found.topics for concept in topic.key_concepts] or [("", "")]
        rows[answered.place] = [(shard, document_id, found.level, found.subject, *pair, *common) for pair in pairs]
    written = [row for place in sorted(rows) for row in rows[place]]
    extracted = extraction_rows(pl.DataFrame(written, schema=dict.fromkeys(_COLUMNS, TEXT), orient="row"))
    failed = quarantine_rows([lost[place] for place in sorted(lost)], "shard")
    quarantined = pl.concat([failed, extracted.quarantined])
    return StageResult(DOCUMENT_CONCEPTS.conform(extracted.rows), quarantined, documents.height, extracted.passed)


def _requests(documents: pl.DataFrame) -> Iterator[Request[ExtractedConcepts]]:
    for shard, document_id, title, text in documents.select("shard", "document_id", "title", "text").iter_rows():
        yield Request(shard, ExtractConcepts(document=SourceDocument(document_id=document_id, title=title, text=text)))
