"""A contender: what it builds, what it does, on how much of the case, and what is found of its result."""

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from graph_peers.case import Case, Whole

Given = TypeVar("Given")
Built = TypeVar("Built")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Finding:
    """Whether a result is right (exactly, or as nearly as its way promises), in words for the table."""

    right: bool
    words: str


@dataclass(frozen=True)
class Contender(Generic[Given, Built, Result]):
    """One way to do a part of the work.

    Attributes:
        name: As in the table.
        given: What it starts from; not timed.
        build: What it makes once, however much is asked for; timed and never scaled.
        run: Does the work for the numbered units (documents or walks); timed, scaled where only a sample is taken.
        sample: Units taken of those there are; None for all.
        judge: Looks at the result for these units; not timed.
    """

    name: str
    given: Callable[[Case], Given]
    build: Callable[[Given], Built]
    run: Callable[[Built, Whole], Result]
    judge: Callable[[Case, Whole, Result], Finding]
    sample: int | None = None


@dataclass(frozen=True)
class Measured:
    """What a contender took.

    Attributes:
        name: The contender's.
        seconds: Of wall time, scaled to all units.
        cpu: Of all cores together, scaled alike.
        peak: The largest resident set in bytes.
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
    """A point in time, in seconds of the wall clock and of this process's processors."""

    wall: float
    cpu: float

    @classmethod
    def now(cls) -> "Instant":
        """This one."""
        return cls(time.perf_counter(), time.process_time())


def measure(
    contender: Contender[Given, Built, Result], case: Case, units: int, full: bool
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
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    found = contender.judge(case, chosen, result)
    scale = units / len(chosen)
    seconds = (ready.wall - started.wall) + (ended.wall - ready.wall) * scale
    cpu = (ready.cpu - started.cpu) + (ended.cpu - ready.cpu) * scale
    return Measured(contender.name, seconds, cpu, peak, len(chosen), units, found.right, found.words), chosen, result
