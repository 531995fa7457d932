"""The study's data set on disk: a tokenizer, a training set for each level and one of all, and held-out questions.

What lives here: making it once and reading it. A training set is rows in the stable order of its stream, so that every
smaller budget is a beginning of every larger one. That nothing held out is trained on is `separation.py`'s check.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from tokenizers import Tokenizer

from synth_assets.errors import SynthAssetsError
from synth_assets.progress import reported, tell
from synth_assets.students.encoded import EncodedRows, EncodedWriter, token_type
from synth_assets.students.tokenizer import encode_rows, read_tokenizer, train_tokenizer
from synth_assets.study.problems import LEVELS, StudyQuestion, questions_of
from synth_assets.study.profiles import ALL, DataPlan
from synth_assets.study.separation import check_apart, shared_words
from synth_assets.study.stream import frame_of, stream
from synth_assets.teachers.embedded.teacher import revision

FACTS = "data.json"
_ROWS_AT_ONCE = 1 << 16


@dataclass(frozen=True)
class DataSet:
    """A data set in a folder. `facts` is what `data.json` says of it."""

    folder: Path
    facts: Mapping[str, object]

    @property
    def snapshot(self) -> str:
        """Hash of every training set, the held-out questions and the tokenizer."""
        return str(self.facts["snapshot"])

    @cached_property
    def tokenizer_json(self) -> str:
        """The tokenizer as JSON."""
        return (self.folder / "tokenizer.json").read_text(encoding="utf-8")

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """The tokenizer all students share."""
        return read_tokenizer(self.tokenizer_json)

    @cached_property
    def held_out(self) -> pl.DataFrame:
        """The held-out questions: columns level, topic, problem, question, answer, final_answer."""
        return pl.read_parquet(self.folder / "held_out.parquet")

    @cached_property
    def held_out_rows(self) -> EncodedRows:
        """The held-out questions as tokens, in the order of `held_out`."""
        return EncodedRows.from_rows(encode_rows(self.tokenizer, self.held_out))

    def training_rows(self, training_set: str, budget: int) -> EncodedRows:
        """The first rows of a training set that hold at most `budget` tokens: a view.

        Raises SynthAssetsError where the set has fewer tokens than that, by more than one row.
        """
        rows = EncodedRows.load(self.folder / training_set)
        held = int(np.searchsorted(rows.starts, budget, side="right")) - 1
        if held == len(rows) and rows.total_tokens < budget - int(rows.lengths.max()):
            raise SynthAssetsError(
                f"{self.folder / training_set} has {rows.total_tokens:,} tokens, fewer than the budget {budget:,}."
            )
        return rows[:held]


def data_set_in(folder: Path, plan: DataPlan, processes: int) -> DataSet:
    """The data set of `plan` in `folder`, made where it is not there; levels that are there are not made again.

    Raises SynthAssetsError where the folder holds the data set of another plan.
    """
    facts_file = folder / FACTS
    wanted = json.loads(json.dumps({"plan": asdict(plan)}))  # as it is read again: tuples are lists there
    if facts_file.exists():
        facts = json.loads(facts_file.read_text(encoding="utf-8"))
        if facts["plan"] != wanted["plan"]:
            raise SynthAssetsError(f"{folder} holds the data of another plan or profile; name another --out.")
        return DataSet(folder, facts)
    folder.mkdir(parents=True, exist_ok=True)
    _write_tokenizer(folder, plan)
    levels = {level: _level_in(folder, level, plan, processes) for level in LEVELS}
    # Level by level in turn, so that the first of them are a fair sample too.
    held_out = (
        pl.concat([pl.read_parquet(folder / f"{level}.held_out.parquet") for level in LEVELS])
        .with_columns(place=pl.int_range(pl.len()).over("level"))
        .sort("place", "level")
        .drop("place")
    )
    held_out.write_parquet(folder / "held_out.parquet")
    _write_mixture(folder, plan.all_tokens)
    sets = {name: EncodedRows.load(folder / name) for name in (ALL, *LEVELS)}
    problems = np.concatenate([np.load(folder / f"{level}.problems.npy") for level in LEVELS])
    tokenizer = read_tokenizer((folder / "tokenizer.json").read_text(encoding="utf-8"))
    check_apart(held_out, problems)
    fingerprints = [rows.fingerprint() for rows in sets.values()]
    held = EncodedRows.from_rows(encode_rows(tokenizer, held_out)).fingerprint()
    facts = {
        **wanted,
        "teacher": f"embedded@{revision()}",
        "snapshot": blake2b("|".join([*fingerprints, held]).encode(), digest_size=8).hexdigest(),
        "sets": {name: {"rows": len(rows), "tokens": rows.total_tokens} for name, rows in sets.items()},
        "levels": levels,
        "held_out": dict(held_out.group_by("level").len().sort("level").iter_rows()),
        "held_out_topics": held_out["topic"].n_unique(),
        "distinct_problems": len(np.unique(problems)),
        "separation": asdict(shared_words(held_out, sets[ALL], tokenizer)),
    }
    _write_text(facts_file, json.dumps(facts, indent=2, ensure_ascii=False) + "\n")
    return DataSet(folder, facts)


def _write_tokenizer(folder: Path, plan: DataPlan) -> None:
    """Trained on the first batches of every level, held-out questions left out."""
    if (folder / "tokenizer.json").exists():
        return
    chosen: list[StudyQuestion] = []
    for level in LEVELS:
        own: list[StudyQuestion] = []
        batch = 0
        while len(own) < plan.tokenizer_questions // len(LEVELS):
            own += [question for question in questions_of(level, batch, plan.syllabus) if question.may_train]
            batch += 1
        chosen += own
    trained = train_tokenizer(frame_of(chosen), plan.vocabulary, held_out_share=0.0)
    _write_text(folder / "tokenizer.json", trained["tokenizer"][0])


def _level_in(folder: Path, level: str, plan: DataPlan, processes: int) -> dict[str, object]:
    """Write a level's rows, problems and held-out questions, unless they are there; returns its figures."""
    figures_file = folder / f"{level}.json"
    if figures_file.exists():
        found: dict[str, object] = json.loads(figures_file.read_text(encoding="utf-8"))
        return found
    tokenizer_json = (folder / "tokenizer.json").read_text(encoding="utf-8")
    target = plan.tokens_of_level
    counts = dict.fromkeys(("made", "repeated", "dropped"), 0)
    problems: list[NDArray[np.uint64]] = []
    held_out: list[StudyQuestion] = []
    started = time.perf_counter()
    with (
        EncodedWriter(folder / level, token_type(plan.vocabulary)) as writer,
        reported(f"questions of {level}", "tokens") as advance,
    ):
        for streamed in stream(level, plan.syllabus, tokenizer_json, plan.longest_row, processes):
            writer.append(streamed.rows)
            problems.append(streamed.problems)
            held_out += streamed.held_out
            counts["made"] += streamed.made
            counts["repeated"] += streamed.repeated
            counts["dropped"] += streamed.dropped
            advance(min(writer.tokens, target), target)
            if writer.tokens >= target and len(held_out) >= plan.held_out_each:
                break
        tokens = writer.tokens
    if tokens < target or len(held_out) < plan.held_out_each:
        raise SynthAssetsError(
            f"{level} ends after {tokens:,} distinct tokens and {len(held_out)} held-out questions: lower the budgets."
        )
    seconds = time.perf_counter() - started
    np.save(folder / f"{level}.problems.npy", np.concatenate(problems))
    frame_of(held_out[: plan.held_out_each]).write_parquet(folder / f"{level}.held_out.parquet")
    figures: dict[str, object] = {
        **counts,
        "seconds": round(seconds, 1),
        "processes": processes,
        "questions_per_second_per_process": round(counts["made"] / seconds / processes),
    }
    _write_text(figures_file, json.dumps(figures) + "\n")
    tell(f"{level}: {counts['made']:,} questions in {seconds:,.0f} s, {counts['repeated']:,} of them met before")
    return figures


