"""The data set made several times: a lake for each generator, by the normal road up to `training_qa`.

What a generator is: the teacher of the settings in another draw, or with another model. Everything it is asked on the
road it answers anew, ratings and concepts included, so that nothing is shared but the documents.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from synth_assets.automation.running import make_training_data
from synth_assets.errors import SynthAssetsError
from synth_assets.lake.lake import Lake
from synth_assets.settings import SETTINGS_FILE, Settings
from synth_assets.tables import TEACHER_RESPONSES
from synth_assets.teachers.choosing import kept_for_run
from synth_assets.teachers.settings import TeacherSettings

DRAWS = 5
"""Draws where nothing is said; the paper has 5 to 20 generators."""

Told = Callable[[str], None]


@dataclass(frozen=True)
class Generator:
    """One maker of the data set: its name, which is its folder's too, and its teacher."""

    name: str
    teacher: TeacherSettings


def generators_of(settings: Settings, draws: int | None, models: Sequence[str]) -> tuple[Generator, ...]:
    """The draws 0, 1, ... of the settings' teacher, or the teacher with each of these models.

    Raises SynthAssetsError where there would be one alone, or where draws and models, or a model and the embedded
    teacher, do not go together.
    """
    if models and draws is not None:
        raise SynthAssetsError("--draws and --model each say who makes the data set; give one of them.")
    if models and settings.teacher.kind == "embedded":
        raise SynthAssetsError(
            "--model needs a lake whose teacher is an endpoint or vLLM: set teacher.kind in its synth.toml, "
            "or give --draws."
        )
    written = settings.teacher.model_dump()
    if models:
        if len(set(models)) != len(models):
            raise SynthAssetsError("--model names the same model twice; name each once, or give --draws.")
        named = {f"{place}-{_plain(model)}": {**written, "model": model} for place, model in enumerate(models)}
    else:
        named = {f"draw-{draw}": {**written, "draw": draw} for draw in range(DRAWS if draws is None else draws)}
    if len(named) < 2:
        raise SynthAssetsError("One generator says nothing of how generators vary: make the data set at least twice.")
    return tuple(Generator(name, TeacherSettings.model_validate(teacher)) for name, teacher in named.items())


def make_data(
    source: Path, folder: Path, settings: Settings, generators: Sequence[Generator], told: Told
) -> Mapping[str, pl.DataFrame]:
    """The rows of `training_qa` of each generator, by its name, each in a lake below `folder`.

    `settings` are those of the lake in `source`. What is made and fresh is kept. Raises SynthAssetsError as a run does,
    and where a generator's data set is empty.
    """
    # Around all of them: of different draws a model server need not be started but once.
    with kept_for_run(settings.teacher):
        return {
            generator.name: _made(source, folder / "data" / generator.name, settings, generator, told)
            for generator in generators
        }


def _made(source: Path, place: Path, settings: Settings, generator: Generator, told: Told) -> pl.DataFrame:
    own = _settings(source, settings, generator)
    place.mkdir(parents=True, exist_ok=True)
    if not (place / SETTINGS_FILE).exists() and own.teacher == settings.teacher and own.teacher.kind != "embedded":
        take_answers(source, settings, place, own)

    def begin(phase: object, number: int, of: int, partitions: int) -> None:
        if partitions:
            told(f"{generator.name}: step {number} of {of}")

    make_training_data(place, own, begin)
    lake = Lake(own.lake_in(place))
    try:
        rows = lake.read("training_qa")
    finally:
        lake.close()
    if rows.is_empty():
        raise SynthAssetsError(
            f"{generator.name} made no question and answer that is kept: "
            f"see `synth-assets sql 'select * from quarantine' --lake {place}`."
        )
    told(f"{generator.name}: {rows.height:,} questions and answers")
    return rows


def _settings(source: Path, settings: Settings, generator: Generator) -> Settings:
    written = settings.model_dump(mode="json")
    written["teacher"] = generator.teacher.model_dump(mode="json")
    synonyms = settings.concepts.synonyms
    written["concepts"]["synonyms"] = str(source / synonyms) if synonyms else ""  # an absolute path stays what it is
    written["observations"], written["training"], written["lake"] = {}, {}, {}
    return Settings.model_validate(written)


def take_answers(source: Path, settings: Settings, place: Path, own: Settings) -> None:
    """Give the lake in `place` the answers that the lake in `source` has paid for, each with the settings it has."""
    given, taking = Lake(settings.lake_in(source)), Lake(own.lake_in(place))
    try:
        taking.create()
        answers = given.read(TEACHER_RESPONSES, ordered=False)
        if not answers.is_empty():
            taking.append({TEACHER_RESPONSES.name: answers}, f"answers of {source.name}")
    finally:
        given.close()
        taking.close()


def _plain(model: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", model).strip("-.") or "model"
