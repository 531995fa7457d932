"""Requests of each method, the rows made of a teacher's questions, and what becomes of sources without any."""

from collections.abc import Sequence

import polars as pl
import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.generation.material import gather_material
from synth_assets.generation.methods import METHODS, method_named
from synth_assets.generation.methods.method import Material
from synth_assets.generation.questions import write_questions
from synth_assets.tables import StageResult
from synth_assets.teachers.asking import Asker
from synth_assets.teachers.store import MemoryStore, Spending, StoredResponse
from synth_assets.teachers.tasks import Concept, Result, WriteQuestions, WrittenQuestion, WrittenQuestions
from synth_assets.teachers.teacher import Failure
from synth_assets_tests.generation.material import CONCEPTS, DOCUMENTS, MISTAKES, walks
from synth_assets_tests.rule_teacher import RuleTeacher, ShufflingTeacher, asking

WALKS = walks(("north", "w1", "n1", "s1"), ("north", "w2", "n2", None))
IN_ONE_STEP = [name for name, method in METHODS.items() if not method.further]
NORTH = DOCUMENTS.filter(pl.col("shard") == "north")


def material(documents: pl.DataFrame = NORTH, walked: pl.DataFrame = WALKS) -> Material:
    return gather_material(documents, CONCEPTS, walked, DOCUMENTS.lazy(), MISTAKES)


def written(*texts: str, not_suitable: str | None = None) -> WrittenQuestions:
    questions = [WrittenQuestion(question=text, origin="new", school_level="middle", key_concepts=[]) for text in texts]
    return WrittenQuestions(questions=questions, not_suitable=not_suitable)


def two_questions(task: WriteQuestions) -> Result:
    return written(f"What about {task.documents[0].title}, {task.round}?", "And why?")


def ask(method: str, teacher: RuleTeacher, given: Material, rounds: int = 1) -> StageResult:
    result = write_questions(method_named(method), given, asking(teacher), rounds)
    result.check("questions")
    return result


def test_an_unknown_method_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(SynthAssetsError, match=r"no method 'level_9'.*level_1, level_2, level_3"):
        method_named("level_9")
    levels = ["level_1", "level_2", "level_3"]
    rounds = [f"error_extrapolation_{number}" for number in (1, 2, 3)]
    assert list(METHODS) == [*levels, "rephrase", "persona", "template", "targen", *rounds]
    assert [method.name for method in METHODS.values()] == list(METHODS)


@pytest.mark.parametrize(("method", "at_most"), [("level_1", 5), ("level_2", 5), ("level_3", 3)])
def test_a_method_asks_for_as_many_questions_as_the_paper(method: str, at_most: int) -> None:
    teacher = RuleTeacher(two_questions)
    ask(method, teacher, material())
    assert {task.at_most for task in teacher.asked} == {at_most}  # type: ignore[attr-defined]


def test_level_1_asks_about_every_document_even_without_concepts() -> None:
    teacher = RuleTeacher(two_questions)
    result = ask("level_1", teacher, material())
    assert [task.documents[0].document_id for task in teacher.asked] == ["n1", "n2", "n3"]  # type: ignore[attr-defined]
    assert result.rows["documents"].to_list() == [["n1"], ["n1"], ["n2"], ["n2"], ["n3"], ["n3"]]
    assert set(result.rows["shard"]) == {"north"}
    assert result.rows["walk_id"].null_count() == result.rows.height


def test_level_2_needs_two_concepts_to_combine_and_quarantines_documents_without() -> None:
    teacher = RuleTeacher(two_questions)
    result = ask("level_2", teacher, material())
    assert [task.documents[0].document_id for task in teacher.asked] == ["n1"]  # type: ignore[attr-defined]
    assert result.quarantined.select("id", "reason", "detail").rows() == [
        ("n2", "not_suitable", "fewer than two key concepts to combine"),
        ("n3", "not_suitable", "fewer than two key concepts to combine"),
    ]


def test_level_3_brings_the_walks_documents_of_other_shards_and_each_concept_once() -> None:
    teacher = RuleTeacher(two_questions)
    result = ask("level_3", teacher, material())
    both, alone = teacher.asked
    assert isinstance(both, WriteQuestions) and isinstance(alone, WriteQuestions)
    assert [document.text for document in both.documents] == ["Rosa bakes.", "Tiles are square."]
    assert [document.document_id for document in alone.documents] == ["n2"]
    assert [(concept.topic, concept.name) for concept in both.concepts] == [("ratio", "proportion"), ("area", "square")]
    first = result.rows.row(0, named=True)
    assert (first["documents"], first["walk_id"], first["shard"]) == (["n1", "s1"], "w1", "north")


def test_documents_brought_from_elsewhere_are_not_asked_about_themselves() -> None:
    assert set(material().shard_of) == {"n1", "n2", "n3"}


