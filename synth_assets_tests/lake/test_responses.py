"""An answer that was paid for is found again, whoever asks, and is never stored twice."""

from dataclasses import replace

from synth_assets.lake import Lake
from synth_assets.lake.responses import LakeResponseStore
from synth_assets.teachers.teacher import StoredResponse

ANSWER = StoredResponse("h1", "answer_question", "teacher 1", "v1", '{"answer": "é"}', 10, 20)


def test_answers_are_found_by_their_hashes_and_no_others(lake: Lake) -> None:
    store = LakeResponseStore(lake, "qa_pairs", "level_1|a")
    store.add([ANSWER, replace(ANSWER, request_hash="h2")])
    assert store.find(["h1", "absent"]) == {"h1": ANSWER}
    assert store.find([]) == {}


def test_an_answer_is_kept_once_and_the_first_stays(lake: Lake) -> None:
    store = LakeResponseStore(lake, "qa_pairs")
    other = LakeResponseStore(lake, "questions", "level_2|a")
    changed = replace(ANSWER, response="{}")
    store.add([ANSWER, ANSWER])
    other.add([changed])
    store.add([])
    assert other.find(["h1"]) == {"h1": ANSWER}
    assert lake.row_count("teacher_responses") == 1
    assert lake.read("teacher_responses").select("stage", "partition").row(0) == ("qa_pairs", "")
