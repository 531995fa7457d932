"""The store of vectors in the lake: the vector of a text once paid for is found again by the hash of its request.

What does not live here: what a request is, and who asks (`teachers/embeddings/`).
"""

from collections.abc import Mapping, Sequence

import polars as pl

from synth_assets.lake.lake import Lake
from synth_assets.lake.responses import add_paid, found_rows
from synth_assets.lake.usage import total_usage
from synth_assets.tables import TEXT_VECTORS
from synth_assets.teachers.embeddings.task import EmbedText, decoded, encoded
from synth_assets.teachers.store import Spending, StoredResponse, Usage


class LakeVectorStore:
    """A :class:`teachers.store.ResponseStore` of the answers to `EmbedText`, whose costs it books on one stage.

    Vectors stand in `text_vectors` as lists of numbers, so that SQL can compare them. They are found whichever stage
    asked; nothing is ever overwritten, and the latest of several under one hash is the one found.
    """

    def __init__(self, lake: Lake, stage: str) -> None:
        self._lake = lake
        self._stage = stage

    def find(self, request_hashes: Sequence[str]) -> Mapping[str, StoredResponse]:
        """The stored vectors among the given hashes, as the teacher wrote them."""
        if not request_hashes:
            return {}
        found = found_rows(self._lake, TEXT_VECTORS, list(TEXT_VECTORS.columns), request_hashes)
        vectors = [encoded(vector.to_numpy()) for vector in found["vector"]]
        rows = zip(found["request_hash"], found["model"], vectors, found["tokens"], strict=True)
        return {
            request_hash: StoredResponse("", request_hash, EmbedText.kind, model, "", vector, tokens, 0)
            for request_hash, model, vector, tokens in rows
        }

    def add(self, responses: Sequence[StoredResponse], spending: Sequence[Spending]) -> None:
        """Keep vectors and what was spent, in one commit, durably, before returning."""
        rows = pl.DataFrame(
            {
                "request_hash": [response.request_hash for response in responses],
                "model": [response.teacher for response in responses],
                "vector": [decoded(response.response) for response in responses],
                "tokens": [response.prompt_tokens for response in responses],
            },
            schema=TEXT_VECTORS.schema,
        )
        add_paid(self._lake, self._stage, rows, TEXT_VECTORS, spending)

    def spent(self) -> Usage:
        """Everything ever spent on this lake, by all stages and runs."""
        self._lake.create()
        return total_usage(self._lake)
