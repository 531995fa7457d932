"""What `observations add` and `observations list` do."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from pydantic import ValidationError

from synth_assets.automation.observation_files import ObservationFile, imported_at, observation_files
from synth_assets.corpus.stores import is_remote
from synth_assets.errors import SynthAssetsError
from synth_assets.lake.lake import Lake
from synth_assets.scaling.observation_sources import ObservationSource
from synth_assets.settings import Settings, load_settings

FILES = """
with ours as (
    select file, count(*) as rows, count(distinct model) as models,
           string_agg(distinct metric, ', ' order by metric) as metrics
    from imported_observations group by file)
select made.partition as file, coalesce(ours.rows, 0) as rows, coalesce(ours.models, 0) as models,
       coalesce(ours.metrics, '') as metrics, made.quarantined
from materialisations made left join ours on ours.file = made.partition
where made.stage = 'imported_observations' order by made.partition"""


@dataclass(frozen=True)
class Added:
    """What came of adding: a row a file, the rows that could not be used, the assets made anew."""

    files: pl.DataFrame
    quarantined: pl.DataFrame
    made: tuple[str, ...]

    @property
    def facts(self) -> dict[str, object]:
        """The same for machines."""
        return {
            "files": self.files.to_dicts(),
            "quarantined": self.quarantined.to_dicts(),
            "made": list(self.made),
        }


def source_named(file: str, told: Mapping[str, str | None]) -> ObservationSource:
    """The source of a file named on the command line. Raises SynthAssetsError naming the option that cannot be used."""
    path = file if is_remote(file) else str(Path(file).expanduser().absolute())
    given = {name: value for name, value in told.items() if value is not None}
    try:
        return ObservationSource.model_validate({"path": path, **given})
    except ValidationError as error:
        problem = error.errors()[0]
        option = "--" + str(problem["loc"][0] if problem["loc"] else "path").replace("_", "-")
        raise SynthAssetsError(
            f"{option}: {problem['msg'].removeprefix('Value error, ')}; mend that option."
        ) from error


def add_observations(folder: Path, source: ObservationSource) -> Added:
    """Import what a source names into the lake in `folder`, made where it is missing, and what follows from it.

    Everything is read before anything is changed. Raises SynthAssetsError where the source has no file, or one of them
    cannot be read.
    """
    settings = load_settings(folder)
    files = observation_files([source], folder)
    if not files:
        raise SynthAssetsError(
            f"{source.path} is no file, folder or glob with a table (.csv, .parquet, .jsonl) or results of a harness; "
            "name another."
        )
    for file in files.values():
        file.read()
    from synth_assets.automation.running import import_observations

    settings = _with_source(settings, source)
    before = _made_at(folder, settings)
    made: list[str] = []
    import_observations(folder, settings, made.append)
    lake = Lake(settings.lake_in(folder))
    return Added(_told(lake, files, before), _quarantined(lake, files), tuple(made))


def imported_files(lake: Lake) -> pl.DataFrame:
    """A row a file that was imported: `file`, `rows`, `models`, `metrics`, `quarantined`, `there`."""
    settings = load_settings(lake.settings.folder)
    there = observation_files(settings.observations.sources, lake.settings.folder)
    found = lake.query(FILES)
    return found.with_columns(there=pl.Series([path in there for path in found["file"]], dtype=pl.Boolean))


def _with_source(settings: Settings, source: ObservationSource) -> Settings:
    """The settings with a source, in the place of the one of the same path where there is one."""
    present = settings.observations.sources
    if any(one.path == source.path for one in present):
        sources = tuple(source if one.path == source.path else one for one in present)
    else:
        sources = (*present, source)
    return settings.model_copy(update={"observations": settings.observations.model_copy(update={"sources": sources})})


def _made_at(folder: Path, settings: Settings) -> Mapping[str, object]:
    """When each file was imported before; nothing where there is no lake yet."""
    lake = Lake(settings.lake_in(folder))
    lake.create()
    return imported_at(lake)


def _told(lake: Lake, files: Mapping[str, ObservationFile], before: Mapping[str, object]) -> pl.DataFrame:
    now = imported_at(lake)
    rows = lake.query(FILES).filter(pl.col("file").is_in(list(files)))
    states = {
        path: "unchanged" if before.get(path) == now.get(path) else "read again" if path in before else "added"
        for path in files
    }
    return rows.with_columns(state=pl.col("file").replace_strict(states, default="added", return_dtype=pl.String()))


def _quarantined(lake: Lake, files: Mapping[str, ObservationFile]) -> pl.DataFrame:
    found = lake.query(
        "select partition as file, id, reason, detail from quarantine "
        "where stage = 'imported_observations' order by all"
    )
    return found.filter(pl.col("file").is_in(list(files)))
