"""From questions to answered pairs: samples, the vote, the judge, and what becomes of questions without an answer."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from queue import SimpleQueue

import polars as pl

from synth_assets.generation.ballots import Ballot, Lost, Won
from synth_assets.generation.equality import EqualityPool, Grouping
from synth_assets.generation.judging import Row, judge_answers
from synth_assets.tables import QA_PAIRS, StageResult, quarantine_rows
from synth_assets.teachers.asking import Asker, Request
from synth_assets.teachers.tasks import AnswerQuestion, WrittenAnswer
from synth_assets.teachers.teacher import Response

MOST_VOTES_WAITING = 256
"""Questions whose samples are held while their answers are compared; past it, comparing is waited for."""

Advance = Callable[[int, int], None]


@dataclass(frozen=True)
class AnswerParameters:
    """How questions are answered.

    Attributes:
        samples: Answers asked for a question.
        least_agreement: With more than one sample: the least share of them that the majority must have.
        judge: Whether each winning answer is put to the teacher once more, to be judged.
    """

    samples: int = 1
    least_agreement: float = 0.5
    judge: bool = False


@dataclass(frozen=True)
class AnsweredQuestions:
    """What answering gave: the stage's result, and how the votes went.

    Attributes:
        result: Rows of `qa_pairs` and the quarantined questions.
        votes: Questions voted on.
        votes_by_text: Those of them where comparing expressions took too long or too much memory, so that answers
            counted as equal by text and exact value alone.
    """

    result: StageResult
    votes: int
    votes_by_text: int

    def metadata(self) -> dict[str, int | float]:
        """Figures to show beside the run; no mean agreement where there is no row."""
        figures: dict[str, int | float] = {"votes": self.votes, "votes by text alone": self.votes_by_text}
        agreement = self.result.rows["agreement"].mean()
        return figures | ({"mean agreement": agreement} if isinstance(agreement, float) else {})


def answer_questions(
    questions: pl.DataFrame,
    asker: Asker,
    parameters: AnswerParameters = AnswerParameters(),
    advance: Advance | None = None,
) -> AnsweredQuestions:
    """Ask answers to each question and keep the majority's; the same whatever order the answers come in.

    A question is quarantined with reason `teacher_failed` or `invalid_answer` (no sample has an answer: the first
    one's failure), `unanswerable` (there are answers, none of which states a final answer), `answers_disagree` (the
    majority's share of the samples asked for is below `least_agreement`, with more than one sample), or
    `judged_wrong`.

    Args:
        questions: Rows of `questions`.
        asker: Asks a teacher; requests are on the account of `<method>|<shard>`.
        parameters: Samples, least agreement, judge.
        advance: Told how many of all requests are answered. With a judge, one a question is expected in addition.
    """
    samples = parameters.samples
    total = questions.height * (samples + parameters.judge)
    held: dict[int, list[Response[WrittenAnswer] | None]] = {}
    with EqualityPool() as pool:
        votes = _Votes(questions, parameters, asker, pool)
        for answered in asker.ask(_requests(questions, samples), total, advance):
            place, sample = divmod(answered.place, samples)
            told = held.setdefault(place, [None] * samples)
            told[sample] = answered.response
            if None not in told:
                votes.vote_on(place, Ballot([response for response in held.pop(place) if response is not None]))
        votes.finish()
    rows, lost = votes.rows(), votes.lost()
    if parameters.judge:
        before = questions.height * samples
        rows, wrong = judge_answers(rows, asker, advance and (lambda done, of: advance(before + done, before + of)))
        lost += wrong
    frame = pl.DataFrame(rows, schema=QA_PAIRS.schema)
    result = StageResult(frame, quarantine_rows(lost, "method", "shard"), questions.height, frame.height)
    return AnsweredQuestions(result, votes.counted, votes.by_text)


def _requests(questions: pl.DataFrame, samples: int) -> Iterator[Request[WrittenAnswer]]:
    columns = questions.select("method", "shard", "question", "recipe")
    for method, shard, question, recipe in columns.iter_rows():
        for sample in range(samples):
            yield Request(f"{method}|{shard}", AnswerQuestion(question=question, recipe=recipe, sample=sample))


class _Votes:
    """Votes while the answers come in: each is settled when its answers have been compared."""

    def __init__(self, questions: pl.DataFrame, parameters: AnswerParameters, asker: Asker, pool: EqualityPool) -> None:
        self._questions = questions
        self._parameters = parameters
        self._teacher = asker.teacher
        self._pool = pool
        self._waiting: dict[int, tuple[Ballot, Future[Grouping]]] = {}
        self._compared: SimpleQueue[int] = SimpleQueue()
        self._rows: dict[int, Row] = {}
        self._lost: dict[int, dict[str, str]] = {}
        self.counted = 0
        self.by_text = 0

    def rows(self) -> list[Row]:
        """Rows of `qa_pairs`, in the order of the questions."""
        return [self._rows[place] for place in sorted(self._rows)]

    def lost(self) -> list[dict[str, str]]:
        """Rows of the quarantine, in the order of the questions."""
        return [self._lost[place] for place in sorted(self._lost)]

    def vote_on(self, place: int, ballot: Ballot) -> None:
        """Have the answers to the question at `place` compared, and settle the votes where that is done."""
        final_answers = ballot.final_answers
        if not final_answers:
            self._record(place, ballot, ballot.without_answer())
            return
        comparing = self._pool.submit(final_answers)
        self._waiting[place] = (ballot, comparing)
        comparing.add_done_callback(lambda _: self._compared.put(place))
        while not self._compared.empty() or len(self._waiting) > MOST_VOTES_WAITING:
            self._settle(self._compared.get())

    def finish(self) -> None:
        """Settle the votes that are left."""
        while self._waiting:
            self._settle(self._compared.get())

    def _settle(self, place: int) -> None:
        ballot, comparing = self._waiting.pop(place)
        grouping = comparing.result()
        self.counted += 1
        self.by_text += grouping.fell_back
        self._record(place, ballot, ballot.decide(grouping.groups, self._parameters.least_agreement))

    def _record(self, place: int, ballot: Ballot, decided: Won | Lost) -> None:
        question = self._questions.row(place, named=True)
        common = {"method": question["method"], "shard": question["shard"]}
        if isinstance(decided, Lost):
            self._lost[place] = common | {
                "id": question["question_id"],
                "reason": decided.reason,
                "detail": decided.detail,
            }
            return
        self._rows[place] = common | {
            "qa_id": question["question_id"],
            "question": question["question"],
            "answer": decided.answer.solution,
            "final_answer": decided.final_answer,
            "samples": self._parameters.samples,
            "agreement": decided.agreement,
            "judged": None,
            "prompt_tokens": ballot.prompt_tokens,
            "completion_tokens": ballot.completion_tokens,
            "teacher": self._teacher.name,
            "prompt_version": self._teacher.prompt_version(AnswerQuestion),
            "request_hash": decided.request_hash,
        }
