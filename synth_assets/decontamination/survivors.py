"""What survives decontamination and deduplication: the training data (end of the paper's section 2.3)."""

import polars as pl

from synth_assets import tables
from synth_assets.decontamination import ladder
from synth_assets.tables import StageResult

_LONGEST_SPAN = 200
"""Characters of the matching words that the quarantine's detail quotes; the contamination table has them whole."""


def survivors(
    qa_pairs: pl.DataFrame, questions: pl.DataFrame, contamination: pl.DataFrame, duplicates: pl.DataFrame
) -> StageResult:
    """The pairs that are neither contaminated nor a duplicate; the others are quarantined, each once.

    A contaminated pair leaves as `contaminated`, whatever else it is; of the others a duplicate leaves as
    `duplicate_exact` or `duplicate_near`, even where the pair kept in its place is contaminated.

    Args:
        qa_pairs: Rows of `tables.QA_PAIRS`.
        questions: Rows of `tables.QUESTIONS` with (at least) the same ids.
        contamination: Rows of `tables.CONTAMINATION`; rows of other pairs are ignored.
        duplicates: Rows of `tables.DUPLICATES`; rows of other pairs are ignored.

    Returns:
        Rows of `tables.TRAINING_QA` ordered by id; one is received for each QA pair.

    Raises:
        ValueError: where a QA pair has no question row.
    """
    reasons = pl.concat([_contaminated(contamination), _repeated(duplicates)]).unique(
        "id", keep="first", maintain_order=True
    )
    quarantined = (
        qa_pairs.select("method", "shard", id="qa_id")
        .join(reasons, on="id")
        .select("method", "shard", "id", "reason", "detail")
        .sort("id")
    )
    told = questions.select("school_level", "topics", "key_concepts", "documents", qa_id="question_id")
    rows = qa_pairs.join(reasons, left_on="qa_id", right_on="id", how="anti").join(told, on="qa_id", how="left")
    # A pair whose question is missing has nulls here, which the table refuses by name.
    training = tables.TRAINING_QA.conform(rows.select(tables.TRAINING_QA.schema.names())).sort("qa_id")
    return StageResult(training, quarantined, qa_pairs.height, training.height)


def _contaminated(contamination: pl.DataFrame) -> pl.DataFrame:
    """For each contaminated pair its strongest match, in words: `id`, `reason`, `detail`."""
    rank = ladder.rank(pl.col("rule"))
    span = pl.col("span").str.slice(0, _LONGEST_SPAN)
    words = "The {} matches item {} of {} by rule {} (score {}): {}"
    detail = pl.format(words, "part", "item_id", "benchmark", "rule", pl.col("score").round(2), span)
    return (
        contamination.sort("qa_id", rank, pl.col("score").neg(), "benchmark", "item_id", "part")
        .unique("qa_id", keep="first", maintain_order=True)
        .select(id="qa_id", reason=pl.lit("contaminated"), detail=detail)
    )


def _repeated(duplicates: pl.DataFrame) -> pl.DataFrame:
    """For each duplicate the pair kept in its place, in words: `id`, `reason`, `detail`."""
    detail = pl.format("Repeats {} (similarity {})", "kept_id", pl.col("similarity").round(2))
    return duplicates.select(id="qa_id", reason=pl.format("duplicate_{}", "rule"), detail=detail)
