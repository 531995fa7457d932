"""The forms a model fills in, one a task: small JSON objects, and what becomes of them as the task's result.

They are not the result types: concepts are referred to by their number in the list offered, marks are whole numbers,
and the schemas keep to what OpenAI's strict mode and the grammars of model servers know. What a schema cannot demand
is checked in `result`. The forms of the methods in several steps: `step_forms.py`. How a form is found in a text is the
business of `reading.py`.
"""

import re
from collections.abc import Mapping
from copy import deepcopy
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, JsonValue

from synth_assets.final_answers import read_final_answer
from synth_assets.teachers.form import (
    ConceptNumbers,
    EntryError,
    Form,
    Level,
    Mark,
    Name,
    concepts_by_number,
    folded,
    reason_given,
)
from synth_assets.teachers.step_forms import ConstrainedForm, ContextsForm, CorrectedForm, RephrasedForm, SeedForm
from synth_assets.teachers.tasks import (
    AnswerQuestion,
    CompareProblems,
    Comparison,
    CorrectQuestion,
    ExtractConcepts,
    ExtractedConcepts,
    JudgeAnswer,
    Judgement,
    Origin,
    RateDocument,
    Rating,
    RephraseQuestion,
    SyllabusDocument,
    Task,
    TopicConcepts,
    WriteConstrainedQuestion,
    WriteContexts,
    WriteInstanceSeed,
    WriteQuestions,
    WriteSyllabusDocument,
    WrittenAnswer,
    WrittenQuestion,
    WrittenQuestions,
)

MOST_TOPICS = 5
MOST_CONCEPTS = 20
"""Topics a document and key concepts a topic (paper section 2.2)."""

COMBINED: Mapping[str, tuple[int, int]] = {"level_2": (2, 3), "level_3": (2, 3)}
"""Concepts a question is to combine, by method (paper section 2.2); other methods are free."""

_MARKED = re.compile(r"\\(?:boxed|fbox)\s*\{|\banswer\b[*_]*\s*(?:is\b|:)|^\s*####", re.IGNORECASE | re.MULTILINE)


class RatingForm(Form):
    """Marks of a document."""

    relevance: Mark
    clarity: Mark
    language_quality: Mark

    def result(self, task: RateDocument) -> Rating:
        """The marks."""
        return Rating(relevance=self.relevance, clarity=self.clarity, language_quality=self.language_quality)


class SyllabusForm(Form):
    """A document."""

    title: Name
    text: str

    def result(self, task: WriteSyllabusDocument) -> SyllabusDocument:
        """The document."""
        if not self.text:
            raise EntryError("text: it is empty")
        return SyllabusDocument(title=self.title, text=self.text)


class TopicForm(Form):
    """A topic and its key concepts."""

    topic: Name
    key_concepts: Annotated[list[Name], Field(min_length=1, max_length=MOST_CONCEPTS)]


class ConceptsForm(Form):
    """Level, subject and topics."""

    level: Level
    subject: Name
    topics: Annotated[list[TopicForm], Field(min_length=1, max_length=MOST_TOPICS)]

    def result(self, task: ExtractConcepts) -> ExtractedConcepts:
        """The same, empty names left out."""
        topics = [
            TopicConcepts(topic=entry.topic, key_concepts=[name for name in entry.key_concepts if name])
            for entry in self.topics
            if entry.topic and any(entry.key_concepts)
        ]
        if not topics:
            raise EntryError("topics: none of them has a name and a key concept")
        return ExtractedConcepts(level=self.level, subject=self.subject, topics=topics)


class QuestionForm(Form):
    """A question, after the numbers of the concepts it combines."""

    concepts: ConceptNumbers
    question: str
    origin: Annotated[Origin, BeforeValidator(folded)]
    school_level: Level


class QuestionsForm(Form):
    """Questions, or the reason why there are none."""

    not_suitable: str | None = None
    questions: Annotated[list[QuestionForm], Field(json_schema_extra={"maxItems": 20})]

    def result(self, task: WriteQuestions) -> WrittenQuestions:
        """The questions that have a text, their concepts by name."""
        written = [_question(place, entry, task) for place, entry in enumerate(self.questions) if entry.question]
        if len(written) > task.at_most:
            raise EntryError(f"questions: there are {len(written)}, and at most {task.at_most} are asked for")
        if written:
            return WrittenQuestions(questions=written)
        return WrittenQuestions(questions=[], not_suitable=reason_given(self.not_suitable, "questions"))


