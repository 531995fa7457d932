"""Maintenance while others read and write, on either catalogue and on an object store: nobody loses anything.

Readers and writers are processes of their own. Of the files that maintenance may remove none is spared for its age, so
that only the commit lock and the snapshots kept protect what others read and write.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import boto3  # type: ignore[import-untyped]
import pytest

from synth_assets.lake import Lake, LakeSettings
from synth_assets.lake.maintenance import maintain
from synth_assets.lake.writing import insert
from synth_assets.tables import REFERENCE_DOCUMENTS
from synth_assets_tests.lake.rows import references, shards

# The fixture is the bucket of a real S3 server.
from synth_assets_tests.lake.test_object_store import bucket as bucket
from synth_assets_tests.lake.test_object_store import settings as on_object_store

pytestmark = pytest.mark.slow

ROWS, EARLIER_STATES = 20, 8
NO_GRACE = timedelta(0)

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(params=["sqlite", "postgres"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> LakeSettings:
    """A lake with either catalogue."""
    catalog = request.getfixturevalue("postgres") if request.param == "postgres" else None
    return LakeSettings(folder=tmp_path / "lake", catalog=catalog)


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


def scatter(lake: Lake) -> None:
    """Add a row to a partition by a commit of its own, as no stage does."""
    row = references(["victim-scattered"], rows=1)
    lake.commit("scatter", {}, lambda cursor, _: insert(cursor, REFERENCE_DOCUMENTS, row))


def test_readers_and_writers_lose_nothing_while_the_lake_is_kept(
    settings: LakeSettings, start: Start, tmp_path: Path
) -> None:
    lake = Lake(settings)
    every = [f"{writer}-{number}" for writer in range(8) for number in range(25)]
    for score in range(EARLIER_STATES):
        lake.replace("reference_documents", references(every, ROWS, score=float(score)), shards(*every))
    kept = lake.snapshots()
    done = tmp_path / "done"
    reader = start("read", done, ROWS)
    writers = [start("write_slowly"), *(start("write", writer, 5, ROWS) for writer in range(2))]
    passes = removed = 0
    while passes < EARLIER_STATES or any(writer.poll() is None for writer in writers):
        scatter(lake)
        scatter(lake)
        # One more of the earlier states is over; the last of them, which the reader began with, is not.
        over = kept["time"][min(passes, kept.height - 1)] + timedelta(days=settings.keep_snapshots_days)
        found = maintain(lake, now=over, grace=NO_GRACE)
        passes, removed = passes + 1, removed + found.whole["removed_files"]
    assert [writer.wait(timeout=60) for writer in writers] == [0] * len(writers)
    done.touch()
    report = json.loads(reader.communicate(timeout=120)[0])
    assert report["reads"] > 0
    assert report["torn"] == 0
    assert removed > 0
    last = int(kept["snapshot"][-1])
    before = references(every, ROWS, score=EARLIER_STATES - 1.0).sort("shard", "document_id")
    assert lake.read("reference_documents", snapshot=last).equals(before)
    now = lake.read("reference_documents")
    assert now.filter(shard="victim-scattered").height == 2 * passes
    assert now.filter(shard="victim").height + now.filter(shard="victim-1999").height == 2 * 3
    assert now["shard"].n_unique() == len(every) + 2001 + 1
    lake.close()


def test_an_object_store_is_kept_too(tmp_path: Path, bucket: str) -> None:
    lake = Lake(on_object_store(tmp_path / "lake", bucket))
    for score in range(3):
        lake.replace("reference_documents", references(["a", "b"], score=float(score)), shards("a", "b"))
    for _ in range(2):
        scatter(lake)
    rows, earlier = lake.read("reference_documents"), lake.current_snapshot()
    store = boto3.client("s3", endpoint_url=f"http://{bucket}", region_name="us-east-1")
    table = "tables/main/reference_documents/"
    store.put_object(Bucket="lake", Key=f"{table}shard=a/ducklake-left.parquet", Body=b"half a file")

    def stored() -> int:
        return len(store.list_objects_v2(Bucket="lake", Prefix=table)["Contents"])

    assert stored() == 9
    found = maintain(lake, now=lake.snapshots()["time"][-1] + timedelta(days=30), grace=-timedelta(hours=1))
    assert found.foreign == ()
    # Two partitions at the last two snapshots, the scattered one in two files and in the one merged from them.
    assert stored() == 5
    assert lake.read("reference_documents").equals(rows)
    assert lake.read("reference_documents", snapshot=earlier).equals(rows)
    lake.close()
