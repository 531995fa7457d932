"""What follows the first requests of a method in several steps: planned where their answers are known, else assumed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from synth_assets.automation.estimating.asking import Planner
from synth_assets.automation.estimating.corpus import Drawn
from synth_assets.automation.estimating.history import answer_tokens, question_tokens
from synth_assets.automation.estimating.parts import NOTHING, Amount, Ground, merged, tallied
from synth_assets.generation.methods.method import Method
from synth_assets.teachers.tasks import (
    AnswerQuestion,
    CorrectQuestion,
    RephraseQuestion,
    Task,
    WriteConstrainedQuestion,
    WriteInstanceSeed,
)

CONTEXT_TOKENS = 60
SEED_TOKENS = 60
"""Assumed lengths of a context, and of what an instance seed gives and asks."""


@dataclass(frozen=True)
class Following:
    """The requests of later steps, by kind of task and shard.

    stopped: how many requests of each shard could not be followed to their end, because an answer is not there yet.
    assumed: the shards in which steps are taken to come, rather than known from the answers before them.
    """

    amounts: Mapping[str, Mapping[str, Amount]]
    stopped: Mapping[str, float]
    assumed: Collection[str]


def following(ground: Ground, method: Method, planner: Planner, drawn: Drawn, first: Mapping[str, Amount]) -> Following:
    """The later steps of the requests whose `first` ones are these, by shard."""
    stopped = {shard: amount.unanswered for shard, amount in first.items()}
    amounts, assumed = {}, set[str]()
    if method.further and any(stopped.values()):
        each = ", ".join(f"{many:g} {kind.kind}" for kind, many in method.further.items())
        ground.notes.add(f"After the first request of {method.name} follow, for each that is not answered yet: {each}.")
    for kind, many in method.further.items():
        planned = tallied(planner, kind.kind, drawn, method.name)
        blank, tokens = _shown(kind, method.name)
        to_come = {shard: ground.unknown(blank, times * many, tokens) for shard, times in stopped.items() if times}
        assumed.update(to_come)
        amounts[kind.kind] = merged(planned, to_come)
        for shard, amount in planned.items():
            stopped[shard] = stopped.get(shard, 0.0) + amount.unanswered / max(1.0, many)
    return Following(amounts, stopped, assumed)


def answered_already(method: Method, questions: Mapping[str, float]) -> dict[str, Amount]:
    """Answers to questions to come that the method itself asks for, before it leaves them."""
    solves = AnswerQuestion in method.further
    return {shard: Amount(known=many) if solves else NOTHING for shard, many in questions.items()}


def _shown(kind: type[Task[Any]], method: str) -> tuple[Task[Any], int]:
    """A blank request of a later step, and the tokens of what it will show."""
    question, answer = question_tokens(method), answer_tokens(method)
    blanks: dict[type[Task[Any]], tuple[Task[Any], int]] = {
        AnswerQuestion: (AnswerQuestion(question=""), question),
        RephraseQuestion: (RephraseQuestion(question=""), question),
        WriteInstanceSeed: (WriteInstanceSeed(context=""), CONTEXT_TOKENS),
        WriteConstrainedQuestion: (
            WriteConstrainedQuestion(context="", given="", asked="", answer=""),
            CONTEXT_TOKENS + SEED_TOKENS,
        ),
        CorrectQuestion: (
            CorrectQuestion(question="", intended="", solution="", final_answer=""),
            question + answer,
        ),
    }
    return blanks[kind]
