"""The table `benchmark_items`: test items of the user's benchmark files, whatever they call their columns."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl

from synth_assets.corpus.damage import DAMAGE
from synth_assets.corpus.files import open_bytes, open_lines
from synth_assets.corpus.reading import normalised
from synth_assets.corpus.stores import reaching
from synth_assets.errors import SynthAssetsError
from synth_assets.tables import BENCHMARK_ITEMS, StageResult, gathered, quarantine_rows

ID_COLUMNS = ("id", "item_id")
QUESTION_COLUMNS = ("question", "problem", "prompt")
STORY_COLUMN = "body"
"""Some benchmarks (SVAMP, ASDiv) tell the story apart from the question; it goes before it."""
ANSWER_COLUMNS = ("answer", "final_answer", "solution")


def read_benchmarks(paths: Mapping[str, str]) -> StageResult:
    """Rows of `benchmark_items`: the items of each benchmark, from its JSONL (also .gz) or Parquet file.

    Column names count without case. `received` is rows met; rows without a question are quarantined as
    `no_question`, lines that are no JSON object as `bad_json`. An id met before gets its row: no test item may be
    lost, or nothing would stay clear of it.

    Raises SynthAssetsError naming the file where it cannot be read, has no question column, or no usable item.
    """
    result = gathered(_read(name, path) for name, path in sorted(paths.items())) if paths else _nothing()
    result.check(BENCHMARK_ITEMS.name)
    return result


def _nothing() -> StageResult:
    return StageResult(BENCHMARK_ITEMS.empty(), quarantine_rows([], "benchmark"), 0, 0)


def _read(benchmark: str, path: str) -> StageResult:
    rows = _rows(benchmark, path)
    columns = sorted({column for row in rows if row is not None for column in row})
    if not any(column in columns for column in QUESTION_COLUMNS):
        raise SynthAssetsError(
            f"benchmark {benchmark!r}: {path} has the columns {', '.join(columns) or '(none)'}, but none of "
            f"{', '.join(QUESTION_COLUMNS)}; rename the column that holds the question."
        )
    items: dict[str, tuple[str, str, str, str | None]] = {}
    quarantined = []
    for number, row in enumerate(rows):
        item_id = (row and _first(row, ID_COLUMNS)) or f"{benchmark}/{number}"
        if row is None or (question := _question(row)) is None:
            reason, why = ("bad_json", "not a JSON object") if row is None else ("no_question", "it has no question")
            entry = {"id": f"{item_id}#{number}", "reason": reason, "detail": f"{path}, row {number}: {why}"}
            quarantined.append({"benchmark": benchmark, **entry})
            continue
        while item_id in items:
            item_id = f"{item_id}#{number}"
        items[item_id] = (benchmark, item_id, question, _first(row, ANSWER_COLUMNS))
    if not items:
        raise SynthAssetsError(
            f"benchmark {benchmark!r}: {path} has no row with a question; mend the file or take the benchmark out."
        )
    table = pl.DataFrame(list(items.values()), schema=BENCHMARK_ITEMS.schema, orient="row")
    return StageResult(BENCHMARK_ITEMS.conform(table), quarantine_rows(quarantined, "benchmark"), len(rows), len(items))


def _rows(benchmark: str, path: str) -> list[dict[str, object] | None]:
    """Every row with its column names in lower case; None for a line that is no JSON object."""
    if not path.lower().endswith((".jsonl", ".jsonl.gz", ".parquet")):
        raise SynthAssetsError(f"benchmark {benchmark!r}: {path} is not a .jsonl, .jsonl.gz or .parquet file.")
    try:
        with reaching(path):
            if path.lower().endswith(".parquet"):
                with open_bytes(path) as stream:
                    return [_lower(row) for row in pl.read_parquet(stream).iter_rows(named=True)]
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


def _question(row: Mapping[str, object]) -> str | None:
    question = _first(row, QUESTION_COLUMNS)
    story = _first(row, (STORY_COLUMN,))
    return question if question is None or story is None else f"{story} {question}"


def _first(row: Mapping[str, object], columns: Sequence[str]) -> str | None:
    """The first of `columns` that holds text or a number, as normalised text."""
    for column in columns:
        value = row.get(column)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            text = normalised(str(value).encode(errors="replace").decode()).strip()
            if text:
                return text
    return None
