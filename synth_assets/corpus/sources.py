"""The rows of a shard as its file has them, whatever the format, each with what is wrong with it.

Nothing is normalised, and rows are not compared with each other: that is `reading.py`.
"""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

import polars as pl
from polars.exceptions import PolarsError

from synth_assets.corpus.row_counts import open_lines
from synth_assets.corpus.shards import Shard, extension_of
from synth_assets.errors import SynthAssetsError

ID_COLUMNS = ("id", "document_id")
TEXT_COLUMNS = ("text", "content")

Fault = Literal["no_text", "not_text", "bad_json", "invalid_utf8"]


@dataclass(frozen=True)
class SourceRow:
    """A row of a source file: where it stands, its fields where it has them, and its fault if it cannot be used."""

    source: str
    row: int
    document_id: str | None = None
    title: str | None = None
    text: str = ""
    url: str | None = None
    fault: Fault | None = None
    explanation: str = ""


def rows_of(shard: Shard) -> Iterator[SourceRow]:
    """The rows of `shard`, in the order of the file. Blank lines of JSONL are no rows.

    Raises SynthAssetsError naming the file where it cannot be read to its end.
    """
    try:
        if shard.documents:
            yield from _texts(shard)
        elif extension_of(Path(shard.path)) == ".parquet":
            yield from _parquet(shard)
        else:
            yield from _json_lines(shard)
    except (OSError, EOFError, zlib.error, PolarsError) as error:
        raise SynthAssetsError(
            f"{shard.path} cannot be read ({str(error).splitlines()[0]}); mend the file or take it out of `sources`, "
            f"then read shard {shard.name} again: nothing in the lake has changed."
        ) from error


def _texts(shard: Shard) -> Iterator[SourceRow]:
    """Each file is a document, with the shard's and the file's name as its id."""
    for path in map(Path, shard.documents):
        yield _row(str(path), 0, {"id": f"{shard.name}/{path.name}", "text": path.read_bytes()})


def _json_lines(shard: Shard) -> Iterator[SourceRow]:
    end = None if shard.rows is None else shard.first_row + shard.rows
    with open_lines(shard.path) as stream:
        for row, line in islice(enumerate(stream), shard.first_row, end):
            line = line.removeprefix(b"\xef\xbb\xbf") if row == 0 else line
            if line.strip():
                yield _json_row(shard.path, row, line)


def _json_row(path: str, row: int, line: bytes) -> SourceRow:
    try:
        fields = json.loads(line.decode())
    except UnicodeDecodeError as error:
        return SourceRow(path, row, fault="invalid_utf8", explanation=str(error))
    except (ValueError, RecursionError) as error:
        return SourceRow(path, row, fault="bad_json", explanation=str(error))
    if not isinstance(fields, dict):
        return SourceRow(path, row, fault="bad_json", explanation=f"a JSON {type(fields).__name__}, not an object")
    return _row(path, row, fields)


def _parquet(shard: Shard) -> Iterator[SourceRow]:
    scan = pl.scan_parquet(shard.path, glob=False)
    schema = scan.collect_schema()
    if not any(name in schema for name in TEXT_COLUMNS):
        raise SynthAssetsError(
            f"{shard.path} has no column {' or '.join(TEXT_COLUMNS)}, but {', '.join(schema)}; "
            "rename the column that holds the text."
        )
    wanted = [name for name in (*ID_COLUMNS, "title", *TEXT_COLUMNS, "url") if name in schema]
    frame = scan.select(wanted).slice(shard.first_row, shard.rows).collect()
    for place, fields in enumerate(frame.iter_rows(named=True)):
        yield _row(shard.path, shard.first_row + place, fields)


def _row(path: str, row: int, fields: dict[str, object]) -> SourceRow:
    document_id = next((named for column in ID_COLUMNS if (named := _as_id(fields.get(column)))), None)
    title, url = fields.get("title"), fields.get("url")
    column = next((name for name in TEXT_COLUMNS if fields.get(name) is not None), None)
    text = "" if column is None else fields[column]
    fault: Fault | None = None
    explanation = ""
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            fault, explanation, text = "invalid_utf8", str(error), ""
    if not isinstance(text, str):
        fault, explanation = "not_text", f"its {column} is of type {type(text).__name__}"
    elif fault is None and not text.replace("\0", "").strip():
        fault, explanation = "no_text", "its text is missing, empty or blank"
    elif fault is None and not _encodable(text):
        fault, explanation = "invalid_utf8", "its text holds half a surrogate pair"
    return SourceRow(
        path,
        row,
        document_id,
        title if isinstance(title, str) and _encodable(title) else None,
        text if isinstance(text, str) and fault is None else "",
        url if isinstance(url, str) and _encodable(url) else None,
        fault,
        explanation,
    )


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
