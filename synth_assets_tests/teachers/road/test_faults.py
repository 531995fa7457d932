"""The whole road against an endpoint of which a third of the attempts goes wrong, in every way there is."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import polars as pl
import pytest

from synth_assets.generation.methods import method_named
from synth_assets.settings import Settings
from synth_assets_tests.teachers.openai.endpoint import Logged
from synth_assets_tests.teachers.openai.serving import FAULTS, Fault
from synth_assets_tests.teachers.road.charging import CHARGED, QuotingScript, charging_endpoint, kinds
from synth_assets_tests.teachers.road.lakes import SmallLake, asked_of, small_lake
from synth_assets_tests.teachers.road.materialising import materialised

WAITED_FOR: tuple[Fault, ...] = ("hang", "truncated_body")
"""Faults that last until the attempt is given up: rarer than the others, so that the test does not wait for long."""

QUICK_SHARE, SLOW_SHARE = 0.032, 0.0067
"""Of each fault: a third of the attempts together."""

ATTEMPT_SECONDS = 8.0
"""Much longer than an answer takes, also where the machine is shared: an answer given up would be charged unseen."""

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Disturbed:
    """A lake made against a faulty endpoint with the endpoint's log, and one of the same corpus made undisturbed.

    `mended` is a copy of the first whose answers were materialised again without faults; `asked_again` is what was
    asked for it.
    """

    lake: SmallLake
    log: list[Logged]
    charged: dict[str, int]
    undisturbed: SmallLake
    mended: SmallLake
    asked_again: Counter[str]


@pytest.fixture(scope="module")
def disturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disturbed]:
    faults = {fault: SLOW_SHARE if fault in WAITED_FOR else QUICK_SHARE for fault in FAULTS}
    assert set(faults) == set(get_args(Fault))
    assert sum(faults.values()) == pytest.approx(1 / 3, abs=0.001)
    place, other = tmp_path_factory.mktemp("disturbed"), tmp_path_factory.mktemp("undisturbed")
    with charging_endpoint(place / "log", QuotingScript(faults=faults, retry_after=0.05, seed=7)) as endpoint:
        lake = _lake(place)
        done = lake.run(*asked_of(endpoint.url))
        log, charged = endpoint.settled(), dict(endpoint.charged())
        assert (done.returncode, done.stderr) == (0, "")
        endpoint.change(faults={})
        undisturbed = _lake(other)
        done = undisturbed.run(*asked_of(endpoint.url))
        assert (done.returncode, done.stderr) == (0, "")
        before = len(endpoint.settled())
        shutil.copytree(lake.folder, place / "mended")
        mended = SmallLake(place / "mended", lake.corpus)
        assert materialised(mended, ("qa_pairs",), {})
        yield Disturbed(lake, log, charged, undisturbed, mended, kinds(endpoint.settled()[before:]))


def _lake(place: Path) -> SmallLake:
    return small_lake(place, every=4, attempt_timeout=ATTEMPT_SECONDS, deadline=90.0)


def test_every_kind_of_fault_was_met(disturbed: Disturbed) -> None:
    """A third of the attempts went wrong, and each kind of fault is among them."""
    met = Counter(line.fault for line in disturbed.log)
    print(f"\n{len(disturbed.log)} attempts: {dict(met)}")
    assert set(FAULTS) <= set(met)
    assert 0.25 < 1 - met["none"] / len(disturbed.log) < 0.42


def test_every_thing_is_a_row_or_in_quarantine(disturbed: Disturbed) -> None:
    """Documents, walks and questions that came in are as many as went on and were quarantined, each once."""
    lake = disturbed.lake
    for flow in _flows():
        counted = lake.query(
            f"with came as ({flow.came}), went as ({flow.went}), lost as (select id from quarantine "
            f"where stage = '{flow.stage}' and starts_with(partition, '{flow.partitions}')) "
            "select (select count(*) from came), (select count(*) from went), (select count(*) from lost), "
            "(select count(*) from came anti join (from went union all from lost) using (id)), "
            "(select count(*) from went semi join lost using (id))"
        )
        came, went, lost, vanished, both = counted.row(0)
        assert came == went + lost > 0, flow
        assert (vanished, both) == (0, 0), flow
    reasons = lake.query("select distinct reason from quarantine where stage in ('document_concepts', 'qa_pairs')")
    assert set(reasons["reason"]) <= {"invalid_answer", "teacher_failed"}


@dataclass(frozen=True)
class Flow:
    """Queries for the distinct ids that came into a stage and went on, in the partitions that begin so."""

    stage: str
    came: str
    went: str
    partitions: str = ""


def _flows() -> Iterator[Flow]:
    yield Flow("reference_documents", _ids("document_id", "documents"), _ids("document_id", "reference_documents"))
    yield Flow(
        "document_concepts", _ids("document_id", "reference_documents"), _ids("document_id", "document_concepts")
    )
    for name in Settings().generation.methods:
        method = method_named(name)
        of_walks = method.source_table == "concept_walks"
        asked_about = _ids("walk_id" if of_walks else "documents[1]", f"questions where method = '{name}'")
        came = _ids("walk_id" if of_walks else "document_id", method.source_table)
        yield Flow("questions", came, asked_about, name)
    yield Flow("qa_pairs", _ids("question_id", "questions"), _ids("qa_id", "qa_pairs"))
    yield Flow("training_qa", _ids("qa_id", "qa_pairs"), _ids("qa_id", "training_qa"))


def _ids(column: str, table: str) -> str:
    return f"select distinct {column} as id from {table}"


def test_what_was_answered_is_what_an_undisturbed_run_has(disturbed: Disturbed) -> None:
    """Wherever the answer was delivered in the end, stored answers and rows are those of the run without faults."""
    answers = [lake.query("select request_hash, task, response from teacher_responses") for lake in _both(disturbed)]
    together = answers[0].join(answers[1], on="request_hash")
    assert together.filter(pl.col("response") != pl.col("response_right")).is_empty()
    assert together.height > 0.7 * answers[1].height
    for table, key in (("document_concepts", "document_id"), ("questions", "question_id"), ("qa_pairs", "qa_id")):
        mine, theirs = (lake.query(f"select * from {table}") for lake in _both(disturbed))
        shared = mine.join(theirs, on="request_hash", how="semi").sort(key, *_rest(mine, key))
        equal = theirs.join(mine, on="request_hash", how="semi").sort(key, *_rest(mine, key))
        # Tokens tell how the answer was come by: with a correction, or counted by ourselves.
        drop = [name for name in mine.columns if name.endswith("_tokens")]
        assert shared.drop(drop).equals(equal.drop(drop)), table
        assert shared.height > 0.7 * theirs.height


def _both(disturbed: Disturbed) -> tuple[SmallLake, SmallLake]:
    return disturbed.lake, disturbed.undisturbed


def _rest(frame: pl.DataFrame, key: str) -> list[str]:
    return [name for name in ("topic", "key_concept") if name in frame.columns and name != key]


def test_no_answer_is_paid_twice_and_every_one_paid_is_booked(disturbed: Disturbed) -> None:
    """The endpoint's own count of charged answers is that of `teacher_usage`; a repaired answer is not asked again."""
    charged = Counter(line.request for line in disturbed.log if line.fault in CHARGED)
    assert set(charged.values()) == {1}
    spent = disturbed.lake.query(
        "select sum(requests)::bigint as requests, sum(failed)::bigint as failed, sum(answers)::bigint as answers, "
        "sum(approximated)::bigint as approximated from teacher_usage"
    ).row(0, named=True)
    print(f"\nbooked {spent}, charged {disturbed.charged}")
    assert spent["answers"] == charged.total() == disturbed.charged["answers"]
    assert spent["requests"] == len({line.asked for line in disturbed.log})
    stored = disturbed.lake.query("select count(*) from teacher_responses").item()
    assert spent["requests"] - spent["failed"] == stored
    miscounted = sum(line.fault in ("wrong_counts", "no_counts") for line in disturbed.log)
    assert miscounted <= spent["approximated"] <= 2 * miscounted


def test_materialising_again_asks_for_what_failed_alone(disturbed: Disturbed) -> None:
    """Failures are not stored: the answers that could not be had are asked for again, and no other."""
    lost = "select count(*) from quarantine where stage = 'qa_pairs'"
    assert disturbed.lake.query(lost).item() > 0
    assert disturbed.asked_again == {"answer_question": disturbed.lake.query(lost).item()}
    assert disturbed.mended.query(lost).item() == 0
    assert disturbed.mended.query("select count(*) from qa_pairs").item() == (
        disturbed.lake.query("select count(*) from questions").item()
    )
