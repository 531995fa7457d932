"""Faults that pass by themselves, and how a step that meets one is tried again: never for a wrong row or a bug.

Dagster's own `RetryPolicy` repeats a step whatever was raised, an interruption included. Here the error decides.
What does not live here: what a part does about a fault before a step fails (`lake/commits.py`, `teachers/openai`).
"""

import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from typing import ParamSpec, TypeVar, cast

import dagster as dg
import duckdb
from filelock import Timeout

from synth_assets.errors import PassingFaultError, SynthAssetsError
from synth_assets.lake.faults import NO_CATALOGUE, NO_STORE

P = ParamSpec("P")
T = TypeVar("T")

PAUSES = (5.0, 15.0, 45.0)
"""Seconds before each further attempt at a step: a database that is restarted is back within a minute."""

LOST = (*NO_CATALOGUE, *NO_STORE, "connection refused", "connection timed out", "database is locked")
"""What DuckDB says where PostgreSQL, an object store or SQLite is away or too slow: it has one exception for all."""

BUSY = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses of an object store that ask to come again later."""

POSTGRES = frozenset({"08", "57", "53"})
"""Classes of PostgreSQL's SQLSTATE that pass: connection, operator intervention (a restart), resources. See
https://www.postgresql.org/docs/current/errcodes-appendix.html."""

POSTGRES_LOCKED = frozenset({"40001", "40P01", "55P03"})
"""Single states that do: serialisation failure, deadlock, a lock that was waited for too long."""

WRONG_ADDRESS = ("password authentication failed", "no pg_hba.conf entry", "does not exist", "could not translate host")
"""A connection that is refused for these reasons is refused for good."""


def is_transient(error: BaseException) -> bool:
    """Whether an error, or one behind it, says that a part was away, refused for the moment, or took too long.

    A sentence for the user counts by what caused it: that a catalogue cannot be reached is told in words, and passes.
    """
    seen: BaseException | None = error
    while seen is not None:
        if _passes(seen):
            return True
        seen = seen.__cause__
    return False


def _passes(error: BaseException) -> bool:
    match error:
        case PassingFaultError() | Timeout() | ConnectionError() | TimeoutError():
            return True
        case SynthAssetsError():
            return False
        case duckdb.HTTPException():
            return getattr(error, "status_code", 0) in BUSY or _says_lost(error)
        case duckdb.Error():
            return _says_lost(error)
    return _of_psycopg2(error) or _of_botocore(error)


def _says_lost(error: BaseException) -> bool:
    words = str(error).lower()
    return any(sign in words for sign in LOST) and not any(sign in words for sign in WRONG_ADDRESS)


def _of_psycopg2(error: BaseException) -> bool:
    """psycopg2 is an extra. What it raises where no connection comes about has no SQLSTATE."""
    if not any(kind.__module__.startswith("psycopg2") for kind in type(error).__mro__):
        return False
    state = getattr(error, "pgcode", None)
    if state is not None:
        return state[:2] in POSTGRES or state in POSTGRES_LOCKED
    return type(error).__name__ == "OperationalError" and not any(sign in str(error) for sign in WRONG_ADDRESS)


def _of_botocore(error: BaseException) -> bool:
    """botocore, which lists and reads sources in S3, is an extra too."""
    kinds = {kind.__name__ for kind in type(error).__mro__ if kind.__module__.startswith("botocore")}
    if "ClientError" in kinds:
        status = getattr(error, "response", {}).get("ResponseMetadata", {}).get("HTTPStatusCode")
        return status in BUSY
    return bool(kinds & {"ConnectionError", "HTTPClientError"})


def retried(function: Callable[P, T]) -> Callable[P, T]:
    """What a step runs (an asset's function, a check, a method of an IO manager), so that transient faults repeat it.

    The step is then up for a retry, after a pause during which it holds no place in a pool. After the last pause, and
    for any other error, what was raised stays as it is. Outside a step nothing is repeated.
    """
    if inspect.isgeneratorfunction(function):

        @wraps(function)
        def generating(*arguments: P.args, **named: P.kwargs) -> Iterator[object]:
            try:
                yield from cast("Iterator[object]", function(*arguments, **named))
            except Exception as error:
                _ask_again(error, arguments)
                raise

        return cast("Callable[P, T]", generating)

    @wraps(function)
    def calling(*arguments: P.args, **named: P.kwargs) -> T:
        try:
            return function(*arguments, **named)
        except Exception as error:
            _ask_again(error, arguments)
            raise

    return calling


def _ask_again(error: Exception, arguments: tuple[object, ...]) -> None:
    """Raise Dagster's request for another attempt where the error is transient and attempts are left."""
    if not is_transient(error):
        return
    attempts = _attempts_before(arguments)
    if attempts is not None and attempts < len(PAUSES):
        raise dg.RetryRequested(max_retries=len(PAUSES), seconds_to_wait=PAUSES[attempts]) from error


def _attempts_before(arguments: tuple[object, ...]) -> int | None:
    """Attempts at the present step before this one; None outside a step."""
    for argument in arguments:
        if isinstance(argument, dg.InputContext | dg.OutputContext):
            return argument.step_context.previous_attempt_count
    try:
        return dg.OpExecutionContext.get().retry_number
    except dg.DagsterInvariantViolationError:
        return None
