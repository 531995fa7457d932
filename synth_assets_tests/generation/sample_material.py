"""Documents of the bundled sample with the concepts the embedded teacher finds in them."""

import json
from functools import cache
from importlib.resources import files

from synth_assets.generation.methods.method import Material
from synth_assets.tables import CONCEPT_WALKS
from synth_assets.teachers.embedded.extraction import extract
from synth_assets.teachers.tasks import Concept, SourceDocument

IDS = (
    "algebra-008",
    "algebra-016",
    "analysis-013",
    "arith-008",
    "arith-018",
    "arith-030",
    "geometry-007",
    "geometry-030",
)


@cache
def sample_material() -> Material:
    """A few documents of each file, most of which state an exercise, and one that teaches nothing."""
    documents = {"poem": SourceDocument(document_id="poem", title="Dusk", text="The light goes; a bird calls.")}
    for entry in files("synth_assets").joinpath("sample/corpus").iterdir():
        for line in entry.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["id"] in IDS:
                documents[row["id"]] = SourceDocument(document_id=row["id"], title=row["title"], text=row["text"])
    assert set(documents) == {"poem", *IDS}
    concepts = {}
    for document_id, document in documents.items():
        found = extract(document.title, document.text)
        topics = found.topics if found is not None else []
        concepts[document_id] = tuple(
            Concept(topic=topic.topic, name=name) for topic in topics for name in topic.key_concepts
        )
    return Material(documents, concepts, dict.fromkeys(sorted(documents), "sample"), CONCEPT_WALKS.empty())
