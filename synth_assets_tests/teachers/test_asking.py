"""What a teacher answered is stored in time, also when it breaks off: nothing paid for is lost or paid for twice."""

from collections.abc import Iterator

import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.teachers import asking, journal
from synth_assets.teachers.asking import Asker, Request
from synth_assets.teachers.budget import Budget, BudgetReachedError, Limits, Price
from synth_assets.teachers.store import StoredResponse
from synth_assets.teachers.tasks import AnswerQuestion, WrittenAnswer
from synth_assets_tests.teachers.scripted import COMPLETION, MOST_COMPLETION, MOST_PROMPT, PROMPT, Recorder, Scripted


def request(text: str, partition: str = "a") -> Request[WrittenAnswer]:
    return Request(partition, AnswerQuestion(question=text))


def requests(count: int, first: int = 0) -> list[Request[WrittenAnswer]]:
    return [request(f"Question {number}?") for number in range(first, first + count)]


def solutions(asker: Asker, asked: list[Request[WrittenAnswer]]) -> list[str | None]:
    return [told.result.solution if told.result else None for told in asker.responses(asked)]


def texts(asked: list[Request[WrittenAnswer]]) -> list[str]:
    return [asked_for.task.question for asked_for in asked if isinstance(asked_for.task, AnswerQuestion)]


# Storing


def test_responses_are_stored_in_batches_as_they_arrive() -> None:
    store = Recorder()
    Asker(Scripted(), store).responses(requests(2 * journal.FLUSH_RESPONSES + 7))
    assert store.writes == [journal.FLUSH_RESPONSES, journal.FLUSH_RESPONSES, 7]


def test_slow_answers_are_stored_after_some_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "FLUSH_SECONDS", -1.0)
    store = Recorder()
    Asker(Scripted(), store).responses(requests(3))
    assert store.writes == [1, 1, 1]


def test_answers_are_stored_in_time_though_the_caller_takes_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Recorder()
    answers = Asker(Scripted(), store).ask(requests(3))
    next(answers)
    assert store.writes == []
    monkeypatch.setattr(journal, "FLUSH_SECONDS", -1.0)
    next(answers)
    assert store.writes[0] == 1


def test_answers_are_looked_for_in_time_though_there_is_room_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where almost everything is found in the store."""
    store = Recorder()
    Asker(Scripted(), store).responses(requests(50))
    monkeypatch.setattr(journal, "FLUSH_SECONDS", -1.0)
    told = [answered.place for answered in Asker(Scripted(at_once=1000), store).ask([request("New?"), *requests(50)])]
    assert told == list(range(51))
    assert store.writes[-1] == 1


def test_a_response_is_stored_with_its_partition_task_and_teacher() -> None:
    store = Recorder()
    Asker(Scripted(), store).responses([request("Why?", "level_1|north")])
    (kept,) = store.kept
    assert (kept.partition, kept.task, kept.teacher, kept.prompt_version, kept.response) == (
        "level_1|north", "answer_question", "scripted@1", "1", "Why?",
    )  # fmt: skip
    assert (kept.prompt_tokens, kept.completion_tokens) == (PROMPT, COMPLETION)


def test_what_was_answered_before_the_teacher_broke_off_is_stored_and_not_asked_again() -> None:
    store, asked = Recorder(), requests(10)
    with pytest.raises(SynthAssetsError, match="the teacher has gone"):
        Asker(Scripted(lasting=4), store).responses(asked)
    assert store.writes == [4]
    second = Scripted()
    assert solutions(Asker(second, store), asked) == texts(asked)
    assert second.sent == texts(asked[4:])


def test_what_came_is_stored_where_the_caller_stops_listening() -> None:
    store, teacher = Recorder(), Scripted(at_once=3)
    answers = Asker(teacher, store).ask(requests(10))
    for _ in range(4):
        next(answers)
    answers.close()  # type: ignore[attr-defined]  # a generator
    assert sum(store.writes) == 5, "the fifth had come, but was not handed over"


def test_a_stored_answer_that_is_no_longer_valid_is_asked_for_again() -> None:
    store, teacher = Recorder(), Scripted()
    spoilt = teacher.prepare(request("Why?").task).request_hash
    store.add([StoredResponse("", spoilt, "answer_question", "scripted@1", "1", "spoilt", 1, 1)], [])
    assert solutions(Asker(teacher, store), [request("Why?")]) == ["Why?"]


# Equal requests


@pytest.mark.parametrize("at_once", [1, 4, 1000])
@pytest.mark.parametrize("text", ["Why?", "Fail"])
def test_equal_requests_are_sent_once(text: str, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in different looks into the store, while the first is on its way, and after it failed."""
    monkeypatch.setattr(asking, "LOOKED_UP_TOGETHER", 5)
    teacher, asked = Scripted(at_once=at_once), list[Request[WrittenAnswer]]()
    for number in range(20):
        asked += [request(text), *requests(1, number)]
    asker = Asker(teacher, Recorder())
    expected = None if text == "Fail" else text
    assert solutions(asker, asked) == [expected if told == text else told for told in texts(asked)]
    assert teacher.sent.count(text) == 1 and len(teacher.sent) == 21
    assert asker.spent.requests == 21


