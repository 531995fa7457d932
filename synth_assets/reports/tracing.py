"""A traced training example in words, for `synth-assets trace`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from synth_assets.lake.lineage import Trace


def as_text(traced: "Trace") -> str:
    """The way of a question through the road, from its documents to the training sets, one fact a line."""
    lines = [
        f"{traced.qa_id}  ({traced.method}, shard {traced.shard}, lake snapshot {traced.snapshot})",
        "",
        f"question      {traced.question}",
    ]
    if traced.answer is not None:
        agreement = f"{traced.answer.agreement:.0%} of {traced.answer.samples}"
        agreement += ", upheld by a judge" if traced.answer.judged else ""
        lines += [
            f"answer        {traced.answer.answer}",
            f"final answer  {traced.answer.final_answer}  (agreed by {agreement}; {traced.answer.teacher})",
        ]
    lines += [
        f"written       by {traced.teacher}, prompt version {traced.prompt_version}, as {traced.origin}",
        f"level         {traced.school_level}",
        *(
            f"concept       {name}  (topic {topic})"
            for topic, name in zip(traced.topics, traced.key_concepts, strict=True)
        ),
        *(
            f"document      {document.document_id}  {document.title}  {document.url or ''}".rstrip()
            for document in traced.documents
        ),
    ]
    if traced.walk is not None:
        lines += [
            f"walk          {traced.walk.walk_id}, epoch {traced.walk.epoch}: "
            f"{' > '.join(traced.walk.topics)} > {' > '.join(traced.walk.key_concepts)}",
            f"references    {traced.walk.reference_1} (Jaccard {traced.walk.similarity_1:.3f})"
            + (
                f", {traced.walk.reference_2} (Jaccard {traced.walk.similarity_2:.3f})"
                if traced.walk.reference_2 is not None and traced.walk.similarity_2 is not None
                else ""
            ),
        ]
    lines.append(f"verdict       {traced.verdict}")
    lines += [
        f"contaminated  {hit.benchmark} {hit.item_id} by {hit.rule} ({hit.part}, {hit.score:.2f}): {hit.span}"
        for hit in traced.contamination
    ]
    if traced.duplicate_of is not None:
        lines.append(f"duplicate of  {traced.duplicate_of}")
    lines += [f"left the road at {left.stage}: {left.reason}, {left.detail}" for left in traced.rejections]
    lines += [
        f"training set  {place.training_set}, {place.split}, place {place.place}"
        + (f", within the budget of {place.budget:,} tokens" if place.budget is not None else "")
        for place in traced.training_sets
    ]
    return "\n".join(lines)
