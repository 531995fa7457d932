"""A traced example is told in words that name everything it came from."""

from synth_assets.lake import Lake
from synth_assets.lake.lineage import trace
from synth_assets.reports.tracing import as_text


def test_a_level_3_example_names_its_walk_documents_concepts_teacher_and_training_set(small_lake: Lake) -> None:
    (qa_id,) = small_lake.query(
        "select min(qa_id) from training_qa join training_sets using (qa_id) where method = 'level_3'"
    ).row(0)
    found = trace(small_lake, qa_id)
    text = as_text(found)
    assert text.startswith(f"{qa_id}  (level_3, shard ")
    assert found.walk is not None and f"walk          {found.walk.walk_id}, epoch {found.walk.epoch}" in text
    assert f"(Jaccard {found.walk.similarity_1:.3f})" in text
    for document in found.documents:
        assert f"document      {document.document_id}  {document.title}" in text
    for name in found.key_concepts:
        assert f"concept       {name}  (topic " in text
    assert f"by {found.teacher}, prompt version {found.prompt_version}" in text
    assert "verdict       training" in text
    assert "training set  all, " in text


def test_a_contaminated_example_shows_the_benchmark_the_rule_and_the_span(small_lake: Lake) -> None:
    (qa_id,) = small_lake.query("select min(qa_id) from contamination").row(0)
    found = trace(small_lake, qa_id)
    hit = found.contamination[0]
    text = as_text(found)
    assert "verdict       contaminated" in text
    assert f"contaminated  bench {hit.item_id} by {hit.rule} ({hit.part}, {hit.score:.2f}): {hit.span}" in text
    assert "left the road at training_qa: contaminated" in text