def test_each_source_leaves_a_question_or_a_reason() -> None:
    def rule(task: WriteQuestions) -> Result | str:
        match task.documents[0].document_id:
            case "n1":
                return written("  Fine?  ", "   ")
            case "n2":
                return written(not_suitable="it is a poem")
            case _:
                return "the server is down"

    result = ask("level_1", RuleTeacher(rule), material())
    assert result.rows["question"].to_list() == ["Fine?"]
    assert result.quarantined.select("id", "reason", "detail").rows() == [
        ("n2", "not_suitable", "it is a poem"),
        ("n3", "teacher_failed", "the server is down"),
    ]
    assert (result.received, result.passed) == (3, 1)


def test_an_answer_that_is_not_valid_is_quarantined_with_its_text() -> None:
    teacher = RuleTeacher(lambda task: Failure("invalid_answer", "Sure! Here are"))
    lost = ask("level_1", teacher, material()).quarantined
    assert set(lost.select("reason", "detail").rows()) == {("invalid_answer", "Sure! Here are")}


def test_a_failure_is_said_before_a_teachers_reason_whatever_came_first() -> None:
    def busy_later(task: WriteQuestions) -> Result | str:
        return written(not_suitable="a poem") if task.round == 0 else "busy"

    lost = ask("level_1", RuleTeacher(busy_later), material(), rounds=2).quarantined
    assert set(lost.select("reason", "detail").rows()) == {("teacher_failed", "busy")}


def test_a_question_written_twice_in_an_answer_counts_once_and_names_are_stripped() -> None:
    concepts = [Concept(topic=" ratio ", name=" rate"), Concept(topic="area", name="  ")]
    twice = WrittenQuestions(
        questions=[
            WrittenQuestion(question=text, origin="new", school_level="middle", key_concepts=concepts)
            for text in ("How  much? ", " How much?", "How many?")
        ]
    )
    rows = ask("level_1", RuleTeacher(lambda task: twice), material(NORTH.head(1))).rows
    assert rows["question"].to_list() == ["How  much?", "How many?"]
    assert rows.select("topics", "key_concepts").row(0) == (["ratio"], ["rate"])


@pytest.mark.parametrize("method", IN_ONE_STEP)
def test_the_order_of_the_answers_does_not_count(method: str) -> None:
    def rule(task: WriteQuestions) -> Result | str:
        return two_questions(task) if task.round != 1 else "busy"

    in_order = ask(method, RuleTeacher(rule), material(), rounds=5)
    for seed in range(5):
        shuffled = ask(method, ShufflingTeacher(rule, seed), material(), rounds=5)
        assert shuffled.rows.equals(in_order.rows) and shuffled.quarantined.equals(in_order.quarantined)


def test_requests_are_counted_and_on_the_account_of_their_method_and_shard() -> None:
    class Accounts(MemoryStore):
        def __init__(self) -> None:
            super().__init__()
            self.partitions: set[str] = set()

        def add(self, responses: Sequence[StoredResponse], spending: Sequence[Spending]) -> None:
            super().add(responses, spending)
            self.partitions |= {entry.partition for entry in spending} | {told.partition for told in responses}

    store, heard = Accounts(), list[tuple[int, int]]()
    asker = Asker(RuleTeacher(two_questions), store)
    write_questions(method_named("level_1"), material(DOCUMENTS), asker, 2, lambda done, of: heard.append((done, of)))
    assert store.partitions == {"level_1|north", "level_1|south"}
    assert heard == [(done, 8) for done in range(1, 9)]


def test_a_source_counts_as_served_if_any_round_gave_a_question() -> None:
    def only_second_round(task: WriteQuestions) -> Result | str:
        return written("At last?") if task.round == 1 else "busy"

    result = ask("level_1", RuleTeacher(only_second_round), material(), rounds=2)
    assert (result.rows.height, result.quarantined.height) == (3, 0)


def test_question_ids_are_unique_also_where_two_walks_share_one_response() -> None:
    twins = walks(("north", "w1", "n1", "s1"), ("north", "w2", "n1", "s1"))
    teacher = RuleTeacher(two_questions)
    result = ask("level_3", teacher, material(walked=twins), rounds=2)
    assert len(teacher.asked) == 2
    assert result.rows.height == 8 == result.rows["question_id"].n_unique()


@pytest.mark.parametrize("method", IN_ONE_STEP)
def test_question_ids_do_not_depend_on_the_order_or_company_of_the_documents(method: str) -> None:
    def ids(documents: pl.DataFrame, walked: pl.DataFrame) -> dict[str, str]:
        rows = ask(method, RuleTeacher(two_questions), material(documents, walked)).rows
        return dict(rows.select("question_id", "question").iter_rows())

    forward = ids(NORTH, WALKS)
    assert ids(NORTH.reverse(), WALKS.reverse()) == forward
    alone = ids(NORTH.head(1), WALKS.head(1))
    assert alone.items() <= forward.items() and len(alone) == 2


def test_nothing_to_write_from_gives_empty_tables() -> None:
    result = ask("level_3", RuleTeacher(two_questions), material(walked=WALKS.clear()))
    assert (result.rows.height, result.quarantined.height, result.received) == (0, 0, 0)
