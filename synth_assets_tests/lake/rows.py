"""Small frames in the shape of the lake's tables, and answers of a teacher."""

from collections.abc import Sequence

import polars as pl

from synth_assets.tables import QA_SIGNATURES, REFERENCE_DOCUMENTS
from synth_assets.teachers.store import Spending, StoredResponse, Usage


def references(shards: Sequence[str], rows: int = 3, score: float = 7.0) -> pl.DataFrame:
    """Rows of reference_documents: `rows` documents in each shard."""
    ids = [(shard, f"{shard}#{row}") for shard in shards for row in range(rows)]
    return pl.DataFrame(
        [(shard, document, score, "v1") for shard, document in ids], schema=REFERENCE_DOCUMENTS.schema, orient="row"
    )


def signatures(partitions: Sequence[tuple[str, str]], rows: int = 2) -> pl.DataFrame:
    """Rows of qa_signatures: `rows` pairs in each (method, shard)."""
    return pl.DataFrame(
        [
            (method, shard, f"{method}/{shard}/{row}", "hash", 1.0, [row, 2**32 - 1])
            for method, shard in partitions
            for row in range(rows)
        ],
        schema=QA_SIGNATURES.schema,
        orient="row",
    )


def shards(*names: str) -> list[dict[str, str]]:
    """Partitions of a table partitioned by shard."""
    return [{"shard": name} for name in names]


def dropped(shard: str, *ids: str) -> pl.DataFrame:
    """Quarantine rows of a stage partitioned by shard."""
    return pl.DataFrame([{"shard": shard, "id": id_, "reason": "no_text", "detail": "empty"} for id_ in ids])


def response(request_hash: str, text: str = '{"answer": "é"}') -> StoredResponse:
    """A teacher's answer."""
    return StoredResponse("level_1|a", request_hash, "answer_question", "teacher 1", "v1", text, 10, 20)


def spending(
    requests: int, partition: str = "level_1|a", task: str = "answer_question", cost: float | None = None
) -> Spending:
    """What so many answers cost: 10 tokens read and 20 written each, in two seconds."""
    usage = Usage(requests, 0, requests, 0, 10 * requests, 20 * requests, cost)
    return Spending(partition, task, "teacher 1", usage, 2.0)
