"""Rounds of error extrapolation: which mistake each document is asked about, and what is written like it."""

from dataclasses import replace

import polars as pl
import pytest

from synth_assets.generation.answers import AnswerParameters
from synth_assets.generation.extrapolating import PairWriter, seed_documents
from synth_assets.generation.material import with_mistakes
from synth_assets.generation.methods import method_named
from synth_assets.generation.methods.method import Method
from synth_assets.generation.questions import write_questions
from synth_assets.tables import DOCUMENT_CONCEPTS, REFERENCE_DOCUMENTS, STUDENT_MISTAKES
from synth_assets.teachers.asking import Asker
from synth_assets.teachers.embedded.recipes import QuestionRecipe
from synth_assets.teachers.embedded.teacher import EmbeddedTeacher
from synth_assets.teachers.embedded.writing import write_questions as written_by_rules
from synth_assets.teachers.store import MemoryStore
from synth_assets.teachers.tasks import Mistake, WriteQuestions, WrittenQuestions
from synth_assets_tests.generation.material import DOCUMENTS
from synth_assets_tests.generation.sample_material import IDS, sample_material
from synth_assets_tests.rule_teacher import RuleTeacher, asking

FIRST, SECOND = method_named("error_extrapolation_1"), method_named("error_extrapolation_2")


def requests(method: Method = FIRST, rounds: int = 1) -> list[WriteQuestions]:
    return [request.task for request in method.requests(sample_material(), rounds)]


def test_each_document_is_asked_about_a_mistake_of_its_own_drawing_and_others_in_further_rounds() -> None:
    shown = [task.mistake for task in requests()]
    assert len(shown) == len(sample_material().shard_of) and len({one.question for one in shown if one}) > 3
    many = len(sample_material().mistakes[FIRST.name])
    of_a_document = [task.mistake for task in requests(rounds=many) if task.documents[0].document_id == IDS[0]]
    assert set(of_a_document) == set(sample_material().mistakes[FIRST.name])
    assert requests() == requests()
    assert [task.mistake for task in requests(SECOND)] != shown


def test_without_a_mistake_of_the_round_nothing_is_asked_and_no_document_vanishes() -> None:
    teacher = RuleTeacher(lambda task: WrittenQuestions(questions=[]))
    without = replace(sample_material(), mistakes={SECOND.name: sample_material().mistakes[SECOND.name]})
    result = write_questions(FIRST, without, asking(teacher))
    result.check("questions")
    assert not teacher.asked and result.rows.is_empty()
    assert result.quarantined["id"].to_list() == list(without.shard_of)
    assert set(result.quarantined["detail"]) == {"student_mistakes holds no mistake of this round"}


def skills(recipe: str | None) -> list[str]:
    composed = QuestionRecipe.model_validate_json(recipe or "{}").composed
    return [] if composed is None else [step.skill for step in composed.steps]


def test_a_problem_like_a_mistake_needs_the_same_skills_and_is_another_problem() -> None:
    compared = 0
    for task in requests():
        assert task.mistake is not None
        told = written_by_rules(task).questions
        needed = skills(task.mistake.recipe)
        if needed and told:
            compared += 1
            assert all(skills(question.recipe) == needed for question in told)
            assert task.mistake.question not in {question.question for question in told}
    assert compared >= 3


@pytest.mark.parametrize(
    ("problem", "skill"),
    [("What is the median of 3, 9 and 4?", "median"), ("A pie is cut into 8. What percent are 2 slices?", "percent")],
)
def test_a_problem_from_elsewhere_shows_its_skills_by_what_it_mentions(problem: str, skill: str) -> None:
    mistake = Mistake(question=problem, solution="We count.", final_answer="4")
    told = written_by_rules(requests()[1].model_copy(update={"mistake": mistake})).questions
    assert any(skill in name for question in told for name in skills(question.recipe))


def test_a_problem_whose_skills_nobody_knows_is_declined() -> None:
    mistake = Mistake(question="Who was first?", solution="Look it up.", final_answer="Ann")
    told = written_by_rules(requests()[1].model_copy(update={"mistake": mistake}))
    assert (told.questions, told.not_suitable is not None) == ([], True)


def test_the_documents_of_the_seeds_do_not_depend_on_order_and_more_documents_leave_most_of_them() -> None:
    blank = dict.fromkeys(REFERENCE_DOCUMENTS.columns, None)
    rows = [blank | {"document_id": f"d{number}"} for number in range(300)]
    few, many = (_references(rows[:100]), _references(rows))
    chosen = seed_documents(few.lazy(), 50)
    assert chosen.equals(seed_documents(few.reverse().lazy(), 50)) and chosen.height == 50
    assert seed_documents(many.lazy(), 1_000).height == 300
    # The first by a hash: one in three of the larger corpus.
    kept = chosen.join(seed_documents(many.lazy(), 150), on="document_id", how="semi").height
    assert kept >= 35


def _references(rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=REFERENCE_DOCUMENTS.schema)


def test_the_pairs_that_students_learn_from_are_what_the_road_asks_for_too() -> None:
    asker = Asker(EmbeddedTeacher(), MemoryStore())
    material = sample_material()
    rows = [
        {"shard": "sample", "document_id": name, "title": document.title, "text": document.text}
        for name, document in material.documents.items()
    ]
    concepts = [
        dict.fromkeys(DOCUMENT_CONCEPTS.columns, "")
        | {"document_id": name, "topic": one.topic, "key_concept": one.name}
        for name, own in material.concepts.items()
        for one in own
    ]
    documents = pl.DataFrame(rows, schema=DOCUMENTS.schema)
    writer = PairWriter(documents, pl.DataFrame(concepts, schema=DOCUMENT_CONCEPTS.schema), asker, AnswerParameters())
    seeds = writer.pairs(method_named("level_1"), FIRST.name)
    assert seeds.columns == ["question", "answer", "final_answer", "recipe"] and seeds.height > 3 * len(IDS)
    asked = asker.spent.requests
    mistakes = _as_mistakes(seeds.head(4))
    of_a_round = writer.pairs(FIRST, SECOND.name, mistakes)
    again = write_questions(FIRST, with_mistakes(material, mistakes), asker)
    assert set(again.rows["question"]) >= set(of_a_round["question"])
    assert asker.spent.requests == asked + len(material.shard_of) + of_a_round.height


def _as_mistakes(pairs: pl.DataFrame) -> pl.DataFrame:
    rows = pairs.rename({"answer": "solution"}).with_columns(
        method=pl.lit(FIRST.name),
        problem_id="question",
        written=pl.lit("0"),
        student=pl.lit("student-23k"),
        trained_pairs=pl.lit(1, pl.Int64),
        asked=pl.lit(4, pl.Int64),
    )
    return STUDENT_MISTAKES.conform(rows)
