"""What goes wrong below the lake, in one sentence: a full disk, a catalogue or a store that does not answer.

What does not live here: data files that cannot be read any more (`damage.py`).
"""

import errno
import shutil

import duckdb
import polars as pl

from synth_assets.errors import PassingFaultError, SynthAssetsError
from synth_assets.lake.settings import LakeSettings

READING_FAILED = (duckdb.Error, pl.exceptions.ComputeError)
"""What a query raises that fails: DuckDB at once, Polars for what fails while it takes the rows over."""

FULL = ("no space left on device", "database or disk is full", "disk quota exceeded")
"""What DuckDB and SQLite say when the disk is full."""

FAILED_BY_DISK = "disk i/o error"
"""What SQLite says of a disk that is broken, and of one so full that its shared memory cannot grow."""

LITTLE = 1 << 20
"""Free bytes below which it is the latter."""

NO_CATALOGUE = (
    "server closed the connection",
    "connection to server at",
    "terminating connection",
    "the database system is",
    "no connection to the server",
    "ssl connection has been closed",
    "connection has been closed unexpectedly",
    "could not send data to server",
    "could not receive data from server",
    'failed to execute query "rollback"',
    "current transaction is aborted",
)
"""What libpq says when PostgreSQL stops, restarts, or is not there."""

REFUSED = ("password authentication failed", "no pg_hba.conf entry", "does not exist", "could not translate host name")
"""What libpq says beside it where waiting does not help: the address or the password is wrong."""

NO_STORE = (
    "could not establish connection",
    "could not connect to server",
    "transferred a partial file",
    "failed to read connection",
    "connection reset",
    "http 5",
    "slowdown",
    "service unavailable",
    "internal server error",
    "timeout was reached",
    "timed out",
    "could not resolve hostname",
)
"""What DuckDB's httpfs says when an object store refuses, is too slow or breaks off, after its own attempts."""


def told_of(error: BaseException, settings: LakeSettings) -> SynthAssetsError | None:
    """The sentence about a fault of what the lake stands on; None where `error` is no such fault."""
    words = " ".join(str(error).split())
    lower = words.lower()
    if (
        _says(lower, FULL)
        or (isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT))
        or (FAILED_BY_DISK in lower and shutil.disk_usage(settings.folder).free < LITTLE)
    ):
        return SynthAssetsError(
            f"The disk under the lake {settings.title} is full ({_first(error)}): make room and run this again; "
            "nothing of what was being written is in the tables."
        )
    if settings.catalog is not None and _says(lower, NO_CATALOGUE):
        return catalogue_not_reached(error)
    if settings.on_object_store and (_says(lower, NO_STORE) or _answered_with(error, 500)):
        return PassingFaultError(
            f"The object store of the lake's data, {settings.data_path}, does not answer as it should "
            f"({_first(error)}): check that it runs and can be reached, then run this again."
        )
    return None


def catalogue_not_reached(error: BaseException) -> SynthAssetsError:
    """The sentence about what PostgreSQL said when it was not reached, or went away. It may come back."""
    kind = SynthAssetsError if _says(str(error).lower(), REFUSED) else PassingFaultError
    return kind(
        f"The lake's catalogue in PostgreSQL cannot be reached ({_first(error)}): "
        "check its address and that it runs, then run this again."
    )


def _says(words: str, signs: tuple[str, ...]) -> bool:
    return any(sign in words for sign in signs)


def _answered_with(error: BaseException, least: int) -> bool:
    """Whether an HTTP answer of at least this status is behind `error`."""
    return isinstance(error, duckdb.HTTPException) and int(getattr(error, "status_code", 0) or 0) >= least


def _first(error: BaseException) -> str:
    """The first line of an error that says anything."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
