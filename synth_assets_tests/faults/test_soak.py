"""Four backfills at once on PostgreSQL, again and again: rows stay right and no process collects open files.

A short soak, as long as SYNTH_ASSETS_SOAK_SECONDS says and only where it is set; `benchmarks/soak.py` runs a long one.
"""

import os
import tempfile
from pathlib import Path

import polars as pl
import pytest

from synth_assets_tests.automation.web_server import web_server
from synth_assets_tests.faults.lakes import into_postgres, lake_of_shards
from synth_assets_tests.faults.processes import LASTING, PASSING
from synth_assets_tests.faults.soaking import SHARDS, figures, soak
from synth_assets_tests.postgres import postgres_server

SECONDS = os.environ.get("SYNTH_ASSETS_SOAK_SECONDS")
FILES = 6
"""Open files, beside those of runs at work, by which a process may differ from a while before: connections come and
go."""
RUNS = 3 * FILES
"""Runs after the warm-up, below which a file that is kept for each would not stand out."""


@pytest.mark.slow
@pytest.mark.skipif(SECONDS is None, reason="A soak is run where SYNTH_ASSETS_SOAK_SECONDS says how long.")
def test_four_backfills_at_once_end_with_the_same_rows_and_open_files_do_not_grow(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)  # PostgreSQL runs as a user of its own
        with postgres_server(Path(place) / "pg") as address:
            lake = lake_of_shards(tmp_path, SHARDS)
            into_postgres(lake, address)
            done = lake.run()
            assert done.returncode == 0, done.stderr
            before = lake.tables()
            log = tmp_path / "measured.ndjson"
            with web_server(lake.folder) as server:
                lanes = soak(server, address, float(SECONDS or 0), log, pause=2.0)
            after = lake.tables()
    assert [name for name in before if not after[name].equals(before[name])] == []
    assert all(lane.statuses and set(lane.statuses) == {"COMPLETED_SUCCESS"} for lane in lanes), lanes
    seen = figures(log)
    print(f"\n{seen}")
    assert set(LASTING) <= set(seen["kind"])
    runs = seen.row(by_predicate=pl.col("kind") == "run", named=True)["points"]
    assert runs >= RUNS, f"{runs} runs show nothing: set SYNTH_ASSETS_SOAK_SECONDS to more"
    lasting = seen.filter(~pl.col("kind").is_in(PASSING))
    for kind, first, last in lasting.select("kind", "files_first", "files_last").iter_rows():
        assert last <= first + FILES, (kind, first, last)
