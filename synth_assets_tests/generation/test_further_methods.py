"""Rephrase, persona, template and TarGEN: what they ask, and what becomes of a teacher's answers."""

from collections.abc import Callable
from typing import Any

import pytest

from synth_assets.generation.methods import method_named
from synth_assets.generation.methods.persona import personas
from synth_assets.generation.methods.template import templates
from synth_assets.generation.questions import write_questions
from synth_assets.tables import StageResult
from synth_assets.teachers.tasks import (
    AnswerQuestion,
    ConstrainedQuestion,
    Context,
    CorrectedQuestion,
    CorrectQuestion,
    InstanceSeed,
    RephrasedQuestion,
    RephraseQuestion,
    Result,
    WriteConstrainedQuestion,
    WriteContexts,
    WriteInstanceSeed,
    WriteQuestions,
    WrittenAnswer,
    WrittenContexts,
    WrittenQuestion,
    WrittenQuestions,
)
from synth_assets.teachers.teacher import Failure
from synth_assets_tests.generation.material import DOCUMENTS
from synth_assets_tests.generation.test_questions import material
from synth_assets_tests.rule_teacher import RuleTeacher, asking

ONE = material(DOCUMENTS.head(1))
Rule = Callable[[Any], Result | Failure | str]


def ask(method: str, rule: Rule, rounds: int = 1) -> tuple[StageResult, list[Any]]:
    teacher = RuleTeacher(rule)
    result = write_questions(method_named(method), ONE, asking(teacher), rounds)
    result.check("questions")
    return result, list(teacher.asked)


def questions(*texts: str, origin: Any = "new") -> WrittenQuestions:
    concepts = list(ONE.concepts["n1"][:1])
    return WrittenQuestions(
        questions=[
            WrittenQuestion(question=text, origin=origin, school_level="middle", key_concepts=concepts)
            for text in texts
        ]
    )


def seeds_and_wordings(*seeds: WrittenQuestion) -> Rule:
    def rule(task: Any) -> Result:
        if isinstance(task, WriteQuestions):
            return WrittenQuestions(questions=list(seeds))
        return RephrasedQuestion(question=f"{task.question} ({task.number})")

    return rule


def test_the_seeds_are_asked_for_as_level_1_asks() -> None:
    (_, first), (_, level_1) = ask("rephrase", lambda task: "busy", rounds=3), ask("level_1", lambda task: "busy")
    assert first == level_1


def test_each_round_words_the_documents_own_questions_five_times_anew() -> None:
    own = questions("Own?", "Mine?", origin="original").questions
    result, asked = ask("rephrase", seeds_and_wordings(*own, *questions("New?").questions), rounds=2)
    told = [f"{text} ({number})" for number in range(5) for text in ("Own?", "Mine?")]
    assert result.rows["question"].to_list() == told
    assert set(result.rows["origin"]) == {"new"} and set(result.rows["key_concepts"].explode()) == {"proportion"}
    assert len(asked) == 1 + 10
    assert result.rows["question_id"].is_unique().all()


def test_a_document_without_questions_of_its_own_gives_those_made_from_it() -> None:
    result, _ = ask("rephrase", seeds_and_wordings(*questions("Why?").questions))
    assert result.rows["question"].to_list() == [f"Why? ({number})" for number in range(5)]


def test_a_document_whose_seeds_cannot_be_reworded_is_quarantined_with_the_failure() -> None:
    result, _ = ask("rephrase", lambda task: questions("Why?") if isinstance(task, WriteQuestions) else "busy")
    assert result.quarantined.select("id", "reason", "detail").rows() == [("n1", "teacher_failed", "busy")]
    declined, _ = ask("rephrase", lambda task: WrittenQuestions(questions=[], not_suitable="a poem"))
    assert declined.quarantined.select("reason", "detail").rows() == [("not_suitable", "a poem")]


