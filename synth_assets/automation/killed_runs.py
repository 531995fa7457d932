"""One `synth-assets run` a lake at a time, and what killed runs leave behind.

A killed `synth-assets run` leaves runs that stand as started for ever. Such a run also keeps its places in the pools of
the instance: after as many kills as a pool has places, the next run would wait without end. A killed run of the UI is
found and launched again by Dagster, but the step it was at is a process of its own, which would go on.
"""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread

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


def end_with_run() -> None:
    """Have the present step interrupted when the process of its run dies; to be called once in the process of a step.

    The run is launched again, and gets the dead one's places in the pools. Without this the old step would go on beside
    the new one: both would ask the teacher, and together could pass a budget that each keeps. An interrupted step ends
    as by Ctrl-C: what was answered is stored, a trainer is ended, nothing is committed. Where steps have no processes
    of their own this does nothing: there the step dies with the run.
    """
    run = multiprocessing.parent_process()
    if run is not None:
        Thread(target=_interrupt_after, args=(run,), name="end-with-run", daemon=True).start()


def _interrupt_after(run: BaseProcess) -> None:
    run.join()
    os.kill(os.getpid(), signal.SIGTERM)
