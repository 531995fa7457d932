"""Embedders of scripted endpoints, and texts to ask them about."""

from typing import Any

from synth_assets.teachers.budget import NO_LIMITS, Limits
from synth_assets.teachers.embeddings.embedder import EndpointEmbedder
from synth_assets.teachers.embeddings.settings import EmbedderSettings
from synth_assets.teachers.store import MemoryStore, ResponseStore

MODEL = "scripted"


def settings(*urls: str, **changed: Any) -> EmbedderSettings:
    given = {"kind": "endpoint", "model": MODEL, "base_urls": urls, "attempt_timeout": 5.0, **changed}
    return EmbedderSettings.model_validate(given)


def embedder(
    *urls: str, store: ResponseStore | None = None, limits: Limits = NO_LIMITS, **changed: Any
) -> EndpointEmbedder:
    return EndpointEmbedder(settings(*urls, **changed), store or MemoryStore(), limits)


def texts(count: int, first: int = 0) -> list[str]:
    return [
        f"Triangle number {number} has an angle of {number % 180} degrees" for number in range(first, first + count)
    ]
