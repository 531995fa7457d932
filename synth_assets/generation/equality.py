"""Grouping final answers in worker processes: a hostile expression neither hangs nor kills the run.

`9^9^9^9^9` cannot be computed, and nothing within Python stops the attempt. So math-verify runs in processes with a
time limit and a memory limit, which are killed and replaced. What it compares, and when, is `comparing.py`.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import synth_assets
from synth_assets.generation.comparing import grouped
from synth_assets.generation.equality_worker import READY

SECONDS = 5.0
"""Time for the answers to one question."""

MEMORY = 2 * 1024**3
"""Address space of a worker, in bytes."""

MOST_WORKERS = 4
_SECONDS_TO_START = 120.0
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "PYTHONPATH")
"""Variables a worker gets. Keys of teachers are not for a process that computes what strangers wrote."""


@dataclass(frozen=True)
class Grouping:
    """The number of the group of each answer; `fell_back` where some were left to their texts and exact values."""

    groups: tuple[int, ...]
    fell_back: bool = False


class EqualityPool:
    """Groups final answers by equality. A context manager: no process is left when it is closed.

    Workers start when they are first needed; answers that texts and exact values tell apart or together need none.
    """

    def __init__(self, workers: int | None = None, seconds: float | None = None, memory: int = MEMORY) -> None:
        most = workers or min(MOST_WORKERS, os.cpu_count() or 1)
        self._seconds = SECONDS if seconds is None else seconds
        self._memory = memory
        self._dispatchers = ThreadPoolExecutor(most, thread_name_prefix="equality")
        self._of_thread = threading.local()
        self._changing = threading.Lock()
        self._workers: set[_Worker] = set()
        self._closed = False

    def __enter__(self) -> "EqualityPool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changing:
            self._closed = True
            for worker in self._workers:
                worker.kill()
        self._dispatchers.shutdown(wait=True, cancel_futures=True)
        for worker in self._workers:
            worker.close()

    def submit(self, final_answers: Sequence[str]) -> Future[Grouping]:
        """The grouping of the answers to one question, at once where it needs no worker."""
        undecided: list[tuple[str, str]] = []

        def by_text_alone(first: str, second: str) -> bool:
            undecided.append((first, second))
            return False

        groups = grouped(final_answers, by_text_alone)
        if undecided:
            return self._dispatchers.submit(self._compare, list(final_answers), groups)
        decided: Future[Grouping] = Future()
        decided.set_result(Grouping(groups))
        return decided

    def _compare(self, final_answers: list[str], by_text: tuple[int, ...]) -> Grouping:
        worker = self._worker()
        groups = worker.grouped(final_answers, self._seconds)
        if groups is not None:
            return Grouping(groups)
        self._discard(worker)
        return Grouping(by_text, fell_back=True)

    def _worker(self) -> "_Worker":
        """This thread's worker, started where there is none."""
        worker: _Worker | None = getattr(self._of_thread, "worker", None)
        if worker is not None and worker.alive:
            return worker
        with self._changing:
            if self._closed:
                raise CancelledError
            worker = self._of_thread.worker = _Worker(self._seconds, self._memory)
            self._workers.add(worker)
        if not worker.started():
            self._discard(worker)
            if self._closed:
                raise CancelledError
            raise RuntimeError("a process that compares final answers did not start")
        return worker

    def _discard(self, worker: "_Worker") -> None:
        worker.kill()
        worker.close()
        with self._changing:
            self._workers.discard(worker)
        self._of_thread.worker = None


class _Worker:
    """One process of `equality_worker.py`."""

    def __init__(self, seconds: float, memory: int) -> None:
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        packages = [str(Path(synth_assets.__file__).parents[1]), environment.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, packages))
        environment["PYTHONHASHSEED"] = "0"
        environment["OPENBLAS_NUM_THREADS"] = "1"
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "synth_assets.generation.equality_worker", str(seconds), str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            encoding="ascii",
            start_new_session=True,  # an interrupt from the keyboard is for its owner, who then kills it
        )
        self._killing = threading.Lock()

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def started(self) -> bool:
        """Whether the process has come to where it takes answers."""
        return self._line_within(_SECONDS_TO_START) == f"{READY}\n"

    def grouped(self, final_answers: list[str], seconds: float) -> tuple[int, ...] | None:
        """The groups' numbers; None where the process died over them or was killed for taking too long."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(final_answers) + "\n")
            self._process.stdin.flush()
        except OSError:  # it has gone
            return None
        line = self._line_within(seconds)
        return tuple(json.loads(line)) if line.endswith("\n") else None

    def kill(self) -> None:
        """End the process at once, and wait until it has ended."""
        with self._killing:
            if self._process.returncode is None:
                self._process.kill()
                self._process.wait()

    def close(self) -> None:
        """Close the pipes of a process that has ended and nobody reads from."""
        with suppress(OSError):  # what was not written in time
            self._process.__exit__(None, None, None)

    def _line_within(self, seconds: float) -> str:
        """The next line; what there is of it where the process ends, or is killed for taking longer."""
        assert self._process.stdout is not None
        timer = threading.Timer(seconds, self.kill)
        timer.daemon = True
        timer.start()
        try:
            return self._process.stdout.readline()
        finally:
            timer.cancel()
            timer.join()  # a timer that came too late has killed the process before anybody asks whether it lives
