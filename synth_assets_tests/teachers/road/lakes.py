"""Lakes on a part of the sample, quickly walked, and whether two of them hold the same."""

from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import polars as pl

from synth_assets.lake.lake import Lake
from synth_assets.settings import (
    SAMPLE,
    CorpusSettings,
    FilterSettings,
    GenerationSettings,
    Settings,
    StudentSettings,
    WalkSettings,
    load_settings,
    save_settings,
)
from synth_assets.tables import TABLES
from synth_assets.teachers.settings import TeacherSettings
from synth_assets_tests.command_line import synth_assets

MODEL = "scripted"

TIMES_AND_PLACES = {
    "documents": tuple(name for name in TABLES["documents"].columns if name != "source"),
    "teacher_usage": None,
    "materialisations": ("stage", "partition", "rows", "quarantined"),
    "student_runs": tuple(
        name for name in TABLES["student_runs"].columns if name not in ("seconds", "tokens_per_second")
    ),
    "dataset_card": ("path",),
    "scaling_report": ("path",),
}
"""Of the tables that hold times or paths, what two runs must have in common; nothing of what was spent, whose rows
are as many as there were writes."""


@dataclass(frozen=True)
class SmallLake:
    """A lake in `folder` on `corpus`, one file of documents."""

    folder: Path
    corpus: Path

    @property
    def lake(self) -> Lake:
        """Opened anew; to be closed by whoever goes on to run something on it."""
        return Lake(load_settings(self.folder).lake_in(self.folder))

    def run(self, *options: str) -> CompletedProcess[str]:
        """`synth-assets run` on it."""
        return synth_assets("run", *options, "--lake", self.folder)

    def query(self, sql: str) -> pl.DataFrame:
        """The result of a SELECT over it."""
        lake = self.lake
        try:
            return lake.query(sql)
        finally:
            lake.close()

    def tables(self) -> dict[str, pl.DataFrame]:
        """What two runs on the same corpus by the same teacher must have in common, in the order of the keys."""
        lake = self.lake
        try:
            read = {name: lake.read(name) for name in TABLES}
        finally:
            lake.close()
        read["teacher_responses"] = read["teacher_responses"].sort("request_hash").drop("partition", "stage")
        for name, columns in TIMES_AND_PLACES.items():
            read[name] = read[name].select(columns or ())
        return read

    def set(self, **sections: Any) -> None:
        """Change settings in synth.toml, as a user edits it: values by section and name."""
        values = load_settings(self.folder).model_dump()
        for section, changed in sections.items():
            values[section] |= changed
        save_settings(Settings.model_validate(values), self.folder)


def small_lake(
    place: Path, every: int, samples: int = 1, training_sets: tuple[str, ...] = (), **teacher: Any
) -> SmallLake:
    """A lake that is not walked yet, on one document in `every` of the sample.

    All of its documents are rated and all are kept, so that what becomes of one does not depend on another's rating.
    Students are trained on `training_sets`.
    """
    place.mkdir(parents=True, exist_ok=True)
    corpus, folder = place / "documents.jsonl", place / "lake"
    corpus.write_text("\n".join(sample_lines()[::every]))
    folder.mkdir()
    settings = Settings(
        corpus=CorpusSettings(sources=(str(corpus),)),
        benchmarks={},
        filter=FilterSettings(
            threshold=1.0, rounds=1, ratings_per_round=200, syllabus_documents=6, background_documents=0, trees=20
        ),
        walks=WalkSettings(epochs=1),
        generation=GenerationSettings(samples=samples),
        students=StudentSettings(profile="smoke", training_sets=training_sets),
        teacher=TeacherSettings.model_validate(teacher),
    )
    save_settings(settings, folder)
    return SmallLake(folder, corpus)


def sample_lines() -> list[str]:
    """The documents of the bundled sample, as lines of JSON."""
    return [line for path in sorted((SAMPLE / "corpus").glob("*.jsonl")) for line in path.read_text().splitlines()]


def differing(one: SmallLake, other: SmallLake) -> list[str]:
    """The tables in which two lakes differ."""
    first, second = one.tables(), other.tables()
    return [name for name in TABLES if not first[name].equals(second[name])]


def asked_of(url: str) -> tuple[str, ...]:
    """Options for a run that asks the endpoint at `url`."""
    return ("--teacher", "openai", "--base-url", url, "--model", MODEL)
