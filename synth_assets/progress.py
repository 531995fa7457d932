"""Progress of long work: a bar with rate and time left on a terminal, plain lines otherwise."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

Advance = Callable[[int, int], None]
"""Called with how much is done and how much there is in all, as often as the work likes."""

SECONDS_BETWEEN_LINES = 5.0


class _Rate(ProgressColumn):
    """Work a second, of whatever the work counts in."""

    def render(self, task: Task) -> Text:
        return Text("" if task.speed is None else f"{task.speed:,.0f}/s", style="progress.data.speed")


@contextmanager
def reported(work: str, unit: str) -> Iterator[Advance]:
    """An :data:`Advance` that shows the progress of `work`, counted in `unit`, on standard output.

    Work that takes less than a few seconds prints nothing where there is no terminal.
    """
    with _bar(work, unit) if sys.stdout.isatty() else _lines(work, unit) as advance:
        yield advance


@contextmanager
def _bar(work: str, unit: str) -> Iterator[Advance]:
    columns = (
        TextColumn("  {task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        _Rate(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(file=sys.stdout), transient=True) as progress:
        task = progress.add_task(work, total=None)

        def advance(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield advance


@contextmanager
def _lines(work: str, unit: str) -> Iterator[Advance]:
    started = printed = time.monotonic()

    def advance(done: int, total: int) -> None:
        nonlocal printed
        now = time.monotonic()
        if now - printed >= SECONDS_BETWEEN_LINES and done:
            printed = now
            rate = done / (now - started)
            left = (total - done) / rate
            print(f"  {work}: {done:,} of {total:,} {unit}, {rate:,.0f}/s, {left:,.0f} s left", flush=True)  # noqa: T201

    yield advance
