"""The corpus and the benchmarks as read from the user's files."""

import dagster as dg
import polars as pl

from synth_assets import tables
from synth_assets.assets.declaration import table_asset
from synth_assets.automation.partitions import BENCHMARKS, SHARDS
from synth_assets.corpus.benchmarks import read_benchmarks
from synth_assets.corpus.reading import read_shards
from synth_assets.lake.lake import Lake
from synth_assets.settings import Settings
from synth_assets.tables import StageResult

KNOWN = """
select shard, document_id, content_hash from documents where not list_contains($shards, shard) and (
    document_id in (select unnest($document_id::varchar[]))
    or content_hash in (select unnest($content_hash::varchar[])))"""
"""Documents of other shards with an id or a text that was met."""

DOCUMENTS_POOL = "documents"
"""Dagster pool of the steps that read documents. Two at once could both keep a copy of one text."""


@table_asset(
    tables.DOCUMENTS,
    group="corpus",
    partitions_def=SHARDS,
    rooms=(
        "synth_assets.corpus.reading",
        "synth_assets.corpus.sources",
        "synth_assets.corpus.source_rows",
        "synth_assets.corpus.parquet",
        "synth_assets.corpus.lines",
    ),
    follows=("corpus",),
    pool=DOCUMENTS_POOL,
)
def documents(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings], lake: dg.ResourceParam[Lake]
) -> StageResult:
    """Rows without text, with broken encoding, or with an id or text met before go to quarantine."""
    wanted = set(context.partition_keys)

    def known(met: pl.DataFrame) -> pl.DataFrame:
        return lake.query(KNOWN, parameters={"shards": list(wanted), **met.to_dict(as_series=False)})

    shards = [shard for shard in settings.corpus.shards() if shard.name in wanted]
    result = read_shards(shards, known, settings.corpus.memory)
    reasons = result.quarantined["reason"]
    context.add_output_metadata(
        {reason: int((reasons == reason).sum()) for reason in ("duplicate_id", "duplicate_text")}
    )
    return result


@table_asset(
    tables.BENCHMARK_ITEMS,
    group="decontamination",
    partitions_def=BENCHMARKS,
    rooms=tuple(f"synth_assets.corpus.{module}" for module in ("benchmarks", "known_benchmarks", "reading")),
    follows=("benchmarks",),
)
def benchmark_items(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> StageResult:
    """Any JSONL or Parquet with a question column."""
    return read_benchmarks({name: settings.benchmarks[name] for name in context.partition_keys})
