"""Personas: questions written for people drawn from a list of our own (the idea of Persona Hub, 2406.20094)."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from synth_assets.generation.methods.on_documents import OnDocuments
from synth_assets.seeds import generator_of
from synth_assets.teachers.tasks import Concept, Persona, SourceDocument, Task, WriteQuestions


@cache
def personas() -> tuple[Persona, ...]:
    """The people of `personas.toml`, in its order."""
    listed = files("synth_assets.generation.methods").joinpath("personas.toml").read_text(encoding="utf-8")
    return tuple(Persona.model_validate(entry) for entry in tomllib.loads(listed)["personas"])


class PersonaQuestions(OnDocuments):
    """A question for each of five people a round, drawn for the document; nobody twice until all have had a turn."""

    name = "persona"
    at_most = 5

    def task(self, document: SourceDocument, concepts: tuple[Concept, ...], number: int) -> Task[Any]:
        """Questions for the next people in the document's own order of them."""
        people = list(personas())
        generator_of("personas", document.document_id).shuffle(people)
        start = number * self.at_most
        drawn = tuple(people[(start + place) % len(people)] for place in range(self.at_most))
        return WriteQuestions(
            method=self.name,
            documents=(document,),
            concepts=concepts,
            at_most=self.at_most,
            round=number,
            personas=drawn,
        )
