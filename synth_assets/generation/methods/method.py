"""What a method is: it turns documents, concepts and walks into requests for questions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from synth_assets.teachers.tasks import Concept, SourceDocument, WriteQuestions


@dataclass(frozen=True)
class Material:
    """What there is to write from, for the shards at hand.

    documents: the reference documents by id (for walks, also those of other shards they refer to). concepts: each
    document's own key concepts. shard_of: the shard of each document the methods on documents go through, in order.
    walks: rows of concept_walks of the shards at hand.
    """

    documents: Mapping[str, SourceDocument]
    concepts: Mapping[str, tuple[Concept, ...]]
    shard_of: Mapping[str, str]
    walks: pl.DataFrame


@dataclass(frozen=True)
class Request:
    """One request of a method: the task, and what it is written from. `source` is the document's or the walk's id."""

    shard: str
    source: str
    task: WriteQuestions
    walk_id: str | None = None


class Method(Protocol):
    """A way to make questions. `at_most` is the paper's most questions a request.

    `source_table` is the table whose rows it goes through: each of them leaves a question or is quarantined.
    """

    name: str
    at_most: int
    source_table: str

    def sources(self, material: Material) -> Mapping[str, str]:
        """What the method goes through: the id of each document (or walk) and its shard."""

    def requests(self, material: Material, rounds: int) -> Iterator[Request]:
        """The requests for `material`, asking `rounds` times for other questions from the same source."""
