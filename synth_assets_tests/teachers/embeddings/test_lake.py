"""Vectors in a real lake: found again, in one transaction with what they cost, and never paid for twice by a resume."""

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.lake import Lake
from synth_assets.lake.responses import LakeResponseStore
from synth_assets.lake.settings import LakeSettings
from synth_assets.lake.usage import usage_of
from synth_assets.lake.vectors import LakeVectorStore
from synth_assets.teachers.budget import BudgetReachedError, Limits
from synth_assets.teachers.embeddings.task import encoded
from synth_assets.teachers.openai.conversation import BACKLOG
from synth_assets.teachers.store import Spending, StoredResponse, Usage
from synth_assets_tests.teachers.embeddings.asking import embedder, texts
from synth_assets_tests.teachers.embeddings.user import BATCH, CONCURRENCY
from synth_assets_tests.teachers.openai.endpoint import EndpointProcess, endpoint_in_thread, scripted_endpoint
from synth_assets_tests.teachers.openai.serving import Script

COUNT, FLUSH = 1_500, 64
KILLS = 4


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(LakeSettings(folder=tmp_path / "lake"))


def stored(request_hash: str, numbers: list[float], tokens: int = 3) -> StoredResponse:
    vector = encoded(np.array(numbers, dtype=np.float32))
    return StoredResponse("", request_hash, "embed_text", "e5@1", "", vector, tokens, 0)


def test_vectors_are_found_by_their_hashes_to_the_last_bit_and_no_others(lake: Lake) -> None:
    kept = {name: stored(name, [0.1, -3e-20, 1 / 3]) for name in ("h1", "h2")}
    LakeVectorStore(lake, "domain_ratings").add(list(kept.values()), [])
    found = LakeVectorStore(lake, "reference_documents").find(["h2", "absent", "h1"])
    assert found == kept
    assert LakeVectorStore(lake, "domain_ratings").find([]) == {}
    assert LakeResponseStore(lake, "domain_ratings").find(["h1"]) == {}


def test_of_two_vectors_of_one_text_the_latest_is_found(lake: Lake) -> None:
    LakeVectorStore(lake, "a").add([stored("h", [1.0])], [])
    LakeVectorStore(lake, "b").add([stored("h", [2.0, 3.0])], [])
    assert LakeVectorStore(lake, "a").find(["h"]) == {"h": stored("h", [2.0, 3.0])}


def test_vectors_can_be_compared_in_sql(lake: Lake) -> None:
    LakeVectorStore(lake, "a").add([stored("h1", [1.0, 0.0]), stored("h2", [1.0, 1.0])], [])
    told = lake.query(
        "select list_cosine_similarity(a.vector, b.vector) from text_vectors a, text_vectors b "
        "where a.request_hash = 'h1' and b.request_hash = 'h2'"
    )
    assert told.item() == pytest.approx(0.5**0.5)


def test_vectors_and_their_cost_are_one_snapshot_and_count_for_the_budget_of_all(lake: Lake) -> None:
    store = LakeVectorStore(lake, "domain_ratings")
    LakeResponseStore(lake, "qa_pairs").add([], [Spending("", "answer_question", "t", Usage(1, 0, 1, 0, 40, 2), 1.0)])
    before = lake.current_snapshot()
    store.add([stored("h", [1.0])], [Spending("", "embed_text", "e5@1", Usage(1, 0, 1, 0, 3), 1.0)])
    assert lake.current_snapshot() == before + 1
    assert store.spent() == LakeResponseStore(lake, "qa_pairs").spent() == Usage(2, 0, 2, 0, 43, 2)


def test_many_small_writes_of_vectors_are_merged_and_found(lake: Lake) -> None:
    store = LakeVectorStore(lake, "domain_ratings")
    for number in range(70):
        store.add([stored(f"h{number}", [float(number)])], [])
    assert store.find([f"h{number}" for number in range(70)])["h7"] == stored("h7", [7.0])


def test_the_budget_counts_what_answers_have_cost(lake: Lake) -> None:
    LakeResponseStore(lake, "qa_pairs").add(
        [], [Spending("", "answer_question", "t", Usage(1, 0, 1, 0, 9_000, 0), 1.0)]
    )
    with endpoint_in_thread() as (url, endpoint):
        asked = embedder(url, store=LakeVectorStore(lake, "domain_ratings"), limits=Limits(tokens=9_100))
        with pytest.raises(BudgetReachedError, match="9,000 tokens have been spent"):
            asked.embed(["word " * 30])
        assert endpoint.counts.received == 0


def test_what_came_before_the_endpoint_failed_is_kept(lake: Lake) -> None:
    store = LakeVectorStore(lake, "domain_ratings")
    with endpoint_in_thread(Script(most_characters=100)) as (url, endpoint):
        asked = embedder(url, store=store, batch_size=4, concurrency=1, patience=1.0)
        asked.embed(texts(100))
        endpoint.script.faults = {"error": 1.0}
        with pytest.raises(SynthAssetsError, match="run the same command again"):
            asked.embed(texts(200))
        endpoint.script.faults = {}
        again = embedder(url, store=store)
        assert again.embed(texts(200)).shape == (200, 256)
    assert again.found >= 100
    assert lake.row_count("text_vectors") == 200
    (row,) = usage_of(lake, by=("stage", "partition", "task")).iter_rows(named=True)
    assert (row["stage"], row["task"], row["prompt_tokens"]) == ("domain_ratings", "embed_text", 200 * 9)


@pytest.mark.slow
def test_a_run_killed_again_and_again_repeats_only_what_was_in_flight(tmp_path: Path) -> None:
    """SIGKILL: what was written is not asked about again, and nothing but the last of the vectors was unwritten."""
    folder = tmp_path / "lake"
    with scripted_endpoint(tmp_path / "log", Script(latency=0.02)) as endpoint:
        for kill in range(1, KILLS + 1):
            _run(endpoint, folder, until=kill * COUNT // (KILLS + 1))
        _run(endpoint, folder, until=None)
        sent = Counter(text for line in endpoint.logged() if line.fault == "none" for text in line.texts)
    lake = Lake(LakeSettings(folder=folder))
    assert len(sent) == COUNT
    in_flight = FLUSH + (1 + BACKLOG) * CONCURRENCY * BATCH
    assert 0 < sent.total() - COUNT <= KILLS * in_flight
    rows, distinct = lake.query("select count(*), count(distinct request_hash) from text_vectors").row(0)
    assert rows == distinct == COUNT
    assert lake.query("select sum(requests)::bigint, sum(prompt_tokens)::bigint from teacher_usage").row(0) == (
        COUNT,
        COUNT * 9,
    )


def _run(endpoint: EndpointProcess, folder: Path, until: int | None) -> None:
    """Embed all texts; with `until`, kill the run once so many texts have been answered at all."""
    arguments = (endpoint.url, str(folder), str(COUNT), str(FLUSH))
    command = [sys.executable, "-m", "synth_assets_tests.teachers.embeddings.user", *arguments]
    with subprocess.Popen(command) as process:
        while until is not None and process.poll() is None:
            if len({text for line in endpoint.logged() for text in line.texts}) >= until:
                process.kill()
            time.sleep(0.02)
    assert process.returncode == (0 if until is None else -9)
