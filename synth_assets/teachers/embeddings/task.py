"""The task of embedding a text, and the vector that is its result.

It is no member of `teachers.tasks.TASKS`: no prompt words it, and no model that writes answers is asked it.
"""

from base64 import b64decode, b64encode

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, SkipValidation

from synth_assets.teachers.tasks import Result, Task

Vector = NDArray[np.float32]

_WIRE = np.dtype("<f4")


class TextVector(Result):
    """A vector as the model gave it, shape (dimensions,)."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
    values: SkipValidation[Vector]


class EmbedText(Task[TextVector]):
    """Give the vector of a text."""

    kind = "embed_text"
    result = TextVector
    text: str


def encoded(vector: Vector) -> str:
    """A vector as text, in the form in which endpoints send it: base64 of its little-endian 32-bit floats."""
    return b64encode(vector.astype(_WIRE, copy=False).tobytes()).decode("ascii")


def unit(vectors: Vector) -> Vector:
    """Vectors of shape (texts, dimensions) at length 1; one of nothing but zeros stays as it is."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.float32(1e-12)), dtype=np.float32)


def decoded(text: str) -> Vector:
    """The vector of :func:`encoded`. Raises ValueError for a text that is none."""
    values = np.frombuffer(b64decode(text, validate=True), dtype=_WIRE)
    if not len(values):
        raise ValueError("a vector has at least one number")
    return values.astype(np.float32, copy=False)
