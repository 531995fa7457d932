"""Progress of long work: a bar with rate and time left on a terminal, plain lines otherwise."""

import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

Advance = Callable[[int, int], None]
"""Called with how much is done and how much there is in all, as often as the work likes."""

SECONDS_BETWEEN_LINES = 5.0

_screen: ContextVar[TextIO | None] = ContextVar("screen", default=None)
_bars: ContextVar[Progress | None] = ContextVar("bars", default=None)


@contextmanager
def on_this_output() -> Iterator[None]:
    """Within it, progress goes to what is standard output now, wherever that is sent later.

    Dagster sends the standard output of each step to a log file, where there is no terminal for a bar.
    """
    try:
        copy = os.dup(sys.stdout.fileno())
    except (io.UnsupportedOperation, OSError):  # not a file of the system, as in tests: nothing can be sent elsewhere
        yield
        return
    with os.fdopen(copy, "w", encoding="utf-8", errors="replace") as stream:
        token = _screen.set(stream)
        try:
            yield
        finally:
            _screen.reset(token)


def tell(line: str) -> None:
    """A line about the work, where its progress is shown."""
    print(f"  {line}", file=_screen.get() or sys.stdout, flush=True)


@contextmanager
def reported(work: str, unit: str) -> Iterator[Advance]:
    """An :data:`Advance` that shows the progress of `work`, counted in `unit`, on standard output.

    Work that takes less than a few seconds prints nothing where there is no terminal.
    """
    screen = _screen.get() or sys.stdout
    with _bar(work, unit, screen) if screen.isatty() else _lines(work, unit, screen) as advance:
        yield advance


@contextmanager
def counted(work: str, unit: str, total: int) -> Iterator[Callable[[int], None]]:
    """As :func:`reported`, for work that says how much more of `total` is done each time."""
    with reported(work, unit) as advance:
        done = 0

        def more(count: int) -> None:
            nonlocal done
            done += count
            advance(done, max(done, total))

        yield more


class _Rate(ProgressColumn):
    """Work a second, of whatever the work counts in."""

    def render(self, task: Task) -> Text:
        return Text("" if task.speed is None else f"{task.speed:,.0f}/s", style="progress.data.speed")


@contextmanager
def _bar(work: str, unit: str, screen: TextIO) -> Iterator[Advance]:
    """A bar, below those of the work that this is a part of."""
    part = _bars.get() is not None
    with _progress(screen) as progress:
        task = progress.add_task(work, total=None, unit=unit)

        def advance(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        try:
            yield advance
        finally:
            if part:
                progress.remove_task(task)


@contextmanager
def _progress(screen: TextIO) -> Iterator[Progress]:
    """The progress display there is, or one that lasts as long as the context."""
    above = _bars.get()
    if above is not None:
        yield above
        return
    columns = (
        TextColumn("  {task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[unit]}"),
        _Rate(),
        TimeRemainingColumn(),
    )
    console = Console(file=screen)
    with Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as progress:
        token = _bars.set(progress)
        try:
            yield progress
        finally:
            _bars.reset(token)


@contextmanager
def _lines(work: str, unit: str, screen: TextIO) -> Iterator[Advance]:
    started = printed = time.monotonic()
    found: int | None = None

    def advance(done: int, total: int) -> None:
        nonlocal started, printed, found
        now = time.monotonic()
        if found is None:  # what was there from the start, and getting ready, say nothing about the rate
            started, printed, found = now, now, done
        if now - printed >= SECONDS_BETWEEN_LINES and done > found:
            printed = now
            rate = (done - found) / (now - started)
            left = (total - done) / rate
            line = f"  {work}: {done:,} of {total:,} {unit}, {rate:,.0f}/s, {left:,.0f} s left"
            print(line, file=screen, flush=True)

    yield advance
