"""What went wrong with one attempt, and whose fault it is.

Not here: what is done about it (`exchange.py`, `conversation.py`), and what a person is told (`stops.py`).
"""

import time
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Literal

import aiohttp
from openai import APIConnectionError, APIError, APIStatusError

from synth_assets.teachers.openai.completion import MalformedError
from synth_assets.teachers.openai.endpoints import Sign
from synth_assets.teachers.openai.redaction import Redaction

QUOTED = 500
"""Characters quoted of what an endpoint says."""

REFUSED_KEY = (401, 402, 403)
NOT_FOUND = 404


class AttemptFailedError(Exception):
    """No answer came, and it was not the request's fault: another attempt may succeed.

    Attributes:
        congested: Whether the endpoint could not keep up: fewer requests should be on their way.
        sign: What it tells about the endpoint.
        retry_after: Seconds the endpoint asks to wait; None where it does not say.
    """

    def __init__(self, said: str, congested: bool, sign: Sign, retry_after: float | None = None) -> None:
        super().__init__(said)
        self.congested = congested
        self.sign = sign
        self.retry_after = retry_after


class RequestRefusedError(Exception):
    """The endpoint will not answer this request, however often it is asked (400, 413, 422)."""


class EndpointRefusedError(Exception):
    """The endpoint will answer no request: the key is refused, or the model is not there."""

    def __init__(self, reason: Literal["key", "model"], status: int, said: str) -> None:
        super().__init__(said)
        self.reason = reason
        self.status = status


def fault_of(error: Exception, redact: Redaction) -> Exception:
    """The fault an attempt's exception stands for; the exception itself where it is none of the network's."""
    match error:
        case APIStatusError():
            return _of_status(error, redact)
        case MalformedError():
            return AttemptFailedError(_quoted(str(error), redact), congested=False, sign="failed")
        case APIConnectionError() | aiohttp.ClientError() | OSError():
            return _of_connection(error, redact)
        case APIError():
            return AttemptFailedError(_quoted(error.message, redact), congested=False, sign="failed")
        case _:
            return error


def _of_status(error: APIStatusError, redact: Redaction) -> Exception:
    status, said = error.status_code, _quoted(_message(error), redact)
    if status in REFUSED_KEY:
        return EndpointRefusedError("key", status, said)
    if status == NOT_FOUND:
        return EndpointRefusedError("model", status, said)
    told = f"status {status}: {said}"
    retry_after = seconds_to_wait(error.response.headers, time.time())
    if status == 429:
        return AttemptFailedError(told, congested=True, sign="alive", retry_after=retry_after)
    if status == 408 or status >= 500:
        return AttemptFailedError(told, congested=True, sign="failed", retry_after=retry_after)
    if status in (409, 425):
        return AttemptFailedError(told, congested=False, sign="alive", retry_after=retry_after)
    return RequestRefusedError(told)


def _of_connection(error: Exception, redact: Redaction) -> AttemptFailedError:
    """The client's own exception only says "timeout" or "connection"; what happened is among its causes."""
    causes = list(_causes(error))
    for cause in causes:
        said = _quoted(str(cause) or type(cause).__name__, redact)
        if isinstance(cause, aiohttp.ConnectionTimeoutError | aiohttp.ClientConnectorError):
            return AttemptFailedError(f"no connection: {said}", congested=False, sign="unreachable")
        if isinstance(cause, TimeoutError):
            return AttemptFailedError("no answer in time", congested=True, sign="failed")
    said = _quoted(str(causes[-1]) or type(causes[-1]).__name__, redact)
    return AttemptFailedError(f"the connection broke: {said}", congested=False, sign="failed")


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _message(error: APIStatusError) -> str:
    """What the endpoint says in the body: OpenAI's form, FastAPI's, or the body as it is."""
    body = error.body
    if isinstance(body, Mapping):
        said = body.get("message", body.get("detail"))
        return said if isinstance(said, str) else str(dict(body))
    return error.response.text or error.response.reason_phrase


def _quoted(said: str, redact: Redaction) -> str:
    clean = " ".join(redact(said).split())
    return clean if len(clean) <= QUOTED else clean[:QUOTED] + " ..."


def seconds_to_wait(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds an endpoint asks to wait, from `retry-after-ms` or `Retry-After` (seconds or an HTTP date).

    `now` is the time of the clock, in seconds since 1970. None where it does not ask, or not intelligibly.
    """
    milliseconds, after = headers.get("retry-after-ms"), headers.get("retry-after")
    try:
        if milliseconds is not None:
            seconds = float(milliseconds) / 1000
        elif after is None:
            return None
        elif after.strip().replace(".", "", 1).isdigit():
            seconds = float(after)
        else:
            seconds = parsedate_to_datetime(after).timestamp() - now
    except ValueError:
        return None
    return max(0.0, seconds) if isfinite(seconds) else None
