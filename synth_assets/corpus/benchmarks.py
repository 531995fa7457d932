"""The table `benchmark_items`: test items of the user's benchmark files, whatever they call their columns.

Which columns are read is said by the user, or known of that benchmark (`known_benchmarks.py`), or guessed, in this
order.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from synth_assets.corpus.damage import DAMAGE
from synth_assets.corpus.files import open_bytes, open_lines
from synth_assets.corpus.known_benchmarks import known_benchmark
from synth_assets.corpus.reading import normalised
from synth_assets.corpus.stores import reaching
from synth_assets.errors import SynthAssetsError
from synth_assets.tables import BENCHMARK_ITEMS, StageResult, gathered, quarantine_rows

FORMATS = (".jsonl", ".jsonl.gz", ".parquet", ".csv")
"""Formats a benchmark may have, by how its file's name ends."""

ID_COLUMNS = ("id", "item_id")
QUESTION_COLUMNS = ("question", "problem", "prompt")
STORY_COLUMN = "body"
"""Some benchmarks (SVAMP, ASDiv) tell the story apart from the question; it goes before it."""
ANSWER_COLUMNS = ("answer", "final_answer", "solution")


class BenchmarkFile(BaseModel):
    """A benchmark's file and, where they are not to be found out, the names of its columns; case does not count."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    path: str = Field(description="A .jsonl, .jsonl.gz, .parquet or .csv file: a path, s3://... or hf://...")
    question: str | tuple[str, ...] | None = Field(
        None, min_length=1, description="Column of the question; of several, the texts follow each other."
    )
    answer: str | None = Field(None, description="Column of the answer.")
    id: str | None = Field(None, description="Column that names an item.")


@dataclass(frozen=True)
class _Columns:
    """What is read of a file, in lower case. None for `question` leaves it to the usual names, row by row."""

    question: tuple[str, ...] | None
    choices: str | None
    answer: tuple[str, ...]
    item_id: tuple[str, ...]


def read_benchmarks(files: Mapping[str, str | BenchmarkFile]) -> StageResult:
    """Rows of `benchmark_items`: the items of each benchmark, from its file (one of `FORMATS`), here or in a store.

    Column names count without case. `received` is rows met; rows without a question are quarantined as
    `no_question`, lines that are no JSON object as `bad_json`. An id met before gets its row: no test item may be
    lost, or nothing would stay clear of it.

    Raises SynthAssetsError naming the file where it cannot be read, lacks a column that is said to be there, has no
    question column, or no usable item.
    """
    described = {name: BenchmarkFile(path=file) if isinstance(file, str) else file for name, file in files.items()}
    result = gathered(_read(name, file) for name, file in sorted(described.items())) if files else _nothing()
    result.check(BENCHMARK_ITEMS.name)
    return result


def _nothing() -> StageResult:
    return StageResult(BENCHMARK_ITEMS.empty(), quarantine_rows([], "benchmark"), 0, 0)


def _read(benchmark: str, file: BenchmarkFile) -> StageResult:
    path = file.path
    rows = _rows(benchmark, path)
    columns = _columns(benchmark, file, sorted({column for row in rows if row is not None for column in row}))
    items: dict[str, tuple[str, str, str, str | None]] = {}
    quarantined = []
    for number, row in enumerate(rows):
        item_id = (row and _first(row, columns.item_id)) or f"{benchmark}/{number}"
        if row is None or (question := _question(row, columns)) is None:
            reason, why = ("bad_json", "not a JSON object") if row is None else ("no_question", "it has no question")
            entry = {"id": f"{item_id}#{number}", "reason": reason, "detail": f"{path}, row {number}: {why}"}
            quarantined.append({"benchmark": benchmark, **entry})
            continue
        while item_id in items:
            item_id = f"{item_id}#{number}"
        items[item_id] = (benchmark, item_id, question, _first(row, columns.answer))
    if not items:
        raise SynthAssetsError(
            f"benchmark {benchmark!r}: {path} has no row with a question; mend the file or take the benchmark out."
        )
    table = pl.DataFrame(list(items.values()), schema=BENCHMARK_ITEMS.schema, orient="row")
    return StageResult(BENCHMARK_ITEMS.conform(table), quarantine_rows(quarantined, "benchmark"), len(rows), len(items))


def _columns(benchmark: str, file: BenchmarkFile, columns: Sequence[str]) -> _Columns:
    """The columns to read of a file that has these: those said, else those known, else the usual ones."""
    known = known_benchmark(benchmark, columns)
    question = _said(benchmark, file, "question", columns)
    if not question and known is None and not any(column in columns for column in QUESTION_COLUMNS):
        raise SynthAssetsError(
            f"benchmark {benchmark!r}: {file.path} has the columns {_listed(columns)}, but none of "
            f"{', '.join(QUESTION_COLUMNS)}; say in synth.toml which to read, as benchmarks.{benchmark}.question."
        )
    choices = known.choices.lower() if known and known.choices and not question else None
    if not question and known is not None:
        question = tuple(column.lower() for column in known.question)
    answer = _said(benchmark, file, "answer", columns) or (_known(known.answer if known else None) + ANSWER_COLUMNS)
    item_id = _said(benchmark, file, "id", columns) or (_known(known.identifier if known else None) + ID_COLUMNS)
    return _Columns(question or None, choices, answer, item_id)


def _said(benchmark: str, file: BenchmarkFile, setting: str, columns: Collection[str]) -> tuple[str, ...]:
    """The columns the user names for this; none where nothing is said. They must be there."""
    named: str | tuple[str, ...] = getattr(file, setting) or ()
    said = (named,) if isinstance(named, str) else named
    missing = next((column for column in said if column.lower() not in columns), None)
    if missing is not None:
        raise SynthAssetsError(
            f"benchmark {benchmark!r}: {file.path} has the columns {_listed(columns)}, but no {missing}; "
            f"mend benchmarks.{benchmark}.{setting} in synth.toml."
        )
    return tuple(column.lower() for column in said)


def _known(column: str | None) -> tuple[str, ...]:
    return (column.lower(),) if column else ()


def _listed(columns: Collection[str]) -> str:
    return ", ".join(columns) or "(none)"


def _rows(benchmark: str, path: str) -> list[dict[str, object] | None]:
    """Every row with its column names in lower case; None for a line that is no JSON object."""
    name = path.lower()
    if not name.endswith(FORMATS):
        raise SynthAssetsError(f"benchmark {benchmark!r}: {path} is not a {', '.join(FORMATS[:-1])} or .csv file.")
    try:
        with reaching(path):
            if name.endswith((".parquet", ".csv")):
                with open_bytes(path) as stream:
                    return [_lower(row) for row in _table(name, stream).iter_rows(named=True)]
            with open_lines(path) as stream:
                return list(_json_rows(stream))
    except FileNotFoundError as error:
        raise SynthAssetsError(
            f"benchmark {benchmark!r}: there is no file {path}; mend [benchmarks] in synth.toml."
        ) from error
    except (OSError, *DAMAGE) as error:
        raise SynthAssetsError(
            f"benchmark {benchmark!r}: {path} cannot be read ({str(error).splitlines()[0]}); mend or replace the file."
        ) from error


def _table(name: str, stream: BinaryIO) -> pl.DataFrame:
    return pl.read_csv(stream, infer_schema=False) if name.endswith(".csv") else pl.read_parquet(stream)


def _json_rows(lines: Iterable[bytes]) -> Iterator[dict[str, object] | None]:
    for line in lines:
        if not line.strip():
            continue
        try:
            row = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            row = None
        yield _lower(row) if isinstance(row, dict) else None


def _lower(row: Mapping[str, object]) -> dict[str, object]:
    return {name.lower(): value for name, value in row.items()}


def _question(row: Mapping[str, object], columns: _Columns) -> str | None:
    """What the row asks, or None where it holds nothing."""
    if columns.question is None:
        story, question = _first(row, (STORY_COLUMN,)), _first(row, QUESTION_COLUMNS)
    else:
        *before, last = columns.question
        told = [text for column in before if (text := _first(row, (column,))) is not None]
        story, question = " ".join(told) or None, _first(row, (last,))
    if question is None:
        return None
    whole = question if story is None else f"{story} {question}"
    choices = row.get(columns.choices) if columns.choices else None
    return "\n".join([whole, *_lettered(choices)]) if isinstance(choices, list) else whole


def _lettered(choices: Sequence[object]) -> Iterator[str]:
    """The choices as they are shown: "A. the first". Some files have the letters already: "A)the first"."""
    for number, choice in enumerate(choices):
        text, letter = _text(choice), chr(ord("A") + number)
        if text is not None:
            yield text if text.startswith((f"{letter})", f"{letter}.", f"({letter})")) else f"{letter}. {text}"


def _first(row: Mapping[str, object], columns: Sequence[str]) -> str | None:
    """The first of `columns` that holds text, a number, or a list of them, as normalised text."""
    return next((text for column in columns if (text := _text(row.get(column))) is not None), None)


def _text(value: object) -> str | None:
    if isinstance(value, list):
        parts = [text for part in value if (text := _text(part)) is not None]
        return ", ".join(parts) or None
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    return normalised(str(value).encode(errors="replace").decode()).strip() or None
