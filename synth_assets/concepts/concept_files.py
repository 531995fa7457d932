"""Parquet files of concepts that come from anywhere: read, normalised, and every row accounted for.

What does not live here: what becomes of the concepts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from synth_assets.concepts.names import normalised
from synth_assets.errors import SynthAssetsError

COLUMNS = ("document_id", "topic", "key_concept")

REASONS = {
    "document_id": "no_document_id",
    "topic": "no_topic",
    "key_concept": "no_key_concept",
}
"""Why a row cannot be used, by the column that is null or, for names after normalising, empty."""

REPEATED = "repeated"
"""The document has the same topic and key concept, once normalised, in a row before."""

LEFT_OUT = pl.Schema(
    {
        "file": pl.String,
        "row": pl.Int64,
        **dict.fromkeys(COLUMNS, pl.String),
        "reason": pl.String,
    }
)
"""Columns of the rows left out: the file, the row of it from 0, what stands there, and why.

Names of repeated rows are normalised; others are as written."""


@dataclass(frozen=True)
class ConceptRows:
    """What some files hold.

    Attributes:
        rows: Columns `document_id, topic, key_concept`, text, names normalised, each row once.
        left_out: Rows of `LEFT_OUT`, in the order of files and rows.
        received: Rows of the files: those of `rows` and of `left_out` together.
    """

    rows: pl.DataFrame
    left_out: pl.DataFrame
    received: int


def concept_files(pattern: str) -> list[Path]:
    """The Parquet files that a path or glob names, sorted; a folder stands for those in and below it.

    Raises SynthAssetsError where there is none.
    """
    path = Path(pattern)
    if path.is_dir():
        found = sorted(path.rglob("*.parquet"))
    elif path.is_file():
        found = [path]
    else:
        root = Path(path.anchor or ".")
        found = sorted(file for file in root.glob(str(path.relative_to(path.anchor))) if file.is_file())
    if not found:
        raise SynthAssetsError(f"{pattern} matches no file; name a Parquet file, a folder of them, or a quoted glob.")
    return found


def read_concepts(files: list[Path]) -> ConceptRows:
    """The rows of `files`, which are taken as one table: a document may have rows in several.

    The columns `document_id, topic, key_concept` hold text or numbers; others are not read.

    Raises SynthAssetsError naming the file and the column that cannot be used, or saying that no row can.
    """
    read = [_read_file(path) for path in files]
    rows = pl.concat(frame for frame, _ in read)
    left_out = [frame for _, frame in read]
    if not rows.is_empty():
        again = ~rows.select(pl.struct(COLUMNS).is_first_distinct()).to_series()
        left_out.append(_left_out(rows.filter(again), REPEATED))
        rows = rows.filter(~again)
    gone = pl.concat([pl.DataFrame(schema=LEFT_OUT), *left_out])
    order = pl.col("file").cast(pl.Enum([str(path) for path in files]))
    result = ConceptRows(rows.select(COLUMNS), gone.sort(order, "row"), rows.height + gone.height)
    if result.rows.is_empty():
        reasons = gone["reason"].value_counts(sort=True).rows()
        counted = ", ".join(f"{count:,} {reason}" for reason, count in reasons) or "there is none"
        raise SynthAssetsError(f"{', '.join(map(str, files[:3]))}: no row can be used ({counted}).")
    return result


def _read_file(path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The usable rows of a file, with `file`, `row` and what was `written`, and those left out."""
    try:
        schema = pl.read_parquet_schema(path)
        _refuse_unusable(path, schema)
        written = pl.read_parquet(path, columns=list(COLUMNS))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise SynthAssetsError(f"{path} cannot be read as Parquet ({error}); mend or leave out that file.") from error
    written = written.select(_as_text(name, written.schema[name]) for name in COLUMNS)
    rows = written.with_columns(
        pl.lit(str(path)).alias("file"),
        pl.int_range(pl.len()).alias("row"),
        *(normalised(pl.col(name)).alias(f"{name} named") for name in COLUMNS[1:]),
    )
    reason = pl.coalesce(
        pl.when(pl.col(column).fill_null("").str.strip_chars() == "").then(pl.lit(reason))
        for column, reason in zip(("document_id", "topic named", "key_concept named"), REASONS.values(), strict=True)
    )
    rows = rows.with_columns(reason.alias("reason"))
    gone = rows.filter(pl.col("reason").is_not_null()).select(LEFT_OUT.names())
    used = rows.filter(pl.col("reason").is_null())
    return used.select(
        "file",
        "row",
        "document_id",
        *(pl.col(f"{name} named").alias(name) for name in COLUMNS[1:]),
    ), gone


def _left_out(rows: pl.DataFrame, reason: str) -> pl.DataFrame:
    return rows.with_columns(pl.lit(reason).alias("reason")).select(LEFT_OUT.names())


def _refuse_unusable(path: Path, schema: Mapping[str, pl.DataType]) -> None:
    for name in COLUMNS:
        if name not in schema:
            raise SynthAssetsError(
                f"{path} has no column {name!r} (it has {', '.join(schema) or 'none'}); "
                f"rename the columns to {', '.join(COLUMNS)}."
            )
        dtype = schema[name]
        if not (dtype.is_numeric() or dtype in (pl.String, pl.Categorical, pl.Enum, pl.Null)):
            raise SynthAssetsError(
                f"{path}: column {name!r} holds {dtype}; write text or numbers, one topic and key concept a row."
            )


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    """A column as text. A whole number stays whole where it became a float, as ids beside a missing one do."""
    column = pl.col(name)
    if not dtype.is_float():
        return column.cast(pl.String)
    whole = column.is_finite() & (column == column.round()) & (column.abs() < 2.0**53)
    number = pl.when(whole).then(column.cast(pl.Int64, strict=False).cast(pl.String))
    return number.otherwise(column.fill_nan(None).cast(pl.String)).alias(name)
