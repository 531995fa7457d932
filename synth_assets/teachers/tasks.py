"""The typed questions a teacher is asked, and the typed answers it gives.

Each task is a frozen pydantic model whose fields are everything an answer may depend on, and names its result type,
from which the JSON schema for structured output comes. How a teacher answers lives elsewhere: `embedded/` with rules.
"""

from typing import Any, ClassVar, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

SchoolLevel = Literal["primary", "middle", "high school", "college", "graduate", "competition", "other"]
Origin = Literal["original", "new"]


class Result(BaseModel):
    """Base of what a teacher answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")


R = TypeVar("R", bound=Result, covariant=True)


class Task(BaseModel, Generic[R]):
    """Base of what a teacher is asked. `kind` names the task in the response store and in prompts."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: ClassVar[str]
    result: ClassVar[type[Result]]


class SourceDocument(BaseModel):
    """A document as a teacher sees it."""

    model_config = ConfigDict(frozen=True)
    document_id: str
    title: str
    text: str


class Concept(BaseModel):
    """A key concept and the topic it belongs to, by canonical names."""

    model_config = ConfigDict(frozen=True)
    topic: str
    name: str


class Rating(Result):
    """Marks from 1 to 10 (paper section 2.1)."""

    relevance: float = Field(ge=1, le=10, description="How much the document is about the domain.")
    clarity: float = Field(ge=1, le=10)
    language_quality: float = Field(ge=1, le=10)


class RateDocument(Task[Rating]):
    """Rate a document's relevance to the domain, clarity and language quality."""

    kind = "rate_document"
    result = Rating
    domain: str
    document: SourceDocument


class SyllabusDocument(Result):
    """A document written to start the filter cold."""

    title: str
    text: str


class WriteSyllabusDocument(Task[SyllabusDocument]):
    """Write an in-domain document on the n-th entry of the domain's syllabus (a lesson, an exam paper, a blog post)."""

    kind = "write_syllabus_document"
    result = SyllabusDocument
    domain: str
    number: int


class TopicConcepts(BaseModel):
    """A topic with its key concepts, as written by the teacher."""

    model_config = ConfigDict(frozen=True)
    topic: str
    key_concepts: list[str]


class ExtractedConcepts(Result):
    """Level, subject, topics and key concepts of a document (paper section 2.2)."""

    level: SchoolLevel
    subject: str
    topics: list[TopicConcepts]


class ExtractConcepts(Task[ExtractedConcepts]):
    """Name a document's level, subject, 1 to 5 topics and 5 to 20 key concepts a topic, uncommon ones included."""

    kind = "extract_concepts"
    result = ExtractedConcepts
    document: SourceDocument


class WrittenQuestion(BaseModel):
    """One question; `key_concepts` must be among those offered (level 1: free)."""

    model_config = ConfigDict(frozen=True)
    question: str
    origin: Origin
    school_level: SchoolLevel
    key_concepts: list[Concept]
    recipe: str | None = None


class WrittenQuestions(Result):
    """Questions, or none with the reason why the material is not suitable."""

    questions: list[WrittenQuestion]
    not_suitable: str | None = None


class Persona(BaseModel):
    """Somebody questions are written for: `who` is all a model is told.

    `place` and `items` are where the person is and what they handle, for a teacher that knows no stories.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    who: str
    place: str
    items: tuple[str, ...]


class QuestionTemplate(BaseModel):
    """A question with slots in braces; `text` is all a model is shown.

    Attributes:
        text: Slots of one letter are numbers, `{person}`, `{other}`, `{things}` and `{place}` words.
        level: School level.
        answer: The answer as a formula of the numbers.
        steps: The worked solution, with formulas of the numbers in braces.
        ranges: Least and greatest value of each number.
        where: Conditions on the numbers, each a comparison of formulas.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    text: str
    level: SchoolLevel
    answer: str
    steps: tuple[str, ...]
    ranges: dict[str, tuple[int, int]]
    where: tuple[str, ...] = ()


class Mistake(BaseModel):
    """A problem that a student answered wrongly, with its right solution; the embedded teacher reads `recipe`."""

    model_config = ConfigDict(frozen=True)
    question: str
    solution: str
    final_answer: str
    recipe: str | None = None