def test_a_failure_is_not_stored_but_what_it_cost_is() -> None:
    store, teacher = Recorder(), Scripted()
    for _ in range(2):
        assert solutions(Asker(teacher, store), [request("Fail")]) == [None]
    assert teacher.sent == ["Fail", "Fail"]
    assert store.kept == []
    assert (store.spent().requests, store.spent().failed, store.spent().answers) == (2, 2, 4)


# Progress and memory


def test_progress_counts_stored_and_new_answers() -> None:
    store, heard = Recorder(), list[tuple[int, int]]()
    Asker(Scripted(), store).responses(requests(2))
    asker = Asker(Scripted(), store)
    asker.responses(requests(4), 4, lambda done, of: heard.append((done, of)))
    assert heard == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert (asker.found, asker.spent.requests) == (2, 2)


def test_answers_come_with_the_places_of_their_requests() -> None:
    store = Recorder()
    Asker(Scripted(), store).responses(requests(2, first=8))
    places = [told.place for told in Asker(Scripted(at_once=100), store).ask(requests(10))]
    assert places == [8, 9, *range(8)]


def test_few_requests_are_taken_ahead_of_their_answers() -> None:
    taken = 0

    def endless() -> Iterator[Request[WrittenAnswer]]:
        nonlocal taken
        while True:
            taken += 1
            yield request(f"Question {taken}?")

    most = 0
    for done, _ in enumerate(Asker(Scripted(at_once=16), Recorder()).ask(endless())):
        most = max(most, taken - done)
        if done == 3 * asking.LOOKED_UP_TOGETHER:
            break
    assert most <= asking.LOOKED_UP_TOGETHER + 16


# Usage and budget


def test_what_is_spent_counts_once_over_a_resume() -> None:
    store, asked = Recorder(), requests(10)
    first, second = Asker(Scripted(lasting=4), store), Asker(Scripted(), store)
    with pytest.raises(SynthAssetsError):
        first.responses(asked)
    second.responses(asked)
    assert (first.spent.requests, second.spent.requests, second.found) == (4, 6, 4)
    assert store.spent() == first.spent + second.spent
    assert store.spent().tokens == 10 * (PROMPT + COMPLETION)
    assert sum(entry.usage.requests for entry in store.spending) == 10


def test_spending_is_kept_by_partition() -> None:
    store = Recorder()
    Asker(Scripted(), store).responses([request("1", "a"), request("2", "b"), request("3", "a")])
    assert {entry.partition: entry.usage.requests for entry in store.spending} == {"a": 2, "b": 1}


def test_a_stage_may_put_all_requests_on_one_account_for_a_while() -> None:
    store = Recorder()
    asker = Asker(Scripted(), store)
    with asker.charged_to("all"):
        asker.responses([request("1", "a"), request("2", "b")])
    asker.responses([request("3", "a")])
    assert {entry.partition: entry.usage.requests for entry in store.spending} == {"all": 2, "a": 1}


@pytest.mark.parametrize("at_once", [1, 3, 1000])
def test_a_budget_is_never_passed_and_a_larger_one_asks_for_the_rest(at_once: int) -> None:
    store, asked = Recorder(), requests(20)
    first, answered = Scripted(at_once=at_once), []
    with pytest.raises(BudgetReachedError, match=r"budget of 100 tokens .* larger budget"):
        for told in Asker(first, store, Budget(Limits(tokens=100))).ask(asked):
            answered.append(told.place)  # what was handed over before the error
            assert store.spent().tokens <= 100
    assert store.spent().tokens <= 100 < store.spent().tokens + MOST_PROMPT + MOST_COMPLETION
    assert len(store.kept) == len(first.sent) == len(answered), "everything sent is answered, handed over and stored"
    second = Scripted(at_once=at_once)
    assert solutions(Asker(second, store, Budget(Limits(tokens=1000))), asked) == texts(asked)
    assert first.sent + second.sent == texts(asked)
    assert store.spent().requests == 20


def test_a_budget_of_money_counts_by_the_price() -> None:
    price = Price(prompt=100_000.0, completion=200_000.0)  # 0.7 + 0.6 a request, at the most 1 + 4
    store = Recorder()
    with pytest.raises(BudgetReachedError, match=r"budget of 10\.00 .*--max-cost 20"):
        Asker(Scripted(at_once=50), store, Budget(Limits(cost=10.0), price)).responses(requests(50))
    cost = store.spent().cost
    assert cost is not None and 5.0 < cost <= 10.0


def test_a_budget_counts_what_earlier_runs_and_other_stages_spent() -> None:
    store = Recorder()
    Asker(Scripted(), store).responses(requests(9))
    with pytest.raises(BudgetReachedError, match="90 tokens have been spent"):
        Asker(Scripted(), store, Budget(Limits(tokens=100))).responses(requests(1, first=9))
    again = Asker(Scripted(), store, Budget(Limits(tokens=100)))
    assert solutions(again, requests(9)) == texts(requests(9)), "what is stored costs nothing"


def test_what_was_held_for_requests_given_up_is_free_again() -> None:
    store, budget = Recorder(), Budget(Limits(tokens=100))
    answers = Asker(Scripted(at_once=3), store, budget).ask(requests(10))
    next(answers)
    answers.close()  # type: ignore[attr-defined]  # a generator
    assert len(Asker(Scripted(), store, budget).responses(requests(7))) == 7
