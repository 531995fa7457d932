"""From questions to answered pairs: samples, the vote, and what becomes of questions without an answer."""

from collections.abc import Callable

import polars as pl

from synth_assets.generation.voting import vote
from synth_assets.tables import QA_PAIRS, StageResult, quarantine_rows
from synth_assets.teachers.asking import ask_all
from synth_assets.teachers.tasks import AnswerQuestion, WrittenAnswer
from synth_assets.teachers.teacher import Response, ResponseStore, Teacher


def answer_questions(
    questions: pl.DataFrame,
    teacher: Teacher,
    store: ResponseStore,
    samples: int = 1,
    least_agreement: float = 0.5,
    advance: Callable[[int, int], None] | None = None,
) -> StageResult:
    """Ask `samples` answers to each question and keep the majority's.

    A question is quarantined with reason `unanswerable` (no sample gave an answer) or `answers_disagree` (the
    majority's share of the samples asked for is below `least_agreement`, with more than one sample).
    """
    tasks = [
        AnswerQuestion(question=question, recipe=recipe, sample=sample)
        for question, recipe in questions.select("question", "recipe").iter_rows()
        for sample in range(samples)
    ]
    responses = ask_all(teacher, store, tasks, advance)
    rows: list[dict[str, object]] = []
    lost: list[dict[str, str]] = []
    for place, question in enumerate(questions.iter_rows(named=True)):
        told = responses[place * samples : (place + 1) * samples]
        row, reason, detail = _decide(question, told, samples, least_agreement, teacher)
        if row is not None:
            rows.append(row)
        else:
            partition = {"method": question["method"], "shard": question["shard"]}
            lost.append({**partition, "id": question["question_id"], "reason": reason, "detail": detail})
    frame = pl.DataFrame(rows, schema=QA_PAIRS.schema)
    return StageResult(frame, quarantine_rows(lost, "method", "shard"), questions.height, frame.height)


def _decide(
    question: dict[str, str],
    told: list[Response[WrittenAnswer]],
    samples: int,
    least_agreement: float,
    teacher: Teacher,
) -> tuple[dict[str, object] | None, str, str]:
    answered = [(response, response.result) for response in told if response.result is not None]
    if not answered:
        failures = [response.failure for response in told if response.failure]
        return None, "unanswerable", failures[0] if failures else "the teacher gave no answer"
    result = vote([answer.final_answer for _, answer in answered])
    agreement = result.agreement * len(answered) / samples
    if samples > 1 and agreement < least_agreement:
        finals = sorted({answer.final_answer for _, answer in answered})
        return None, "answers_disagree", f"{agreement:.0%} of {samples} samples agree; answers: {', '.join(finals)}"
    winner, answer = answered[result.winner]
    return (
        {
            "method": question["method"],
            "shard": question["shard"],
            "qa_id": question["question_id"],
            "question": question["question"],
            "answer": answer.solution,
            "final_answer": answer.final_answer,
            "samples": samples,
            "agreement": agreement,
            "prompt_tokens": sum(response.prompt_tokens for response in told),
            "completion_tokens": sum(response.completion_tokens for response in told),
            "teacher": teacher.name,
            "prompt_version": teacher.prompt_version(AnswerQuestion),
            "request_hash": winner.request_hash,
        },
        "",
        "",
    )