class WriteQuestions(Task[WrittenQuestions]):
    """Write up to `at_most` self-contained questions by `method` from documents and concepts (paper section 2.2).

    level_1: one document, its concepts offered only as a help. level_2: each question combines 2 to 3 of the concepts,
    no combination twice. level_3: two documents; each question combines 2 or 3 concepts of different topics.
    persona: one document; a question for each of `personas`. template: one document, and no concepts; each of
    `templates` filled from it. error_extrapolation: one document; questions like the problem of `mistake`, set in it.
    `round` asks again for other questions from the same material.
    """

    kind = "write_questions"
    result = WrittenQuestions
    method: str
    documents: tuple[SourceDocument, ...]
    concepts: tuple[Concept, ...]
    at_most: int
    round: int = 0
    personas: tuple[Persona, ...] = ()
    templates: tuple[QuestionTemplate, ...] = ()
    mistake: Mistake | None = None


class RephrasedQuestion(Result):
    """A question in other words."""

    question: str
    recipe: str | None = None


class RephraseQuestion(Task[RephrasedQuestion]):
    """Say a question in other words, its answer unchanged (MetaMath, 2309.12284).

    `number` asks for another wording; the embedded teacher reads `recipe`.
    """

    kind = "rephrase_question"
    result = RephrasedQuestion
    question: str
    recipe: str | None = None
    number: int = 0


class Context(BaseModel):
    """A situation to ask about, and the key concepts it calls for."""

    model_config = ConfigDict(frozen=True)
    text: str
    key_concepts: list[Concept]
    recipe: str | None = None


class WrittenContexts(Result):
    """Contexts, or none with the reason why the document is not suitable."""

    contexts: list[Context]
    not_suitable: str | None = None


class WriteContexts(Task[WrittenContexts]):
    """Name up to `at_most` situations in which what a document teaches is needed (TarGEN's first step, 2310.17876)."""

    kind = "write_contexts"
    result = WrittenContexts
    document: SourceDocument
    concepts: tuple[Concept, ...]
    at_most: int
    round: int = 0


class InstanceSeed(Result):
    """What a question is to be made of: what is given, what is asked, and its label, the answer it must have."""

    given: str
    asked: str
    answer: str
    recipe: str | None = None


class WriteInstanceSeed(Task[InstanceSeed]):
    """Decide on a question's givens, on what is asked, and on the answer (TarGEN's second step)."""

    kind = "write_instance_seed"
    result = InstanceSeed
    context: str
    recipe: str | None = None


class ConstrainedQuestion(Result):
    """A question written to a label."""

    question: str
    school_level: SchoolLevel
    recipe: str | None = None


class WriteConstrainedQuestion(Task[ConstrainedQuestion]):
    """Write the question of an instance seed so that `answer` is its answer (TarGEN's third step)."""

    kind = "write_constrained_question"
    result = ConstrainedQuestion
    context: str
    given: str
    asked: str
    answer: str
    recipe: str | None = None


class CorrectedQuestion(Result):
    """A question and its answer set right; no question where it cannot be."""

    question: str | None
    final_answer: str
    reason: str
    recipe: str | None = None


class CorrectQuestion(Task[CorrectedQuestion]):
    """Set a question right that was meant to have one answer and was solved with another (TarGEN's last step)."""

    kind = "correct_question"
    result = CorrectedQuestion
    question: str
    intended: str
    solution: str
    final_answer: str
    recipe: str | None = None


class WrittenAnswer(Result):
    """A worked solution and its final answer alone."""

    solution: str
    final_answer: str


class AnswerQuestion(Task[WrittenAnswer]):
    """Solve a question step by step. `sample` asks for an independent attempt; the embedded teacher reads `recipe`."""

    kind = "answer_question"
    result = WrittenAnswer
    question: str
    recipe: str | None = None
    sample: int = 0


class Judgement(Result):
    """A second opinion on an answer."""

    correct: bool
    reason: str


class JudgeAnswer(Task[Judgement]):
    """Say whether a worked solution and its final answer are right."""

    kind = "judge_answer"
    result = Judgement
    question: str
    solution: str
    final_answer: str


class Comparison(Result):
    """Whether two questions are the same problem."""

    same: bool
    reason: str


class CompareProblems(Task[Comparison]):
    """Say whether a question is the same problem as a benchmark's item, in whatever words: who can solve one has both.

    Another name, setting or order of telling makes no other problem; other quantities, or another thing asked, do.
    """

    kind = "compare_problems"
    result = Comparison
    question: str
    item: str


TASKS: tuple[type[Task[Any]], ...] = (
    RateDocument,
    WriteSyllabusDocument,
    ExtractConcepts,
    WriteQuestions,
    AnswerQuestion,
    JudgeAnswer,
    CompareProblems,
    RephraseQuestion,
    WriteContexts,
    WriteInstanceSeed,
    WriteConstrainedQuestion,
    CorrectQuestion,
)
"""Every kind of task."""
