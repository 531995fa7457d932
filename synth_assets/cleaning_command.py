"""What the commands `decontaminate` and `dedup` do: files cleaned without a lake.

What does not live here: the options and what is printed (`cli.py`), the rules (`decontamination/`).
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from synth_assets.decontamination.ladder import PRESETS, Ladder, rank
from synth_assets.errors import SynthAssetsError
from synth_assets.final_answers import read_final_answer
from synth_assets.output_folder import OutputFolder
from synth_assets.progress import tell
from synth_assets.reports.cleaning_pages import SUMMARY, decontamination_page, dedup_page
from synth_assets.row_files import ROW, UNREADABLE, RowFile, row_file
from synth_assets.settings import Settings, usable

if TYPE_CHECKING:
    from synth_assets.decontamination.semantic import Vectors

DECONTAMINATE, DEDUP = "synth-assets decontaminate", "synth-assets dedup"
FACTS = "summary.json"
PAGE = "report.html"

QUESTION_COLUMNS = ("question", "problem", "prompt", "instruction", "query", "text")
ANSWER_COLUMNS = ("answer", "solution", "response", "completion", "output")
SECONDS_BETWEEN_LINES = 5.0
NO_QUESTION = "no question"
FINAL_ANSWER = "__final_answer"


@dataclass(frozen=True)
class Cleaned:
    """What a command has written: where, what its facts say, and the same as a short table."""

    folder: Path
    facts: Mapping[str, object]
    figures: pl.DataFrame


@dataclass
class _Read:
    """What is counted while a file is read."""

    rows: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    unreadable: list[int] = field(default_factory=list)


def output_of(folder: Path, command: str) -> OutputFolder:
    """The folder that a command writes."""
    return OutputFolder(folder.absolute(), command, FACTS)


def decontaminate(
    path: Path,
    against: Mapping[str, str],
    folder: Path,
    *,
    ladder: Ladder,
    preset: str,
    question_column: str | None = None,
    answer_column: str | None = None,
    sentence_model: Path | None = None,
) -> Cleaned:
    """Split a file into rows clear of the benchmarks and rows that are not.

    Args:
        path: Parquet or JSONL.
        against: Benchmark name to its file.
        folder: Where to write `clean`, `removed`, `matches.parquet`, a page, and the facts.
        ladder: The rules.
        preset: Their name, for the page.
        question_column: By default the first of `QUESTION_COLUMNS` that the file has.
        answer_column: By default the first of `ANSWER_COLUMNS` that the file has, if any.
        sentence_model: Folder of a sentence-transformers model for the rule `semantic`.

    Raises:
        SynthAssetsError: A file or column is missing or cannot be read.
    """
    from synth_assets.corpus.benchmarks import read_benchmarks
    from synth_assets.decontamination.matching import BenchmarkIndex, scan_all

    file = row_file(path)
    question = _question_column(file, question_column)
    answer = _column(file, answer_column, ANSWER_COLUMNS, "--answer-column")
    benchmarks = read_benchmarks(against)
    items = benchmarks.rows.sort("benchmark", "item_id").partition_by("benchmark", maintain_order=True)
    embed = _embedder(sentence_model)
    indexes = [BenchmarkIndex(of["question"], ladder, embed and embed(of["question"])) for of in items]
    read, found = _Read(), []
    for batch in _usable(file, _columns(question, answer), question, read):
        answers = None if answer is None else batch[answer]
        scanned = scan_all(indexes, batch[question], answers, embed and embed(batch[question]))
        found += [_matches(rows, batch, of, question, answer) for rows, of in zip(scanned, items, strict=True)]
    matches = pl.concat(found) if found else _matches_schema().to_frame()
    strongest = (
        matches.sort(ROW, rank(pl.col("rule")), pl.col("score").neg(), "benchmark", "item_id")
        .unique(ROW, keep="first", maintain_order=True)
        .select(ROW, *(pl.col(name).alias(f"contamination_{name}") for name in _TOLD))
    )
    summary = _summary(items, matches, read)
    output = output_of(folder, DECONTAMINATE)
    facts: dict[str, object] = {
        "source": str(path),
        "preset": preset,
        "question_column": question,
        "answer_column": answer,
        "sentence_model": None if sentence_model is None else sentence_model.name,
        "rows": read.rows,
        "clean": read.rows - sum(read.left_out.values()) - strongest.height,
        "removed": strongest.height,
        "left_out": dict(read.left_out),
        "benchmarks": summary.to_dicts(),
        "benchmark_rows_left_out": benchmarks.quarantined.height,
        "rules": dict(matches.group_by("rule").agg(pl.col(ROW).n_unique()).sort("rule").iter_rows()),
    }
    with output.made_aside() as aside:
        names = _split(file, strongest, read, aside, "clean", "removed")
        matches.write_parquet(aside / "matches.parquet")
        (aside / PAGE).write_text(
            _decontamination_page(path.name, read.rows, summary, matches, facts, [*names, "matches.parquet"]),
            encoding="utf-8",
        )
        written = output.write_facts(aside, facts)
    return Cleaned(output.folder, written, _decontamination_figures(written))


def dedup(
    path: Path,
    folder: Path,
    *,
    similarity: float,
    cosine: float,
    question_column: str | None = None,
    answer_column: str | None = None,
    sentence_model: Path | None = None,
) -> Cleaned:
    """Split a file into rows that are kept and rows that repeat one of them; of two, the earlier row is kept.

    Args:
        path: Parquet or JSONL.
        folder: Where to write `kept`, `dropped`, a page, and the facts.
        similarity: Jaccard similarity of the shingles of two questions from which one is dropped.
        cosine: The same of their vectors, where there is a model.
        question_column: See :func:`decontaminate`, as for the next two.
        answer_column: See there. Questions with other numbers and other final answers are two problems.
        sentence_model: See there.

    Raises:
        SynthAssetsError: A file or column is missing or cannot be read.
    """
    from synth_assets.decontamination.duplicates import duplicates_among
    from synth_assets.decontamination.keeping import Semantic

    file = row_file(path)
    question = _question_column(file, question_column)
    answer = _column(file, answer_column, ANSWER_COLUMNS, "--answer-column")
    read = _Read()
    nothing = pl.DataFrame(schema={ROW: pl.Int64, question: pl.String, FINAL_ANSWER: pl.String})
    batches = (
        _with_final_answers(batch, question, answer)
        for batch in _usable(file, _columns(question, answer), question, read)
    )
    rows = pl.concat([nothing, *batches])
    embed = _embedder(sentence_model)
    verdicts = duplicates_among(
        rows[ROW],
        rows[question],
        similarity,
        preference=rows[ROW],
        final_answers=rows[FINAL_ANSWER],
        semantic=Semantic(embed(rows[question]), cosine) if embed else None,
    )
    told = (
        verdicts.join(rows.select(id=ROW, text=question), on="id", maintain_order="left")
        .join(rows.select(kept_id=ROW, kept_text=question), on="kept_id", maintain_order="left")
        .sort("id")
    )
    output = output_of(folder, DEDUP)
    facts: dict[str, object] = {
        "source": str(path),
        "question_column": question,
        "answer_column": answer,
        "similarity": similarity,
        "cosine": cosine if embed else None,
        "sentence_model": None if sentence_model is None else sentence_model.name,
        "rows": read.rows,
        "kept": read.rows - sum(read.left_out.values()) - verdicts.height,
        "dropped": verdicts.height,
        "left_out": dict(read.left_out),
        "rules": dict(verdicts.group_by("rule").len().sort("rule").iter_rows()),
    }
    leaving = verdicts.sort("id").select(
        pl.col("id").alias(ROW),
        pl.col("kept_id").alias("duplicate_of_row"),
        pl.col("rule").alias("duplicate_rule"),
        pl.col("similarity").alias("duplicate_similarity"),
    )
    with output.made_aside() as aside:
        names = _split(file, leaving, read, aside, "kept", "dropped")
        shown = told.with_columns(pl.col("id", "kept_id", "cluster").cast(pl.String))
        page = dedup_page(path.name, read.rows, shown, _settings_told(facts), names)
        (aside / PAGE).write_text(page, encoding="utf-8")
        written = output.write_facts(aside, facts)
    return Cleaned(output.folder, written, _figures(written, ("rows", "kept", "dropped")))


def ladder_named(preset: str) -> Ladder:
    """A preset by name. Raises SynthAssetsError naming those there are."""
    if preset not in PRESETS:
        raise SynthAssetsError(f"--preset {preset}: there is none of that name; choose among {', '.join(PRESETS)}.")
    return PRESETS[preset]


def named_files(pairs: Sequence[str]) -> dict[str, str]:
    """Benchmark name to path, from `NAME=PATH`. Raises SynthAssetsError where that cannot be read so."""
    named: dict[str, str] = {}
    for pair in pairs:
        name, equals, path = pair.partition("=")
        if not equals or not name or not path:
            raise SynthAssetsError(f"--against {pair}: write NAME=PATH, for example gsm8k=gsm8k/test.jsonl.")
        if name in named:
            raise SynthAssetsError(f"--against {pair}: {name} is named twice; give each benchmark a name of its own.")
        named[name] = path
    checked: Settings = usable({"benchmarks": named}, "--against")
    return dict(checked.benchmark_paths)


_TOLD = ("benchmark", "item_id", "part", "rule", "score", "span")


def _matches_schema() -> pl.Schema:
    texts = dict.fromkeys((*_TOLD, "text", "item_text"), pl.String())
    return pl.Schema({ROW: pl.Int64(), **texts, "score": pl.Float64()})


def _matches(
    found: pl.DataFrame, batch: pl.DataFrame, items: pl.DataFrame, question: str, answer: str | None
) -> pl.DataFrame:
    """What was found in a batch, with the row's number, the names and texts of both sides."""
    texts = batch.select(ROW, pl.col(question).alias("__question"), pl.col(answer or question).alias("__answer"))
    ours = texts[found["text"]]
    theirs = items.select("benchmark", "item_id", pl.col("question").alias("item_text"))[found["item"]]
    both = pl.concat([found.select("part", "rule", "score", "span"), ours, theirs], how="horizontal")
    text = pl.when(pl.col("part") == "question").then("__question").otherwise("__answer").alias("text")
    return both.with_columns(text).select(_matches_schema().names())


