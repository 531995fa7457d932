"""Two runs on the same partitions at once: whoever commits last has them whole, and no snapshot mixes the two."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from synth_assets.lake import Lake, LakeSettings
from synth_assets_tests.automation.web_server import web_server
from synth_assets_tests.faults.conftest import SHARDS
from synth_assets_tests.faults.lakes import cells, parts
from synth_assets_tests.faults.workers import sentences_of, workers
from synth_assets_tests.lake.rows import references
from synth_assets_tests.teachers.road.lakes import SmallLake

ROUNDS = 8


@pytest.mark.slow
@pytest.mark.parametrize("catalogue", ["sqlite", "postgres"])
def test_two_writers_of_one_partition_never_mix(tmp_path: Path, catalogue: str, request: pytest.FixtureRequest) -> None:
    catalog = request.getfixturevalue("postgres") if catalogue == "postgres" else None
    settings = LakeSettings(folder=tmp_path / "lake", catalog=catalog)
    Lake(settings).create()
    with workers(settings) as processes:
        scores = {1.0: 3, 2.0: 5}
        both = [processes.start("overwrite", "same", score, rows, ROUNDS) for score, rows in scores.items()]
        assert [sentences_of(process) for process in both] == [[], []]
    lake = Lake(settings)
    seen = set()
    first = 2  # 0 is the empty catalogue, 1 has the tables
    for snapshot in range(first, lake.current_snapshot() + 1):
        rows = lake.read("reference_documents", snapshot=snapshot)
        (score,) = rows["score"].unique()
        assert rows.equals(references(["same"], scores[score], score=score)), snapshot
        seen.add(score)
    assert seen == set(scores)
    assert lake.current_snapshot() == first - 1 + 2 * ROUNDS
    assert lake.read("materialisations").select("partition", "rows").rows() == [("same", rows.height)]
    lake.close()


@pytest.mark.slow
def test_two_backfills_of_the_same_partitions_leave_what_one_would(
    lake: SmallLake, changed_tables: Callable[[], list[str]]
) -> None:
    with web_server(lake.folder) as server:
        wanted = (("questions", cells(SHARDS)), ("documents", parts(SHARDS)))
        launched = [server.launch_backfill(asset, keys) for _ in range(2) for asset, keys in wanted]
        ended = [server.end_of_backfill(one) for one in launched]
    assert [one["status"] for one in ended] == ["COMPLETED_SUCCESS"] * 4
    assert changed_tables() == []
    runs = {run["runId"] for one in ended for run in one["runs"]}
    made = lake.query("select distinct run_id from materialisations where stage in ('questions', 'documents')")
    assert set(made["run_id"]) <= runs
    assert made.height == 1 + 3  # one run has made all documents that are there now, and one all questions of a method
    assert pl.Series(lake.query("select qa_id from qa_pairs")["qa_id"]).is_unique().all()
