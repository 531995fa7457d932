"""Level 1: questions from one document (paper section 2.2)."""

from collections.abc import Iterator, Mapping

from synth_assets.generation.methods.method import Material, Request
from synth_assets.teachers.tasks import WriteQuestions


class Level1:
    """One request a document and round; the document's concepts are offered as a help only."""

    name = "level_1"
    at_most = 5
    source_table = "reference_documents"

    def sources(self, material: Material) -> Mapping[str, str]:
        """The documents of the shards at hand."""
        return material.shard_of

    def requests(self, material: Material, rounds: int) -> Iterator[Request]:
        """A request for each document of the material, including those without concepts."""
        for document_id, shard in material.shard_of.items():
            for number in range(rounds):
                yield Request(
                    shard,
                    document_id,
                    WriteQuestions(
                        method=self.name,
                        documents=(material.documents[document_id],),
                        concepts=material.concepts.get(document_id, ()),
                        at_most=self.at_most,
                        round=number,
                    ),
                )
