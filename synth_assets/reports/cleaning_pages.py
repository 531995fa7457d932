"""The pages that `synth-assets decontaminate` and `synth-assets dedup` leave beside their files.

They show the sections of the report, made from what was found in one file instead of a lake.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from synth_assets import __version__
from synth_assets.reports import decontamination_section as contamination
from synth_assets.reports import duplicates_section as duplicates
from synth_assets.reports.pages import page, shown

SUMMARY = pl.Schema(
    {
        "benchmark": pl.String,
        "items": pl.Int64,
        "rows": pl.Int64,
        "removed": pl.Int64,
        "judged": pl.Int64,
        "cleared": pl.Int64,
    }
)
"""A benchmark: its items, the rows compared with it, those of them removed (each once), and the pairs of row and item
that the teacher was asked about and cleared (0 where nobody was asked)."""
REMOVED = pl.Schema(
    {
        "id": pl.String,
        "benchmark": pl.String,
        "item_id": pl.String,
        "part": pl.String,
        "rule": pl.String,
        "score": pl.Float64,
        "span": pl.String,
        "text": pl.String,
        "item_text": pl.String,
    }
)
"""A match: a removed row stands once for each benchmark item and part that it met. `part` is `question` or `answer`,
`text` that part of the row; the others are as in `tables.CONTAMINATION`."""
DROPPED = pl.Schema(
    {
        "id": pl.String,
        "kept_id": pl.String,
        "rule": pl.String,
        "similarity": pl.Float64,
        "cluster": pl.String,
        "text": pl.String,
        "kept_text": pl.String,
    }
)
"""A row dropped, and the one kept in its place; the others are as in `tables.DUPLICATES`."""


def decontamination_page(
    source: str,
    rows: int,
    summary: pl.DataFrame,
    removed: pl.DataFrame,
    settings: Mapping[str, str] | None = None,
    files: Sequence[str] = (),
) -> str:
    """What was found in a file, as HTML that opens without a network. Every text is escaped.

    Args:
        source: The file's name.
        rows: Rows read from it, a number from 0.
        summary: Of schema `SUMMARY`, in any order; a row for each benchmark, met or not.
        removed: Of schema `REMOVED`, in any order.
        settings: What the reader should know of how it was done, by name: the preset, the columns read.
        files: Names of the files written beside the page.

    Raises:
        polars.exceptions.ColumnNotFoundError: where a frame lacks a column of its schema.
    """
    summary, removed = _cast(summary, SUMMARY), _cast(removed, REMOVED)
    section = _contamination_of(summary, removed)
    return page("decontamination_page.html.j2").render(
        version=__version__,
        source=source,
        rows=rows,
        removed=removed["id"].n_unique(),
        contamination=section,
        settings=settings or {},
        files=files,
        shown=shown,
    )


def dedup_page(
    source: str,
    rows: int,
    dropped: pl.DataFrame,
    settings: Mapping[str, str] | None = None,
    files: Sequence[str] = (),
) -> str:
    """What repeated another row of a file, as HTML that opens without a network. Every text is escaped.

    Args:
        source: The file's name.
        rows: Rows read from it.
        dropped: Of schema `DROPPED`, in any order, each `id` once.
        settings: What the reader should know of how it was done, by name.
        files: Names of the files written beside the page.

    Raises:
        polars.exceptions.ColumnNotFoundError: where the frame lacks a column of its schema.
    """
    dropped = _cast(dropped, DROPPED)
    return page("dedup_page.html.j2").render(
        version=__version__,
        source=source,
        rows=rows,
        dropped=dropped.height,
        duplicates=_duplicates_of(rows, dropped),
        settings=settings or {},
        files=files,
        shown=shown,
    )


def _contamination_of(summary: pl.DataFrame, removed: pl.DataFrame) -> contamination.DecontaminationSection:
    nameless = pl.lit("").alias("method")
    met = removed.group_by("benchmark").agg(items_met=pl.col("item_id").n_unique().cast(pl.Int64))
    hits = removed.group_by("benchmark", "part", "rule").agg(
        pairs=pl.col("id").n_unique().cast(pl.Int64), items=pl.col("item_id").n_unique().cast(pl.Int64)
    )
    return contamination.decontamination_section(
        items=summary.select("benchmark", "items").join(met, on="benchmark", how="left").fill_null(0),
        compared=summary.select("benchmark", nameless, "judged", "cleared", pairs="rows"),
        contaminated=summary.select("benchmark", nameless, contaminated="removed"),
        hits=hits,
        worst=removed.rename({"id": "qa_id"}).select(nameless, *(set(contamination.WORST) - {"method"})),
        noun="row",
    )


def _duplicates_of(rows: int, dropped: pl.DataFrame) -> duplicates.DuplicatesSection:
    nameless, no_text = pl.lit("").alias("method"), pl.lit(None, pl.String)
    kept = (
        dropped.join(dropped, left_on="kept_id", right_on="id", how="anti")
        .unique("kept_id", keep="first", maintain_order=True)
        .select("cluster", qa_id="kept_id", question="kept_text", kept_id=no_text, rule=no_text)
        .with_columns(similarity=pl.lit(None, pl.Float64))
    )
    gone = dropped.select("cluster", "kept_id", "rule", "similarity", qa_id="id", question="text")
    members = pl.concat([kept, gone.select(kept.columns)]).with_columns(
        nameless, size=pl.len().over("cluster").cast(pl.Int64)
    )
    sizes = members.unique("cluster").group_by("size").agg(clusters=pl.len().cast(pl.Int64))
    largest = members.select("cluster", "size").unique().sort(pl.col("size").neg(), "cluster")
    rounded = dropped.with_columns(pl.col("similarity").round(3))
    return duplicates.duplicates_section(
        totals=pl.DataFrame({"method": [""], "pairs": [rows]}, duplicates.TOTALS),
        counts=dropped.group_by("rule")
        .agg(dropped=pl.len().cast(pl.Int64))
        .with_columns(dropped_method=pl.lit(""), kept_method=pl.lit("")),
        similarities=rounded.group_by("rule", "similarity").agg(dropped=pl.len().cast(pl.Int64)),
        sizes=sizes,
        members=members.join(largest.head(duplicates.CLUSTERS_SHOWN), on="cluster", how="semi"),
        noun="row",
    )


def _cast(rows: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    return rows.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
