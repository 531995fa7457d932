"""The forms of the methods that ask in several steps: rephrasing, and TarGEN's contexts, seeds and corrections."""

from typing import Annotated

from pydantic import Field

from synth_assets.teachers.form import ConceptNumbers, EntryError, Form, Level, concepts_by_number, reason_given
from synth_assets.teachers.tasks import (
    ConstrainedQuestion,
    Context,
    CorrectedQuestion,
    CorrectQuestion,
    InstanceSeed,
    RephrasedQuestion,
    RephraseQuestion,
    WriteConstrainedQuestion,
    WriteContexts,
    WriteInstanceSeed,
    WrittenContexts,
)


class RephrasedForm(Form):
    """A question in other words."""

    question: str

    def result(self, task: RephraseQuestion) -> RephrasedQuestion:
        """The question, which must not be the one that was given."""
        if not self.question:
            raise EntryError("question: it is empty")
        if self.question.split() == task.question.split():
            raise EntryError("question: it is the very question that was given; say it in other words")
        return RephrasedQuestion(question=self.question)


class ContextForm(Form):
    """A context, after the numbers of the concepts it calls for."""

    concepts: ConceptNumbers
    context: str


class ContextsForm(Form):
    """Contexts, or the reason why there are none."""

    not_suitable: str | None = None
    contexts: Annotated[list[ContextForm], Field(json_schema_extra={"maxItems": 20})]

    def result(self, task: WriteContexts) -> WrittenContexts:
        """The contexts that have a text, their concepts by name."""
        written = [
            Context(
                text=entry.context,
                key_concepts=concepts_by_number(f"contexts[{place}]", entry.concepts, task.concepts),
            )
            for place, entry in enumerate(self.contexts)
            if entry.context
        ]
        if len(written) > task.at_most:
            raise EntryError(f"contexts: there are {len(written)}, and at most {task.at_most} are asked for")
        if written:
            return WrittenContexts(contexts=written)
        return WrittenContexts(contexts=[], not_suitable=reason_given(self.not_suitable, "contexts"))


class SeedForm(Form):
    """An instance seed."""

    given: str
    asked: str
    answer: str

    def result(self, task: WriteInstanceSeed) -> InstanceSeed:
        """The seed, of which nothing may be missing."""
        for name in ("given", "asked", "answer"):
            if not getattr(self, name):
                raise EntryError(f"{name}: it is empty")
        return InstanceSeed(given=self.given, asked=self.asked, answer=self.answer)


class ConstrainedForm(Form):
    """A question written to its label."""

    question: str
    school_level: Level

    def result(self, task: WriteConstrainedQuestion) -> ConstrainedQuestion:
        """The question."""
        if not self.question:
            raise EntryError("question: it is empty")
        return ConstrainedQuestion(question=self.question, school_level=self.school_level)


class CorrectedForm(Form):
    """A question and its answer set right, after the reason; no question where that cannot be done."""

    reason: str
    question: str | None
    final_answer: str

    def result(self, task: CorrectQuestion) -> CorrectedQuestion:
        """Both; with a question there must be an answer."""
        question = None if (self.question or "").lower() in {"", "null", "none"} else self.question
        if question is not None and not self.final_answer:
            raise EntryError("final_answer: it is empty, although there is a question")
        return CorrectedQuestion(question=question, final_answer=self.final_answer, reason=self.reason)
