"""A chat completion as an endpoint returns it: its text, why it ended, and the tokens the endpoint says it took."""

import json
from dataclasses import dataclass

from pydantic import BaseModel, Field, JsonValue, ValidationError


class MalformedError(Exception):
    """A body that is no chat completion. `str()` says why, and may quote the endpoint."""


@dataclass(frozen=True)
class Completion:
    """An answer as it came.

    Attributes:
        text: The answer's content, untouched; empty where the endpoint gave none.
        cut_off: Whether it ended because it reached the most tokens allowed.
        declined: Why the endpoint or model would not answer; None where it did.
        prompt_tokens: As the endpoint says; None where it says nothing.
        completion_tokens: The same.
    """

    text: str
    cut_off: bool = False
    declined: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Body(BaseModel):
    choices: list[_Choice] | None = Field(default_factory=list)
    usage: JsonValue = None
    error: JsonValue = None


def read_completion(body: bytes) -> Completion:
    """Read the body of a response. Raises MalformedError."""
    parsed = _parsed(body)
    if not parsed.choices:
        said = f": {json.dumps(parsed.error, ensure_ascii=False)}" if parsed.error is not None else ""
        raise MalformedError(f"the response has no choices{said}")
    choice = parsed.choices[0]
    if choice.finish_reason in ("abort", "error"):
        raise MalformedError(f"the endpoint broke off the answer ({choice.finish_reason})")
    declined = choice.message.refusal
    if choice.finish_reason == "content_filter":
        declined = declined or "the endpoint's content filter stopped the answer"
    usage = parsed.usage if isinstance(parsed.usage, dict) else {}
    return Completion(
        text=choice.message.content or "",
        cut_off=choice.finish_reason == "length",
        declined=declined,
        prompt_tokens=_count(usage.get("prompt_tokens")),
        completion_tokens=_count(usage.get("completion_tokens")),
    )


def _parsed(body: bytes) -> _Body:
    try:
        return _Body.model_validate_json(body)
    except ValidationError as error:
        if b"\\u" not in body:
            raise MalformedError(_reason(error)) from None
    # Half a surrogate pair, escaped, is legal JSON and no text: no table could hold it.
    try:
        mended = json.dumps(json.loads(body), ensure_ascii=False).encode("utf-8", "replace")
        return _Body.model_validate_json(mended)
    except ValidationError as error:
        raise MalformedError(_reason(error)) from None
    except ValueError as error:
        raise MalformedError(f"the response is not JSON: {error}") from None


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(step) for step in first["loc"])
    return f"the response is no chat completion: {place + ': ' if place else ''}{first['msg']}"


def _count(value: JsonValue) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
