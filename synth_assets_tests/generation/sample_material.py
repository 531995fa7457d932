"""Documents of the bundled sample with the concepts the embedded teacher finds in them."""

import json
from dataclasses import replace
from functools import cache
from importlib.resources import files

from synth_assets.generation.answers import answer_questions
from synth_assets.generation.methods import METHODS, method_named
from synth_assets.generation.methods.error_extrapolation import ErrorExtrapolation
from synth_assets.generation.methods.method import Material
from synth_assets.generation.questions import write_questions
from synth_assets.tables import CONCEPT_WALKS
from synth_assets.teachers.asking import Asker
from synth_assets.teachers.embedded.extraction import extract
from synth_assets.teachers.embedded.teacher import EmbeddedTeacher
from synth_assets.teachers.store import MemoryStore
from synth_assets.teachers.tasks import Concept, Mistake, SourceDocument

ROUND_NAMES = [name for name, method in METHODS.items() if isinstance(method, ErrorExtrapolation)]

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
    """A few documents of each file, most of which state an exercise, and one that teaches nothing; and mistakes."""
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
    shards = dict.fromkeys(sorted(documents), "sample")
    material = Material(documents, concepts, shards, CONCEPT_WALKS.empty())
    return replace(material, mistakes=dict.fromkeys(ROUND_NAMES, _mistakes(material)))


def _mistakes(material: Material) -> tuple[Mistake, ...]:
    """Some problems that level 1 writes, as if a student had failed on them."""
    asker = Asker(EmbeddedTeacher(), MemoryStore())
    questions = write_questions(method_named("level_1"), material, asker).rows.gather_every(3)
    answers = answer_questions(questions, asker).result.rows.select("qa_id", "answer", "final_answer")
    rows = questions.join(answers, left_on="question_id", right_on="qa_id", maintain_order="left")
    told = rows.select("question", "answer", "final_answer", "recipe").iter_rows()
    return tuple(
        Mistake(question=question, solution=solution, final_answer=final_answer, recipe=recipe)
        for question, solution, final_answer, recipe in told
    )
