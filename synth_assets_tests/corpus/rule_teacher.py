"""A teacher for the filter's tests: knows mathematics by a handful of words, and counts what it is asked."""

import re
from collections import Counter
from typing import Any

from synth_assets.teachers.asking import Asker
from synth_assets.teachers.store import MemoryStore, ResponseStore
from synth_assets.teachers.tasks import RateDocument, Rating, Result, SyllabusDocument, Task, WriteSyllabusDocument
from synth_assets.teachers.teacher import Failure
from synth_assets_tests import rule_teacher

LESSONS = (
    "To add two fractions, first write them with a common denominator, then add the numerators.",
    "Solve the equation 3x + 5 = 20 by subtracting 5 from both sides and dividing by 3.",
    "The area of a triangle is half its base times its height, and its angles add up to 180 degrees.",
    "The probability of an event is the number of favourable outcomes divided by that of all outcomes.",
)
_WORDS = re.compile(r"fraction|numerator|denominator|equation|triangle|area|probability|angle|divid|number|=", re.I)


class RuleTeacher(rule_teacher.RuleTeacher):
    """Relevance 9 where the text has three of the words, else 1. Documents whose title says so are declined.

    A title with `at first` is declined once and then rated. Of the syllabus it cannot write the `unwritten` numbers.
    """

    def __init__(self, unwritten: frozenset[int] = frozenset()) -> None:
        super().__init__(lambda task: self._answer(task) or Failure("invalid_answer", "declined"))
        self.rated: Counter[str] = Counter()
        self.unwritten = unwritten
        self._declined_once: set[str] = set()

    def _answer(self, task: Task[Any]) -> Result | None:
        if isinstance(task, WriteSyllabusDocument) and task.domain == "mathematics":
            if task.number in self.unwritten:
                return None
            lesson = LESSONS[task.number % len(LESSONS)]
            return SyllabusDocument(title=f"Lesson {task.number}", text=f"{lesson} Exercise {task.number}. {lesson}")
        if isinstance(task, RateDocument) and task.domain == "mathematics" and not self._declines(task):
            self.rated[task.document.document_id] += 1
            relevance = 9 if len(_WORDS.findall(task.document.text)) >= 3 else 1
            return Rating(relevance=relevance, clarity=8, language_quality=8)
        return None

    def _declines(self, task: RateDocument) -> bool:
        title, document_id = task.document.title, task.document.document_id
        again = document_id in self._declined_once
        self._declined_once.add(document_id)
        return "declined" in title and not (again and "at first" in title)


def asking(teacher: RuleTeacher | None = None, store: ResponseStore | None = None) -> Asker:
    """An asker of the teacher, with nothing stored unless a store is given."""
    return Asker(teacher or RuleTeacher(), store or MemoryStore())
