"""Concepts, the graph over them, and the walks (paper section 2.2)."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import polars as pl

from synth_assets import tables
from synth_assets.assets.declaration import OWNERS, making, table_asset, table_metadata
from synth_assets.assets.teaching import Teaching
from synth_assets.automation.partitions import SHARDS
from synth_assets.concepts.cooccurrence import count
from synth_assets.concepts.extraction import extract_concepts
from synth_assets.concepts.graph import reduce
from synth_assets.lake.lake import Lake
from synth_assets.progress import reported
from synth_assets.settings import Settings
from synth_assets.tables import StageResult, Table
from synth_assets.teachers.tasks import ExtractConcepts

_GRAPH = ("synth_assets.concepts.graph", "synth_assets.concepts.names", "synth_assets.concepts.cooccurrence")


@table_asset(
    tables.DOCUMENT_CONCEPTS,
    group="concepts",
    partitions_def=SHARDS,
    rooms=("synth_assets.concepts.extraction", "synth_assets.concepts.extraction_rows", "synth_assets.concepts.names"),
    asks=(ExtractConcepts,),
)
def document_concepts(
    context: dg.AssetExecutionContext,
    reference_documents: pl.DataFrame,
    documents: pl.DataFrame,
    settings: dg.ResourceParam[Settings],
    teacher: dg.ResourceParam[Teaching],
    lake: dg.ResourceParam[Lake],
) -> StageResult:
    """A document for which the teacher names no key concept is quarantined."""
    kept = documents.join(reference_documents.select("document_id"), on="document_id", how="semi")
    asker = teacher.asker(lake, "document_concepts")
    with reported("concepts of the documents", "documents") as advance:
        extracted = extract_concepts(kept, asker, advance)
    context.add_output_metadata(teacher.told(context, settings, asker))
    return extracted


@table_asset(
    tables.CONCEPT_COOCCURRENCE,
    group="concepts",
    partitions_def=SHARDS,
    rooms=("synth_assets.concepts.cooccurrence",),
)
def concept_cooccurrence(document_concepts: pl.DataFrame) -> pl.DataFrame:
    """Counted shard by shard, so that adding a shard costs that shard alone."""
    return count(document_concepts)


def _out(table: Table) -> dg.AssetOut:
    return dg.AssetOut(
        key=table.name,
        description=table.description,
        group_name="concepts",
        owners=OWNERS,
        kinds={"polars", "ducklake"},
        metadata={**table_metadata(table), **making(_GRAPH)},
        io_manager_key="lake_io_manager",
    )


@dg.multi_asset(
    outs={table.name: _out(table) for table in (tables.CONCEPT_NODES, tables.CONCEPT_EDGES)},
    ins={
        "concept_cooccurrence": dg.AssetIn(partition_mapping=dg.AllPartitionMapping()),
        "document_concepts": dg.AssetIn(partition_mapping=dg.AllPartitionMapping()),
    },
)
def concept_graph(
    concept_cooccurrence: pl.DataFrame, document_concepts: pl.DataFrame, lake: dg.ResourceParam[Lake]
) -> Iterator[dg.Output[Any]]:
    """The reduce: counts summed over shards, spellings merged, weights log(documents + 1e-5)."""
    from synth_assets.concepts.pictures import degree_distribution, graph_picture

    earlier = lake.read("concept_nodes", columns=["kind", "name", "home_shard"])
    nodes, edges = reduce(concept_cooccurrence, document_concepts, earlier=earlier)
    yield dg.Output(
        nodes,
        output_name="concept_nodes",
        metadata={"degrees": dg.MetadataValue.md(degree_distribution(nodes).markdown)},
    )
    yield dg.Output(
        edges,
        output_name="concept_edges",
        metadata={"strongest part": dg.MetadataValue.md(graph_picture(nodes, edges).markdown)},
    )


@table_asset(
    tables.CONCEPT_WALKS,
    group="concepts",
    partitions_def=SHARDS,
    rooms=("synth_assets.concepts",),
    follows=("walks",),
    kept_through=("concept_nodes", "concept_edges"),
    ins={"document_concepts": dg.AssetIn(partition_mapping=dg.AllPartitionMapping())},
)
def concept_walks(
    context: dg.AssetExecutionContext,
    concept_nodes: pl.DataFrame,
    concept_edges: pl.DataFrame,
    document_concepts: pl.DataFrame,
    settings: dg.ResourceParam[Settings],
) -> StageResult:
    """Every topic starts `epochs` walks, in the shard where it is most at home."""
    from synth_assets.concepts.stage import concept_walks as walks_with_references
    from synth_assets.concepts.walks import WalkSettings

    return walks_with_references(
        concept_nodes,
        concept_edges,
        document_concepts,
        context.partition_keys,
        settings.walks.epochs,
        WalkSettings(temperature=settings.walks.temperature, coverage=settings.walks.coverage),
    )
