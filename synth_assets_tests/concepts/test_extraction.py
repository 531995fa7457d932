"""What a teacher finds in documents becomes rows in their order; a document it finds nothing in is quarantined."""

import polars as pl

from synth_assets.concepts.extraction import extract_concepts
from synth_assets.tables import DOCUMENT_CONCEPTS
from synth_assets.teachers.asking import Asker
from synth_assets.teachers.store import MemoryStore
from synth_assets.teachers.tasks import ExtractConcepts, ExtractedConcepts, TopicConcepts
from synth_assets.teachers.teacher import Failure
from synth_assets_tests.rule_teacher import RuleTeacher, ShufflingTeacher

DOCUMENTS = pl.DataFrame(
    [(f"s{row % 2}", f"d{row:02d}", "title", f"text {row}") for row in range(40)],
    schema=["shard", "document_id", "title", "text"],
    orient="row",
)


def rule(task: ExtractConcepts) -> ExtractedConcepts | Failure | str:
    number = int(task.document.document_id[1:])
    if number % 10 == 3:
        return "busy"
    if number % 10 == 5:
        return Failure("invalid_answer", "no JSON")
    names = [] if number % 10 == 7 else [f"Concept {number}", "rate"]
    topics = [TopicConcepts(topic="Ratio", key_concepts=names)]
    return ExtractedConcepts(level="middle", subject="mathematics", topics=topics)


def test_each_document_leaves_rows_or_the_reason_why_not() -> None:
    heard: list[tuple[int, int]] = []
    asker = Asker(RuleTeacher(rule), MemoryStore())
    result = extract_concepts(DOCUMENTS, asker, lambda done, of: heard.append((done, of)))
    result.check("document_concepts")
    DOCUMENT_CONCEPTS.conform(result.rows)
    assert result.rows.select("shard", "document_id", "topic", "key_concept").head(2).rows() == [
        ("s0", "d00", "ratio", "concept 0"),
        ("s0", "d00", "ratio", "rate"),
    ]
    reasons = dict(result.quarantined.select("id", "reason").rows())
    assert (reasons["d03"], reasons["d05"], reasons["d07"]) == ("teacher_failed", "invalid_answer", "no_concepts")
    assert (result.received, result.passed, result.quarantined.height) == (40, 28, 12)
    assert result.quarantined.filter(pl.col("id") == "d05").row(0) == ("s1", "d05", "invalid_answer", "no JSON")
    assert heard == [(done, 40) for done in range(1, 41)]


def test_the_order_of_the_answers_does_not_count() -> None:
    in_order = extract_concepts(DOCUMENTS, Asker(RuleTeacher(rule), MemoryStore()))
    for seed in range(5):
        shuffled = extract_concepts(DOCUMENTS, Asker(ShufflingTeacher(rule, seed, together=8), MemoryStore()))
        assert shuffled.rows.equals(in_order.rows) and shuffled.quarantined.equals(in_order.quarantined)


def test_no_document_gives_empty_tables() -> None:
    result = extract_concepts(DOCUMENTS.clear(), Asker(RuleTeacher(rule), MemoryStore()))
    assert (result.rows.height, result.quarantined.height, result.received) == (0, 0, 0)
