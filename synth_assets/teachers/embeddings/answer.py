"""The answer of an embeddings endpoint: vectors, as base64 or as lists of numbers, and the tokens it says it read."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, JsonValue, ValidationError

from synth_assets.teachers.embeddings.task import Vector, decoded
from synth_assets.teachers.openai.completion import MalformedError


class UnusableVectorsError(Exception):
    """A well-formed answer whose vectors are not those of the texts asked about. `str()` says why."""


@dataclass(frozen=True)
class Embeddings:
    """Vectors in the order of the texts, shape (texts, dimensions), and the tokens read; None where none are told."""

    vectors: NDArray[np.float32]
    prompt_tokens: int | None


class _Datum(BaseModel):
    embedding: str | list[float]
    index: int | None = None


class _Usage(BaseModel):
    prompt_tokens: JsonValue = None
    total_tokens: JsonValue = None


class _Body(BaseModel):
    data: list[_Datum] | None = None
    usage: _Usage | None = None
    error: JsonValue = None


def read_embeddings(body: bytes, texts: int) -> Embeddings:
    """Read the body of a response about so many texts.

    Raises:
        MalformedError: It is no answer: cut off, or an error in the place of one.
        UnusableVectorsError: There are too many or too few vectors, of different lengths, or not of numbers.
    """
    try:
        parsed = _Body.model_validate_json(body)
    except ValidationError as error:
        raise _fault_of(error) from None
    if not parsed.data:
        said = f": {json.dumps(parsed.error, ensure_ascii=False)}" if parsed.error is not None else ""
        raise MalformedError(f"the response has no vectors{said}")
    return Embeddings(_stacked(_in_order(parsed.data, texts)), _told(parsed.usage))


def _fault_of(error: ValidationError) -> Exception:
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return MalformedError(f"the response is no JSON: {first['msg']}")
    place = ".".join(str(step) for step in first["loc"])
    return UnusableVectorsError(f"{place + ': ' if place else ''}{first['msg']}")


def _in_order(data: Sequence[_Datum], texts: int) -> list[Vector]:
    if len(data) != texts:
        raise UnusableVectorsError(f"{len(data)} vectors for {texts} texts")
    places = [place if datum.index is None else datum.index for place, datum in enumerate(data)]
    if sorted(places) != list(range(texts)):
        raise UnusableVectorsError("the indexes of the vectors are not those of the texts")
    vectors: list[Vector] = [_vector(datum.embedding) for datum in data]
    return [vectors[number] for number in np.argsort(places)]


def _vector(embedding: str | list[float]) -> Vector:
    if isinstance(embedding, str):
        try:
            return decoded(embedding)
        except ValueError as error:
            raise UnusableVectorsError(f"a vector is no base64 of 32-bit floats ({error})") from None
    with np.errstate(over="ignore"):
        return np.array(embedding, dtype=np.float64).astype(np.float32)


def _stacked(vectors: Sequence[Vector]) -> NDArray[np.float32]:
    lengths = sorted({len(vector) for vector in vectors})
    if len(lengths) > 1 or not lengths[0]:
        raise UnusableVectorsError(f"vectors of {' and '.join(map(str, lengths))} numbers in one answer")
    stacked = np.stack(vectors)
    if not np.isfinite(stacked).all():
        raise UnusableVectorsError("a vector holds numbers that are not finite")
    return stacked


def _told(usage: _Usage | None) -> int | None:
    for told in (usage.prompt_tokens, usage.total_tokens) if usage is not None else ():
        if isinstance(told, int) and not isinstance(told, bool):
            return told
    return None
