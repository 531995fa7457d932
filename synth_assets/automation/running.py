"""What `synth-assets run` does: the whole road, told as it goes, and where to look afterwards."""

import time
import warnings
from pathlib import Path

import dagster as dg
from rich.console import Console

from synth_assets.automation.instance import instance_of
from synth_assets.automation.road import Phase, run_road
from synth_assets.definitions import build_definitions
from synth_assets.errors import SynthAssetsError
from synth_assets.lake.lake import Lake
from synth_assets.reports.funnel import FUNNEL
from synth_assets.settings import Settings


def run_everything(folder: Path, settings: Settings, out: Console) -> None:
    """Materialise every asset of the lake in `folder`; print each run, the funnel, and where the results lie.

    Raises SynthAssetsError with the sentence of the first problem a user can solve.
    """
    warnings.filterwarnings("ignore", category=dg.BetaWarning)
    warnings.filterwarnings("ignore", category=dg.PreviewWarning)
    lake = Lake(settings.lake_in(folder))
    lake.create()
    started = time.monotonic()

    def begin(phase: Phase, number: int, of: int) -> None:
        names = ", ".join(key.path[-1] for key in phase.assets)
        out.print(f"[{number}/{of}] {names}", markup=False, highlight=False)

    with instance_of(folder) as instance:
        try:
            run_road(build_definitions(folder, settings), instance, settings, begin)
        except Exception as error:
            raise _solvable(error) or error from None
    _tell(lake, folder, time.monotonic() - started, out)


def _solvable(error: BaseException) -> SynthAssetsError | None:
    """The problem a user can solve that Dagster wrapped, if it is one."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, SynthAssetsError):
            return cause
        cause = cause.__cause__ or getattr(cause, "user_exception", None)
    return None


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
        out.print(f"{what:>15}  {where}", highlight=False)
    out.print(f"\nDone in {seconds:.0f} s. Look at it in the Dagster UI: synth-assets ui --lake {folder}")
