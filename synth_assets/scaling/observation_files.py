"""Observations read from files: tables (CSV, Parquet, JSONL), and results as evaluation harnesses write them.

What does not live here: what an observation must be (`observation_rows.py`), the layouts of the harnesses
(`harness_results.py`, `qwen_math_results.py`), and how files are found or fetched.
"""

import gzip
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

import polars as pl

from synth_assets.errors import SynthAssetsError
from synth_assets.scaling.given import SIDECAR, Given
from synth_assets.scaling.harness_results import harness_rows, is_harness
from synth_assets.scaling.observation_rows import FIELDS, NEEDED, RAW, ROW, CheckedRows, checked
from synth_assets.scaling.qwen_math_results import SUFFIX, is_qwen_math, qwen_math_rows
from synth_assets.scaling.result_rows import raw_of

TABLES = (".csv", ".csv.gz", ".parquet", ".jsonl", ".jsonl.gz")
"""Tables that can be read, by how the file's name ends."""


def read_table(path: Path) -> pl.DataFrame:
    """The observations of a CSV, Parquet or JSONL file, every row of which must be one.

    Columns `model`, `tokens` and `value` are needed; `parameters`, `seed`, `metric`, `training_set` and
    `data_snapshot` may be there. The frame has these and `source`, the file; it is in the file's order.

    Raises SynthAssetsError naming the file, the row and the column that cannot be used.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SynthAssetsError(f"{path} cannot be read ({error.strerror}); name a {', '.join(TABLES)} file.") from error
    found = read_observations(str(path), content)
    if found.quarantined.height:
        row, reason, detail = found.quarantined.row(0)
        raise SynthAssetsError(f"{path}, {row}: {reason} ({detail}); mend or delete that row.")
    return found.rows.with_columns(source=pl.lit(str(path)))


def read_observations(
    path: str, content: bytes, given: Given | None = None, *, needs_columns: bool = True
) -> CheckedRows:
    """The observations in a file's content; `path` says its format and is named in problems.

    `given` is what is known of the file beside what it says: it fills in what a table's rows lack, and goes before what
    the results of a harness say of the model. Raises SynthAssetsError where the file is of no format that can be read,
    or where a needed field is told neither by it nor by `given`; of a table, not where `needs_columns` is False: then
    each of its rows is quarantined.
    """
    given = given or Given()
    name = PurePosixPath(path).name.lower()
    if name.endswith(TABLES):
        raw = _table(path, name, content)
        if needs_columns:
            _refuse_missing(path, raw.columns, given)
        return checked(_completed(raw, given))
    if name.endswith(".json"):
        return checked(_results(path, content, given))
    raise SynthAssetsError(
        f"{path} is no {', '.join(TABLES)} file, nor the .json results of a harness; convert it first."
    )


def is_readable(name: str) -> bool:
    """Whether a file in a folder is one to look into, by its name: a table, or results; no answers one by one."""
    return (is_results(name) or name.lower().endswith(TABLES)) and not name.startswith(("samples_", "."))


def is_results(name: str) -> bool:
    """Whether a file is the results of a harness by its name."""
    return name.endswith(SUFFIX) or (name.startswith("results") and name.endswith(".json"))


def _results(path: str, content: bytes, given: Given) -> pl.DataFrame:
    """The rows of a harness' results. Raises SynthAssetsError where the model or the tokens are told by nothing."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise SynthAssetsError(f"{path} is not valid JSON ({error}); mend or delete it.") from error
    if isinstance(document, dict) and is_harness(document):
        rows = list(harness_rows(document))
    elif isinstance(document, dict) and is_qwen_math(document):
        rows = list(qwen_math_rows(path, document))
    else:
        raise SynthAssetsError(
            f"{path} is neither the results of lm-evaluation-harness nor of Qwen2.5-Math's evaluation; "
            f"write a {', '.join(TABLES)} file with the columns {', '.join(NEEDED)}."
        )
    raw = raw_of(rows, given)
    if raw.is_empty():
        there = ", ".join(sorted({row.metric for row in rows})) or "no metric"
        raise SynthAssetsError(f"{path} has no metric {given.metric or '*'} (it has {there}); mend --metric.")
    for field in ("model", "tokens"):
        if raw[field].null_count():
            raise SynthAssetsError(
                f"{path} does not say the {field}; give --{field}, or --pattern for the names of its folders, "
                f'or put {{"{field}": ...}} into {SIDECAR} beside it.'
            )
    return raw


def _refuse_missing(path: str, columns: Sequence[str], given: Given) -> None:
    missing = next((name for name in NEEDED if name not in columns and given.text_of(name) is None), None)
    if missing is not None:
        ways = "add it" if missing == "value" else f"add it, or give --{missing}"
        raise SynthAssetsError(f"{path} has no column {missing} (an observation needs {', '.join(NEEDED)}); {ways}.")


def _completed(raw: pl.DataFrame, given: Given) -> pl.DataFrame:
    """Rows with all columns of `RAW`, what they lack filled in from what is given."""
    filled = []
    for name in FIELDS:
        told = pl.lit(given.text_of(name), pl.String())
        blank_as_null = pl.col(name).replace("", None) if name in raw.columns else pl.lit(None, pl.String())
        filled.append(pl.coalesce(blank_as_null, told).alias(name))
    return raw.select(ROW, *filled).cast(RAW)


def _table(path: str, name: str, content: bytes) -> pl.DataFrame:
    """The columns of a table that are fields of an observation, as text, with `ROW`."""
    try:
        content = gzip.decompress(content) if name.endswith(".gz") else content
        if name.endswith(".parquet"):
            rows = pl.read_parquet(io.BytesIO(content))
        elif name.endswith((".jsonl", ".jsonl.gz")):
            return _json_rows(content)
        else:
            rows = pl.read_csv(io.BytesIO(content), infer_schema=False, truncate_ragged_lines=True)
    except pl.exceptions.NoDataError as error:
        raise SynthAssetsError(f"{path} is empty; it needs the columns {', '.join(NEEDED)}.") from error
    except (OSError, EOFError, UnicodeDecodeError, pl.exceptions.PolarsError) as error:
        raise SynthAssetsError(f"{path} cannot be read ({str(error).splitlines()[0]}); mend or replace it.") from error
    rows = rows.rename({column: column.strip().lower() for column in rows.columns if column.strip().lower() in FIELDS})
    present = [column for column in FIELDS if column in rows.columns]
    return rows.select(
        pl.format("row {}", pl.int_range(1, pl.len() + 1)).alias(ROW), pl.col(present).cast(pl.String, strict=False)
    )


def _json_rows(content: bytes) -> pl.DataFrame:
    """A row for each line that is not blank; one that is no JSON object has no field at all."""
    rows = list(_objects(content))
    present = [name for name in FIELDS if any(name in row for _, row in rows)]
    schema = {ROW: pl.String(), **dict.fromkeys(present, pl.String())}
    texts = [{ROW: place, **{name: text_of(row.get(name)) for name in present}} for place, row in rows]
    return pl.DataFrame(texts, schema=schema)


def _objects(content: bytes) -> Iterator[tuple[str, dict[str, object]]]:
    for number, line in enumerate(content.decode("utf-8-sig", errors="replace").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        yield f"row {number}", row if isinstance(row, dict) else {}


def text_of(value: object) -> str | None:
    """A JSON value as the text of a raw row; null stays null, and true or a list is no number."""
    if value is None or isinstance(value, str):
        return value
    return repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else json.dumps(value)
