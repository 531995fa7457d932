"""What a row of a source file is, by its fields: id, title, text, address, and what is wrong with it."""

import json
import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

import polars as pl

from synth_assets.corpus.parquet import TEXT_COLUMNS

ID_COLUMNS = ("id", "document_id")

Fault = Literal["no_text", "not_text", "bad_json", "invalid_utf8", "too_large"]

ROWS = pl.Schema(
    {
        "source": pl.String(),
        "row": pl.Int64(),
        "document_id": pl.String(),
        "title": pl.String(),
        "text": pl.String(),
        "url": pl.String(),
        "fault": pl.String(),
        "explanation": pl.String(),
    }
)
"""A row of a source: where it stands, its fields where it has them, and its fault if it cannot be used."""

NO_TEXT = "its text is missing, empty or blank"
TOO_LARGE = (
    "{} takes {} bytes, more than the {} that corpus.memory leaves for a document; raise it, or cut the document"
)


_WRITTEN = re.compile(r"[^\s\0]")


class Fields(NamedTuple):
    """A row's fields, named as in `ROWS`. There is no text where there is a fault."""

    document_id: str | None = None
    title: str | None = None
    text: str | None = None
    url: str | None = None
    fault: Fault | None = None
    explanation: str | None = None


def json_fields(line: bytes, longest: int) -> Fields:
    """The fields of a line of JSONL; of a text of more than `longest` bytes only the others."""
    try:
        fields = json.loads(line.decode())
    except UnicodeDecodeError as error:
        return Fields(fault="invalid_utf8", explanation=str(error))
    except (ValueError, RecursionError) as error:
        return Fields(fault="bad_json", explanation=str(error))
    if not isinstance(fields, dict):
        return Fields(fault="bad_json", explanation=f"a JSON {type(fields).__name__}, not an object")
    return fields_of(fields, longest)


def fields_of(fields: Mapping[str, object], longest: int) -> Fields:
    """The fields of a row, whatever their types."""
    document_id = next((named for column in ID_COLUMNS if (named := _as_id(fields.get(column)))), None)
    title, url = fields.get("title"), fields.get("url")
    column = next((name for name in TEXT_COLUMNS if fields.get(name) is not None), None)
    text = None if column is None else fields[column]
    fault: Fault | None = None
    explanation: str | None = None
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            fault, explanation, text = "invalid_utf8", str(error), None
    if isinstance(text, str):
        fault, explanation = _fault_of_text(text, longest)
    elif fault is None and text is None:
        fault, explanation = "no_text", NO_TEXT
    elif fault is None:
        fault, explanation = "not_text", f"its {column} is of type {type(text).__name__}"
    return Fields(
        document_id,
        title if isinstance(title, str) and _encodable(title) else None,
        text if isinstance(text, str) and fault is None else None,
        url if isinstance(url, str) and _encodable(url) else None,
        fault,
        explanation,
    )


def are_plain(schema: pl.Schema) -> bool:
    """Whether columns read from Parquet hold text as they should (ids may be whole numbers): :func:`plain_rows`."""
    return all(dtype == pl.String or (name in ID_COLUMNS and dtype.is_integer()) for name, dtype in schema.items())


def plain_rows(frame: pl.DataFrame, longest: int) -> pl.DataFrame:
    """The same as :func:`fields_of` for all rows of a frame of plain columns."""
    text = pl.coalesce(name for name in TEXT_COLUMNS if name in frame.columns)
    size = text.str.len_bytes()
    said = pl.format(TOO_LARGE, pl.lit("its text"), size, pl.lit(longest))
    blank, large = ~text.str.contains(r"[^\s\x00]").fill_null(False), size > longest
    ids = [_plain_id(name) for name in ID_COLUMNS if name in frame.columns]
    rows = frame.select(
        pl.coalesce(*ids, pl.lit(None, pl.String())).alias("document_id"),
        *(_if_there(frame, name) for name in ("title", "url")),
        pl.when(~blank & ~large).then(text).alias("text"),
        pl.when(blank).then(pl.lit("no_text")).when(large).then(pl.lit("too_large")).alias("fault"),
        pl.when(blank).then(pl.lit(NO_TEXT)).when(large).then(said).alias("explanation"),
    )
    return rows.select(Fields._fields)


def _fault_of_text(text: str, longest: int) -> tuple[Fault | None, str | None]:
    if _WRITTEN.search(text) is None:
        return "no_text", NO_TEXT
    if not _encodable(text):
        return "invalid_utf8", "its text holds half a surrogate pair"
    if len(text) * 4 > longest and (size := len(text.encode())) > longest:
        return "too_large", TOO_LARGE.format("its text", f"{size:,}", f"{longest:,}")
    return None, None


def _if_there(frame: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name) if name in frame.columns else pl.lit(None, pl.String()).alias(name)


def _plain_id(name: str) -> pl.Expr:
    written = pl.col(name).cast(pl.String()).str.replace_all("\0", "", literal=True).str.strip_chars()
    return pl.when(written != "").then(written)


def _as_id(value: object) -> str | None:
    """An id as text: numbers as they are written, anything else as JSON; None where there is none."""
    if value is None:
        return None
    written = value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
    return written.encode(errors="backslashreplace").decode().replace("\0", "").strip() or None


def _encodable(text: str) -> bool:
    """Whether `text` is Unicode proper: JSON can spell half a surrogate pair, which no encoding holds."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
