"""A lake that files of observations are imported into, by a Dagster instance of its own; and what tests put into it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from synth_assets.automation.declared import standings
from synth_assets.automation.road import add_observation_files
from synth_assets.automation.standing import Standing
from synth_assets.definitions import build_definitions
from synth_assets.lake.lake import Lake
from synth_assets.settings import Settings

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
IMPORTING = ("imported_observations", "scaling_observations")


class Observatory:
    """The settings of a lake, what runs on it, and what it holds."""

    def __init__(self, folder: Path, instance: dg.DagsterInstance, **sections: Any) -> None:
        self.folder, self.instance = folder / "lake", instance
        corpus = folder / "corpus.jsonl"
        corpus.write_text('{"id": "a", "text": "A text."}\n')
        self.settings = Settings.model_validate({"corpus": {"sources": [str(corpus)]}, "benchmarks": {}, **sections})
        self.lake = Lake(self.settings.lake_in(self.folder))
        self.lake.create()
        self.definitions = build_definitions(self.folder, self.settings)

    def materialise(self, assets: Iterable[str] = IMPORTING, **options: Any) -> dg.ExecuteInProcessResult:
        """Run assets; `options` are those of Dagster's `execute_in_process`."""
        job = self.definitions.resolve_implicit_global_asset_job_def()
        selection = [dg.AssetKey(name) for name in assets]
        return job.execute_in_process(instance=self.instance, asset_selection=selection, run_config=QUIET, **options)

    def import_all(self) -> None:
        """Import every file of the settings that is not fresh, and the observations from it."""
        add_observation_files(self.instance, self.lake, self.settings)
        for standing in self.standings("imported_observations"):
            if standing.state != "fresh":
                self.materialise(["imported_observations"], partition_key=standing.partition)
        self.materialise(["scaling_observations"])

    def standings(self, asset: str) -> list[Standing]:
        found = standings(self.definitions, self.instance, self.lake, self.settings)
        return [one for one in found if one.asset == asset]

    def observations(self) -> list[tuple[Any, ...]]:
        """Model, tokens and value of all of them."""
        return self.lake.query("select model, tokens, value from scaling_observations order by all").rows()

    def quarantine(self) -> pl.DataFrame:
        return self.lake.query("select stage, partition, id, reason, detail from quarantine order by all")


def write_observations(path: Path, *rows: str) -> Path:
    """A CSV of model, tokens and value."""
    path.write_text("\n".join(["model,tokens,value", *rows]) + "\n")
    return path
