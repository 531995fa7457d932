"""Staying clear of the benchmarks and of repetition, and what survives: the training data."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import dagster as dg
import polars as pl

from synth_assets import tables
from synth_assets.assets.declaration import CODE, TEACHER_POOL, backfill_policy, table_asset, table_out
from synth_assets.assets.embedders import showing, told_of
from synth_assets.assets.teaching import Teaching
from synth_assets.automation.partitions import METHOD_BY_SHARD
from synth_assets.automation.transience import retried
from synth_assets.lake.lake import Lake
from synth_assets.markdown import table
from synth_assets.progress import reported
from synth_assets.settings import Settings
from synth_assets.tables import StageResult
from synth_assets.teachers.tasks import CompareProblems

if TYPE_CHECKING:
    from synth_assets.corpus.embedding import Embedder

_ALL = dg.AllPartitionMapping()


def _rooms(*modules: str) -> tuple[str, ...]:
    return tuple(f"synth_assets.decontamination.{module}" for module in modules)


_WORDS = _rooms("normalising", "words", "word_loops")
_COMPARING = (
    *_WORDS,
    *_rooms("ladder", "matching", "ngrams", "gram_loops", "rephrased", "rephrased_loops", "word_order", "semantic"),
    *_rooms("judging", "contamination"),
)
_RULES = ("decontamination.ladder", "decontamination.judge", "question_embedder")


with warnings.catch_warnings():
    warnings.simplefilter("ignore", dg.BetaWarning)  # backfill policies; see declaration.table_asset

    @dg.multi_asset(
        outs={
            table.name: table_out(
                table, group="decontamination", rooms=_COMPARING, follows=_RULES, asks=(CompareProblems,)
            )
            for table in (tables.CONTAMINATION, tables.BENCHMARK_COMPARISONS)
        },
        ins={"benchmark_items": dg.AssetIn(partition_mapping=_ALL)},
        partitions_def=METHOD_BY_SHARD,
        backfill_policy=backfill_policy(METHOD_BY_SHARD),
        pool=TEACHER_POOL,
    )
    @retried
    def benchmark_overlap(
        context: dg.AssetExecutionContext,
        qa_pairs: pl.DataFrame,
        benchmark_items: pl.DataFrame,
        settings: dg.ResourceParam[Settings],
        teacher: dg.ResourceParam[Teaching],
        lake: dg.ResourceParam[Lake],
    ) -> Iterator[dg.Output[Any]]:
        """Questions and answers against every benchmark; what is unchanged since it was compared is not compared again.

        A judge and an embedder are asked only where the settings have them.
        """
        from synth_assets.decontamination.contamination import Compared, Rules, find_contamination

        of, making_of = settings.decontamination, next(iter(context.assets_def.specs)).metadata
        judge = teacher.asker(lake, "contamination") if of.judge else None
        partitions = qa_pairs.select("method", "shard").unique()
        earlier = Compared(
            *(
                lake.read(name).join(partitions, on=["method", "shard"], how="semi")
                for name in ("contamination", "benchmark_comparisons")
            )
        )
        with (
            reported("comparisons with benchmarks", "comparisons") as advance,
            questions_embedded(settings, teacher, lake, "contamination", qa_pairs.height) as embedder,
        ):
            shaping = (
                making_of[CODE],
                teacher.teacher.version(CompareProblems) if judge else "",
                embedder.name if embedder else "",
            )
            compared = find_contamination(
                qa_pairs, benchmark_items, Rules(of.ladder, repr(shaping), embedder, judge), earlier, advance
            )
        asked = teacher.told(context, judge) if judge else {}
        # In this order: what says that a comparison was made is written after what it found.
        yield dg.Output(compared.contamination, output_name="contamination", metadata={**asked, **told_of(embedder)})
        yield dg.Output(
            compared.comparisons,
            output_name="benchmark_comparisons",
            metadata={"rates": dg.MetadataValue.md(_rates(compared.comparisons))},
        )


def _rates(comparisons: pl.DataFrame) -> str:
    """The share of contaminated pairs by benchmark and method, as a Markdown table."""
    counted = comparisons.group_by("benchmark", "method").agg(pl.col("pairs", "contaminated").sum())
    lines = [
        (benchmark, method, pairs, contaminated, f"{contaminated / max(pairs, 1):.2%}")
        for benchmark, method, pairs, contaminated in counted.sort("benchmark", "method").iter_rows()
    ]
    return table(("benchmark", "method", "pairs", "contaminated", "share"), lines)


@contextmanager
def questions_embedded(
    settings: Settings, teacher: Teaching, lake: Lake, stage: str, texts: int
) -> Iterator["Embedder | None"]:
    """The embedder of questions, where the settings want meanings compared; its progress is shown meanwhile."""
    if settings.question_embedder is None:
        yield None
        return
    with showing(settings.filter.embedder, lake, stage, teacher.settings.limits, texts) as embedder:
        yield embedder


_SIGNING = (*_WORDS, *_rooms("shingles", "shingle_loops", "signatures"))
_KEEPING = (*_SIGNING, *_rooms("duplicates", "keeping", "keeping_loops", "buckets", "semantic_duplicates"))
SIGNATURES_AT_ONCE = 100_000


@table_asset(
    tables.QA_SIGNATURES,
    group="decontamination",
    partitions_def=METHOD_BY_SHARD,
    kinds=("numba",),
    rooms=(*_SIGNING, *_rooms("duplicates")),
)
def qa_signatures(qa_pairs: pl.DataFrame) -> pl.DataFrame:
    """One signature a question; comparing them is the next asset's work."""
    from synth_assets.decontamination.duplicates import sign

    return sign(qa_pairs)


