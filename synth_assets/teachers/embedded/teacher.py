"""The embedded teacher: no network, no model, repeatable. It knows school and first-year mathematics and nothing else.

It is honest about what it is: questions come from parameterised skills, answers from exact arithmetic, and a question
it did not write itself (or find solved in its document) it declines to answer.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from synth_assets.teachers.embedded.extraction import extract
from synth_assets.teachers.embedded.rating import rate
from synth_assets.teachers.embedded.syllabus import write_document
from synth_assets.teachers.embedded.writing import solve_recipe, write_questions
from synth_assets.teachers.tasks import (
    AnswerQuestion,
    ExtractConcepts,
    RateDocument,
    Result,
    Task,
    WriteQuestions,
    WriteSyllabusDocument,
)
from synth_assets.teachers.teacher import Response, request_hash

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

    def ask(self, tasks: Sequence[Task[R]]) -> Iterator[Response[R]]:
        """One response a task, in order."""
        for task in tasks:
            result, failure = _answer(task)
            yield Response(
                request_hash(self, task),
                result,  # type: ignore[arg-type]  # _answer gives the task's own result type
                failure if result is None else None,
                prompt_tokens=_words(task.model_dump_json()),
                completion_tokens=_words(result.model_dump_json()) if result is not None else 0,
            )


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
    return None, f"the embedded teacher has no rule for {task.kind}"


def _words(text: str) -> int:
    return len(text.split())