def _question(place: int, entry: QuestionForm, task: WriteQuestions) -> WrittenQuestion:
    concepts = concepts_by_number(f"questions[{place}]", entry.concepts, task.concepts)
    if not concepts and task.concepts and task.method in COMBINED:
        raise EntryError(f"questions[{place}].concepts: the numbers of the concepts it combines are missing")
    return WrittenQuestion(
        question=entry.question,
        origin=entry.origin,
        school_level=entry.school_level,
        key_concepts=concepts,
    )


class AnswerForm(Form):
    """A worked solution and its final answer."""

    solution: str
    final_answer: str

    def result(self, task: AnswerQuestion) -> WrittenAnswer:
        """Both; a final answer left empty is taken from the solution."""
        if not self.solution:
            raise EntryError("solution: it is empty")
        final = stated_answer(self.final_answer) or self.final_answer or stated_answer(self.solution)
        if not final:
            raise EntryError("final_answer: it is empty, and the solution states none")
        return WrittenAnswer(solution=self.solution, final_answer=final)


class JudgementForm(Form):
    """A verdict, after its reason."""

    reason: str
    correct: bool

    def result(self, task: JudgeAnswer) -> Judgement:
        """The verdict."""
        return Judgement(correct=self.correct, reason=self.reason)


class ComparisonForm(Form):
    """Whether two questions are the same problem, after the reason."""

    reason: str
    same: bool

    def result(self, task: CompareProblems) -> Comparison:
        """The verdict."""
        return Comparison(same=self.same, reason=self.reason)


FORMS: Mapping[str, type[Form]] = {
    RateDocument.kind: RatingForm,
    WriteSyllabusDocument.kind: SyllabusForm,
    ExtractConcepts.kind: ConceptsForm,
    WriteQuestions.kind: QuestionsForm,
    AnswerQuestion.kind: AnswerForm,
    JudgeAnswer.kind: JudgementForm,
    CompareProblems.kind: ComparisonForm,
    RephraseQuestion.kind: RephrasedForm,
    WriteContexts.kind: ContextsForm,
    WriteInstanceSeed.kind: SeedForm,
    WriteConstrainedQuestion.kind: ConstrainedForm,
    CorrectQuestion.kind: CorrectedForm,
}
"""The form of each kind of task."""


def stated_answer(text: str) -> str:
    r"""The final answer that `text` marks as such, by `\boxed{}` or "the answer is"; empty where it marks none."""
    answer = read_final_answer(text) if _MARKED.search(text) else ""
    return "" if "\\boxed" in answer else answer  # a box that is never closed: the text is cut off


def form_schema(task: type[Task[Any]] | Task[Any]) -> dict[str, JsonValue]:
    """The JSON schema of a task's form: no references, every field required, no other allowed. Not to be changed.

    For a task itself, rather than its type, the numbers of questions and concepts are bounded by what it asks and
    offers.
    """
    if isinstance(task, WriteQuestions):
        return _bounded(task.method, task.at_most, len(task.concepts))
    return _SCHEMAS[task.kind]


@lru_cache(maxsize=1_000)
def _bounded(method: str, at_most: int, offered: int) -> dict[str, JsonValue]:
    """The form of questions for what a task asks and offers; most tasks of a run have one in common with others."""
    schema: Any = deepcopy(_SCHEMAS[WriteQuestions.kind])
    least, most = COMBINED.get(method, (0, 5))
    questions = schema["properties"]["questions"]
    questions["maxItems"] = at_most
    concepts = questions["items"]["properties"]["concepts"]
    concepts |= {"minItems": min(least, offered), "maxItems": min(most, offered)}
    if offered:
        concepts["items"]["maximum"] = offered
    bounded: dict[str, JsonValue] = schema
    return bounded


def _plain(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """A pydantic schema with references replaced, titles, defaults and docstrings left out, and all fields required."""
    if isinstance(schema, list):
        return [_plain(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _plain(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    plain = {
        key: {name: _plain(part, definitions) for name, part in value.items()}
        if key == "properties"
        else _plain(value, definitions)
        for key, value in schema.items()
        if key not in {"$defs", "title", "default", "description"}
    }
    if plain.get("type") == "object":
        plain |= {"required": list(plain["properties"]), "additionalProperties": False}
    return plain


def _schema(form: type[Form]) -> dict[str, JsonValue]:
    schema = form.model_json_schema()
    plain: dict[str, JsonValue] = _plain(schema, schema.get("$defs", {}))
    return plain


_SCHEMAS: Mapping[str, dict[str, JsonValue]] = {kind: _schema(form) for kind, form in FORMS.items()}
