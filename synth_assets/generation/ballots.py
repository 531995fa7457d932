"""The samples of one question and what a vote among them decides (our addition to the paper's section 2.3)."""

from dataclasses import dataclass

from synth_assets.final_answers import stated_final_answer
from synth_assets.generation.voting import vote
from synth_assets.teachers.tasks import WrittenAnswer
from synth_assets.teachers.teacher import Response

UNANSWERABLE = "unanswerable"
ANSWERS_DISAGREE = "answers_disagree"


@dataclass(frozen=True)
class Lost:
    """Why a question has no answer."""

    reason: str
    detail: str


@dataclass(frozen=True)
class Won:
    """The answer of the majority, and the share of the samples asked for that equal it."""

    answer: WrittenAnswer
    final_answer: str
    agreement: float
    request_hash: str


@dataclass(frozen=True)
class Voice:
    """A sample that states a final answer."""

    response: Response[WrittenAnswer]
    answer: WrittenAnswer
    final_answer: str


class Ballot:
    """All responses to a question, in the order of the samples."""

    def __init__(self, told: list[Response[WrittenAnswer]]) -> None:
        self._told = told
        self._voices = [
            Voice(response, response.result, final_answer)
            for response in told
            if response.result is not None and (final_answer := _final_answer(response.result))
        ]
        self.prompt_tokens = sum(response.prompt_tokens for response in told)
        self.completion_tokens = sum(response.completion_tokens for response in told)

    @property
    def final_answers(self) -> list[str]:
        """The final answers to vote on."""
        return [voice.final_answer for voice in self._voices]

    def without_answer(self) -> Lost:
        """Why there is nothing to vote on."""
        failures = [response.failure for response in self._told if response.failure is not None]
        if len(failures) == len(self._told):
            return Lost(failures[0].reason, failures[0].detail)
        return Lost(UNANSWERABLE, "no answer states a final answer")

    def decide(self, groups: tuple[int, ...], least_agreement: float) -> Won | Lost:
        """The majority's answer, given the groups of equal final answers.

        A sample without an answer counts against agreement. A single sample is taken as it is.
        """
        samples = len(self._told)
        result = vote(groups)
        agreement = result.agreement * len(groups) / samples
        if samples > 1 and agreement < least_agreement:
            finals = ", ".join(sorted(set(self.final_answers)))
            return Lost(ANSWERS_DISAGREE, f"{agreement:.0%} of {samples} samples agree; answers: {finals}")
        winner = self._voices[result.winner]
        return Won(winner.answer, winner.final_answer, agreement, winner.response.request_hash)


def _final_answer(answer: WrittenAnswer) -> str:
    """The final answer in its own field, or else as the solution states it."""
    return answer.final_answer.strip() or stated_final_answer(answer.solution) or ""
