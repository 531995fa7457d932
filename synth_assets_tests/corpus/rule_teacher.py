"""A teacher for the filter's tests: knows mathematics by a handful of words, and counts what it is asked."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from synth_assets.teachers.tasks import RateDocument, Rating, Result, SyllabusDocument, Task, WriteSyllabusDocument
from synth_assets.teachers.teacher import Response, request_hash

R = TypeVar("R", bound=Result)

LESSONS = (
    "To add two fractions, first write them with a common denominator, then add the numerators.",
    "Solve the equation 3x + 5 = 20 by subtracting 5 from both sides and dividing by 3.",
    "The area of a triangle is half its base times its height, and its angles add up to 180 degrees.",
    "The probability of an event is the number of favourable outcomes divided by that of all outcomes.",
)
_WORDS = re.compile(r"fraction|numerator|denominator|equation|triangle|area|probability|angle|divid|number|=", re.I)


class RuleTeacher:
    """Relevance 9 where the text has three of the words, else 1. Documents whose title says so are declined."""

    name = "rules@1"

    def __init__(self) -> None:
        self.rated: Counter[str] = Counter()

    def prompt_version(self, task: type[Task[Any]]) -> str:
        return "1"

    def ask(self, tasks: Sequence[Task[R]]) -> Iterator[Response[R]]:
        for task in tasks:
            result = self._answer(task)
            failure = None if result is not None else "declined"
            yield Response(request_hash(self, task), result, failure)  # type: ignore[arg-type]

    def _answer(self, task: Task[Any]) -> Result | None:
        if isinstance(task, WriteSyllabusDocument) and task.domain == "mathematics":
            lesson = LESSONS[task.number % len(LESSONS)]
            return SyllabusDocument(title=f"Lesson {task.number}", text=f"{lesson} Exercise {task.number}. {lesson}")
        if isinstance(task, RateDocument) and task.domain == "mathematics" and "declined" not in task.document.title:
            self.rated[task.document.document_id] += 1
            relevance = 9 if len(_WORDS.findall(task.document.text)) >= 3 else 1
            return Rating(relevance=relevance, clarity=8, language_quality=8)
        return None
