"""Error extrapolation (S3, 2310.13671): what the student before each round gets wrong.

S3 goes round and round: train, find the errors, write problems like them, train on those too. Here a round is a
partition, and the graph has no cycle: what the students learn from is written and answered within this step, for a few
documents, by the very requests that the methods put for them later. Those find the answers in the store.
"""

from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

import dagster as dg
import polars as pl

from synth_assets import tables
from synth_assets.assets.declaration import table_asset
from synth_assets.assets.teaching import Teaching
from synth_assets.automation.partitions import METHOD_NAMES
from synth_assets.errors import SynthAssetsError
from synth_assets.final_answers import read_final_answer
from synth_assets.generation.answers import AnswerParameters
from synth_assets.generation.extrapolating import SEEDS, PairWriter, seed_documents
from synth_assets.generation.methods import method_named
from synth_assets.generation.methods.error_extrapolation import ErrorExtrapolation
from synth_assets.lake.lake import Lake
from synth_assets.markdown import frame
from synth_assets.progress import Advance, reported
from synth_assets.seeds import seed_of
from synth_assets.settings import ExtrapolationSettings, Settings
from synth_assets.students.profiles import PROFILES
from synth_assets.teachers.tasks import AnswerQuestion, JudgeAnswer, WriteQuestions

if TYPE_CHECKING:
    from synth_assets.students.mistakes import Mistakes
    from synth_assets.students.training import TrainingProgress

FROM_ELSEWHERE = "problems"
"""What the problems of a file are read as."""

_ALL = dg.AllPartitionMapping()


@table_asset(
    tables.STUDENT_MISTAKES,
    group="generation",
    kinds=("jax",),
    partitions_def=METHOD_NAMES,
    rooms=(
        "synth_assets.students.mistakes",
        "synth_assets.students.splits",
        "synth_assets.generation.extrapolating",
        "synth_assets.generation.methods.error_extrapolation",
        "synth_assets.generation.methods.level_1",
        "synth_assets.final_answers",
    ),
    follows=(
        *("extrapolation", "students.profile"),
        *("generation.samples", "generation.least_agreement", "generation.judge"),
    ),
    kept_through=("documents", "reference_documents", "document_concepts"),
    ins={
        name: dg.AssetIn(partition_mapping=_ALL) for name in ("documents", "reference_documents", "document_concepts")
    },
    asks=(WriteQuestions, AnswerQuestion, JudgeAnswer),
    at_once=True,  # the last round goes through all before it
)
def student_mistakes(
    context: dg.AssetExecutionContext,
    reference_documents: pl.LazyFrame,
    documents: pl.LazyFrame,
    document_concepts: pl.LazyFrame,
    settings: dg.ResourceParam[Settings],
    teacher: dg.ResourceParam[Teaching],
    lake: dg.ResourceParam[Lake],
) -> pl.DataFrame:
    """Empty for a method that is no round. Earlier rounds are gone through again: their answers are in the store.

    Once made, mistakes stay as they are while documents are added, so that a new shard asks nothing of older ones.
    """
    chosen = {name: method for name in context.partition_keys if (method := _round(name)) is not None}
    if not chosen:
        return tables.STUDENT_MISTAKES.empty()
    profile, of = PROFILES[settings.students.profile], settings.extrapolation
    asker = teacher.asker(lake, "student_mistakes")
    parameters = settings.generation
    writer = PairWriter(
        *_seed_documents(reference_documents, documents, document_concepts, of.documents),
        asker,
        AnswerParameters(parameters.samples, parameters.least_agreement, parameters.judge),
    )
    rounds = [method.number for method in chosen.values()]
    pairs, problems = _learnt_and_asked(writer.pairs(method_named(SEEDS), _account(rounds, 1)), of)
    from synth_assets.students.mistakes import mistakes_of

    made = [tables.STUDENT_MISTAKES.empty()]
    last = max(rounds)
    for number in range(1, last + 1):
        this_round = ErrorExtrapolation(number)
        with reported(f"{of.student} of round {number}", "tokens") as advance:
            wrong = mistakes_of(pairs, problems, of.student, profile, _tokens(advance))
        rows = _rows(this_round.name, wrong, of.student)
        if this_round.name in chosen:
            made.append(rows)
        if number < last:
            pairs = pl.concat([pairs, writer.pairs(this_round, _account(rounds, number + 1), rows)])
    found = pl.concat(made)
    context.add_output_metadata({**teacher.told(context, asker), "by round": dg.MetadataValue.md(_by_round(found))})
    return found


