"""What the methods on single documents share: one request a document and round."""

from collections.abc import Iterator, Mapping

from synth_assets.generation.methods.method import Material, Request
from synth_assets.teachers.tasks import WriteQuestions


class OnDocuments:
    """Goes through the reference documents, offering each one's own concepts.

    A document with fewer than `least_concepts` key concepts is not asked about, and so quarantined.
    """

    name: str
    at_most: int
    source_table = "reference_documents"
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
            for number in range(rounds):
                task = WriteQuestions(
                    method=self.name,
                    documents=(material.documents[document_id],),
                    concepts=concepts,
                    at_most=self.at_most,
                    round=number,
                )
                yield Request(shard, document_id, task)
