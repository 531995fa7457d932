"""Level 3: questions across documents, from walks over the concept graph (paper section 2.2)."""

from collections.abc import Iterator, Mapping

from synth_assets.generation.methods.method import Material, Method, Request
from synth_assets.teachers.tasks import Concept, WriteQuestions


class Level3(Method):
    """One request a walk and round: its concepts and its two reference documents."""

    name = "level_3"
    at_most = 3
    source_table = "concept_walks"

    def sources(self, material: Material) -> Mapping[str, str]:
        """The walks of the shards at hand."""
        return dict(zip(material.walks["walk_id"], material.walks["shard"], strict=True))

    def requests(self, material: Material, rounds: int) -> Iterator[Request]:
        """A request for each walk of the material."""
        for walk in material.walks.iter_rows(named=True):
            references = [walk["reference_1"], *([walk["reference_2"]] if walk["reference_2"] else [])]
            concepts = tuple(
                Concept(topic=topic, name=name)
                for topic, name in zip(walk["key_concept_topics"], walk["key_concepts"], strict=True)
            )
            for number in range(rounds):
                task = WriteQuestions(
                    method=self.name,
                    documents=tuple(material.documents[document_id] for document_id in references),
                    concepts=tuple(dict.fromkeys(concepts)),
                    at_most=self.at_most,
                    round=number,
                )
                yield Request(walk["shard"], walk["walk_id"], task, tuple(references), number, walk["walk_id"])