def _usable(file: RowFile, columns: Sequence[str], question: str, read: _Read) -> Iterator[pl.DataFrame]:
    """The batches of a file without rows that cannot be compared, which are counted."""
    told = time.monotonic()
    for batch in file.batches(columns):
        read.rows += batch.height
        reason = (
            pl.when(pl.col(UNREADABLE).is_not_null())
            .then(pl.col(UNREADABLE))
            .when(pl.col(question).fill_null("").str.strip_chars() == "")
            .then(pl.lit(NO_QUESTION))
        )
        judged = batch.with_columns(reason.alias(UNREADABLE))
        out = judged.filter(pl.col(UNREADABLE).is_not_null())
        read.left_out.update(out[UNREADABLE].to_list())
        read.unreadable += out[ROW].to_list()
        yield judged.filter(pl.col(UNREADABLE).is_null()).drop(UNREADABLE)
        if time.monotonic() - told >= SECONDS_BETWEEN_LINES:
            told = time.monotonic()
            tell(f"{read.rows:,} rows compared")


def _split(file: RowFile, leaving: pl.DataFrame, read: _Read, folder: Path, stay: str, leave: str) -> list[str]:
    """Write the files of rows; their names."""
    names = [f"{stay}{file.extension}", f"{leave}{file.extension}"]
    if read.unreadable:
        names.append(f"left_out{file.extension}")
    left_out = pl.Series(ROW, read.unreadable, dtype=pl.Int64)
    file.split(leaving, left_out, *(folder / name for name in names))
    return names


