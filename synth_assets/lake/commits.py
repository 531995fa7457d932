"""How writers wait for each other: one commit at a time, and a bounded number of fresh attempts after a conflict.

Without the lock, four to eight writers on distinct partitions fail about half of their commits: every DuckLake commit
takes the next snapshot number, whoever comes second loses. The lock is a file beside a SQLite catalogue and an
advisory lock in a PostgreSQL catalogue, so it also holds between machines. It is freed when its holder dies.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import duckdb
from filelock import FileLock, Timeout
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from synth_assets.errors import SynthAssetsError
from synth_assets.lake.connections import postgres_parameters
from synth_assets.lake.faults import READING_FAILED, catalogue_not_reached, told_of
from synth_assets.lake.settings import LakeSettings
from synth_assets.seeds import seed_of

T = TypeVar("T")

ATTEMPTS = 8
"""Attempts at one commit. With the lock, a conflict needs a writer that does not take it, so few are ever used."""

CONFLICT_SIGNS = ("conflict", "database is locked", "could not serialize", "deadlock detected", "duplicate key")
"""What DuckLake and its two catalogues say when another commit came first."""

ADVISORY_KEY = seed_of("synth_assets lake commits")
"""Key of the advisory lock. A database holds one lake, so one key serves."""

POLL_SECONDS = 0.01
"""Pause between looks at the file lock; a small commit takes 0.03 to 0.1 s."""


@contextmanager
def commit_lock(settings: LakeSettings) -> Iterator[None]:
    """Hold the lake's commit lock. Raises SynthAssetsError if others hold it for longer than `lock_timeout`."""
    if settings.catalog is None:
        lock = FileLock(settings.folder / "commits.lock", timeout=settings.lock_timeout, poll_interval=POLL_SECONDS)
        try:
            lock.acquire()
        except Timeout as error:
            raise _waited_too_long(settings) from error
        try:
            yield
        finally:
            lock.release()
    else:
        with _advisory_lock(settings):
            yield


def retry_conflicts(settings: LakeSettings, commit: Callable[[], T]) -> T:
    """The result of `commit`, tried again with growing random pauses while it meets conflicts.

    Raises SynthAssetsError after the last attempt, and for a fault of what the lake stands on; any other error at once.
    """
    attempts = Retrying(
        retry=retry_if_exception(is_conflict),
        wait=wait_random_exponential(multiplier=0.05, max=2),
        stop=stop_after_attempt(ATTEMPTS),
        reraise=True,
    )
    try:
        return attempts(commit)
    except READING_FAILED as error:
        if not is_conflict(error):
            told = told_of(error, settings)
            if told is None:
                raise
            raise told from error
        raise SynthAssetsError(
            f"The lake {settings.title} was changed by others at each of {ATTEMPTS} attempts to write: stop writers "
            f"that do not go through synth-assets, then run this again ({str(error).splitlines()[0]})."
        ) from error


def is_conflict(error: BaseException) -> bool:
    """Whether `error` says that another commit came first, so that the same commit may succeed when repeated."""
    return isinstance(error, duckdb.Error) and any(sign in str(error).lower() for sign in CONFLICT_SIGNS)


@contextmanager
def _advisory_lock(settings: LakeSettings) -> Iterator[None]:
    parameters = postgres_parameters(settings)
    import psycopg2

    try:
        connection = psycopg2.connect(**parameters)
    except psycopg2.OperationalError as error:
        raise catalogue_not_reached(error) from error
    connection.autocommit = True
    try:
        try:
            with connection.cursor() as cursor:
                timeout = f"{int(settings.lock_timeout * 1000)}ms"
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", [timeout])
                cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_KEY])
        except psycopg2.errors.LockNotAvailable as error:
            raise _waited_too_long(settings) from error
        except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
            raise catalogue_not_reached(error) from error  # it stopped while this waited
        yield
    finally:
        connection.close()


def _waited_too_long(settings: LakeSettings) -> SynthAssetsError:
    return SynthAssetsError(
        f"Another process has been writing to the lake {settings.title} for {settings.lock_timeout:.0f} s: "
        "wait for it to end, or raise lock_timeout."
    )
