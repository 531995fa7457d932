"""A teacher that answers by a rule of the test, and may contradict itself."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from synth_assets.teachers.tasks import Result, Task
from synth_assets.teachers.teacher import Response, request_hash

Rule = Callable[[Any], Result | str]
"""A task's result, or the reason why there is none."""


class RuleTeacher:
    """Answers each task by one rule; remembers what it was asked."""

    name = "rule@1"

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.asked: list[Task[Any]] = []

    def prompt_version(self, task: type[Task[Any]]) -> str:
        return "v1"

    def ask(self, tasks: Sequence[Task[Any]]) -> Iterator[Response[Any]]:
        for task in tasks:
            self.asked.append(task)
            told = self.rule(task)
            failure, result = (told, None) if isinstance(told, str) else (None, told)
            yield Response(request_hash(self, task), result, failure, prompt_tokens=10, completion_tokens=3)
