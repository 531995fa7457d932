"""A process of its own that writes to or reads from a lake; started by `test_concurrency.py`."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from synth_assets.lake import Lake, LakeSettings, storage
from synth_assets.lake.responses import LakeResponseStore
from synth_assets_tests.lake.rows import references, response, shards, spending


def write(lake: Lake, writer: str, partitions: str, rows: str) -> None:
    """Replace each of this writer's partitions by rows of score 1."""
    for number in range(int(partitions)):
        shard = f"{writer}-{number}"
        lake.replace("reference_documents", references([shard], int(rows), score=1.0), shards(shard))


def write_slowly(lake: Lake) -> None:
    """Replace partitions that take seconds to write, so that there is time to be killed."""
    many = ["victim", *(f"victim-{number}" for number in range(2000))]
    lake.replace("reference_documents", references(many), shards(*many))


def answer(lake: Lake, writer: str, flushes: str) -> None:
    """Store this writer's answers, a few at a time, with what each flush cost; files are merged at every other one."""
    storage.MERGED_TOGETHER = 2
    store = LakeResponseStore(lake, "qa_pairs")
    for flush in range(int(flushes)):
        answers = [response(f"{writer}-{flush}-{number}") for number in range(4)]
        store.add(answers, [spending(len(answers))])


def find(lake: Lake, done: str, hashes: str) -> None:
    """Look for answers until the file `done` appears; report how often fewer were found, or less spent, than before."""
    store = LakeResponseStore(lake, "qa_pairs")
    seen, lost = [(0, 0)], 0
    while len(seen) == 1 or not Path(done).exists():
        seen.append((len(store.find(hashes.split())), store.spent().requests))
        lost += seen[-1][0] < seen[-2][0] or seen[-1][1] < seen[-2][1]
    sys.stdout.write(json.dumps({"reads": len(seen) - 1, "lost": lost}))


def read(lake: Lake, done: str, rows: str) -> None:
    """Read until the file `done` appears; report how many reads there were and how many partitions were torn."""
    reads = torn = 0
    while reads == 0 or not Path(done).exists():
        found = lake.read("reference_documents").filter(~pl.col("shard").str.starts_with("victim"))
        parts = found.group_by("shard").agg(pl.len(), pl.col("score").n_unique().alias("versions"))
        torn += parts.filter((pl.col("len") != int(rows)) | (pl.col("versions") != 1)).height + (parts.height != 200)
        reads += 1
        time.sleep(0.1)
    sys.stdout.write(json.dumps({"reads": reads, "torn": torn}))


ROLES: dict[str, Callable[..., None]] = {
    "write": write,
    "write_slowly": write_slowly,
    "answer": answer,
    "find": find,
    "read": read,
}

if __name__ == "__main__":
    settings, role, *arguments = sys.argv[1:]
    ROLES[role](Lake(LakeSettings.model_validate_json(settings)), *arguments)
