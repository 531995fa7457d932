"""Level 2: questions that combine concepts of one document (paper section 2.2)."""

from collections.abc import Iterator, Mapping

from synth_assets.generation.methods.method import Material, Request
from synth_assets.teachers.tasks import WriteQuestions


class Level2:
    """One request a document with at least two key concepts, and round; each question combines two or three."""

    name = "level_2"
    at_most = 5
    source_table = "reference_documents"

    def sources(self, material: Material) -> Mapping[str, str]:
        """The documents of the shards at hand."""
        return material.shard_of

    def requests(self, material: Material, rounds: int) -> Iterator[Request]:
        """A request for each document that has concepts to combine."""
        for document_id, shard in material.shard_of.items():
            concepts = material.concepts.get(document_id, ())
            if len(concepts) < 2:
                continue
            for number in range(rounds):
                yield Request(
                    shard,
                    document_id,
                    WriteQuestions(
                        method=self.name,
                        documents=(material.documents[document_id],),
                        concepts=concepts,
                        at_most=self.at_most,
                        round=number,
                    ),
                )
