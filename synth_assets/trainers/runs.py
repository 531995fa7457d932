"""The runs an external trainer is launched for: their files, their fingerprints, and the rows it reported.

What does not live here: how a trainer is launched (`automation/launching.py`).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b, sha256
from itertools import product
from pathlib import Path
from typing import Any

import polars as pl

from synth_assets import tables
from synth_assets.errors import SynthAssetsError
from synth_assets.final_answers import with_final_answer
from synth_assets.trainers.settings import TrainingSettings

REPORTED = "reported.jsonl"
"""The rows a trainer reported, in its run's folder."""

DONE = "done"
"""There once the trainer has ended well."""

LOG = "trainer.log"
"""What a command printed."""


@dataclass(frozen=True)
class TrainerRun:
    """A run: what the trainer is handed. `tokens` are those of the training file in the students' tokenizer."""

    training_set: str
    model: str
    budget: int
    seed: int
    tokens: int
    training_file: Path
    held_out_file: Path
    folder: Path
    run_id: str
    data_snapshot: str

    @property
    def title(self) -> str:
        """The run for people."""
        return f"{self.model} on {self.training_set}, {self.budget} tokens, seed {self.seed}"

    @property
    def extras(self) -> dict[str, Any]:
        """What the trainer reads from its Pipes context."""
        return {
            "training_set": self.training_set,
            "model": self.model,
            "budget": self.budget,
            "seed": self.seed,
            "tokens": self.tokens,
            "training_file": str(self.training_file),
            "held_out_file": str(self.held_out_file),
            "output_folder": str(self.folder / "output"),
            "data_snapshot": self.data_snapshot,
        }

    @property
    def done(self) -> bool:
        """Whether it has ended well before."""
        return (self.folder / DONE).exists()

    def begin(self) -> None:
        """Make its folder. Rows that an unfinished attempt reported are kept beside, under a number."""
        (self.folder / "output").mkdir(parents=True, exist_ok=True)
        reported = self.folder / REPORTED
        if reported.exists() and reported.stat().st_size:
            earlier = len(list(self.folder.glob("reported-*.jsonl"))) + 1
            reported.rename(self.folder / f"reported-{earlier}.jsonl")
        reported.touch()

    def record(self, payload: object) -> None:
        """Keep what a trainer reported, at once: a row, a list of rows, or an object with `observations`.

        What a row does not say is that of the run, so that the file can be read by itself.
        """
        known = {
            "training_set": self.training_set,
            "model": self.model,
            "tokens": self.tokens,
            "seed": self.seed,
            "data_snapshot": self.data_snapshot,
        }
        rows = payload.get("observations", payload) if isinstance(payload, Mapping) else payload
        with (self.folder / REPORTED).open("a", encoding="utf-8") as file:
            for row in rows if isinstance(rows, list) else [rows]:
                said = (
                    {name: value for name, value in row.items() if value is not None} if isinstance(row, dict) else row
                )
                whole = {**known, **said} if isinstance(said, dict) else said
                file.write(json.dumps(whole, ensure_ascii=False) + "\n")

    def end(self) -> None:
        """Mark it as ended well, so that it is not repeated. Raises SynthAssetsError where nothing was reported."""
        if not (self.folder / REPORTED).stat().st_size:
            raise SynthAssetsError(
                f"The trainer ended well for {self.title} but reported nothing: it has to report its rows through "
                f"Dagster Pipes (report_custom_message); its output is in {self.folder / LOG}."
            )
        (self.folder / DONE).touch()

    def reported(self) -> bytes:
        """The rows it reported, as JSON lines."""
        return (self.folder / REPORTED).read_bytes()


def runs_of(
    settings: TrainingSettings,
    training_set: str,
    training_sets: pl.DataFrame,
    training_qa: pl.DataFrame,
    folder: Path,
    data_snapshot: str,
) -> Iterator[TrainerRun]:
    """The runs on a training set, smallest budgets first; the files of each are written when it is reached.

    Without budgets of the settings, they are 0 and those of the training set. Raises SynthAssetsError where the
    training set has no rows.
    """
    members = training_sets.filter(pl.col("training_set") == training_set).join(training_qa, on="qa_id")
    members = members.sort("split", "place")
    train = members.filter(pl.col("split") == "train")
    if train.is_empty():
        raise SynthAssetsError(
            f"The training set {training_set!r} has no rows for the trainer; name another in training.training_sets."
        )
    data = folder / training_set
    held_out = _write(members.filter(pl.col("split") == "held_out"), data, "held-out")
    for budget in sorted(settings.budgets or {0, *train["budget"].drop_nulls()}):
        within = train.filter(pl.col("cumulative_tokens") <= budget)
        file = _write(within, data, f"train-{budget}")
        for model, seed in product(settings.models, settings.seeds):
            run_id = _fingerprint(settings, file, held_out, model, budget, seed)
            yield TrainerRun(
                training_set, model, budget, seed, int(within["tokens"].sum()), file, held_out,
                folder / "runs" / run_id, run_id, data_snapshot,
            )  # fmt: skip


def _write(rows: pl.DataFrame, folder: Path, name: str) -> Path:
    """Rows as JSON lines of `qa_id`, `prompt`, `completion` (the worked solution), `final_answer`, `tokens`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.jsonl"
    aside = folder / f".{name}.new"
    responses = [with_final_answer(*answer) for answer in rows.select("answer", "final_answer").iter_rows()]
    rows.select(
        "qa_id", "final_answer", "tokens", prompt="question", completion=pl.Series(responses, dtype=pl.String)
    ).select("qa_id", "prompt", "completion", "final_answer", "tokens").write_ndjson(aside)
    aside.replace(path)
    return path


def _fingerprint(settings: TrainingSettings, training: Path, held_out: Path, model: str, budget: int, seed: int) -> str:
    files = [sha256(path.read_bytes()).hexdigest() for path in (training, held_out)]
    how = [settings.kind, *settings.command, settings.image, json.dumps(settings.runtime_env, sort_keys=True)]
    told = json.dumps([how, files, model, budget, seed])
    return blake2b(told.encode(), digest_size=8).hexdigest()


def external_rows(run: TrainerRun, observed: pl.DataFrame) -> pl.DataFrame:
    """Checked observations of a run as rows of `external_runs`."""
    return tables.EXTERNAL_RUNS.conform(
        observed.with_columns(
            training_set=pl.lit(run.training_set), run_id=pl.lit(run.run_id), budget=pl.lit(run.budget, pl.Int64())
        )
    )
