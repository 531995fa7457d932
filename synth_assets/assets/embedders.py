"""From the settings to an embedder, where the rooms that know a model each meet; its progress, and what it cost.

What does not live here: Dagster. A command may use it as well.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from synth_assets.corpus.embedding import Embedder
from synth_assets.lake.lake import Lake
from synth_assets.lake.vectors import LakeVectorStore
from synth_assets.progress import counted
from synth_assets.teachers.budget import NO_LIMITS, Limits
from synth_assets.teachers.embeddings.settings import EmbedderSettings


def embedder_of(
    settings: EmbedderSettings,
    lake: Lake,
    stage: str,
    limits: Limits = NO_LIMITS,
    advance: Callable[[int], None] | None = None,
) -> Embedder | None:
    """The embedder the settings name; None for the hashed one, which is fitted to the texts at hand.

    What an endpoint charges is booked on `stage`, within the `limits` of the lake; its vectors are kept in the lake.
    `advance` is called with how many more texts are done. Nothing is contacted before the first text.

    Raises SynthAssetsError for settings that cannot be used.
    """
    if settings.kind == "endpoint":
        from synth_assets.teachers.embeddings.embedder import EndpointEmbedder

        return EndpointEmbedder(settings, LakeVectorStore(lake, stage), limits, advance=advance)
    if settings.kind == "sentence-transformers":
        from synth_assets.corpus.sentence import SentenceEmbedder

        return SentenceEmbedder(
            Path(settings.model), settings.characters, settings.batch_size, settings.dimensions, advance
        )
    return None


@contextmanager
def showing(
    settings: EmbedderSettings, lake: Lake, stage: str, limits: Limits, texts: int
) -> Iterator[Embedder | None]:
    """As :func:`embedder_of`, with its progress among so many `texts` shown meanwhile."""
    if settings.kind == "hashed":
        yield None
        return
    with counted("vectors", "texts", texts) as advance:
        yield embedder_of(settings, lake, stage, limits, advance)


def booked_on(embedder: Embedder | None, partition: str) -> Embedder | None:
    """The embedder, spending on the account of `partition` where it spends anything."""
    if embedder is None:
        return None
    from synth_assets.teachers.embeddings.embedder import EndpointEmbedder

    return embedder.booked_on(partition) if isinstance(embedder, EndpointEmbedder) else embedder


def told_of(embedder: Embedder | None) -> dict[str, Any]:
    """Metadata of a materialisation about its embedder: its name, and of an endpoint what it cost; none if hashed."""
    if embedder is None:
        return {}
    from synth_assets.teachers.embeddings.embedder import EndpointEmbedder

    told: dict[str, Any] = {"embedder": embedder.name}
    if isinstance(embedder, EndpointEmbedder):
        spent = embedder.spent
        told |= {
            "vectors given now": spent.requests - spent.failed,
            "vectors known from before": embedder.found,
            "embedding tokens": spent.prompt_tokens,
            **({} if spent.cost is None else {"embedding cost": round(spent.cost, 6)}),
        }
    return told
