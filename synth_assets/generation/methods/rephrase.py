"""Rephrasing: MetaMath's augmentation (2309.12284) of seed questions taken from the documents."""

from collections.abc import Mapping, Sequence
from typing import Any

from synth_assets.generation.methods.method import Equal, Found, Request, Steps, Written, failed, written_in
from synth_assets.generation.methods.on_documents import OnDocuments
from synth_assets.teachers.tasks import (
    Concept,
    RephraseQuestion,
    SourceDocument,
    Task,
    WriteQuestions,
    WrittenQuestion,
)


class Rephrase(OnDocuments):
    """Other wordings of a document's seeds, `at_most` a round.

    The seeds are what level 1 finds in its first round, asked for in the same words, so that on a lake where level 1
    was asked they cost nothing. They are the questions that stand in the document; where none does, those that level 1
    made from it.
    """

    name = "rephrase"
    at_most = 5
    further: Mapping[type[Task[Any]], float] = {RephraseQuestion: at_most}

    def task(self, document: SourceDocument, concepts: tuple[Concept, ...], number: int) -> Task[Any]:
        """The seeds, the same ones in every round."""
        return WriteQuestions(method="level_1", documents=(document,), concepts=concepts, at_most=self.at_most)

    def write(self, request: Request, equal: Equal) -> Steps:
        """The seeds, then a wording of each in turn until there are `at_most`, and others in each round."""
        (response,) = yield (request.task,)
        seeds = _seeds(response.result.questions if response.result is not None else ())
        if not seeds:
            return written_in(response)
        turns = range(request.number * self.at_most, (request.number + 1) * self.at_most)
        chosen = [(seeds[turn % len(seeds)], turn // len(seeds)) for turn in turns]
        told = yield [
            RephraseQuestion(question=seed.question, recipe=seed.recipe, number=number) for seed, number in chosen
        ]
        found = tuple(
            Found(
                seed.model_copy(
                    update={"question": again.result.question, "origin": "new", "recipe": again.result.recipe}
                ),
                RephraseQuestion,
                again.request_hash,
            )
            for (seed, _), again in zip(chosen, told, strict=True)
            if again.result is not None
        )
        return Written(found) if found else failed(told[0])


def _seeds(questions: Sequence[WrittenQuestion]) -> Sequence[WrittenQuestion]:
    """The questions that stand in the document, or else all."""
    return [question for question in questions if question.origin == "original"] or questions
