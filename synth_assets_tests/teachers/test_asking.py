"""What a teacher answered is stored in time, also when it breaks off: nothing paid for is lost."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from synth_assets.teachers import asking
from synth_assets.teachers.asking import FLUSH_RESPONSES, MemoryStore, ask_all
from synth_assets.teachers.tasks import AnswerQuestion, Task, WrittenAnswer
from synth_assets.teachers.teacher import Response, StoredResponse, request_hash


class Recorder(MemoryStore):
    """A store that notes how many responses came in each write."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[int] = []

    def add(self, responses: Sequence[StoredResponse]) -> None:
        super().add(responses)
        self.writes.append(len(responses))


class Breaking:
    """Answers with the question's text, until after `lasting` answers it breaks off (None: never)."""

    name = "breaking@1"

    def __init__(self, lasting: int | None = None) -> None:
        self.lasting = lasting
        self.told = 0

    def prompt_version(self, task: type[Task[Any]]) -> str:
        return "1"

    def ask(self, tasks: Sequence[Task[Any]]) -> Iterator[Response[Any]]:
        for place, task in enumerate(tasks):
            if place == self.lasting:
                raise ConnectionError("the teacher has gone")
            self.told += 1
            yield Response(request_hash(self, task), WrittenAnswer(solution=task.question, final_answer="1"))  # type: ignore[attr-defined]


def tasks(count: int) -> list[AnswerQuestion]:
    return [AnswerQuestion(question=f"Question {number}?") for number in range(count)]


def test_responses_are_stored_in_batches_as_they_arrive() -> None:
    store = Recorder()
    ask_all(Breaking(), store, tasks(2 * FLUSH_RESPONSES + 7))
    assert store.writes == [FLUSH_RESPONSES, FLUSH_RESPONSES, 7]


def test_slow_answers_are_stored_after_some_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "FLUSH_SECONDS", -1.0)
    store = Recorder()
    ask_all(Breaking(), store, tasks(3))
    assert store.writes == [1, 1, 1]


def test_what_was_answered_before_the_teacher_broke_off_is_stored_and_not_asked_again() -> None:
    store, asked = Recorder(), tasks(10)
    with pytest.raises(ConnectionError, match="the teacher has gone"):
        ask_all(Breaking(lasting=4), store, asked)
    assert store.writes == [4]
    second = Breaking()
    responses = ask_all(second, store, asked)
    assert second.told == 6
    assert [response.result.solution for response in responses if response.result] == [task.question for task in asked]


def test_progress_counts_stored_and_new_answers_of_distinct_tasks() -> None:
    store, heard = MemoryStore(), list[tuple[int, int]]()
    ask_all(Breaking(), store, tasks(2))
    ask_all(Breaking(), store, [*tasks(4), *tasks(4)], advance=lambda done, of: heard.append((done, of)))
    assert heard == [(2, 4), (3, 4), (4, 4)]


def test_a_teacher_that_skips_a_task_is_found_out() -> None:
    class Lazy(Breaking):
        def ask(self, tasks: Sequence[Task[Any]]) -> Iterator[Response[Any]]:
            return super().ask(tasks[:-1])

    with pytest.raises(ValueError, match="shorter"):
        ask_all(Lazy(), MemoryStore(), tasks(3))
