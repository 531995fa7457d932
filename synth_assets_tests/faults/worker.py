"""A process of its own that works on a lake whose ground shakes; started by the tests of this room.

It does what a person and the next run do: a sentence is told, the same work is tried again. Anything but a sentence
ends it.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from synth_assets.errors import PassingFaultError
from synth_assets.lake import Lake, LakeSettings
from synth_assets.lake.responses import LakeResponseStore
from synth_assets_tests.lake.rows import references, response, shards, spending

T = TypeVar("T")
told: list[str] = []


def again(work: Callable[[], T]) -> T:
    """The result of `work`, tried again after each sentence of a fault that may pass."""
    while True:
        try:
            return work()
        except PassingFaultError as error:
            told.append(str(error))
            time.sleep(0.2)


def write(lake: Lake, writer: str, partitions: str) -> None:
    """Replace each of this writer's partitions, and once more, by rows of score 1."""
    for number in (*range(int(partitions)), *range(int(partitions))):
        shard = f"{writer}-{number}"
        again(lambda shard=shard: lake.replace("reference_documents", references([shard], score=1.0), shards(shard)))


def overwrite(lake: Lake, shard: str, score: str, rows: str, rounds: str) -> None:
    """Replace one shard again and again by this writer's own rows."""
    for _ in range(int(rounds)):
        again(lambda: lake.replace("reference_documents", references([shard], int(rows), float(score)), shards(shard)))


def answer(lake: Lake, writer: str, flushes: str) -> None:
    """Store this writer's answers, a few at a time; what is found to be stored is not stored again."""
    store = LakeResponseStore(lake, "qa_pairs")

    def flush(hashes: list[str]) -> None:
        found = store.find(hashes)
        missing = [response(one) for one in hashes if one not in found]
        store.add(missing, [spending(len(missing))] if missing else [])

    for number in range(int(flushes)):
        hashes = [f"{writer}-{number}-{place}" for place in range(4)]
        again(lambda hashes=hashes: flush(hashes))


def read(lake: Lake, done: str) -> None:
    """Read until the file `done` appears. Every shard that is there is whole."""
    while True:
        last = Path(done).exists()
        rows = again(lambda: lake.read("reference_documents"))
        assert set(rows.group_by("shard").len()["len"]) <= {3}
        if last:
            return


ROLES: dict[str, Callable[..., None]] = {"write": write, "overwrite": overwrite, "answer": answer, "read": read}

if __name__ == "__main__":
    settings, role, *arguments = sys.argv[1:]
    ROLES[role](Lake(LakeSettings.model_validate_json(settings)), *arguments)
    sys.stdout.write(json.dumps(told))