def _columns(question: str, answer: str | None) -> list[str]:
    return [question] if answer in (None, question) else [question, str(answer)]


def _question_column(file: RowFile, named: str | None) -> str:
    found = _column(file, named, QUESTION_COLUMNS, "--question-column")
    if found is None:
        raise SynthAssetsError(
            f"{file.path} has the columns {', '.join(file.columns) or '(none)'}: say with --question-column which of "
            "them holds the question."
        )
    return found


def _column(file: RowFile, named: str | None, usual: Sequence[str], option: str) -> str | None:
    """The column of the file to read: the one named, else the first of the usual ones that is there."""
    if named is not None:
        if named not in file.columns:
            raise SynthAssetsError(
                f"{option} {named}: {file.path} has no such column; it has {', '.join(file.columns) or 'none'}."
            )
        return named
    by_lower = {column.lower(): column for column in file.columns}
    return next((by_lower[name] for name in usual if name in by_lower), None)


def _embedder(model: Path | None) -> Callable[[pl.Series], "Vectors"] | None:
    if model is None:
        return None
    from synth_assets.corpus.sentence import SentenceEmbedder

    embedder = SentenceEmbedder(model, characters=20_000, batch_size=32)
    return lambda texts: embedder.embed(texts.to_list())


def _with_final_answers(batch: pl.DataFrame, question: str, answer: str | None) -> pl.DataFrame:
    """Of a batch its rows' numbers, their questions, and the final answers where they are known."""
    known = pl.lit(None, dtype=pl.String)
    if answer is not None:
        finals = [None if text is None else read_final_answer(text) for text in batch[answer]]
        known = pl.lit(pl.Series(finals, dtype=pl.String))
    return batch.select(ROW, question, known.alias(FINAL_ANSWER))


