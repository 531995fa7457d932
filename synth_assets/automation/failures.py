"""What a failed run says: the problem a user can solve, or one sentence and a log file with the traceback."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO, cast

import dagster as dg

from synth_assets.errors import SynthAssetsError
from synth_assets.lake.faults import told_of
from synth_assets.lake.settings import LakeSettings

FAILURE_LOG = "last-failure.log"
"""File of the lake's folder with the traceback of the last run that failed without a reason a user can act on."""


UNRECORDED = "Exception while writing logger call to event log"
"""How Dagster begins what it prints, with the SQL, of an event it could not record."""


class _Held:
    """A stream that keeps what Dagster says of events it could not record, and passes on all else.

    It equals the stream it stands for, since absl's logging handler, which comes with JAX, closes its stream unless
    that is `sys.stderr`: Dagster ends all handlers when it sets up a run's logging. A handler made within the run
    keeps this one for good: by then it passes on everything, and closing it closes nothing.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._notes: list[str] | None = []

    def write(self, text: str) -> int:
        """Keep or pass on."""
        if self._notes is None or not text.startswith(UNRECORDED):
            return self._stream.write(text)
        self._notes.append(text)
        return len(text)

    def close(self) -> None:
        """Nothing: the stream is not ours."""

    def end(self) -> str:
        """What was kept; nothing is from now on."""
        notes, self._notes = self._notes or [], None
        return "".join(notes)

    def __eq__(self, other: object) -> bool:
        return other is self or other is self._stream

    def __hash__(self) -> int:
        return hash(self._stream)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def unrecorded_events_held() -> Iterator[None]:
    """Within it, what Dagster prints of events it could not record waits for the end.

    A run that fails of it says so in its own sentence, and nothing else. One that ends well prints what was held.
    """
    held = _Held(sys.stderr)
    try:
        with redirect_stderr(cast(TextIO, held)):
            yield
        sys.stderr.write(held.end())
    finally:
        held.end()


def explained(error: BaseException, folder: Path, instance: dg.DagsterInstance, since: datetime) -> SynthAssetsError:
    """The one sentence to tell about `error`, which ended a run begun after `since`.

    That of the SynthAssetsError behind it where there is one. Otherwise the stage and the error's own words, with
    the path of a log file in `folder` that holds the traceback.
    """
    solvable = _solvable(error, folder)
    if solvable is not None:
        return solvable
    stage = _failed_stage(instance, since)
    words = next((line for line in str(error).splitlines() if line.strip()), "no further words").strip()
    return SynthAssetsError(
        f"{f'The stage {stage}' if stage else 'The run'} failed ({type(error).__name__}: {words}); "
        f"what was finished before is kept, {_logged(error, folder)}."
    )


def _solvable(error: BaseException, folder: Path) -> SynthAssetsError | None:
    """The problem a user can solve that Dagster wrapped, if it is one.

    A full disk is met by whoever writes first: the lake, a report, or Dagster's own records.
    """
    lake = LakeSettings(folder=folder)
    cause: BaseException | None = error
    seen: set[int] = set()  # what an error was raised beside may lead back to it
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        if isinstance(cause, SynthAssetsError):
            return cause
        told = told_of(cause, lake)
        if told is not None:
            return told
        cause = cause.__cause__ or getattr(cause, "user_exception", None) or cause.__context__
    return None


def _failed_stage(instance: dg.DagsterInstance, since: datetime) -> str | None:
    """The asset whose step failed, from the event log: the error itself does not say."""
    records = instance.get_run_records(dg.RunsFilter(created_after=since), limit=1)
    if not records:
        return None
    failures = instance.all_logs(records[0].dagster_run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    return failures[0].step_key if failures else None


def _logged(error: BaseException, folder: Path) -> str:
    path = folder / FAILURE_LOG
    try:
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError as problem:
        return f"and the traceback could not be written to {path} ({problem.strerror})"
    return f"and the traceback is in {path}"
