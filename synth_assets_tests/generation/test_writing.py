"""Methods in several steps: each step as one stream, nothing asked twice, the same rows whatever comes first."""

from collections.abc import Iterator, Mapping

import polars as pl
import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.generation.methods.method import Equal, Found, Material, Method, Request, Steps, Written
from synth_assets.generation.questions import write_questions
from synth_assets.teachers.asking import Asker
from synth_assets.teachers.store import MemoryStore
from synth_assets.teachers.tasks import AnswerQuestion, Result, Task, WrittenAnswer, WrittenQuestion
from synth_assets_tests.generation.material import DOCUMENTS
from synth_assets_tests.generation.test_questions import material
from synth_assets_tests.rule_teacher import RuleTeacher, ShufflingTeacher, asking


class Echo(Method):
    """Asks about a title, then about each word of the answer, then about these answers; a question from each."""

    name = "echo"
    at_most = 3
    steps = 3

    def sources(self, material: Material) -> Mapping[str, str]:
        return material.shard_of

    def requests(self, material: Material, rounds: int) -> Iterator[Request]:
        for document_id, shard in material.shard_of.items():
            for number in range(rounds):
                task = AnswerQuestion(question=material.documents[document_id].title, sample=number)
                yield Request(shard, document_id, task, (document_id,), number)

    def write(self, request: Request, equal: Equal) -> Steps:
        told = yield (request.task,)
        for _ in range(self.steps - 1):
            yield ()
            told = yield [AnswerQuestion(question=word) for one in told if one.result for word in one.result.words]
        found = tuple(
            Found(
                WrittenQuestion(question=one.result.solution, origin="new", school_level="other", key_concepts=[]),
                AnswerQuestion,
                one.request_hash,
            )
            for one in told
            if one.result is not None
        )
        return Written(found)


class Words(WrittenAnswer):
    @property
    def words(self) -> list[str]:
        return self.solution.split()


class Worded(RuleTeacher):
    def read(self, task: Task, text: str) -> Words:
        return Words.model_validate_json(text)


def doubled(task: AnswerQuestion) -> Result:
    return Words(solution=f"{task.question}a {task.question}b", final_answer=str(task.sample))


def test_the_steps_of_a_request_follow_each_other_and_those_of_all_requests_go_together() -> None:
    teacher = Worded(doubled)
    result = write_questions(Echo(), material(DOCUMENTS.head(2)), asking(teacher))
    result.check("questions")
    asked = [task.question for task in teacher.asked]
    assert asked[:6] == ["Bread", "Boats", "Breada", "Breadb", "Boatsa", "Boatsb"]
    assert len(asked) == 2 + 4 + 8
    assert result.rows["documents"].to_list() == [["n1"]] * 4 + [["n2"]] * 4
    assert result.rows["question"][0] == "Breadaaa Breadaab"


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_answers_does_not_count_in_any_step(seed: int) -> None:
    class Shuffled(Worded, ShufflingTeacher):
        pass

    in_order = write_questions(Echo(), material(DOCUMENTS), asking(Worded(doubled)), rounds=2)
    shuffled = write_questions(Echo(), material(DOCUMENTS), asking(Shuffled(doubled, seed)), rounds=2)
    assert shuffled.rows.equals(in_order.rows) and in_order.rows["question_id"].is_unique().all()


@pytest.mark.parametrize("lasting", [1, 5, 9])
def test_a_run_that_broke_off_in_any_step_asks_nothing_twice(lasting: int) -> None:
    store, first = MemoryStore(), Worded(doubled)

    def breaking(task: AnswerQuestion) -> Result:
        if len(first.asked) > lasting:
            raise SynthAssetsError("the teacher has gone")
        return doubled(task)

    first.rule = breaking
    with pytest.raises(SynthAssetsError):
        write_questions(Echo(), material(DOCUMENTS), Asker(first, store))
    second, whole = Worded(doubled), Worded(doubled)
    again = write_questions(Echo(), material(DOCUMENTS), Asker(second, store))
    at_once = write_questions(Echo(), material(DOCUMENTS), asking(whole))
    assert again.rows.equals(at_once.rows)
    kept = {task.question for task in first.asked[:lasting]}
    assert [task.question for task in second.asked] == [
        task.question for task in whole.asked if task.question not in kept
    ]


def test_progress_counts_the_tasks_of_every_step() -> None:
    heard: list[tuple[int, int]] = []
    write_questions(Echo(), material(DOCUMENTS.head(1)), asking(Worded(doubled)), 1, lambda *told: heard.append(told))
    assert heard == [(1, 1), (2, 3), (3, 3), (4, 7), (5, 7), (6, 7), (7, 7)]


def test_two_requests_that_come_to_the_same_response_leave_its_question_once() -> None:
    class Forgetful(Echo):
        def write(self, request: Request, equal: Equal) -> Steps:
            return super().write(Request(request.shard, request.source, AnswerQuestion(question="x"), ()), equal)

    rows = write_questions(Forgetful(), material(DOCUMENTS.head(1)), asking(Worded(doubled)), rounds=3).rows
    assert rows.height == 4


def test_a_request_that_asks_nothing_leaves_its_reason() -> None:
    class Silent(Echo):
        def write(self, request: Request, equal: Equal) -> Steps:
            if request.source == "n1":
                return Written(detail="nothing to say")
            return (yield from super().write(request, equal))

    result = write_questions(Silent(), material(DOCUMENTS.head(2)), asking(Worded(doubled)))
    result.check("questions")
    assert result.quarantined.select("id", "reason", "detail").rows() == [("n1", "not_suitable", "nothing to say")]
    assert result.rows["documents"].explode().unique().to_list() == ["n2"]
    assert isinstance(result.rows, pl.DataFrame)
