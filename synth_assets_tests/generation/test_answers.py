"""The majority of equal answers wins; disagreement, silence and wrong answers are quarantined; nothing vanishes."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth_assets.generation import answers as answers_module
from synth_assets.generation.answers import AnsweredQuestions, AnswerParameters, answer_questions
from synth_assets.generation.voting import vote
from synth_assets.tables import QA_PAIRS, QUESTIONS, StageResult
from synth_assets.teachers.tasks import AnswerQuestion, JudgeAnswer, Judgement, Result, WrittenAnswer
from synth_assets.teachers.teacher import Failure
from synth_assets_tests.rule_teacher import Rule, RuleTeacher, ShufflingTeacher, asking


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


def answered(
    teacher: RuleTeacher, samples: int, least: float = 0.5, texts: tuple[str, ...] = ("Why?",), judge: bool = False
) -> StageResult:
    return told(teacher, AnswerParameters(samples, least, judge), texts).result


def told(teacher: RuleTeacher, parameters: AnswerParameters, texts: tuple[str, ...] = ("Why?",)) -> AnsweredQuestions:
    answers = answer_questions(questions(*texts), asking(teacher), parameters)
    answers.result.check("qa_pairs")
    QA_PAIRS.conform(answers.result.rows)
    return answers


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


@pytest.mark.parametrize("reason", ["teacher_failed", "invalid_answer"])
def test_a_question_without_any_answer_is_quarantined_with_the_first_failure(reason: str) -> None:
    def rule(task: AnswerQuestion) -> Result | Failure:
        return Failure(reason if task.sample == 0 else "teacher_failed", f"attempt {task.sample}")  # type: ignore[arg-type]

    (lost,) = answered(RuleTeacher(rule), samples=3).quarantined.to_dicts()
    assert (lost["reason"], lost["detail"], lost["shard"]) == (reason, "attempt 0", "a")


def test_a_question_is_unanswerable_where_no_answer_states_a_final_answer() -> None:
    (lost,) = answered(saying(" ", None), samples=2).quarantined.to_dicts()
    assert (lost["reason"], lost["detail"]) == ("unanswerable", "no answer states a final answer")


def test_a_final_answer_left_out_of_its_field_is_read_in_the_solution() -> None:
    teacher = RuleTeacher(lambda task: WrittenAnswer(solution=r"So it is \boxed{\frac{1}{2}}.", final_answer=""))
    assert answered(teacher, samples=1).rows["final_answer"].to_list() == [r"\frac{1}{2}"]


def test_equal_expressions_are_one_answer_however_written() -> None:
    result = told(saying("x^2 - 1", "(x+1)(x-1)", r"1 - x^2", "y"), AnswerParameters(samples=4))
    row = result.result.rows.row(0, named=True)
    assert (row["final_answer"], row["agreement"]) == ("x^2 - 1", 0.5)
    assert result.metadata() == {"votes": 1, "votes by text alone": 0, "mean agreement": 0.5}


def test_no_row_has_no_mean_agreement() -> None:
    assert told(saying(None), AnswerParameters()).metadata() == {"votes": 0, "votes by text alone": 0}


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
    assert result.quarantined.select("id", "reason").rows() == [("q1", "answers_disagree"), ("q2", "teacher_failed")]


def uneven(task: AnswerQuestion) -> Result | Failure | str:
    """Answers of every kind, by question and sample."""
    match (len(task.question) // 3 + 2 * task.sample) % 7 if len(task.question) % 3 else len(task.question) % 2:
        case 0:
            return "no idea"
        case 1:
            return Failure("invalid_answer", "{")
        case 2 | 3:
            return WrittenAnswer(solution=f"{task.question} {task.sample}", final_answer="x + 1")
        case 4 | 5:
            return WrittenAnswer(solution=f"{task.question} {task.sample}", final_answer="1 + x")
        case _:
            return WrittenAnswer(solution="Two.", final_answer=f"{task.sample}")


@pytest.mark.parametrize("most_waiting", [0, 256])
def test_the_order_of_the_answers_does_not_count(most_waiting: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers_module, "MOST_VOTES_WAITING", most_waiting)
    texts = tuple("?" * length for length in range(1, 60))
    in_order = answered(RuleTeacher(uneven), 4, texts=texts)
    assert 0 < in_order.rows.height < 59
    for seed in range(3):
        shuffled = answered(ShufflingTeacher(uneven, seed, together=64), 4, texts=texts)
        assert shuffled.rows.equals(in_order.rows) and shuffled.quarantined.equals(in_order.quarantined)


def judging(verdicts: dict[str, Result | str]) -> Rule:
    """Answers every question, and judges each by its text."""

    def rule(task: AnswerQuestion | JudgeAnswer) -> Result | str:
        if isinstance(task, JudgeAnswer):
            assert (task.solution, task.final_answer) == ("So.", "1")
            return verdicts[task.question]
        return WrittenAnswer(solution="So.", final_answer="1")

    return rule


def test_a_judge_upholds_an_answer_or_has_it_quarantined_and_a_silent_judge_leaves_it() -> None:
    verdicts: dict[str, Result | str] = {
        "right": Judgement(correct=True, reason="fine"),
        "wrong": Judgement(correct=False, reason="1 is no length"),
        "unsure": "busy",
    }
    teacher = RuleTeacher(judging(verdicts))
    result = answered(teacher, samples=2, texts=tuple(verdicts), judge=True)
    assert result.rows.select("question", "judged").rows() == [("right", True), ("unsure", None)]
    assert result.quarantined.select("method", "shard", "id", "reason", "detail").rows() == [
        ("level_1", "a", "q1", "judged_wrong", "1 is no length")
    ]
    assert sum(isinstance(task, JudgeAnswer) for task in teacher.asked) == 3


def test_without_a_judge_nothing_is_judged() -> None:
    teacher = RuleTeacher(judging({}))
    assert answered(teacher, samples=1).rows["judged"].to_list() == [None]


def test_progress_counts_the_judge_as_well() -> None:
    heard: list[tuple[int, int]] = []
    fine = Judgement(correct=True, reason="fine")
    asker = asking(RuleTeacher(judging({"a": fine, "b": fine})))
    answer_questions(questions("a", "b"), asker, AnswerParameters(2, judge=True), lambda *told: heard.append(told))
    assert heard == [(done, 6) for done in range(1, 7)]


def test_no_answer_cannot_be_voted_on() -> None:
    with pytest.raises(ValueError, match="no answer to vote on"):
        vote([])


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12))
def test_the_winner_is_in_a_largest_group_and_its_share_is_exact(groups: list[int]) -> None:
    result = vote(groups)
    counts = [groups.count(group) for group in groups]
    assert counts[result.winner] == max(counts)
    assert result.agreement == max(counts) / len(groups)
    assert counts.index(max(counts)) == result.winner
