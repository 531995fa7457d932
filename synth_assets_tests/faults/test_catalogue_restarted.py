"""PostgreSQL is restarted under a lake that is written and read: nothing is lost or doubled, and sentences say so."""

import tempfile
import time
from pathlib import Path

import pytest

from synth_assets.lake import Lake, LakeSettings
from synth_assets.lake.responses import LakeResponseStore
from synth_assets_tests.faults.worker import again
from synth_assets_tests.faults.workers import sentences_of, workers
from synth_assets_tests.lake.rows import references, shards
from synth_assets_tests.postgres import postgres_server, restart

WRITERS, PARTITIONS, ANSWERERS, FLUSHES, READERS = 2, 10, 2, 12, 1
WAIT_SECONDS = 240.0
RESTARTS = ("immediate", "fast", "immediate")


@pytest.mark.slow
def test_a_restart_under_load_loses_and_doubles_nothing_and_the_same_work_goes_on(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        server = Path(place) / "pg"
        with postgres_server(server) as address:
            settings = LakeSettings(folder=tmp_path / "lake", catalog=address, data=str(tmp_path / "data"))
            lake = Lake(settings)
            early = lake.replace("reference_documents", references(["early"]), shards("early")).snapshot
            with workers(settings) as processes:
                done = tmp_path / "done"
                readers = [processes.start("read", done) for _ in range(READERS)]
                writing = [processes.start("write", f"w{number}", PARTITIONS) for number in range(WRITERS)]
                writing += [processes.start("answer", f"a{number}", FLUSHES) for number in range(ANSWERERS)]
                for number, mode in enumerate(RESTARTS, start=1):
                    _wait_for_snapshots(lake, early + 12 * number)
                    restart(server, mode)
                told = [sentence for process in writing for sentence in sentences_of(process)]
                done.touch()
                told += [sentence for reader in readers for sentence in sentences_of(reader)]
            assert told, "no process met a restart"
            for sentence in told:
                assert sentence.startswith("The lake's catalogue in PostgreSQL cannot be reached (")
                assert "check its address and that it runs" in sentence
                assert "pass word" not in sentence
            lake.close()
            _nothing_lost_or_doubled(lake, early)
            lake.close()


def _wait_for_snapshots(lake: Lake, snapshot: int) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while again(lake.current_snapshot) < snapshot:
        assert time.monotonic() < until, f"the processes do not get on to snapshot {snapshot}"
        time.sleep(0.05)


def _nothing_lost_or_doubled(lake: Lake, early: int) -> None:
    written = sorted(f"w{writer}-{number}" for writer in range(WRITERS) for number in range(PARTITIONS))
    rows = lake.read("reference_documents")
    assert rows.filter(shard="early").equals(references(["early"]))
    expected = references(written, score=1.0)
    assert rows.filter(shard="early").height + expected.height == rows.height
    assert rows.join(expected, on=rows.columns, how="semi").height == expected.height
    assert lake.read("materialisations")["partition"].to_list() == ["early", *written]
    every = [f"a{who}-{flush}-{place}" for who in range(ANSWERERS) for flush in range(FLUSHES) for place in range(4)]
    store = LakeResponseStore(lake, "qa_pairs")
    assert sorted(store.find(every)) == sorted(every)
    assert lake.row_count("teacher_responses") == len(every)
    assert store.spent().requests == len(every)
    assert lake.read("reference_documents", snapshot=early).equals(references(["early"]))
    for snapshot in lake.snapshots()["snapshot"].to_list()[early::7]:
        assert set(lake.row_counts("reference_documents", snapshot)["rows"]) == {3}
