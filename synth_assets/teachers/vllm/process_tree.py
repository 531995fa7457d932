"""Ending a process with everything it started, on Linux also what its children left behind when they died."""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable

import psutil

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def adopt_orphans() -> None:
    """Become the parent of all descendants whose own parent dies, so that none escapes (Linux; else nothing)."""
    if _libc is not None:
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent() -> None:
    """To be called in a new child: it is asked to end when its parent dies, however that dies (Linux; else nothing)."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)


def reap() -> dict[int, int]:
    """Take note of the children that have ended: exit code by process id, negative for a signal. No zombie stays."""
    ended: dict[int, int] = {}
    while True:
        try:
            process, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if process == 0:
            return ended
        ended[process] = os.waitstatus_to_exitcode(status)


def end_descendants(first: int, grace: float, grace_of_others: float) -> None:
    """End all descendants: `first` is asked by SIGTERM, then the others; each may take its grace, then it is killed.

    The first one is asked alone because a model server that shuts down by itself also clears its shared memory.
    """
    _signal([process for process in _descendants() if process.pid == first], psutil.Process.terminate)
    _wait(grace, lambda: first not in {process.pid for process in _descendants()})
    _signal(_descendants(), psutil.Process.terminate)
    _wait(grace_of_others, lambda: not _descendants())
    while remaining := _descendants():  # more than once: a process may have started another meanwhile
        _signal(remaining, psutil.Process.kill)
        time.sleep(0.05)
        reap()


def _descendants() -> list[psutil.Process]:
    found: list[psutil.Process] = psutil.Process().children(recursive=True)
    return found


def _signal(processes: Iterable[psutil.Process], send: Callable[[psutil.Process], None]) -> None:
    for process in processes:
        try:
            send(process)
        except psutil.NoSuchProcess:
            continue


def _wait(seconds: float, done: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        reap()
        if done():
            return
        time.sleep(0.05)
