"""Questions and answers (paper sections 2.2 and 2.3), for every method and shard."""

import dagster as dg
import polars as pl

from synth_assets import tables
from synth_assets.assets.declaration import asked, table_asset
from synth_assets.automation.partitions import METHOD_BY_SHARD
from synth_assets.generation.answers import answer_questions
from synth_assets.generation.material import gather_material
from synth_assets.generation.methods import method_named
from synth_assets.generation.questions import write_questions
from synth_assets.lake.lake import Lake
from synth_assets.lake.responses import LakeResponseStore
from synth_assets.progress import reported
from synth_assets.settings import Settings
from synth_assets.tables import StageResult
from synth_assets.teachers.tasks import AnswerQuestion, WriteQuestions
from synth_assets.teachers.teacher import Teacher


@table_asset(
    tables.QUESTIONS,
    group="generation",
    partitions_def=METHOD_BY_SHARD,
    rooms=("synth_assets.generation.questions", "synth_assets.generation.material", "synth_assets.generation.methods"),
    follows=("generation", "teacher"),
    pool="teacher",
)
def questions(
    context: dg.AssetExecutionContext,
    reference_documents: pl.DataFrame,
    documents: pl.DataFrame,
    document_concepts: pl.DataFrame,
    concept_walks: pl.DataFrame,
    settings: dg.ResourceParam[Settings],
    teacher: dg.ResourceParam[Teacher],
    lake: dg.ResourceParam[Lake],
) -> StageResult:
    """A document or walk that gives no question is quarantined with the teacher's reason."""
    kept = documents.join(reference_documents.select("document_id"), on="document_id", how="semi")
    elsewhere = lake.scan("documents", columns=["document_id", "title", "text"])
    material = gather_material(kept, document_concepts, concept_walks, elsewhere)
    written = []
    for name in _methods(context):
        store = LakeResponseStore(lake, "questions", name)
        with reported(f"questions by {name}", "requests") as advance:
            result = write_questions(method_named(name), material, teacher, store, settings.generation.rounds, advance)
        written.append(result)
    context.add_output_metadata(asked(teacher, WriteQuestions))
    return tables.gathered(written)


@table_asset(
    tables.QA_PAIRS,
    group="generation",
    partitions_def=METHOD_BY_SHARD,
    rooms=("synth_assets.generation.answers", "synth_assets.generation.voting", "synth_assets.final_answers"),
    follows=("generation", "teacher"),
    pool="teacher",
)
def qa_pairs(
    context: dg.AssetExecutionContext,
    questions: pl.DataFrame,
    settings: dg.ResourceParam[Settings],
    teacher: dg.ResourceParam[Teacher],
    lake: dg.ResourceParam[Lake],
) -> StageResult:
    """The answer most samples agree on; a question without one is quarantined."""
    store = LakeResponseStore(lake, "qa_pairs", "")
    samples, agreement = settings.generation.samples, settings.generation.least_agreement
    with reported("answers", "requests") as advance:
        answered = answer_questions(questions, teacher, store, samples, agreement, advance)
    tokens = {f"{kind} tokens": int(answered.rows[f"{kind}_tokens"].sum()) for kind in ("prompt", "completion")}
    context.add_output_metadata({**asked(teacher, AnswerQuestion), **tokens})
    return answered


def _methods(context: dg.AssetExecutionContext) -> list[str]:
    """The methods among the run's partitions. Launched over GraphQL, a key may arrive as a plain string."""
    keys = [METHOD_BY_SHARD.get_partition_key_from_str(str(key)) for key in context.partition_keys]
    return list(dict.fromkeys(key.keys_by_dimension["method"] for key in keys))
