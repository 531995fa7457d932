"""The corpus and the benchmarks as read from the user's files."""

import dagster as dg

from synth_assets import tables
from synth_assets.assets.declaration import table_asset
from synth_assets.automation.partitions import BENCHMARKS, SHARDS
from synth_assets.corpus.benchmarks import read_benchmarks
from synth_assets.corpus.reading import read_shards
from synth_assets.corpus.shards import find_shards
from synth_assets.lake.lake import Lake
from synth_assets.settings import Settings
from synth_assets.tables import StageResult


@table_asset(
    tables.DOCUMENTS,
    group="corpus",
    partitions_def=SHARDS,
    rooms=("synth_assets.corpus.reading", "synth_assets.corpus.sources"),
    follows=("corpus",),
)
def documents(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings], lake: dg.ResourceParam[Lake]
) -> StageResult:
    """Rows without text, with broken encoding, or with an id or text met before go to quarantine."""
    wanted = set(context.partition_keys)
    shards = find_shards(settings.corpus.sources, settings.corpus.rows_per_shard)
    known = lake.read("documents", columns=["shard", "document_id", "content_hash"])
    return read_shards(
        [shard for shard in shards if shard.name in wanted],
        known.filter(~known["shard"].is_in(list(wanted))),
    )


@table_asset(
    tables.BENCHMARK_ITEMS,
    group="decontamination",
    partitions_def=BENCHMARKS,
    rooms=("synth_assets.corpus.benchmarks", "synth_assets.corpus.sources"),
    follows=("benchmarks",),
)
def benchmark_items(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> StageResult:
    """Any JSONL or Parquet with a question column."""
    return read_benchmarks({name: settings.benchmarks[name] for name in context.partition_keys})
