"""One `synth-assets run` a lake at a time, and what a killed one left behind: runs that stand as started for ever.

Such a run also keeps its places in the pools of the instance. After as many kills as a pool has places, the next run
would wait without end.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from filelock import FileLock, Timeout

from synth_assets.automation.instance import dagster_home
from synth_assets.errors import SynthAssetsError

UNFINISHED = (
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
)


@contextmanager
def only_run(folder: Path) -> Iterator[None]:
    """Hold the lake's lock for `synth-assets run`. Raises SynthAssetsError where another process holds it.

    The system frees the lock when its holder dies.
    """
    lock = FileLock(dagster_home(folder) / "run.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise SynthAssetsError(
            f"Another synth-assets run is at work on the lake {folder}; wait for it to end or choose another folder."
        ) from error
    try:
        yield
    finally:
        lock.release()


def end_killed_runs(instance: dg.DagsterInstance) -> None:
    """Report the command line's unfinished runs as failed and free their places in the pools.

    To be called under :func:`only_run`: then the process of each is dead. Runs of the UI, which Dagster launches in
    processes of their own and watches itself, are left alone.
    """
    for run in instance.get_runs(dg.RunsFilter(statuses=list(UNFINISHED))):
        if run.remote_job_origin is None:
            instance.report_run_failed(run, "The process of this run was killed.")
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
