"""The majority of equal answers wins; disagreement and silence are quarantined; nothing vanishes."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth_assets.generation.answers import answer_questions
from synth_assets.generation.voting import vote
from synth_assets.tables import QUESTIONS, StageResult
from synth_assets.teachers.asking import MemoryStore
from synth_assets.teachers.tasks import AnswerQuestion, Result, WrittenAnswer
from synth_assets_tests.generation.rule_teacher import RuleTeacher


def questions(*texts: str) -> pl.DataFrame:
    blank = {"method": "level_1", "shard": "a", "origin": "new", "school_level": "middle", "teacher": "t"}
    rows = [
        blank
        | {"question_id": f"q{place}", "question": text, "documents": [], "topics": [], "key_concepts": []}
        | {"prompt_version": "1", "request_hash": "", "recipe": None, "walk_id": None}
        for place, text in enumerate(texts)
    ]
    return pl.DataFrame(rows, schema=QUESTIONS.schema)


def saying(*answers: str | None) -> RuleTeacher:
    """A teacher whose n-th sample gives the n-th answer, or none."""

    def rule(task: AnswerQuestion) -> Result | str:
        answer = answers[task.sample % len(answers)]
        return "no idea" if answer is None else WrittenAnswer(solution=f"Attempt {task.sample}.", final_answer=answer)

    return RuleTeacher(rule)


def answered(teacher: RuleTeacher, samples: int, least: float = 0.5, texts: tuple[str, ...] = ("Why?",)) -> StageResult:
    result = answer_questions(questions(*texts), teacher, MemoryStore(), samples, least)
    result.check("qa_pairs")
    return result


def test_the_majority_wins_and_its_first_attempt_is_kept_however_the_number_is_written() -> None:
    row = answered(saying("3", "1/2", "0.5", "50", "2/4"), samples=5).rows.row(0, named=True)
    assert (row["final_answer"], row["answer"], row["agreement"]) == ("1/2", "Attempt 1.", 0.6)
    assert (row["samples"], row["prompt_tokens"], row["completion_tokens"]) == (5, 50, 15)
    assert (row["qa_id"], row["teacher"], row["prompt_version"]) == ("q0", "rule@1", "v1")


def test_a_tie_goes_to_the_answer_given_first() -> None:
    row = answered(saying("4", "5", "5", "4"), samples=4).rows.row(0, named=True)
    assert (row["final_answer"], row["agreement"]) == ("4", 0.5)


def test_answers_that_never_agree_are_quarantined_with_all_of_them_named() -> None:
    result = answered(saying("1", "2", "3"), samples=3)
    (lost,) = result.quarantined.to_dicts()
    assert (lost["id"], lost["reason"]) == ("q0", "answers_disagree")
    assert lost["detail"] == "33% of 3 samples agree; answers: 1, 2, 3"
    assert result.rows.is_empty()


def test_a_sample_without_answer_counts_against_agreement() -> None:
    silent = saying("7", None, None)
    assert answered(silent, samples=3).quarantined["reason"].to_list() == ["answers_disagree"]
    kept = answered(silent, samples=3, least=0.3).rows.row(0, named=True)
    assert kept["agreement"] == pytest.approx(1 / 3)


def test_a_question_nobody_answers_is_unanswerable_with_the_teachers_reason() -> None:
    (lost,) = answered(saying(None), samples=3).quarantined.to_dicts()
    assert (lost["reason"], lost["detail"], lost["shard"]) == ("unanswerable", "no idea", "a")


def test_a_single_sample_is_taken_as_it_is() -> None:
    assert answered(saying("42"), samples=1, least=1.0).rows["agreement"].to_list() == [1.0]


def test_every_question_is_asked_as_often_as_told_and_ends_somewhere() -> None:
    def rule(task: AnswerQuestion) -> Result | str:
        if task.question == "silence":
            return "no idea"
        final = str(task.sample) if task.question == "quarrel" else "1"
        return WrittenAnswer(solution="So.", final_answer=final)

    teacher = RuleTeacher(rule)
    result = answered(teacher, samples=4, texts=("peace", "quarrel", "silence", "peace again"))
    assert len(teacher.asked) == 16
    assert result.rows["qa_id"].to_list() == ["q0", "q3"]
    assert result.quarantined.select("id", "reason").rows() == [("q1", "answers_disagree"), ("q2", "unanswerable")]


def test_no_answer_cannot_be_voted_on() -> None:
    with pytest.raises(ValueError, match="no answer to vote on"):
        vote([])


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12))
def test_the_winner_is_a_most_frequent_answer_and_its_share_is_exact(answers: list[int]) -> None:
    result = vote([str(answer) for answer in answers])
    counts = [answers.count(answer) for answer in answers]
    assert counts[result.winner] == max(counts)
    assert result.agreement == max(counts) / len(answers)
    assert answers.index(answers[result.winner]) == result.winner
