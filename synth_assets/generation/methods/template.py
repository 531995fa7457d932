"""Templates: fixed questions with slots, filled from a document, without any concept (2310.07830)."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from synth_assets.generation.methods.on_documents import OnDocuments
from synth_assets.seeds import generator_of
from synth_assets.teachers.tasks import Concept, QuestionTemplate, SourceDocument, Task, WriteQuestions


@cache
def templates() -> tuple[QuestionTemplate, ...]:
    """The templates of `templates.toml`, in its order."""
    listed = files("synth_assets.generation.methods").joinpath("templates.toml").read_text(encoding="utf-8")
    return tuple(QuestionTemplate.model_validate(entry) for entry in tomllib.loads(listed)["templates"])


class TemplateQuestions(OnDocuments):
    """Five templates a round; after all of them they come again, for other quantities."""

    name = "template"
    at_most = 5

    def task(self, document: SourceDocument, concepts: tuple[Concept, ...], number: int) -> Task[Any]:
        """The next templates in the document's own order of them."""
        order = list(templates())
        generator_of("templates", document.document_id).shuffle(order)
        start = number * self.at_most
        drawn = tuple(order[(start + place) % len(order)] for place in range(self.at_most))
        return WriteQuestions(
            method=self.name,
            documents=(document,),
            concepts=(),
            at_most=self.at_most,
            round=number,
            templates=drawn,
        )
