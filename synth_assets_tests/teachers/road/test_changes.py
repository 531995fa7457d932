"""After a finished run, only what a change changes is asked again."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from synth_assets_tests.command_line import synth_assets
from synth_assets_tests.teachers.road.charging import ChargingProcess, QuotingScript, charging_endpoint, kinds
from synth_assets_tests.teachers.road.lakes import SmallLake, asked_of, small_lake

SAMPLES = 3

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Finished:
    """A lake whose road has been walked, the endpoint that was asked, and what it was asked."""

    lake: SmallLake
    endpoint: ChargingProcess
    asked: Counter[str]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finished]:
    place = tmp_path_factory.mktemp("finished")
    with charging_endpoint(place / "log") as endpoint:
        lake = small_lake(place, every=16, samples=SAMPLES)
        done = lake.run(*asked_of(endpoint.url))
        assert (done.returncode, done.stderr) == (0, "")
        yield Finished(lake, endpoint, kinds(endpoint.settled()))


@pytest.fixture
def copied(finished: Finished, tmp_path: Path) -> SmallLake:
    """A copy of the finished lake with a corpus of its own, to be changed; its teacher has answered all there is."""
    shutil.copytree(finished.lake.folder, tmp_path / "lake")
    copy = SmallLake(tmp_path / "lake", finished.lake.corpus)
    assert {row["state"] for row in _standing(copy)} == {"fresh"}
    return copy


def _standing(lake: SmallLake) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads(synth_assets("status", "--json", "--lake", lake.folder).stdout)
    return rows


def _asked_by(lake: SmallLake, endpoint: ChargingProcess, *options: str) -> Counter[str]:
    """What a run on the lake asks the endpoint, by kind of task; each request comes once."""
    before = len(endpoint.settled())
    done = lake.run(*options)
    assert (done.returncode, done.stderr) == (0, "")
    assert {row["state"] for row in _standing(lake)} == {"fresh"}
    asked = endpoint.settled()[before:]
    assert len({line.request for line in asked}) == len(asked)
    return kinds(asked)


def test_a_run_after_a_run_asks_nothing(finished: Finished, copied: SmallLake) -> None:
    """A finished road is not walked again."""
    assert _asked_by(copied, finished.endpoint) == {}


def test_a_parameter_of_one_task_asks_that_task_again(finished: Finished, copied: SmallLake) -> None:
    """Another temperature for answers asks for all answers, and for nothing else."""
    copied.set(teacher={"sampling": {"answer_question": {"temperature": 0.31}}})
    assert _asked_by(copied, finished.endpoint) == {"answer_question": finished.asked["answer_question"]}


def test_another_treatment_of_the_answers_asks_nothing(finished: Finished, copied: SmallLake) -> None:
    """Another least agreement makes other rows of the answers there are."""
    before = copied.query("select count(*) from qa_pairs").item()
    copied.set(generation={"least_agreement": 1.0})
    assert _asked_by(copied, finished.endpoint) == {}
    assert 0 < copied.query("select count(*) from qa_pairs").item() < before


def test_another_endpoint_of_the_same_model_asks_nothing(finished: Finished, copied: SmallLake, tmp_path: Path) -> None:
    """Where the model is served is not part of what is asked."""
    with charging_endpoint(tmp_path / "log", QuotingScript(seed=1)) as other:
        before = finished.endpoint.received
        assert _asked_by(copied, other, "--base-url", other.url, "--concurrency", "3", "--price", "1,2") == {}
        assert finished.endpoint.received == before


def test_another_revision_asks_everything_again(finished: Finished, copied: SmallLake) -> None:
    """A mark for another version of the model makes every answer another one."""
    assert _asked_by(copied, finished.endpoint, "--revision", "2") == finished.asked
    assert set(copied.query("select distinct teacher from qa_pairs")["teacher"]) == {"scripted@2"}


def test_a_changed_document_asks_what_is_about_it_and_what_follows(
    finished: Finished, copied: SmallLake, tmp_path: Path
) -> None:
    """A changed document is read and asked about again; the questions about the others stand as they were.

    It is not rated again: the domain filter, trained on what there was, is kept.
    """
    lines = [json.loads(line) for line in copied.corpus.read_text().splitlines()]
    lines[0]["text"] += "\n\nIn the end, the area of the triangle is 12 + 30 = 42."
    changed = lines[0]["id"]
    lake = SmallLake(copied.folder, tmp_path / copied.corpus.name)
    lake.corpus.write_text("\n".join(map(json.dumps, lines)))
    asked = _asked_by(lake, finished.endpoint, "--corpus", str(lake.corpus))

    known = finished.lake.query("select request_hash from teacher_responses")
    written = _requests(lake, "questions").join(known, on="request_hash", how="anti")
    alone = written.filter(pl.col("method") != "level_3")
    assert alone["documents"].to_list() == [[changed]] * alone.height
    assert alone["method"].sort().to_list() == ["level_1", "level_2"]
    new_questions = lake.query("select question_id from questions").join(
        finished.lake.query("select question_id from questions"), on="question_id", how="anti"
    )
    assert asked == {
        "extract_concepts": 1,
        "write_questions": written.height,
        "answer_question": SAMPLES * new_questions.height,
    }
    others = "select * from qa_pairs semi join (select question_id as qa_id from questions where method <> 'level_3' "
    others += f"and documents <> ['{changed}']) using (qa_id) order by qa_id"
    assert lake.query(others).height > 0
    assert lake.query(others).equals(finished.lake.query(others))


def _requests(lake: SmallLake, table: str) -> pl.DataFrame:
    """The distinct requests that left rows in a table, with method and documents."""
    return lake.query(f"select distinct request_hash, method, documents from {table} order by request_hash")
