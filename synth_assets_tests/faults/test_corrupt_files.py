"""A data file whose bytes were changed, cut off or deleted: what reading says; making its partition again heals it."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.lake import Lake, LakeSettings
from synth_assets.lake.responses import LakeResponseStore
from synth_assets.lake.verifying import damaged_partitions
from synth_assets_tests.lake.rows import dropped, references, response, shards, signatures, spending

Damage = Callable[[Path], object]


def _flipped(file: Path) -> None:
    held = bytearray(file.read_bytes())
    for place in range(40, 80):
        held[place] ^= 0xFF
    file.write_bytes(held)


DAMAGES: dict[str, Damage] = {
    "flipped": _flipped,
    "cut off": lambda file: file.write_bytes(file.read_bytes()[:100]),
    "empty": lambda file: file.write_bytes(b""),
    "deleted": lambda file: file.unlink(),
}


@pytest.fixture(params=["sqlite", "postgres"])
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    """A lake with either catalogue; two shards, one of them with a quarantined row."""
    catalog = request.getfixturevalue("postgres") if request.param == "postgres" else None
    made = Lake(LakeSettings(folder=tmp_path / "lake", catalog=catalog))
    made.replace("reference_documents", references(["a", "b"]), shards("a", "b"), dropped("a", "lost"))
    return made


def _damage(lake: Lake, table: str, where: str, damage: Damage) -> Path:
    (file,) = (lake.settings.folder / "data" / "main" / table).glob(f"{where}/*.parquet")
    damage(file)
    lake.close()  # another process, which has not read the file before
    return file


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_reading_names_the_file_and_the_partition_and_making_it_again_heals(lake: Lake, damage: Damage) -> None:
    before = lake.current_snapshot()
    lake.replace("reference_documents", references(["c"]), shards("c"))
    damaged_at = lake.current_snapshot()
    file = _damage(lake, "reference_documents", "shard=a", damage)
    readings: list[Callable[[], object]] = [
        lambda: lake.read("reference_documents"),
        lambda: lake.read("reference_documents", {"shard": ["a"]}, snapshot=before),
        lambda: lake.scan("reference_documents").collect(),
        lambda: lake.row_counts("reference_documents"),
    ]
    for reading in readings:
        with pytest.raises(SynthAssetsError) as told:
            reading()
        sentence = str(told.value)
        assert f"main/reference_documents/shard=a/{file.name}" in sentence
        assert "partition a of the table reference_documents" in sentence
        assert "materialise that partition again" in sentence
        assert len(sentence.splitlines()) == 1
    # The partitions beside it can be read.
    assert lake.read("reference_documents", {"shard": ["b"]}).equals(references(["b"]))

    healed = lake.replace("reference_documents", references(["a"], rows=4), shards("a"))
    assert healed.rows == 4
    expected = pl.concat([references(["a"], rows=4), references(["b", "c"])])
    for _ in range(2):
        assert lake.read("reference_documents").equals(expected)
        assert lake.read("reference_documents", snapshot=healed.snapshot).equals(expected)
        assert lake.row_count("reference_documents") == expected.height
        assert lake.row_counts("reference_documents")["rows"].to_list() == [4, 3, 3]
        assert lake.read("quarantine").is_empty()  # replaced with the partition
        lake.close()
    ledger = lake.read("materialisations")
    assert ledger.select("partition", "rows", "quarantined").rows() == [("a", 4, 0), ("b", 3, 0), ("c", 3, 0)]
    # Earlier snapshots: what does not need the file is read, what does says so.
    assert lake.read("reference_documents", {"shard": ["b"]}, snapshot=before).equals(references(["b"]))
    with pytest.raises(SynthAssetsError, match="shard=a"):
        lake.read("reference_documents", snapshot=damaged_at)
    # What follows is as on any other lake.
    lake.replace("reference_documents", references(["a"]), shards("a"))
    assert lake.read("reference_documents").equals(references(["a", "b", "c"]))
    lake.close()


@pytest.mark.slow
def test_a_copy_brought_back_heals_every_snapshot(lake: Lake) -> None:
    before = lake.current_snapshot()
    copy: list[bytes] = []
    file = _damage(lake, "reference_documents", "shard=a", lambda file: copy.append(file.read_bytes()))
    file.unlink()
    with pytest.raises(SynthAssetsError, match="bring it back from a copy"):
        lake.read("reference_documents")
    file.write_bytes(copy[0])
    assert lake.read("reference_documents", snapshot=before).equals(references(["a", "b"]))
    lake.close()


@pytest.mark.slow
def test_records_that_cannot_be_read_are_replaced_along_with_the_stage(lake: Lake) -> None:
    """The ledger of a stage is one file: where it is lost, its other partitions count as missing and are made again."""
    _damage(lake, "quarantine", "stage=reference_documents/partition=a", DAMAGES["cut off"])
    _damage(lake, "materialisations", "stage=reference_documents", DAMAGES["deleted"])
    with pytest.raises(SynthAssetsError, match="asset reference_documents"):
        lake.read("materialisations")
    lake.replace("reference_documents", references(["a"]), shards("a"), dropped("a", "lost again"))
    assert lake.read("quarantine")["id"].to_list() == ["lost again"]
    assert lake.read("materialisations")["partition"].to_list() == ["a"]
    assert lake.read("reference_documents").equals(references(["a", "b"]))
    lake.replace("reference_documents", references(["b"]), shards("b"))
    assert lake.read("materialisations")["partition"].to_list() == ["a", "b"]
    lake.close()


@pytest.mark.slow
def test_one_of_several_files_of_a_partition_takes_the_others_with_it(lake: Lake) -> None:
    """Rows of two dimensions, and of a partition that consists of two files: none is left over, none stands twice."""
    both = [("level_1", "a"), ("level_2", "a")]
    lake.replace("qa_signatures", signatures(both), [{"method": m, "shard": s} for m, s in both])
    with lake.cursor() as cursor:  # a second file of the first partition
        cursor.execute(
            "INSERT INTO lake.qa_signatures SELECT * REPLACE (qa_id || '+' AS qa_id) FROM lake.qa_signatures "
            "WHERE method = 'level_1'"
        )
    first = min((lake.settings.folder / "data/main/qa_signatures/method=level_1/shard=a").glob("*.parquet"))
    DAMAGES["flipped"](first)
    lake.close()
    with pytest.raises(SynthAssetsError, match=r"partition level_1\|a of the table qa_signatures"):
        lake.read("qa_signatures")
    made = [{"method": "level_1", "shard": "a"}, {"method": "level_3", "shard": "a"}]
    lake.replace("qa_signatures", signatures([("level_1", "a"), ("level_3", "a")]), made)
    assert lake.read("qa_signatures").equals(signatures([*both, ("level_3", "a")]))
    lake.close()


@pytest.mark.slow
def test_answers_of_a_teacher_that_cannot_be_read_are_never_given_up(lake: Lake) -> None:
    """They are paid for and in no partition that could be made again: a person brings the file back."""
    store = LakeResponseStore(lake, "qa_pairs")
    store.add([response("asked")], [spending(1)])
    (file,) = (lake.settings.folder / "data" / "main" / "teacher_responses").rglob("*.parquet")
    held = file.read_bytes()
    file.write_bytes(held[:50])
    lake.close()
    with pytest.raises(SynthAssetsError, match=r"table teacher_responses.* bring it back from a copy of the lake\.$"):
        store.find(["asked"])
    file.write_bytes(held)
    assert list(store.find(["asked"])) == ["asked"]
    lake.close()


@pytest.mark.slow
def test_a_changed_value_that_can_be_decoded_is_found_by_comparing_with_the_ledger(lake: Lake) -> None:
    assert damaged_partitions(lake).is_empty()
    file = _damage(lake, "reference_documents", "shard=a", lambda file: None)
    held = file.read_bytes()
    assert b"a#1" in held
    file.write_bytes(held.replace(b"a#1", b"a#7"))
    lake.close()
    assert "a#7" in lake.read("reference_documents")["document_id"]  # nothing tells
    found = damaged_partitions(lake)
    assert found.select("table", "partition").rows() == [("reference_documents", "a")]
    assert "other values than were committed: materialise it again" in found["problem"].item()
    lake.replace("reference_documents", references(["a"]), shards("a"))
    assert damaged_partitions(lake).is_empty()
    DAMAGES["deleted"](next((lake.settings.folder / "data/main/reference_documents/shard=b").glob("*.parquet")))
    lake.close()
    assert "cannot be read" in damaged_partitions(lake)["problem"].item()
    lake.close()