def _write_mixture(folder: Path, tokens: int) -> None:
    """The training set of all levels in equal shares of tokens: always the next row of the level with the fewest."""
    levels = [EncodedRows.load(folder / level) for level in LEVELS]
    before = np.concatenate([rows.starts[:-1] for rows in levels])
    level = np.repeat(np.arange(len(levels)), [len(rows) for rows in levels])
    number = np.concatenate([np.arange(len(rows)) for rows in levels])
    order = np.lexsort((level, before))
    lengths = np.concatenate([rows.lengths for rows in levels])[order]
    order = order[: int(np.searchsorted(np.cumsum(lengths), tokens, side="right"))]
    dtype = levels[0].tokens.dtype
    with EncodedWriter(folder / ALL, dtype) as writer:
        for start in range(0, len(order), _ROWS_AT_ONCE):
            part = order[start : start + _ROWS_AT_ONCE]
            writer.append(_gathered(levels, level[part], number[part]))


def _gathered(levels: list[EncodedRows], level: NDArray[np.intp], number: NDArray[np.intp]) -> EncodedRows:
    """Rows of several levels in the order given."""
    taken = [rows.take(number[level == place]) for place, rows in enumerate(levels)]
    joined = EncodedRows.from_parts(
        np.concatenate([rows.tokens for rows in taken]),
        np.concatenate([rows.lengths for rows in taken]),
        np.concatenate([rows.prompt_lengths for rows in taken]),
    )
    # Rows lie level by level now; the place of each in the order is where a stable sort by level puts it.
    back = np.empty(len(level), dtype=np.intp)
    back[np.argsort(level, kind="stable")] = np.arange(len(level))
    return joined.take(back)


def _write_text(path: Path, text: str) -> None:
    """Write a whole file or none of it."""
    aside = path.with_name(f".{path.name}.new")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)
