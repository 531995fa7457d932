"""The domain filter (paper section 2.1): ratings, the trained classifier, and the documents it keeps."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import polars as pl

from synth_assets import tables
from synth_assets.assets.declaration import OWNERS, TEACHER_POOL, making, table_asset, table_metadata
from synth_assets.assets.teaching import Teaching
from synth_assets.automation.partitions import SHARDS
from synth_assets.lake.io_manager import MADE_BY
from synth_assets.lake.lake import Lake
from synth_assets.progress import reported
from synth_assets.settings import Settings
from synth_assets.tables import StageResult, Table
from synth_assets.teachers.tasks import RateDocument, WriteSyllabusDocument

_ROOMS = tuple(
    f"synth_assets.corpus.{module}"
    for module in ("domain_filter", "corpus_vectors", "embedding", "forest", "ratings", "classifier")
)


def _out(table: Table) -> dg.AssetOut:
    making_of = making(_ROOMS, ("corpus.domain", "filter"), ("documents",), asks=(WriteSyllabusDocument, RateDocument))
    return dg.AssetOut(
        key=table.name,
        description=table.description,
        group_name="domain",
        owners=OWNERS,
        kinds={"scikitlearn", "ducklake"},
        metadata={**table_metadata(table), **making_of},
        io_manager_key="lake_io_manager",
    )


@dg.multi_asset(
    outs={table.name: _out(table) for table in (tables.DOMAIN_RATINGS, tables.DOMAIN_CLASSIFIER)},
    ins={"documents": dg.AssetIn(partition_mapping=dg.AllPartitionMapping())},
    pool=TEACHER_POOL,
)
def domain_filter(
    context: dg.AssetExecutionContext,
    documents: pl.LazyFrame,
    settings: dg.ResourceParam[Settings],
    teacher: dg.ResourceParam[Teaching],
    lake: dg.ResourceParam[Lake],
) -> Iterator[dg.Output[Any]]:
    """Cold start from a syllabus, then rounds of rating; a random forest trained on the ratings."""
    from synth_assets.corpus.domain_filter import train_filter

    asker = teacher.asker(lake, "domain_ratings")
    with reported("ratings for the domain filter", "requests") as advance:
        trained = train_filter(documents, asker, settings.corpus.domain, settings.filter, advance)
    told = teacher.told(context, settings, asker)
    yield dg.Output(trained.ratings, output_name="domain_ratings", metadata=told)
    yield dg.Output(
        trained.classifier, output_name="domain_classifier", metadata={MADE_BY: told[MADE_BY], **trained.metadata()}
    )


@table_asset(
    tables.REFERENCE_DOCUMENTS,
    group="domain",
    partitions_def=SHARDS,
    rooms=_ROOMS,
    follows=("filter",),
)
def reference_documents(
    context: dg.AssetExecutionContext, documents: pl.DataFrame, domain_classifier: pl.DataFrame
) -> StageResult:
    """A document at or below the threshold is quarantined with its score."""
    from synth_assets.corpus.domain_filter import apply_filter
    from synth_assets.reports.figures import score_histogram, scores_of

    result = apply_filter(documents, domain_classifier)
    picture = score_histogram(scores_of(result), domain_classifier["threshold"].item())
    context.add_output_metadata({"scores": dg.MetadataValue.md(picture.markdown)})
    return result
