"""What `synth-assets run` does: the whole road, told as it goes, and where to look afterwards."""

import time
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
from rich.console import Console

from synth_assets.automation.failures import explained
from synth_assets.automation.instance import instance_of
from synth_assets.automation.killed_runs import end_killed_runs, only_run
from synth_assets.automation.road import Phase, run_road
from synth_assets.definitions import build_definitions
from synth_assets.lake.lake import Lake
from synth_assets.progress import on_this_output
from synth_assets.reports.funnel import FUNNEL
from synth_assets.settings import Settings, save_settings
from synth_assets.teachers.choosing import kept_for_run


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

    with only_run(folder), on_this_output(), kept_for_run(settings.teacher), instance_of(folder) as instance:
        end_killed_runs(instance)
        try:
            run_road(build_definitions(folder, settings), instance, lake, settings, begin)
        except dg.DagsterExecutionInterruptedError:
            raise KeyboardInterrupt from None
        except Exception as error:  # the outermost edge of a run: whatever it is, a person is told one sentence
            raise explained(error, folder, instance, begun) from error
    _tell(lake, folder, time.monotonic() - started, out)


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
