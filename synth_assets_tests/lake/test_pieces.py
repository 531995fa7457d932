"""The rows of a few partitions are the same, whether their files are read or DuckLake finds them."""

from pathlib import Path

import pytest

from synth_assets.lake import Lake, LakeSettings
from synth_assets.lake.pieces import rows_in
from synth_assets.tables import QA_SIGNATURES
from synth_assets_tests.lake.rows import signatures

PLACES = [("level_1", "a"), ("level_1", "b"), ("level_2", "a")]
PARTITIONS = [{"method": method, "shard": shard} for method, shard in PLACES]


@pytest.fixture
def parted(lake: Lake) -> Lake:
    lake.replace(QA_SIGNATURES, signatures(PLACES), PARTITIONS)
    return lake


def ids_in(lake: Lake, *partitions: dict[str, str], snapshot: int | None = None) -> tuple[str, list[str]]:
    """What is written after FROM, and the ids it gives."""
    with lake.cursor() as cursor:
        relation = rows_in(cursor, QA_SIGNATURES, partitions, snapshot or lake.current_snapshot())
        return relation, [qa_id for (qa_id,) in cursor.execute(f"SELECT qa_id FROM {relation} ORDER BY 1").fetchall()]


def test_the_files_of_the_partitions_are_read_and_no_others(parted: Lake) -> None:
    relation, ids = ids_in(parted, PARTITIONS[0], PARTITIONS[2])
    assert relation.startswith("read_parquet")
    assert ids == ["level_1/a/0", "level_1/a/1", "level_2/a/0", "level_2/a/1"]
    assert ids_in(parted, {"method": "level_2", "shard": "b"})[1] == []
    for file in Path(parted.settings.data_path).rglob("shard=b/*.parquet"):
        file.unlink()
    assert parted.read(QA_SIGNATURES, {"method": ["level_1", "level_2"], "shard": ["a"]})["qa_id"].to_list() == ids


def test_rows_replaced_since_are_read_as_they_were_at_a_snapshot(parted: Lake) -> None:
    before = parted.current_snapshot()
    parted.replace(QA_SIGNATURES, signatures(PLACES[:1], rows=1), PARTITIONS[:1])
    assert ids_in(parted, PARTITIONS[0])[1] == ["level_1/a/0"]
    assert ids_in(parted, PARTITIONS[0], snapshot=before)[1] == ["level_1/a/0", "level_1/a/1"]


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM lake.qa_signatures WHERE qa_id = 'level_1/a/1'",
        "ALTER TABLE lake.qa_signatures ADD COLUMN later VARCHAR",
        "ALTER TABLE lake.qa_signatures SET PARTITIONED BY (shard)",
    ],
)
def test_ducklake_reads_what_is_not_just_what_the_files_hold(parted: Lake, change: str) -> None:
    with parted.cursor() as cursor:
        cursor.execute(change)
        relation = rows_in(cursor, QA_SIGNATURES, PARTITIONS[:1], parted.current_snapshot())
        held = cursor.execute(f"SELECT qa_id FROM {relation} ORDER BY qa_id").fetchall()
        plain = "SELECT qa_id FROM lake.qa_signatures WHERE method = 'level_1' AND shard = 'a' ORDER BY qa_id"
        assert not relation.startswith("read_parquet")
        assert held == cursor.execute(plain).fetchall()


def test_a_folder_whose_name_would_be_taken_for_a_pattern_is_read_by_ducklake(tmp_path: Path) -> None:
    lake = Lake(LakeSettings(folder=tmp_path / "lake [old]"))
    lake.replace(QA_SIGNATURES, signatures(PLACES), PARTITIONS)
    relation, ids = ids_in(lake, PARTITIONS[0])
    assert not relation.startswith("read_parquet") and ids == ["level_1/a/0", "level_1/a/1"]
    lake.close()
