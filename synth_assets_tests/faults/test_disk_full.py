"""The disk is full: under the data files, under the catalogue too, and under a whole run with Dagster's records."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.lake import Lake, LakeSettings
from synth_assets.seeds import seed_of
from synth_assets_tests.command_line import told_plainly
from synth_assets_tests.faults.lakes import lake_of_shards
from synth_assets_tests.faults.volumes import Volume, small_disk
from synth_assets_tests.lake.rows import references, shards
from synth_assets_tests.teachers.road.lakes import SmallLake, differing

ROWS = 5_000


def _rows(shard: str) -> pl.DataFrame:
    """Rows of one shard that take about 300 kB: their ids cannot be packed."""
    rows = references([shard], ROWS)
    ids = pl.int_range(ROWS, eager=True).hash(seed_of(shard)).cast(pl.String())
    return rows.with_columns(document_id=shard + "#" + ids + ids.reverse())


@pytest.mark.slow
@pytest.mark.parametrize("what", ["data", "lake"])
def test_what_is_not_written_whole_is_not_written_and_room_is_all_it_takes(tmp_path: Path, what: str) -> None:
    """On the disk lie the data files alone, or the whole lake with its catalogue."""
    with small_disk(tmp_path / "disk", megabytes=3) as disk:
        whole = what == "lake"
        folder = (disk.place if whole else tmp_path) / "lake"
        lake = Lake(LakeSettings(folder=folder, data=None if whole else str(disk.place / "data")))
        written: list[str] = []
        with pytest.raises(
            SynthAssetsError, match=r"^The disk under the lake .* is full .*make room and run this again"
        ):
            for number in range(100):
                lake.replace("reference_documents", _rows(f"s{number}"), shards(f"s{number}"))
                written.append(f"s{number}")
        first = lake.snapshots()["snapshot"].to_list()[2]
        for _ in range(2):
            assert lake.read("reference_documents").equals(_expected(written))
            assert lake.read("reference_documents", snapshot=first).equals(_expected(written[:1]))
            assert lake.read("materialisations")["partition"].to_list() == sorted(written)
            lake.close()
        with pytest.raises(SynthAssetsError, match="is full"):
            lake.replace("reference_documents", _rows("later"), shards("later"))
        disk.enlarge(megabytes=30)
        lake.replace("reference_documents", _rows("later"), shards("later"))
        assert lake.read("reference_documents").equals(_expected([*written, "later"]))
        lake.close()


def _expected(written: list[str]) -> pl.DataFrame:
    return pl.concat([_rows(shard) for shard in written]).sort("shard", "document_id")


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["domain_ratings", "questions"])
def test_a_run_on_a_full_disk_says_so_and_the_same_command_finishes_once_there_is_room(
    tmp_path: Path, stage: str
) -> None:
    undisturbed = lake_of_shards(tmp_path / "undisturbed", shards=2)
    with small_disk(tmp_path / "disk", megabytes=200) as disk:
        lake = lake_of_shards(disk.place, shards=2)
        assert "is full" in told_plainly(_filled_in_stage(lake, disk, stage))
        disk.free()
        done = lake.run()
        assert (done.returncode, done.stderr) == (0, "")
        assert undisturbed.run().returncode == 0
        assert differing(lake, undisturbed) == []
        _unharmed(lake.folder / "dagster")


def _filled_in_stage(lake: SmallLake, disk: Volume, stage: str) -> "subprocess.CompletedProcess[str]":
    """`synth-assets run` on a disk that is filled as soon as it says that it is at `stage`."""
    command = [sys.executable, "-u", "-m", "synth_assets.cli", "run", "--lake", str(lake.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = []
        for line in process.stdout:
            told.append(line)
            if stage in line:
                disk.fill()
                break
        rest, errors = process.communicate(timeout=300)
    return subprocess.CompletedProcess(command, process.returncode, "".join(told) + rest, errors)


def _unharmed(home: Path) -> None:
    """Dagster's own databases are whole."""
    for database in home.rglob("*.db"):
        connection = sqlite3.connect(database)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",), database
        connection.close()
