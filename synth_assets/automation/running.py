"""What `synth-assets run` does: the whole road, told as it goes, and where to look afterwards; and a part of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
from rich.console import Console

from synth_assets.automation.failures import explained, unrecorded_events_held
from synth_assets.automation.instance import instance_of
from synth_assets.automation.killed_runs import end_killed_runs, only_run
from synth_assets.automation.road import Phase, run_observations, run_road
from synth_assets.definitions import build_definitions
from synth_assets.lake.lake import Lake
from synth_assets.lake.one_run import only_run_anywhere
from synth_assets.progress import on_this_output
from synth_assets.reports.funnel import FUNNEL
from synth_assets.settings import Settings, save_settings
from synth_assets.teachers.choosing import kept_for_run

TRAINING_DATA = dg.AssetSelection.assets("training_qa").upstream().required_multi_asset_neighbors()
"""The data set, and all it is made from."""


def run_everything(folder: Path, settings: Settings, out: Console) -> None:
    """Materialise every asset of the lake in `folder`; print each run, the funnel, and where the results lie.

    The settings become those of the lake when the first run begins: what is refused before that changes nothing.
    Raises SynthAssetsError with one sentence for whatever goes wrong, KeyboardInterrupt when interrupted.
    """
    settings.corpus.shards()  # a corpus that is not there makes no lake
    lake = Lake(settings.lake_in(folder))
    lake.create()
    started, begun = time.monotonic(), datetime.now(UTC)

    def begin(phase: Phase, number: int, of: int, partitions: int) -> None:
        if number == 1:
            save_settings(settings, folder)
        names = ", ".join(key.path[-1] for key in phase.assets)
        names += "" if partitions else " (fresh)"
        out.print(f"[{number}/{of}] {names}", markup=False, highlight=False)

    alone = only_run(folder), only_run_anywhere(lake.settings)
    with alone[0], alone[1], on_this_output(), kept_for_run(settings.teacher), _running(folder, begun) as instance:
        run_road(build_definitions(folder, settings), instance, lake, settings, begin)
    _tell(lake, folder, time.monotonic() - started, out)


def make_training_data(folder: Path, settings: Settings, begin: Callable[[Phase, int, int, int], None]) -> None:
    """Materialise `training_qa` of the lake in `folder` and all it is made from: what is missing or stale.

    The settings become those of the lake; `begin` is called as by `run_road`. Raises SynthAssetsError with one sentence
    for whatever goes wrong.
    """
    settings.corpus.shards()
    lake = Lake(settings.lake_in(folder))
    lake.create()
    alone = only_run(folder), only_run_anywhere(lake.settings)
    with alone[0], alone[1], on_this_output(), _running(folder, datetime.now(UTC)) as instance:
        save_settings(settings, folder)
        run_road(build_definitions(folder, settings), instance, lake, settings, begin, TRAINING_DATA)
    lake.close()


def import_observations(folder: Path, settings: Settings, told: Callable[[str], None]) -> None:
    """Import the new and changed files of observations of the lake in `folder`, and make what follows from them.

    The settings become those of the lake; `told` is called with the name of each asset that is made. Raises
    SynthAssetsError with one sentence for whatever goes wrong.
    """
    lake = Lake(settings.lake_in(folder))
    lake.create()

    def begin(phase: Phase, number: int, of: int, partitions: int) -> None:
        if partitions:
            told(", ".join(key.path[-1] for key in phase.assets))

    with only_run(folder), only_run_anywhere(lake.settings), _running(folder, datetime.now(UTC)) as instance:
        save_settings(settings, folder)
        run_observations(build_definitions(folder, settings), instance, lake, settings, begin)


@contextmanager
def _running(folder: Path, begun: datetime) -> Iterator[dg.DagsterInstance]:
    """The lake's instance, without runs that were killed; whatever goes wrong is told in one sentence."""
    with instance_of(folder) as instance:
        end_killed_runs(instance)
        try:
            with unrecorded_events_held():
                yield instance
        except dg.DagsterExecutionInterruptedError:
            raise KeyboardInterrupt from None
        except Exception as error:  # the outermost edge of a run: whatever it is, a person is told one sentence
            raise explained(error, folder, instance, begun) from error


def _tell(lake: Lake, folder: Path, seconds: float, out: Console) -> None:
    out.print()
    for _, step, count in lake.query(FUNNEL).iter_rows():
        out.print(f"{step:>15}  {count:>10,}", highlight=False)
    out.print()
    for what, where in (
        ("report", folder / "report" / "index.html"),
        ("training data", folder / "exports"),
        ("lake", folder),
    ):
        out.print(f"{what:>15}  {where}", markup=False, highlight=False)
    ui = f"synth-assets ui --lake {folder}"
    out.print(f"\nDone in {seconds:.0f} s. Look at it in the Dagster UI: {ui}", markup=False, highlight=False)
