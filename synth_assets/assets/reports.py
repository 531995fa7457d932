"""What people look at: the report, the dataset card, the exports. Files below the lake's folder, listed as tables."""

from pathlib import Path

import dagster as dg
import polars as pl

from synth_assets import tables
from synth_assets.assets.declaration import table_asset
from synth_assets.lake.lake import Lake
from synth_assets.lake.published import publish
from synth_assets.markdown import frame
from synth_assets.settings import Settings

_ALL = dg.AllPartitionMapping()
_ROAD = (
    tables.DOCUMENTS,
    tables.REFERENCE_DOCUMENTS,
    tables.CONCEPT_WALKS,
    tables.QUESTIONS,
    tables.CONTAMINATION,
    tables.BENCHMARK_COMPARISONS,
    tables.DUPLICATES,
    tables.TRAINING_QA,
    tables.TRAINING_SETS,
    tables.METHOD_COMPARISON,
    tables.METHOD_PAIRS,
    tables.METHOD_DIVERSITY,
    tables.DIVERSITY_HISTOGRAMS,
    tables.MIXTURE_CHOICES,
    tables.MIXTURE_RUNS,
    tables.SCALING_FITS,
    tables.SCALING_PREDICTIONS,
    tables.SCALING_CONCLUSIONS,
)


def _after(*of: tables.Table) -> dict[str, dg.AssetIn]:
    """Inputs that are waited for but read by queries instead."""
    return {
        table.name: dg.AssetIn(dagster_type=dg.Nothing, partition_mapping=_ALL if table.partitioned_by else None)
        for table in of
    }


@table_asset(
    tables.SCALING_REPORT,
    group="reports",
    kinds=("html",),
    rooms=("synth_assets.reports",),
    ins=_after(*_ROAD),
)
def scaling_report(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings], lake: dg.ResourceParam[Lake]
) -> pl.DataFrame:
    """Everything a reader needs to judge the data, in one file that opens without a network."""
    from synth_assets.reports.files import write_whole
    from synth_assets.reports.funnel import FUNNEL
    from synth_assets.reports.report import report_page

    folder = lake.settings.folder
    page = report_page(lake.query, settings, lake.current_snapshot())
    path = write_whole(folder / "report" / "index.html", page.encode())
    funnel = lake.query(FUNNEL).select("step", "count")
    context.add_output_metadata({"report": dg.MetadataValue.path(path), "the road": dg.MetadataValue.md(frame(funnel))})
    return _kept(lake, [(path, None)])


@table_asset(
    tables.DATASET_CARD,
    group="reports",
    kinds=("huggingface",),
    rooms=("synth_assets.reports.card",),
    ins={
        "training_qa": dg.AssetIn(partition_mapping=_ALL),
        "questions": dg.AssetIn(partition_mapping=_ALL),
    },
)
def dataset_card(
    context: dg.AssetExecutionContext,
    training_qa: pl.DataFrame,
    questions: pl.DataFrame,
    lake: dg.ResourceParam[Lake],
) -> pl.DataFrame:
    """The card of the training data as a whole; each export carries its own."""
    from synth_assets.reports.card import dataset_card as written_card
    from synth_assets.reports.exports import with_provenance
    from synth_assets.reports.files import write_whole

    folder = lake.settings.folder
    rows = with_provenance(training_qa, questions)
    card = written_card(rows, ["messages/train-messages.parquet"], "messages")
    path = write_whole(folder / "exports" / "README.md", card.encode())
    context.add_output_metadata({"card": dg.MetadataValue.md(card.split("---", 2)[2])})
    return _kept(lake, [(path, None)])


@table_asset(
    tables.EXPORTS,
    group="reports",
    kinds=("parquet", "json"),
    rooms=("synth_assets.reports.exports",),
    ins={
        "training_qa": dg.AssetIn(partition_mapping=_ALL),
        "questions": dg.AssetIn(partition_mapping=_ALL),
    },
)
def exports(training_qa: pl.DataFrame, questions: pl.DataFrame, lake: dg.ResourceParam[Lake]) -> pl.DataFrame:
    """All four layouts; `synth-assets export` writes one of them anywhere else."""
    from synth_assets.reports.exports import FORMATS, export_training_data

    folder = lake.settings.folder
    written = [
        (path, training_qa.height if path.name != "README.md" else None)
        for layout in FORMATS
        for path in export_training_data(training_qa, questions, layout, folder / "exports" / layout)
    ]
    return _kept(lake, written)


def _kept(lake: Lake, written: list[tuple[Path, int | None]]) -> pl.DataFrame:
    """The rows of files in the lake's folder; they are copied to the store where machines share no disk."""
    from synth_assets.reports.files import listed

    publish(lake.settings, [path for path, _ in written])
    return listed(written, lake.settings.folder)