def test_everybody_has_a_turn_before_anybody_has_a_second_one() -> None:
    people = personas()
    assert len({persona.who for persona in people}) == len(people) >= 100
    _, asked = ask("persona", lambda task: questions("How?"), rounds=len(people) // 5)
    drawn = [persona.who for task in asked for persona in task.personas]
    assert len(drawn) == len(set(drawn)) >= len(people) - 5
    assert {len(task.personas) for task in asked} == {5} == {task.at_most for task in asked}
    assert drawn[:5] != [persona.who for persona in people[:5]]


def test_templates_need_no_concepts_and_come_in_turn() -> None:
    _, asked = ask("template", lambda task: questions("How?"), rounds=len(templates()) // 5)
    assert {task.concepts for task in asked} == {()}
    drawn = [template.text for task in asked for template in task.templates]
    assert len(drawn) == len(set(drawn)) >= len(templates()) - 5


def test_what_is_drawn_for_a_document_does_not_depend_on_its_company() -> None:
    for method in ("persona", "template"):
        alone = list(method_named(method).requests(ONE, 2))
        among = list(method_named(method).requests(material(DOCUMENTS), 2))
        assert among[:2] == alone
        assert among[2].task != alone[0].task.model_copy(update={"documents": among[2].task.documents})


def targen(solved: str, corrected: CorrectedQuestion | str = "busy", mended: str = "") -> Rule:
    """Two contexts; the questions are meant to have the answer 1/2 and are solved with `solved`."""

    def rule(task: Any) -> Result | str:
        match task:
            case WriteContexts():
                texts = ("mill", "mine")
                return WrittenContexts(contexts=[Context(text=text, key_concepts=[task.concepts[0]]) for text in texts])
            case WriteInstanceSeed():
                return InstanceSeed(given="2 wheels", asked=task.context, answer="1/2")
            case WriteConstrainedQuestion():
                return ConstrainedQuestion(question=f"What of the {task.asked}?", school_level="primary")
            case AnswerQuestion():
                final = mended if "again" in task.question else solved if "mill" in task.question else "0.5"
                return WrittenAnswer(solution="So.", final_answer=final) if final else "nobody knows"
            case CorrectQuestion():
                return corrected
        raise AssertionError(task)

    return rule


def test_a_question_that_is_solved_to_its_label_stays() -> None:
    result, asked = ask("targen", targen(r"\frac{1}{2}"))
    assert result.rows["question"].to_list() == ["What of the mill?", "What of the mine?"]
    assert [type(task) for task in asked] == [
        WriteContexts,
        *[WriteInstanceSeed] * 2,
        *[WriteConstrainedQuestion] * 2,
        *[AnswerQuestion] * 2,
    ]
    assert result.rows["key_concepts"].to_list() == [["proportion"]] * 2
    assert set(result.rows["school_level"]) == {"primary"}


def test_what_is_answered_later_is_what_was_solved_here() -> None:
    _, asked = ask("targen", targen("1/2"))
    assert asked[-1] == AnswerQuestion(question="What of the mine?")


def kept(answer: str, question: str | None = "What of the mill?") -> CorrectedQuestion:
    return CorrectedQuestion(question=question, final_answer=answer, reason="it slipped")


def test_a_wrong_label_is_repaired_where_the_correction_upholds_the_solution() -> None:
    result, asked = ask("targen", targen("7", kept("7.0")))
    assert result.rows["question"].to_list() == ["What of the mine?", "What of the mill?"]
    assert sum(isinstance(task, CorrectQuestion) for task in asked) == 1
    assert sum(isinstance(task, AnswerQuestion) for task in asked) == 2


def test_a_mended_question_must_be_solved_to_its_answer() -> None:
    result, asked = ask("targen", targen("7", kept("8", "And again, of the mill?"), mended="8"))
    assert result.rows["question"].to_list() == ["What of the mine?", "And again, of the mill?"]
    assert asked[-1] == AnswerQuestion(question="And again, of the mill?")
    unsolved, _ = ask("targen", targen("7", kept("8", "And again, of the mill?"), mended="9"))
    assert unsolved.quarantined["detail"].to_list() == [
        "meant to have the answer 1/2: corrected to 8, solved again to 9"
    ]


@pytest.mark.parametrize(
    ("solved", "corrected", "why"),
    [
        ("7", kept("", None), "it slipped"),
        ("7", kept("1/2"), "corrected to 1/2, solved again to 7"),
        ("7", "busy", "busy"),
        ("", kept("7"), "nobody knows"),
    ],
)
def test_a_question_that_does_not_hold_is_dropped_with_its_reason_and_no_row_vanishes(
    solved: str, corrected: Any, why: str
) -> None:
    result, _ = ask("targen", targen(solved, corrected))
    assert result.rows["question"].to_list() == ["What of the mine?"]
    (lost,) = result.quarantined.rows(named=True)
    assert (lost["reason"], lost["detail"]) == ("uncorrected", f"meant to have the answer 1/2: {why}")
    assert lost["id"] not in {"n1", *result.rows["question_id"]}
    assert (result.received, result.passed) == (2, 1)


def test_a_document_all_of_whose_questions_are_dropped_is_quarantined_too() -> None:
    def rule(task: Any) -> Result | Failure | str:
        return targen("7")(task) if not isinstance(task, AnswerQuestion) else "busy"

    result, _ = ask("targen", rule)
    assert sorted(result.quarantined["reason"]) == ["not_suitable", "uncorrected", "uncorrected"]
    assert "n1" in set(result.quarantined["id"])


@pytest.mark.parametrize("failing", [WriteContexts, WriteInstanceSeed, WriteConstrainedQuestion])
def test_a_failure_of_an_early_step_is_the_documents(failing: type) -> None:
    def rule(task: Any) -> Result | Failure | str:
        return Failure("invalid_answer", "Sure!") if isinstance(task, failing) else targen("1/2")(task)

    result, _ = ask("targen", rule)
    assert result.quarantined.select("id", "reason", "detail").rows() == [("n1", "invalid_answer", "Sure!")]


def test_a_document_without_contexts_says_why() -> None:
    result, asked = ask("targen", lambda task: WrittenContexts(contexts=[], not_suitable="a poem"))
    assert result.quarantined.select("reason", "detail").rows() == [("not_suitable", "a poem")]
    assert len(asked) == 1


def test_the_tasks_that_follow_the_first_are_said() -> None:
    for name, rule in (("rephrase", seeds_and_wordings(*questions("Why?").questions)), ("targen", targen("7", "busy"))):
        method = method_named(name)
        _, asked = ask(name, rule)
        first = type(asked[0])
        assert first == method.first
        assert {type(task) for task in asked} - {first} <= set(method.further)
    assert method_named("rephrase").further == {RephraseQuestion: 5}
