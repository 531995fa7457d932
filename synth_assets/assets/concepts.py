"""Concepts, the graph over them, and the walks (paper section 2.2)."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from synth_assets import tables
from synth_assets.assets.declaration import backfill_policy, table_asset, table_out
from synth_assets.assets.teaching import Teaching
from synth_assets.automation.partitions import SHARDS
from synth_assets.automation.transience import retried
from synth_assets.concepts.extraction import extract_concepts
from synth_assets.lake.lake import Lake
from synth_assets.markdown import table
from synth_assets.progress import reported
from synth_assets.settings import Settings
from synth_assets.tables import StageResult
from synth_assets.teachers.tasks import ExtractConcepts

ALL_SHARDS = dg.AssetIn(partition_mapping=dg.AllPartitionMapping())

MERGED_SHOWN = 20
"""Merged names listed in the metadata of the graph."""


def _rooms(*modules: str) -> tuple[str, ...]:
    return tuple(f"synth_assets.concepts.{module}" for module in modules)


_COUNTING = _rooms("names", "cooccurrence", "pair_loops")
_REDUCING = (*_COUNTING, *_rooms("graph", "sparse_rows", "synonyms"))


@table_asset(
    tables.DOCUMENT_CONCEPTS,
    group="concepts",
    partitions_def=SHARDS,
    rooms=_rooms("extraction", "extraction_rows", "names"),
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
    context.add_output_metadata(teacher.told(context, asker))
    return extracted


with warnings.catch_warnings():
    warnings.simplefilter("ignore", dg.BetaWarning)  # backfill policies; see declaration.table_asset

    @dg.multi_asset(
        outs={
            table.name: table_out(table, group="concepts", rooms=_COUNTING)
            for table in (tables.CONCEPT_FREQUENCIES, tables.CONCEPT_COOCCURRENCE)
        },
        partitions_def=SHARDS,
        backfill_policy=backfill_policy(SHARDS),
    )
    @retried
    def concept_counts(document_concepts: pl.LazyFrame) -> Iterator[dg.Output[Any]]:
        """Counted shard by shard, so that adding a shard costs that shard alone."""
        from synth_assets.concepts.cooccurrence import count

        counts = count(document_concepts)
        yield dg.Output(counts.frequencies, output_name="concept_frequencies")
        yield dg.Output(counts.cooccurrence, output_name="concept_cooccurrence")


@dg.multi_asset(
    outs={
        table.name: table_out(table, group="concepts", rooms=_REDUCING, follows=("concepts",))
        for table in (tables.CONCEPT_NODES, tables.CONCEPT_EDGES)
    },
    ins=dict.fromkeys(("concept_frequencies", "concept_cooccurrence", "document_concepts"), ALL_SHARDS),
)
@retried
def concept_graph(
    concept_frequencies: pl.DataFrame,
    concept_cooccurrence: pl.LazyFrame,
    document_concepts: pl.LazyFrame,
    settings: dg.ResourceParam[Settings],
    lake: dg.ResourceParam[Lake],
) -> Iterator[dg.Output[Any]]:
    """The reduce: counts summed over shards, spellings and synonyms merged, weights log(documents + 1e-5)."""
    from synth_assets.concepts.graph import reduce
    from synth_assets.concepts.names import unknown_names
    from synth_assets.concepts.pictures import degree_distribution, graph_picture

    synonyms = accepted_synonyms(settings, lake.settings.folder)
    nodes, edges = reduce(
        concept_frequencies,
        concept_cooccurrence,
        document_concepts,
        earlier=lake.read("concept_nodes", columns=["kind", "name", "home_shard"]),
        drop_singletons=settings.concepts.drop_singletons,
        synonyms=synonyms,
    )
    unknown = unknown_names(concept_frequencies, synonyms) if synonyms is not None else None
    yield dg.Output(
        nodes,
        output_name="concept_nodes",
        metadata={
            "degrees": dg.MetadataValue.md(degree_distribution(nodes).markdown),
            **merges_told(nodes),
            **({} if unknown is None else {"names of the synonyms that do not occur": unknown.height}),
        },
    )
    yield dg.Output(
        edges,
        output_name="concept_edges",
        metadata={"strongest part": dg.MetadataValue.md(graph_picture(nodes, edges).markdown)},
    )


def accepted_synonyms(settings: Settings, folder: Path) -> pl.DataFrame | None:
    """The merges a person accepted, where the settings name a file of them; relative paths are below `folder`."""
    from synth_assets.concepts.synonyms import read_synonyms

    return read_synonyms(folder / settings.concepts.synonyms) if settings.concepts.synonyms else None


def merges_told(nodes: pl.DataFrame) -> dict[str, Any]:
    """Metadata: how many spellings were merged into others, and the most frequent names with what stands under them."""
    merged = nodes.filter(pl.col("spellings").list.len() > 1)
    shown = merged.sort("documents", "kind", "name", descending=[True, False, False]).head(MERGED_SHOWN)
    lines = [
        (kind, name, sorted({*spellings} - {name}), documents)
        for kind, name, spellings, documents in shown.select("kind", "name", "spellings", "documents").iter_rows()
    ]
    merges = table(("kind", "name", "merged into it", "documents"), lines)
    return {
        "spellings merged": int((merged["spellings"].list.len() - 1).sum()),
        **({"merged names": dg.MetadataValue.md(merges)} if lines else {}),
    }


@table_asset(
    tables.CONCEPT_WALKS,
    group="concepts",
    partitions_def=SHARDS,
    rooms=("synth_assets.concepts",),
    follows=("walks", "concepts"),
    kept_through=("concept_nodes", "concept_edges"),
    at_once=True,
    ins={"document_concepts": ALL_SHARDS},
)
def concept_walks(
    context: dg.AssetExecutionContext,
    concept_nodes: pl.DataFrame,
    concept_edges: pl.LazyFrame,
    document_concepts: pl.LazyFrame,
    settings: dg.ResourceParam[Settings],
    lake: dg.ResourceParam[Lake],
) -> StageResult:
    """Every topic starts `epochs` walks, in the shard where it is most at home."""
    from synth_assets.concepts.stage import concept_walks as walks_with_references
    from synth_assets.concepts.walks import WalkSettings

    with reported("reference documents of the walks", "walks") as advance:
        return walks_with_references(
            concept_nodes,
            concept_edges,
            document_concepts,
            context.partition_keys,
            settings.walks.epochs,
            WalkSettings(temperature=settings.walks.temperature, coverage=settings.walks.coverage),
            synonyms=accepted_synonyms(settings, lake.settings.folder),
            advance=advance,
        )