@table_asset(
    tables.DUPLICATES,
    group="decontamination",
    kinds=("numba",),
    rooms=_KEEPING,
    follows=("decontamination.duplicate_similarity", "decontamination.duplicate_cosine", "question_embedder"),
    ins={
        "qa_signatures": dg.AssetIn(partition_mapping=_ALL),
        "qa_pairs": dg.AssetIn(partition_mapping=_ALL),
    },
)
def duplicates(
    context: dg.AssetExecutionContext,
    qa_signatures: pl.LazyFrame,
    qa_pairs: pl.LazyFrame,
    settings: dg.ResourceParam[Settings],
    teacher: dg.ResourceParam[Teaching],
    lake: dg.ResourceParam[Lake],
) -> pl.DataFrame:
    """Over all methods and shards; the more agreed, then lower level, then lower id is kept."""
    from synth_assets.decontamination.duplicates import find_duplicates
    from synth_assets.decontamination.keeping import Semantic

    of = settings.decontamination
    read = qa_pairs.select("qa_id", "question", "final_answer")
    signatures = qa_signatures.collect_batches(chunk_size=SIGNATURES_AT_ONCE)
    semantic = None
    with questions_embedded(settings, teacher, lake, "duplicates", lake.row_count("qa_pairs")) as embedder:
        if embedder is not None:
            signed = qa_signatures.select("qa_id").collect()
            questions = signed.join(read.collect(), on="qa_id", how="left", maintain_order="left")["question"]
            semantic = Semantic(embedder.embed(questions.to_list()), of.duplicate_cosine)
    found = find_duplicates(
        signatures,
        lambda ids: read.join(ids.to_frame().lazy(), on="qa_id", how="semi").collect(),
        of.duplicate_similarity,
        semantic,
    )
    context.add_output_metadata({**told_of(embedder), "by rule": dg.MetadataValue.json(_by_rule(found))})
    return found


def _by_rule(found: pl.DataFrame) -> dict[str, int]:
    return dict(found.group_by("rule").len().sort("rule").iter_rows())


@table_asset(
    tables.TRAINING_QA,
    group="training_data",
    partitions_def=METHOD_BY_SHARD,
    rooms=_rooms("survivors", "ladder"),
)
def training_qa(
    qa_pairs: pl.DataFrame, questions: pl.DataFrame, contamination: pl.DataFrame, duplicates: pl.DataFrame
) -> StageResult:
    """A pair that is contaminated or repeats another is quarantined, with the rule that found it."""
    from synth_assets.decontamination.survivors import survivors

    return survivors(qa_pairs, questions, contamination, duplicates)
