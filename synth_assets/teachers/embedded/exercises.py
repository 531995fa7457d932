"""Exercises a document states with their solution, as level 1's `original` questions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LABEL = r"(?:Problem|Exercise|Example)(?:\s+\d+)?[.:]\s+"
_EXERCISE = re.compile(
    rf"^{_LABEL}(?P<question>.+?)\n\s*\n?Solution[.:]\s+(?P<solution>.+?)(?=\n\s*\n|\Z)", re.M | re.S
)
_FINAL = re.compile(r"[Tt]he answer is (?P<final>[^\n]+?)\.?\s*$")


@dataclass(frozen=True)
class StatedExercise:
    """A question, the document's own solution, and its final answer."""

    question: str
    solution: str
    final_answer: str


def stated_exercises(text: str) -> Iterator[StatedExercise]:
    """Exercises in the order of the text whose solution ends by naming the answer ("The answer is 12.")."""
    for match in _EXERCISE.finditer(text):
        question = " ".join(match["question"].split())
        solution = " ".join(match["solution"].split())
        final = _FINAL.search(solution)
        if final is not None:
            yield StatedExercise(question, solution[: final.start()].strip(), final["final"])
