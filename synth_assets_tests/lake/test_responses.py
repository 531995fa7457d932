"""An answer that was paid for is found again, whoever asks, and what it cost is counted once."""

import random
from dataclasses import replace

import pytest

from synth_assets.lake import Lake, storage
from synth_assets.lake.responses import LakeResponseStore
from synth_assets.lake.usage import usage_of
from synth_assets.seeds import seed_of
from synth_assets.teachers.store import Spending, Usage
from synth_assets_tests.lake.rows import response, spending


def test_answers_are_found_by_their_hashes_and_no_others(lake: Lake) -> None:
    store = LakeResponseStore(lake, "qa_pairs")
    store.add([response("h1"), response("h2"), response("h3")], [spending(3)])
    assert store.find(["h3", "h1", "absent"]) == {"h1": response("h1"), "h3": response("h3")}
    assert store.find(["absent"]) == {}
    assert store.find([]) == {}


def test_answers_are_found_whichever_stage_and_partition_they_were_kept_under(lake: Lake) -> None:
    kept = replace(response("h1"), partition="")
    LakeResponseStore(lake, "qa_pairs").add([kept], [])
    assert LakeResponseStore(lake, "questions").find(["h1"]) == {"h1": kept}
    assert lake.read("teacher_responses").select("stage", "partition").row(0) == ("qa_pairs", "")


def test_of_two_answers_to_one_request_both_are_kept_and_the_latest_is_found(lake: Lake) -> None:
    LakeResponseStore(lake, "qa_pairs").add([response("h1", "no longer valid")], [])
    LakeResponseStore(lake, "questions").add([response("h0"), response("h1")], [])
    assert LakeResponseStore(lake, "qa_pairs").find(["h1"]) == {"h1": response("h1")}
    assert lake.row_count("teacher_responses") == 3


def test_answers_and_their_cost_are_written_in_one_snapshot(lake: Lake) -> None:
    before = lake.current_snapshot()
    LakeResponseStore(lake, "qa_pairs").add([response("h1")], [spending(1), spending(1, "level_2|a")])
    assert lake.current_snapshot() == before + 1
    assert lake.row_count("teacher_responses") == 1
    assert lake.read("teacher_usage")["usage_id"].n_unique() == 2


def test_failures_cost_without_leaving_an_answer_and_nothing_at_all_writes_nothing(lake: Lake) -> None:
    store = LakeResponseStore(lake, "qa_pairs")
    store.add([], [Spending("", "answer_question", "teacher 1", Usage(2, 2, 4, 0, 100, 50), 1.0)])
    before = lake.current_snapshot()
    store.add([], [])
    assert lake.current_snapshot() == before
    assert lake.row_count("teacher_responses") == 0
    assert store.spent() == Usage(2, 2, 4, 0, 100, 50)


def test_what_was_spent_is_the_sum_over_all_stages_and_runs(lake: Lake) -> None:
    stores = [LakeResponseStore(lake, stage) for stage in ("questions", "qa_pairs")]
    assert stores[0].spent() == Usage()
    for store in stores:
        store.add([], [spending(3, cost=0.5), spending(2)])
    assert stores[0].spent() == Usage(10, 0, 10, 0, 100, 200, 1.0)


def test_usage_is_told_apart_by_stage_partition_and_task(lake: Lake) -> None:
    LakeResponseStore(lake, "questions").add([], [spending(1, "level_1|a", "write_questions")])
    answers = LakeResponseStore(lake, "qa_pairs")
    answers.add([], [spending(3, "level_1|a", cost=0.5), spending(1, "level_1|b", "judge_answer")])
    answers.add([], [spending(2, "level_1|a", cost=0.25)])
    columns = ("stage", "partition", "requests", "cost", "tokens_per_second")
    assert usage_of(lake).select(columns).rows() == [
        ("qa_pairs", "level_1|a", 5, 0.75, 37.5),
        ("qa_pairs", "level_1|b", 1, None, 15.0),
        ("questions", "level_1|a", 1, None, 15.0),
    ]
    by_task = usage_of(lake, by=["task"], stage="qa_pairs", teacher="teacher 1")
    assert by_task.select("task", "completion_tokens_per_request").rows() == [
        ("answer_question", 20.0),
        ("judge_answer", 20.0),
    ]
    assert usage_of(lake, by=["task"], teacher="another").is_empty()


def test_small_files_are_merged_and_no_reader_notices(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "MERGED_TOGETHER", 4)
    store = LakeResponseStore(lake, "qa_pairs")
    for number in range(3):
        store.add([response(f"h{number}")], [spending(1)])
    early = lake.current_snapshot()
    lazy = lake.scan("teacher_responses")
    with lake.cursor() as reader:
        begun = "SELECT count(*) FROM lake.main.teacher_responses"
        reader.execute("BEGIN")
        assert reader.execute(begun).fetchone() == (3,)
        for number in range(3, 11):
            store.add([response(f"h{number}")], [spending(1)])
        assert reader.execute(begun).fetchone() == (3,)
    assert _live_files(lake, "teacher_responses") < 4
    assert _live_files(lake, "teacher_usage") < 4
    assert lazy.collect().height == lake.row_count("teacher_responses", early) == 3
    assert lake.query("SELECT count(*) FROM teacher_usage", as_of=early).item() == 3
    assert list(store.find([f"h{number}" for number in range(11)])) == [f"h{number}" for number in range(11)]
    assert store.spent().requests == 11


def test_rows_stay_in_the_order_they_came_through_merges(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "MERGED_TOGETHER", 3)
    # Every fourth file is too large to be merged.
    monkeypatch.setattr(storage, "SMALL_FILE_BYTES", 4_000)
    store = LakeResponseStore(lake, "qa_pairs")
    answers = [response(f"h{n % 9}", f"{n}-" + noise(5_000 if n % 4 == 3 else 10)) for n in range(18)]
    for answer in answers:
        store.add([answer], [])
    texts = lake.query("SELECT response FROM teacher_responses ORDER BY rowid")["response"].to_list()
    assert texts == [answer.response for answer in answers]
    assert store.find([f"h{n}" for n in range(9)]) == {answer.request_hash: answer for answer in answers[9:]}


def noise(length: int) -> str:
    """A text that does not get much smaller when compressed."""
    return random.Random(seed_of("noise")).randbytes(length // 2).hex()


def _live_files(lake: Lake, table: str) -> int:
    """Files that hold the table's newest rows."""
    with lake.cursor() as cursor:
        return len(cursor.execute(f"SELECT DISTINCT filename FROM lake.main.{table}").fetchall())
