"""TarGEN (2310.17876): contexts, instance seeds, questions written to a label, and self-correction."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from synth_assets.generation.methods.method import Dropped, Equal, Found, Request, Steps, Written, failed
from synth_assets.generation.methods.on_documents import OnDocuments
from synth_assets.teachers.tasks import (
    AnswerQuestion,
    Concept,
    Context,
    CorrectedQuestion,
    CorrectQuestion,
    SourceDocument,
    Task,
    WriteConstrainedQuestion,
    WriteContexts,
    WriteInstanceSeed,
    WrittenAnswer,
    WrittenQuestion,
)
from synth_assets.teachers.teacher import Response

UNCORRECTED = "uncorrected"
"""Why a question is dropped: solving it again does not give its label, and no correction was found that holds."""


@dataclass(frozen=True)
class _Labelled:
    """A question and the answer it must have."""

    found: Found
    label: str

    @property
    def solving(self) -> AnswerQuestion:
        """The task that solves it, as the answers are asked for later: a question that holds is answered already."""
        return AnswerQuestion(question=self.found.question.question, recipe=self.found.question.recipe)


class TarGen(OnDocuments):
    """Up to `at_most` contexts a round, a seed and a question for each; a question stays if it is solved to its label.

    Where it is not, the teacher is asked to set it right: another label, or a mended question that is solved again.
    """

    name = "targen"
    at_most = 5
    first = WriteContexts
    further: Mapping[type[Task[Any]], float] = {
        WriteInstanceSeed: at_most,
        WriteConstrainedQuestion: at_most,
        AnswerQuestion: at_most,
        CorrectQuestion: 0.1 * at_most,
    }

    def task(self, document: SourceDocument, concepts: tuple[Concept, ...], number: int) -> Task[Any]:
        """The contexts."""
        return WriteContexts(document=document, concepts=concepts, at_most=self.at_most, round=number)

    def write(self, request: Request, equal: Equal) -> Steps:
        """Contexts, seeds, questions, and what self-correction leaves of them."""
        (response,) = yield (request.task,)
        if response.result is None:
            return failed(response)
        if not response.result.contexts:
            return Written(detail=response.result.not_suitable or "")
        labelled, failures = yield from _labelled(response.result.contexts)
        if not labelled:
            return failed(failures[0])
        solved = yield [one.solving for one in labelled]
        found, doubtful, dropped = [], [], []
        for one, answer in zip(labelled, solved, strict=True):
            if answer.result is None:
                dropped.append(_dropped(one, failed(answer).detail))
            elif equal(one.label, answer.result.final_answer):
                found.append(one.found)
            else:
                doubtful.append((one, answer.result))
        if doubtful:
            mended, lost = yield from _corrected(doubtful, equal)
            found += mended
            dropped += lost
        return Written(tuple(found), tuple(dropped), detail="no question was solved to its label")


def _labelled(
    contexts: Sequence[Context],
) -> Generator[Sequence[Task[Any]], Sequence[Response[Any]], tuple[list[_Labelled], list[Response[Any]]]]:
    """The questions of contexts, each with its label, and the responses without a result."""
    seeds = yield [WriteInstanceSeed(context=context.text, recipe=context.recipe) for context in contexts]
    seeded = [(context, seed.result) for context, seed in zip(contexts, seeds, strict=True) if seed.result is not None]
    written = yield [
        WriteConstrainedQuestion(
            context=context.text, given=seed.given, asked=seed.asked, answer=seed.answer, recipe=seed.recipe
        )
        for context, seed in seeded
    ]
    labelled = [
        _Labelled(
            Found(
                WrittenQuestion(
                    question=response.result.question,
                    origin="new",
                    school_level=response.result.school_level,
                    key_concepts=context.key_concepts,
                    recipe=response.result.recipe,
                ),
                WriteConstrainedQuestion,
                response.request_hash,
            ),
            seed.answer,
        )
        for (context, seed), response in zip(seeded, written, strict=True)
        if response.result is not None
    ]
    return labelled, [response for response in (*seeds, *written) if response.result is None]


def _corrected(
    doubtful: Sequence[tuple[_Labelled, WrittenAnswer]], equal: Equal
) -> Generator[Sequence[Task[Any]], Sequence[Response[Any]], tuple[list[Found], list[Dropped]]]:
    """The questions that hold after a correction, and those that do not.

    A question kept word for word holds if the correction upholds the solution: its label was wrong. One that was mended
    must be solved again, to the answer the correction gives it.
    """
    told = yield [
        CorrectQuestion(
            question=one.found.question.question,
            intended=one.label,
            solution=answer.solution,
            final_answer=answer.final_answer,
            recipe=one.found.question.recipe,
        )
        for one, answer in doubtful
    ]
    mended: list[tuple[_Labelled, _Labelled]] = []
    dropped: list[Dropped] = []
    for (one, _), correction in zip(doubtful, told, strict=True):
        if correction.result is None:
            dropped.append(_dropped(one, failed(correction).detail))
        elif correction.result.question is None:
            dropped.append(_dropped(one, correction.result.reason))
        else:
            mended.append((one, _as_corrected(one, correction.result, correction.request_hash)))
    solved = yield [again.solving for _, again in mended]
    found: list[Found] = []
    for (one, again), answer in zip(mended, solved, strict=True):
        if answer.result is not None and equal(again.label, answer.result.final_answer):
            found.append(again.found)
        else:
            final = answer.result.final_answer if answer.result is not None else failed(answer).detail
            dropped.append(_dropped(one, f"corrected to {again.label}, solved again to {final}"))
    return found, dropped


def _as_corrected(one: _Labelled, correction: CorrectedQuestion, request_hash: str) -> _Labelled:
    """The question and label of a correction. It comes from the response that wrote its words."""
    before = one.found
    if correction.question is None or correction.question.split() == before.question.question.split():
        return _Labelled(before, correction.final_answer)
    question = before.question.model_copy(update={"question": correction.question, "recipe": correction.recipe})
    return _Labelled(Found(question, CorrectQuestion, request_hash), correction.final_answer)


def _dropped(one: _Labelled, why: str) -> Dropped:
    return Dropped(one.found, UNCORRECTED, f"meant to have the answer {one.label}: {why}")
