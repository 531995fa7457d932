"""The domain filter (paper section 2.1): ratings, the trained classifier, and the documents it keeps."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import polars as pl

from synth_assets import tables
from synth_assets.assets.declaration import TEACHER_POOL, table_asset, table_out
from synth_assets.assets.embedders import booked_on, showing, told_of
from synth_assets.assets.teaching import Teaching
from synth_assets.automation.partitions import SHARDS
from synth_assets.automation.transience import retried
from synth_assets.lake.lake import Lake
from synth_assets.progress import reported
from synth_assets.settings import Settings
from synth_assets.tables import StageResult, gathered
from synth_assets.teachers.tasks import RateDocument, WriteSyllabusDocument

_ROOMS = tuple(
    f"synth_assets.corpus.{module}"
    for module in (
        *("domain_filter", "pool", "background", "ratings", "held_out"),
        *("embedding", "hashed_embedding", "text_features", "sentence", "forest", "classifier"),
    )
)


@dg.multi_asset(
    outs={
        table.name: table_out(
            table,
            group="domain",
            rooms=_ROOMS,
            follows=("corpus.domain", "filter.shaping"),
            kept_through=("documents",),
            asks=(WriteSyllabusDocument, RateDocument),
            kinds=("scikitlearn",),
        )
        for table in (tables.DOMAIN_RATINGS, tables.DOMAIN_CLASSIFIER)
    },
    ins={"documents": dg.AssetIn(partition_mapping=dg.AllPartitionMapping())},
    pool=TEACHER_POOL,
)
@retried
def domain_filter(
    context: dg.AssetExecutionContext,
    documents: pl.LazyFrame,
    settings: dg.ResourceParam[Settings],
    teacher: dg.ResourceParam[Teaching],
    lake: dg.ResourceParam[Lake],
) -> Iterator[dg.Output[Any]]:
    """Cold start from a syllabus, then rounds of rating; a random forest trained on the ratings."""
    from synth_assets.corpus.domain_filter import train_filter
    from synth_assets.reports.figures import score_histogram

    of, limits = settings.filter, teacher.settings.limits
    asker = teacher.asker(lake, "domain_ratings")
    texts = min(of.pool, lake.row_count("documents")) + of.syllabus_documents + of.background_documents
    with (
        reported("ratings for the domain filter", "requests") as advance,
        showing(of.embedder, lake, "domain_ratings", limits, texts) as embedder,
    ):
        trained = train_filter(documents, asker, settings.corpus.domain, of, advance, embedder)
    told = {**teacher.told(context, asker), **told_of(embedder)}
    picture = score_histogram(trained.scores(), settings.filter.threshold)
    figures = {**trained.metadata(), "scores": dg.MetadataValue.md(picture.markdown)}
    yield dg.Output(trained.ratings, output_name="domain_ratings", metadata=told)
    yield dg.Output(trained.classifier, output_name="domain_classifier", metadata=figures)


@table_asset(
    tables.REFERENCE_DOCUMENTS,
    group="domain",
    partitions_def=SHARDS,
    rooms=_ROOMS,
    follows=("filter.shaping",),
    pool=TEACHER_POOL,
)
def reference_documents(
    context: dg.AssetExecutionContext,
    documents: pl.LazyFrame,
    domain_classifier: pl.DataFrame,
    settings: dg.ResourceParam[Settings],
    teacher: dg.ResourceParam[Teaching],
    lake: dg.ResourceParam[Lake],
) -> StageResult:
    """A document at or below the threshold is quarantined with its score. An embedder may ask an endpoint."""
    from synth_assets.corpus.domain_filter import apply_filter
    from synth_assets.reports.figures import score_histogram, scores_of

    of, shards = settings.filter.embedder, context.partition_keys
    texts = int(lake.row_counts("documents").filter(pl.col("shard").is_in(shards))["rows"].sum())
    with showing(of, lake, "reference_documents", teacher.settings.limits, texts) as embedder:
        if embedder is None or len(shards) == 1:
            result = apply_filter(documents, domain_classifier, booked_on(embedder, shards[0]))
        else:  # a shard at a time, so that each is charged for its own texts
            result = gathered(
                apply_filter(documents.filter(pl.col("shard") == shard), domain_classifier, booked_on(embedder, shard))
                for shard in shards
            )
    picture = score_histogram(scores_of(result), domain_classifier["threshold"].item())
    context.add_output_metadata({"scores": dg.MetadataValue.md(picture.markdown), **told_of(embedder)})
    return result
