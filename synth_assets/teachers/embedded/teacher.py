"""The embedded teacher: no network, no model, repeatable. It knows school and first-year mathematics and nothing else.

It is honest about what it is: questions come from parameterised skills, answers from exact arithmetic, and a question
it did not write itself (or find solved in its document) it declines to answer.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from pydantic import ValidationError

from synth_assets.teachers.embedded.comparing import compare
from synth_assets.teachers.embedded.extraction import extract
from synth_assets.teachers.embedded.instances import (
    constrained_question,
    contexts,
    corrected_question,
    instance_seed,
)
from synth_assets.teachers.embedded.rating import rate
from synth_assets.teachers.embedded.recipes import solve_recipe
from synth_assets.teachers.embedded.rephrasing import rephrase
from synth_assets.teachers.embedded.syllabus import write_document
from synth_assets.teachers.embedded.writing import write_questions
from synth_assets.teachers.immediate import hash_of, immediate
from synth_assets.teachers.tasks import (
    AnswerQuestion,
    CompareProblems,
    CorrectQuestion,
    ExtractConcepts,
    RateDocument,
    RephraseQuestion,
    Result,
    Task,
    WriteConstrainedQuestion,
    WriteContexts,
    WriteInstanceSeed,
    WriteQuestions,
    WriteSyllabusDocument,
)
from synth_assets.teachers.teacher import Conversation, Failure, Prepared, Response

R = TypeVar("R", bound=Result)
DOMAIN = "mathematics"


@cache
def revision() -> str:
    """Hash of the rules, lexicon and skills: another revision may answer otherwise."""
    digest = blake2b(digest_size=6)
    for name, content in sorted(_sources(files("synth_assets.teachers.embedded"), "")):
        digest.update(name.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()


def _sources(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _sources(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith((".py", ".toml")):
            yield prefix + entry.name, entry.read_bytes()


class EmbeddedTeacher:
    """A :class:`~synth_assets.teachers.teacher.Teacher` of rules. Tokens are white-space separated words."""

    @property
    def name(self) -> str:
        """`embedded@<revision>`."""
        return f"embedded@{revision()}"

    def prompt_version(self, task: type[Task[Any]]) -> str:
        """The revision: rules take the place of prompts."""
        return revision()

    def version(self, task: type[Task[Any]]) -> str:
        """The revision."""
        return revision()

    def prepare(self, task: Task[R]) -> Prepared[R]:
        """The task with its hash; it may cost nothing."""
        return Prepared(task, hash_of(self.name, task.kind, task.model_dump_json()))

    def read(self, task: Task[R], text: str) -> R | None:
        """The result written as JSON."""
        try:
            return type(task).result.model_validate_json(text)  # type: ignore[return-value]  # the task's own type
        except ValidationError:
            return None

    def conversation(self) -> AbstractContextManager[Conversation]:
        """Answers come at once."""
        return immediate(self._respond)

    @staticmethod
    def _respond(request: Prepared[Any]) -> Response[Any]:
        result, failure = _answer(request.task)
        asked = _words(request.task.model_dump_json())
        if result is None:
            failed = Failure("teacher_failed", failure or "no answer")
            return Response(request.request_hash, None, failure=failed, prompt_tokens=asked)
        text = result.model_dump_json()
        return Response(request.request_hash, result, text, prompt_tokens=asked, completion_tokens=_words(text))


def _answer(task: Task[Any]) -> tuple[Result | None, str | None]:
    match task:
        case RateDocument() | WriteSyllabusDocument() if task.domain != DOMAIN:
            return None, f"the embedded teacher knows {DOMAIN} only, not {task.domain!r}"
        case RateDocument():
            return rate(task.document.title, task.document.text), None
        case WriteSyllabusDocument():
            return write_document(task.number), None
        case ExtractConcepts():
            return extract(task.document.title, task.document.text), "no key concept of the lexicon is mentioned"
        case WriteQuestions():
            return write_questions(task), None
        case AnswerQuestion(recipe=str(recipe)):
            return solve_recipe(recipe, task.question), "the recipe does not give this question"
        case AnswerQuestion():
            return None, "the embedded teacher answers only questions it wrote itself"
        case CompareProblems():
            return compare(task.question, task.item), None
        case RephraseQuestion():
            return rephrase(task), "the embedded teacher rephrases only questions it wrote or found solved"
        case WriteContexts():
            return contexts(task), None
        case WriteInstanceSeed():
            return instance_seed(task), "the embedded teacher knows only contexts of its own"
        case WriteConstrainedQuestion():
            return constrained_question(task), "the embedded teacher knows only seeds of its own"
        case CorrectQuestion():
            return corrected_question(task), "the embedded teacher corrects only questions it wrote itself"
    return None, f"the embedded teacher has no rule for {task.kind}"


def _words(text: str) -> int:
    return len(text.split())