def _summary(items: Sequence[pl.DataFrame], matches: pl.DataFrame, read: _Read) -> pl.DataFrame:
    """A row a benchmark, as `cleaning_pages.SUMMARY`."""
    removed = dict(matches.group_by("benchmark").agg(pl.col(ROW).n_unique()).iter_rows())
    compared = read.rows - sum(read.left_out.values())
    rows = [(of["benchmark"][0], of.height, compared, removed.get(of["benchmark"][0], 0), 0, 0) for of in items]
    return pl.DataFrame(rows, SUMMARY, orient="row")


def _decontamination_page(
    name: str, rows: int, summary: pl.DataFrame, matches: pl.DataFrame, facts: Mapping[str, object], files: list[str]
) -> str:
    removed = matches.rename({ROW: "id"}).with_columns(pl.col("id").cast(pl.String))
    return decontamination_page(name, rows, summary, removed, _settings_told(facts), files)


def _settings_told(facts: Mapping[str, object]) -> dict[str, str]:
    """What the reader of a page should know of how it was made."""
    names = ("preset", "question_column", "answer_column", "similarity", "cosine", "sentence_model")
    return {name.replace("_", " "): str(facts[name]) for name in names if facts.get(name) is not None}


def _decontamination_figures(facts: Mapping[str, object]) -> pl.DataFrame:
    figures = _figures(facts, ("rows", "clean", "removed"))
    benchmarks = facts["benchmarks"]
    assert isinstance(benchmarks, list)
    told = {f"removed for {of['benchmark']} ({of['items']:,} items)": of["removed"] for of in benchmarks}
    return pl.concat([figures, pl.DataFrame({"what": list(told), "rows": list(told.values())}, schema=figures.schema)])


def _figures(facts: Mapping[str, object], names: Sequence[str]) -> pl.DataFrame:
    """Counts as a short table: columns `what`, `rows`."""
    counts = {name: facts[name] for name in names}
    left_out, rules = facts["left_out"], facts["rules"]
    assert isinstance(left_out, dict) and isinstance(rules, dict)
    counts |= {f"left out, {reason}": count for reason, count in left_out.items()}
    counts |= {f"by rule {rule}": count for rule, count in rules.items()}
    return pl.DataFrame({"what": list(counts), "rows": list(counts.values())}, {"what": pl.String, "rows": pl.Int64})
