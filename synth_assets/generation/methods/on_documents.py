"""What the methods on single documents share: one request a document and round."""

from collections.abc import Iterator, Mapping
from typing import Any

from synth_assets.generation.methods.method import Material, Method, Request
from synth_assets.teachers.tasks import Concept, SourceDocument, Task, WriteQuestions


class OnDocuments(Method):
    """Goes through the reference documents, offering each one's own concepts.

    A document with fewer than `least_concepts` key concepts is not asked about, and so quarantined.
    """

    least_concepts = 0

    def sources(self, material: Material) -> Mapping[str, str]:
        """The documents of the shards at hand."""
        return material.shard_of

    def requests(self, material: Material, rounds: int) -> Iterator[Request]:
        """A request for each document with enough concepts, in the order of the material."""
        for document_id, shard in material.shard_of.items():
            concepts = material.concepts.get(document_id, ())
            if len(concepts) < self.least_concepts:
                continue
            document = material.documents[document_id]
            for number in range(rounds):
                task = self.task(document, concepts, number)
                yield Request(shard, document_id, task, (document_id,), number)

    def task(self, document: SourceDocument, concepts: tuple[Concept, ...], number: int) -> Task[Any]:
        """What is asked first about a document, in round `number`."""
        return WriteQuestions(
            method=self.name, documents=(document,), concepts=concepts, at_most=self.at_most, round=number
        )
