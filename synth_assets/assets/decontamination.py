"""Staying clear of the benchmarks and of repetition, and what survives: the training data."""

import dagster as dg
import polars as pl

from synth_assets import tables
from synth_assets.assets.declaration import table_asset
from synth_assets.automation.partitions import METHOD_BY_SHARD
from synth_assets.settings import Settings
from synth_assets.tables import StageResult

_ALL = dg.AllPartitionMapping()


@table_asset(
    tables.CONTAMINATION,
    group="decontamination",
    partitions_def=METHOD_BY_SHARD,
    rooms=("synth_assets.decontamination",),
    ins={"benchmark_items": dg.AssetIn(partition_mapping=_ALL)},
)
def contamination(qa_pairs: pl.DataFrame, benchmark_items: pl.DataFrame) -> pl.DataFrame:
    """Questions and answers are both compared, with every benchmark."""
    from synth_assets.decontamination.contamination import find_contamination

    return find_contamination(qa_pairs, benchmark_items)


@table_asset(
    tables.QA_SIGNATURES,
    group="decontamination",
    partitions_def=METHOD_BY_SHARD,
    kinds=("rust",),
    rooms=("synth_assets.decontamination",),
)
def qa_signatures(qa_pairs: pl.DataFrame) -> pl.DataFrame:
    """One signature a question; comparing them is the next asset's work."""
    from synth_assets.decontamination.duplicates import sign

    return sign(qa_pairs)


@table_asset(
    tables.DUPLICATES,
    group="decontamination",
    rooms=("synth_assets.decontamination",),
    follows=("decontamination",),
    ins={
        "qa_signatures": dg.AssetIn(partition_mapping=_ALL),
        "qa_pairs": dg.AssetIn(partition_mapping=_ALL),
    },
)
def duplicates(
    qa_signatures: pl.DataFrame, qa_pairs: pl.DataFrame, settings: dg.ResourceParam[Settings]
) -> pl.DataFrame:
    """Over all methods and shards; the more agreed, then lower level, then lower id is kept."""
    from synth_assets.decontamination.duplicates import find_duplicates

    return find_duplicates(qa_signatures, qa_pairs, settings.decontamination.duplicate_similarity)


@table_asset(
    tables.TRAINING_QA,
    group="training_data",
    partitions_def=METHOD_BY_SHARD,
    rooms=("synth_assets.decontamination",),
)
def training_qa(
    qa_pairs: pl.DataFrame, questions: pl.DataFrame, contamination: pl.DataFrame, duplicates: pl.DataFrame
) -> StageResult:
    """A pair that is contaminated or repeats another is quarantined, with the rule that found it."""
    from synth_assets.decontamination.survivors import survivors

    return survivors(qa_pairs, questions, contamination, duplicates)
