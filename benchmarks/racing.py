"""A contender: what it builds, what it does, on how much of the case, and what is found of its result."""

import resource
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
import psutil

Whole = npt.NDArray[np.int64]

Case = TypeVar("Case")
Given = TypeVar("Given")
Built = TypeVar("Built")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Finding:
    """Whether a result is right (exactly, or as nearly as its way promises), in words for the table."""

    right: bool
    words: str


@dataclass(frozen=True)
class Contender(Generic[Case, Given, Built, Result]):
    """One way to do a part of the work.

    Attributes:
        name: As in the table.
        given: What it starts from; not timed.
        build: What it makes once, however much is asked for; timed and never scaled.
        run: Does the work for the numbered units (documents or walks); timed, scaled where only a sample is taken.
        judge: Looks at the result for these units; not timed.
        sample: Units taken of those there are; None for all.
        needs_peers: Whether it imports packages that the project's environment does not have.
    """

    name: str
    given: Callable[[Case], Given]
    build: Callable[[Given], Built]
    run: Callable[[Built, Whole], Result]
    judge: Callable[[Case, Whole, Result], Finding]
    sample: int | None = None
    needs_peers: bool = False


@dataclass(frozen=True)
class Measured:
    """What a contender took.

    Attributes:
        name: The contender's.
        seconds: Of wall time, scaled to all units.
        cpu: Of all cores together, scaled alike.
        peak: The largest resident set of a process in bytes.
        units: Those measured.
        of: All there are.
        right: Whether the result is.
        words: What was found of it.
    """

    name: str
    seconds: float
    cpu: float
    peak: int
    units: int
    of: int
    right: bool
    words: str


@dataclass(frozen=True)
class Instant:
    """A point in time, in seconds of the wall clock and of the processors of this process and its children."""

    wall: float
    cpu: float

    @classmethod
    def now(cls) -> "Instant":
        """This one."""
        waited_for = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = time.process_time() + waited_for.ru_utime + waited_for.ru_stime
        for child in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                times = child.cpu_times()
                cpu += times.user + times.system
        return cls(time.perf_counter(), cpu)


def measure(
    contender: Contender[Case, Given, Built, Result], case: Case, units: int, full: bool
) -> tuple[Measured, Whole, Result]:
    """Run a contender once on `units` units, or on its sample of them: what it took, the units run, and its result."""
    chosen = np.arange(units)
    if contender.sample is not None and contender.sample < units and not full:
        chosen = np.sort(np.random.default_rng(0).choice(units, contender.sample, replace=False))
    given = contender.given(case)
    started = Instant.now()
    built = contender.build(given)
    ready = Instant.now()
    result = contender.run(built, chosen)
    ended = Instant.now()
    resident = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    peak = resident * (1 if sys.platform == "darwin" else 1024)
    found = contender.judge(case, chosen, result)
    scale = units / len(chosen)
    seconds = (ready.wall - started.wall) + (ended.wall - ready.wall) * scale
    cpu = (ready.cpu - started.cpu) + (ended.cpu - ready.cpu) * scale
    return Measured(contender.name, seconds, cpu, peak, len(chosen), units, found.right, found.words), chosen, result
