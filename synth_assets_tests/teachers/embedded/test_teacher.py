"""The embedded teacher: repeatable, honest about what it cannot do, and right about what it can."""

import re
from contextlib import AbstractContextManager
from fractions import Fraction
from typing import TypeVar

import pytest

from synth_assets.teachers.asking import Asker, Request
from synth_assets.teachers.embedded.teacher import EmbeddedTeacher
from synth_assets.teachers.immediate import immediate
from synth_assets.teachers.store import MemoryStore
from synth_assets.teachers.tasks import (
    AnswerQuestion,
    CompareProblems,
    Concept,
    ExtractConcepts,
    JudgeAnswer,
    RateDocument,
    Result,
    SourceDocument,
    Task,
    WriteQuestions,
    WriteSyllabusDocument,
    WrittenQuestions,
)
from synth_assets.teachers.teacher import Conversation, Failure, Prepared, Response

BAKERY = SourceDocument(
    document_id="bakery",
    title="Sharing the flour",
    text=(
        "Rosa runs a bakery. She adds fractions of a sack with a common denominator, takes a percent of each batch for "
        "the market, and finds the least common multiple of two oven timers. The ratio of rye to wheat is 3 to 2.\n\n"
        "Problem. Two timers ring every 12 and 18 minutes. After how many minutes do they ring together?\n\n"
        "Solution. The least common multiple of 12 and 18 is 36. The answer is 36."
    ),
)
TEACHER = EmbeddedTeacher()
R = TypeVar("R", bound=Result)


def ask(task: Task[R]) -> Response[R]:
    (response,) = Asker(TEACHER, MemoryStore()).responses([Request("", task)])
    return response


def concepts_of(document: SourceDocument) -> tuple[Concept, ...]:
    response = ask(ExtractConcepts(document=document))
    assert response.result is not None
    return tuple(
        Concept(topic=topic.topic, name=name) for topic in response.result.topics for name in topic.key_concepts
    )


def questions(method: str, round_: int = 0, at_most: int = 5) -> WrittenQuestions:
    task = WriteQuestions(
        method=method, documents=(BAKERY,), concepts=concepts_of(BAKERY), at_most=at_most, round=round_
    )
    response = ask(task)
    assert response.result is not None
    return response.result


def test_it_finds_the_concepts_a_document_names() -> None:
    names = {concept.name for concept in concepts_of(BAKERY)}
    assert {"common denominator", "least common multiple"} <= names


def test_the_same_task_gets_the_same_answer() -> None:
    assert questions("level_2") == questions("level_2")
    assert questions("level_2", round_=1) != questions("level_2")


def test_level_1_extracts_the_documents_own_exercise_and_marks_it_original() -> None:
    first = questions("level_1").questions[0]
    assert first.origin == "original"
    assert first.question.startswith("Two timers ring every 12 and 18 minutes.")
    answer = ask(AnswerQuestion(question=first.question, recipe=first.recipe))
    assert answer.result is not None and answer.result.final_answer == "36"


def combinations_of(method: str, round_: int) -> list[frozenset[str]]:
    return [
        frozenset(concept.name for concept in question.key_concepts)
        for question in questions(method, round_=round_).questions
    ]


def test_level_2_combines_two_or_three_concepts_and_no_combination_twice_in_a_round() -> None:
    for number in range(4):
        combinations = combinations_of("level_2", number)
        assert len(combinations) >= 3
        assert all(2 <= len(combination) <= 3 for combination in combinations)
        assert len(set(combinations)) == len(combinations)


def test_a_round_after_all_combinations_had_their_turn_joins_them_anew() -> None:
    rounds = range(12)
    seen = {combination for number in rounds for combination in combinations_of("level_2", number)}
    asked = [question.question for number in rounds for question in questions("level_2", round_=number).questions]
    assert len(seen) < len(asked)
    assert len(set(asked)) == len(asked)


def test_level_3_combines_concepts_of_different_topics() -> None:
    for question in questions("level_3", at_most=3).questions:
        topics = [concept.topic for concept in question.key_concepts]
        assert len(set(topics)) == len(topics)


def test_it_answers_every_question_it_wrote() -> None:
    for method in ("level_1", "level_2", "level_3"):
        for question in questions(method).questions:
            answer = ask(AnswerQuestion(question=question.question, recipe=question.recipe))
            assert answer.result is not None
            if re.fullmatch(r"-?\d+(/\d+)?", answer.result.final_answer):
                Fraction(answer.result.final_answer)


def test_it_declines_a_question_it_did_not_write_and_a_recipe_of_another_question() -> None:
    foreign = ask(AnswerQuestion(question="What is 2 + 2?"))
    assert (
        foreign.result is None
        and foreign.failure is not None
        and "only questions it wrote itself" in foreign.failure.detail
    )
    other = next(question for question in questions("level_2").questions if question.origin == "new")
    swapped = ask(AnswerQuestion(question="What is 2 + 2?", recipe=other.recipe))
    assert swapped.result is None


def test_it_knows_mathematics_only() -> None:
    response = ask(RateDocument(domain="law", document=BAKERY))
    assert response.failure is not None and "mathematics only" in response.failure.detail


@pytest.mark.parametrize("number", [0, 7, 41, 95])
def test_a_syllabus_document_is_rated_as_mathematics(number: int) -> None:
    written = ask(WriteSyllabusDocument(domain="mathematics", number=number))
    assert written.result is not None
    document = SourceDocument(document_id="s", title=written.result.title, text=written.result.text)
    rating = ask(RateDocument(domain="mathematics", document=document))
    assert rating.result is not None and rating.result.relevance > 6.5


def test_it_has_no_opinion_on_answers() -> None:
    response = ask(JudgeAnswer(question="What is 2 + 2?", solution="2 + 2 = 4.", final_answer="4"))
    assert response.failure == Failure("teacher_failed", "the embedded teacher has no rule for judge_answer")


def test_it_says_whether_two_questions_are_the_same_problem_and_why() -> None:
    response = ask(CompareProblems(question="What is 2 + 2?", item="What is 2 + 3?"))
    assert response.result is not None and not response.result.same
    assert response.result.reason == "Only the second names 3."


class CountingTeacher(EmbeddedTeacher):
    """Counts what it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def conversation(self) -> AbstractContextManager[Conversation]:
        return immediate(self._counted)

    def _counted(self, request: Prepared[R]) -> Response[R]:
        self.asked += 1
        return self._respond(request)


def test_an_answer_once_stored_is_not_asked_for_again() -> None:
    teacher, store = CountingTeacher(), MemoryStore()
    other = BAKERY.model_copy(update={"title": "Other"})
    requests = [Request("", ExtractConcepts(document=document)) for document in (BAKERY, other)]
    first = Asker(teacher, store).responses(requests)
    again = Asker(teacher, store).responses([*requests, requests[0]])
    assert teacher.asked == 2
    assert [response.result for response in again] == [first[0].result, first[1].result, first[0].result]


def test_a_failure_is_not_stored() -> None:
    teacher, store = CountingTeacher(), MemoryStore()
    for _ in range(2):
        (response,) = Asker(teacher, store).responses([Request("", AnswerQuestion(question="Why?"))])
        assert response.result is None
    assert teacher.asked == 2
