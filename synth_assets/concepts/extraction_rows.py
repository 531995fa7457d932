"""From what a teacher extracted to rows of `document_concepts` (paper section 2.2, concept extraction)."""

import polars as pl

from synth_assets.concepts.names import normalised
from synth_assets.tables import DOCUMENT_CONCEPTS, StageResult, quarantine_rows

NO_CONCEPTS = "no_concepts"


def extraction_rows(extracted: pl.DataFrame) -> StageResult:
    """Rows of `document_concepts`: names normalised, blank and repeated pairs of a document left out.

    A pair is blank when its topic or its key concept is null or normalises to nothing; a pair written twice keeps its
    first writing. A document left without a pair is quarantined as `no_concepts`.

    Args:
        extracted: One row a (topic, key concept) pair with columns `shard, document_id, level, subject,
            topic_written, key_concept_written, teacher, prompt_version, request_hash`. A document in which the
            teacher found nothing is one row whose `topic_written` and `key_concept_written` are null.

    Returns:
        The stage's rows in the order given; `received` and `passed` count documents.
    """
    documents = extracted.select("shard", "document_id").unique(maintain_order=True)
    pairs = extracted.with_columns(
        normalised(pl.col("topic_written")).alias("topic"),
        normalised(pl.col("key_concept_written")).alias("key_concept"),
    )
    rows = pairs.filter(pl.col("topic") != "", pl.col("key_concept") != "").unique(
        ["document_id", "topic", "key_concept"], keep="first", maintain_order=True
    )
    without = documents.join(rows, on=["shard", "document_id"], how="anti", maintain_order="left")
    quarantined = quarantine_rows(
        [
            {
                "shard": shard,
                "id": document,
                "reason": NO_CONCEPTS,
                "detail": "the teacher named no topic with a key concept in this document",
            }
            for shard, document in without.iter_rows()
        ],
        "shard",
    )
    result = StageResult(
        rows=DOCUMENT_CONCEPTS.conform(rows),
        quarantined=quarantined,
        received=documents.height,
        passed=rows.select("shard", "document_id").n_unique(),
    )
    result.check(DOCUMENT_CONCEPTS.name)
    return result
