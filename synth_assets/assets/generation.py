"""Questions and answers (paper sections 2.2 and 2.3), for every method and shard."""

import dagster as dg
import polars as pl

from synth_assets import tables
from synth_assets.assets.declaration import table_asset
from synth_assets.assets.teaching import Teaching
from synth_assets.automation.partitions import METHOD_BY_SHARD
from synth_assets.generation.answers import AnswerParameters, answer_questions
from synth_assets.generation.material import gather_material
from synth_assets.generation.methods import method_named
from synth_assets.generation.questions import write_questions
from synth_assets.lake.lake import Lake
from synth_assets.progress import reported
from synth_assets.settings import Settings
from synth_assets.tables import StageResult
from synth_assets.teachers.tasks import (
    AnswerQuestion,
    CorrectQuestion,
    JudgeAnswer,
    RephraseQuestion,
    WriteConstrainedQuestion,
    WriteContexts,
    WriteInstanceSeed,
    WriteQuestions,
)


@table_asset(
    tables.QUESTIONS,
    group="generation",
    partitions_def=METHOD_BY_SHARD,
    rooms=(
        "synth_assets.generation.questions",
        "synth_assets.generation.writing",
        "synth_assets.generation.material",
        "synth_assets.generation.methods",
    ),
    follows=("generation.rounds",),
    asks=(
        WriteQuestions,
        RephraseQuestion,
        WriteContexts,
        WriteInstanceSeed,
        WriteConstrainedQuestion,
        AnswerQuestion,
        CorrectQuestion,
    ),
)
def questions(
    context: dg.AssetExecutionContext,
    reference_documents: pl.DataFrame,
    documents: pl.DataFrame,
    document_concepts: pl.DataFrame,
    concept_walks: pl.DataFrame,
    student_mistakes: pl.DataFrame,
    settings: dg.ResourceParam[Settings],
    teacher: dg.ResourceParam[Teaching],
    lake: dg.ResourceParam[Lake],
) -> StageResult:
    """A document or walk that gives no question is quarantined with the teacher's reason."""
    kept = documents.join(reference_documents.select("document_id"), on="document_id", how="semi")
    elsewhere = lake.scan("documents", columns=["document_id", "title", "text"])
    material = gather_material(kept, document_concepts, concept_walks, elsewhere, student_mistakes)
    asker = teacher.asker(lake, "questions")
    written = []
    for name in _methods(context):
        with reported(f"questions by {name}", "requests") as advance:
            written.append(write_questions(method_named(name), material, asker, settings.generation.rounds, advance))
    context.add_output_metadata(teacher.told(context, asker))
    return tables.gathered(written)


@table_asset(
    tables.QA_PAIRS,
    group="generation",
    partitions_def=METHOD_BY_SHARD,
    rooms=(
        "synth_assets.generation.answers",
        "synth_assets.generation.voting",
        "synth_assets.generation.ballots",
        "synth_assets.generation.judging",
        "synth_assets.generation.readings",
        "synth_assets.generation.equality",
        "synth_assets.generation.equality_worker",
        "synth_assets.generation.comparing",
        "synth_assets.final_answers",
    ),
    follows=("generation.samples", "generation.least_agreement", "generation.judge"),
    asks=(AnswerQuestion, JudgeAnswer),
)
def qa_pairs(
    context: dg.AssetExecutionContext,
    questions: pl.DataFrame,
    settings: dg.ResourceParam[Settings],
    teacher: dg.ResourceParam[Teaching],
    lake: dg.ResourceParam[Lake],
) -> StageResult:
    """The answer most samples agree on; a question without one is quarantined."""
    asker = teacher.asker(lake, "qa_pairs")
    chosen = settings.generation
    parameters = AnswerParameters(chosen.samples, chosen.least_agreement, chosen.judge)
    with reported("answers", "requests") as advance:
        answered = answer_questions(questions, asker, parameters, advance)
    context.add_output_metadata({**teacher.told(context, asker), **answered.metadata()})
    return answered.result


def _methods(context: dg.AssetExecutionContext) -> list[str]:
    """The methods among the run's partitions. Launched over GraphQL, a key may arrive as a plain string."""
    keys = [METHOD_BY_SHARD.get_partition_key_from_str(str(key)) for key in context.partition_keys]
    return list(dict.fromkeys(key.keys_by_dimension["method"] for key in keys))