def _account(rounds: Sequence[int], number: int) -> str:
    """The first of the rounds made here that needs what the student before round `number` learns."""
    return ErrorExtrapolation(min(made for made in rounds if made >= number)).name


def _tokens(advance: Advance) -> Callable[["TrainingProgress"], None]:
    return lambda training: advance(training.tokens, training.total_tokens)


def _round(name: str) -> ErrorExtrapolation | None:
    method = method_named(name)
    return method if isinstance(method, ErrorExtrapolation) else None


def _seed_documents(
    reference_documents: pl.LazyFrame, documents: pl.LazyFrame, document_concepts: pl.LazyFrame, most: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The texts and the concepts of the seeds' documents."""
    drawn = seed_documents(reference_documents, most).lazy()
    texts = documents.select("shard", "document_id", "title", "text").join(drawn, on="document_id", how="semi")
    concepts = document_concepts.join(drawn, on="document_id", how="semi")
    return texts.sort("document_id").collect(), concepts.collect()


def _learnt_and_asked(seeds: pl.DataFrame, of: ExtrapolationSettings) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What the first student learns, and what all are asked."""
    from synth_assets.students.mistakes import set_aside

    learnt, asked = set_aside(seeds, of.problems)
    if not of.problems_from:
        return learnt, asked
    return learnt, problems_in(of.problems_from, of.problems)


def problems_in(path: str, most: int) -> pl.DataFrame:
    """Up to `most` problems of a file, by a hash of their texts, with columns as of the seeds' pairs.

    Raises SynthAssetsError as reading a benchmark does, and where no problem has a solution.
    """
    from synth_assets.corpus.benchmarks import read_benchmarks

    rows = read_benchmarks({FROM_ELSEWHERE: path}).rows.filter(pl.col("answer").str.strip_chars() != "")
    if rows.is_empty():
        raise SynthAssetsError(
            f"extrapolation.problems_from: {path} has no problem with a solution; name a file that has both."
        )
    places = pl.Series("place", [seed_of("problem from elsewhere", question) for question in rows["question"]])
    drawn = rows.with_columns(places).sort("place", "question").unique("question", keep="first", maintain_order=True)
    answers = drawn["answer"].head(most)
    return drawn.head(most).select(
        "question",
        "answer",
        final_answer=pl.Series([read_final_answer(answer) for answer in answers], dtype=pl.String),
        recipe=pl.lit(None, pl.String),
    )


def _rows(name: str, wrong: "Mistakes", student: str) -> pl.DataFrame:
    ids = [blake2b(question.encode(), digest_size=8).hexdigest() for question in wrong.rows["question"]]
    made = wrong.rows.select(
        pl.lit(name).alias("method"),
        pl.Series("problem_id", ids, dtype=pl.String),
        "question",
        pl.col("answer").alias("solution"),
        "final_answer",
        "written",
        "recipe",
        pl.lit(student).alias("student"),
        pl.lit(wrong.learnt, pl.Int64).alias("trained_pairs"),
        pl.lit(wrong.asked, pl.Int64).alias("asked"),
    )
    return tables.STUDENT_MISTAKES.conform(made)


def _by_round(made: pl.DataFrame) -> str:
    counted = made.group_by("method", "trained_pairs", "asked", maintain_order=True).agg(wrong=pl.len())
    return frame(counted.with_columns(error=pl.col("wrong") / pl.col("asked")))
