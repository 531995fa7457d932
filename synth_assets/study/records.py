"""What the study writes down: one line a finished run, and the files made of these lines for others to read.

`runs.jsonl` is the record: a line is appended in one write and flushed to the disk, so that a killed study loses the
run in flight at most; a line cut short is not read. `observations.csv` and `scores.csv` are written whole from it.
"""

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

RUNS, OBSERVATIONS, SCORES = "runs.jsonl", "observations.csv", "scores.csv"


@dataclass(frozen=True)
class Finished:
    """A run that is done.

    tokens: unique training tokens. scores: right and asked questions by "level" and by "topic" names. seconds: of
    training, compiling left out; evaluation_seconds: of measuring.
    """

    run_id: str
    model: str
    parameters: int
    training_set: str
    budget: int
    tokens: int
    trained_tokens: int
    seed: int
    answer_loss: float
    error: float
    questions: int
    scores: Mapping[str, Mapping[str, tuple[int, int]]]
    seconds: float
    evaluation_seconds: float
    tokens_per_second: float | None
    operations_per_token: float
    hardware: str
    code_version: str
    data_snapshot: str


def append(folder: Path, finished: Finished) -> None:
    """Write a line, on the disk when this returns."""
    path = folder / RUNS
    line = json.dumps(asdict(finished), ensure_ascii=False) + "\n"
    with path.open("ab") as file:
        # A line that a kill cut short must not swallow this one.
        if file.tell() and not _ends_whole(path):
            file.write(b"\n")
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())


def finished_in(folder: Path) -> list[Finished]:
    """The finished runs; lines that are not whole are left out, and of two of one run the later counts."""
    path = folder / RUNS
    if not path.exists():
        return []
    found: dict[str, Finished] = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            one = Finished(**json.loads(line))
        except (ValueError, TypeError):
            continue
        found[one.run_id] = one
    return list(found.values())


def observations_of(runs: list[Finished]) -> pl.DataFrame:
    """Two rows a run: its error and its answer loss. The columns `observations add` reads come first."""
    rows = [
        {
            "source": "study",
            "model": run.model,
            "parameters": run.parameters,
            "tokens": float(run.tokens),
            "metric": metric,
            "value": value,
            "seed": run.seed,
            "training_set": run.training_set,
            "hardware": run.hardware,
            "code_version": run.code_version,
            "data_snapshot": run.data_snapshot,
            "budget": run.budget,
            "seconds": round(run.seconds, 2),
            "tokens_per_second": None if run.tokens_per_second is None else round(run.tokens_per_second),
        }
        for run in runs
        for metric, value in (("error", run.error), ("answer_loss", run.answer_loss))
    ]
    frame = pl.DataFrame(rows, infer_schema_length=None)
    return frame.sort("training_set", "parameters", "metric", "tokens", "seed")


def scores_of(runs: list[Finished]) -> pl.DataFrame:
    """A row for every run and level or topic: questions asked, how many were right, and the error."""
    rows = [
        {
            "model": run.model,
            "training_set": run.training_set,
            "tokens": float(run.tokens),
            "seed": run.seed,
            "by": by,
            "name": name,
            "questions": asked,
            "right": right,
            "error": 1 - right / asked,
        }
        for run in runs
        for by, groups in run.scores.items()
        for name, (right, asked) in groups.items()
    ]
    return pl.DataFrame(rows, infer_schema_length=None).sort("training_set", "model", "tokens", "seed", "by", "name")


def write_tables(folder: Path, runs: list[Finished]) -> None:
    """Write `observations.csv` and `scores.csv` whole."""
    for name, frame in ((OBSERVATIONS, observations_of(runs)), (SCORES, scores_of(runs))):
        aside = folder / f".{name}.new"
        frame.write_csv(aside)
        aside.replace(folder / name)


def hardware() -> str:
    """What this process computes on: the GPU's name, or the processor and the cores it may use."""
    import jax

    device = jax.devices()[0]
    if device.platform == "gpu":
        return str(device.device_kind)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{_processor()}, {cores} cores"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
