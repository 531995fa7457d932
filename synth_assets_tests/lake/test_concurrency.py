"""Many processes write and read one lake at once, with both catalogues; a writer that is killed harms nobody.

The processes are real ones: each opens the lake anew, as the steps of Dagster's multi-process executor do.
"""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from synth_assets.lake import Lake, LakeSettings
from synth_assets.lake.responses import LakeResponseStore
from synth_assets_tests.lake.rows import references, shards

WRITERS, PARTITIONS, READERS, ROWS = 8, 25, 2, 20
FLUSHES = 20


@pytest.fixture(params=["sqlite", "postgres"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> LakeSettings:
    """A lake with either catalogue."""
    catalog = request.getfixturevalue("postgres") if request.param == "postgres" else None
    return LakeSettings(folder=tmp_path / "lake", catalog=catalog, data=str(tmp_path / "data"))


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(settings: LakeSettings) -> Iterator[Start]:
    """Starts a process with a role of `worker.py` on the lake; none outlives the test."""
    started: list[subprocess.Popen[str]] = []

    def start_one(role: str, *arguments: object) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "synth_assets_tests.lake.worker", settings.model_dump_json(), role]
        started.append(subprocess.Popen([*command, *map(str, arguments)], stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start_one
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.slow
def test_all_commits_of_eight_processes_land_while_two_read(
    settings: LakeSettings, start: Start, tmp_path: Path
) -> None:
    lake = Lake(settings)
    every = [f"{writer}-{number}" for writer in range(WRITERS) for number in range(PARTITIONS)]
    lake.replace("reference_documents", references(every, ROWS, score=0.0), shards(*every))
    snapshots = lake.snapshots().height
    done = tmp_path / "done"
    readers = [start("read", done, ROWS) for _ in range(READERS)]
    writers = [start("write", writer, PARTITIONS, ROWS) for writer in range(WRITERS)]
    assert [writer.wait(timeout=300) for writer in writers] == [0] * WRITERS
    done.touch()
    reports = [json.loads(reader.communicate(timeout=60)[0]) for reader in readers]
    assert all(report["reads"] > 0 and report["torn"] == 0 for report in reports), reports
    rows = lake.read("reference_documents")
    assert rows.height == len(every) * ROWS
    assert rows["score"].unique().to_list() == [1.0]
    assert rows["document_id"].n_unique() == rows.height
    assert lake.snapshots().height == snapshots + WRITERS * PARTITIONS
    assert lake.read("materialisations")["partition"].to_list() == sorted(every)
    lake.close()


def test_answers_of_two_processes_are_all_kept_and_found_at_every_moment_while_files_are_merged(
    settings: LakeSettings, start: Start, tmp_path: Path
) -> None:
    lake = Lake(settings)
    lake.create()
    every = [f"{name}-{flush}-{number}" for name in ("one", "other") for flush in range(FLUSHES) for number in range(4)]
    done = tmp_path / "done"
    reader = start("find", done, " ".join(every))
    writers = [start("answer", name, FLUSHES) for name in ("one", "other")]
    assert [writer.wait(timeout=300) for writer in writers] == [0, 0]
    done.touch()
    report = json.loads(reader.communicate(timeout=60)[0])
    assert report["reads"] > 0
    assert report["lost"] == 0
    store = LakeResponseStore(lake, "qa_pairs")
    assert sorted(store.find(every)) == sorted(every)
    assert lake.row_count("teacher_responses") == len(every)
    assert (store.spent().requests, lake.row_count("teacher_usage")) == (len(every), 2 * FLUSHES)
    lake.close()


def test_a_writer_killed_in_its_transaction_leaves_the_lake_as_it_was(settings: LakeSettings, start: Start) -> None:
    lake = Lake(settings)
    lake.replace("reference_documents", references(["victim"]), shards("victim"))
    before = set(Path(settings.data_path).rglob("*.parquet"))
    victim = start("write_slowly")
    while set(Path(settings.data_path).rglob("*.parquet")) == before:
        assert victim.poll() is None, "the writer ended before it could be killed"
        time.sleep(0.005)
    victim.send_signal(signal.SIGKILL)
    assert victim.wait(timeout=30) == -signal.SIGKILL
    assert lake.read("reference_documents", {"shard": ["victim"]}).equals(references(["victim"]))
    lake.replace("reference_documents", references(["victim"], rows=1), shards("victim"))
    assert lake.read("reference_documents", {"shard": ["victim"]}).height == 1
    lake.close()
