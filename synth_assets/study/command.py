"""What `synth-assets study` does, without the command line: plan, run a slice, report."""

import os
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from synth_assets.errors import SynthAssetsError
from synth_assets.progress import tell
from synth_assets.study.data_set import FACTS, DataSet, data_set_in
from synth_assets.study.plan import plan_table, runs_of
from synth_assets.study.profiles import StudyProfile, profile_named
from synth_assets.study.records import finished_in

__all__ = ["Told", "planned", "profile_named", "report", "run"]

REPORTING_SECONDS = 20.0
"""Kept back of a slice for the report."""


@dataclass(frozen=True)
class Told:
    """How a call ended: the study's folder, runs finished and planned, seconds left, and the page, if there is one."""

    folder: Path
    finished: int
    planned: int
    seconds_left: float
    page: Path | None

    @property
    def facts(self) -> dict[str, object]:
        """The same for machines."""
        return {
            "out": str(self.folder),
            "runs_finished": self.finished,
            "runs_planned": self.planned,
            "done": self.finished >= self.planned,
            "seconds_left": round(self.seconds_left),
            "report": None if self.page is None else str(self.page),
        }

    @property
    def sentence(self) -> str:
        """The same for people."""
        look = "" if self.page is None else f" Look at {self.page}."
        if self.finished >= self.planned:
            return f"All {self.planned} runs are done.{look}"
        left = f"about {self.seconds_left / 60:,.0f} minutes are left; run the same command to go on"
        return f"{self.finished} of {self.planned} runs are done, {left}.{look}"


def planned(profile: StudyProfile, folder: Path) -> pl.DataFrame:
    """The table of runs, with times by what has been measured in `folder`, or else assumed."""
    from synth_assets.study.running import timings

    timed = timings(finished_in(folder))
    return plan_table(runs_of(profile), profile.data.vocabulary, profile.on_gpu, profile.workers, timed)


def run(folder: Path, profile: StudyProfile, until: float | None) -> Told:
    """Make the data set where it is not there, make the runs that `until` leaves time for, and the report."""
    from synth_assets.study.running import run_slice

    data = data_set_in(folder / "data", profile.data, len(os.sched_getaffinity(0)))
    runs = runs_of(profile)
    stop = None if until is None else until - REPORTING_SECONDS
    left = run_slice(folder, data, profile, runs, stop)
    return _reported(folder, data, profile, left.seconds_left)


def report(folder: Path, profile: StudyProfile) -> Told:
    """Make the tables and the page again. Raises SynthAssetsError where no run of the profile is there."""
    from synth_assets.study.running import seconds_left

    if not (folder / "data" / FACTS).exists():
        raise SynthAssetsError(f"There is no study in {folder}; run it first, without --report-only.")
    data = data_set_in(folder / "data", profile.data, 1)
    known = {one.run_id for one in finished_in(folder)}
    missing = [one for one in runs_of(profile) if one.run_id(data.snapshot) not in known]
    return _reported(folder, data, profile, seconds_left(missing, folder, profile))


def _reported(folder: Path, data: DataSet, profile: StudyProfile, seconds_left: float) -> Told:
    from synth_assets.study.page import write_report

    runs = runs_of(profile)
    wanted = {one.run_id(data.snapshot) for one in runs}
    finished = [one for one in finished_in(folder) if one.run_id in wanted]
    page = None
    if any(one.budget for one in finished):
        tell("writing the report")
        page = write_report(folder, data, profile, finished, len(runs))
    return Told(folder, len(finished), len(runs), seconds_left, page)
