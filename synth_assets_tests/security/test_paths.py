"""Names that come from data never lead out of the folder they belong to."""

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from synth_assets.cli import app
from synth_assets.corpus.shards import find_shards
from synth_assets.errors import SynthAssetsError
from synth_assets.lake import Lake, LakeSettings
from synth_assets.output_folder import OutputFolder
from synth_assets.settings import Settings
from synth_assets.tables import TABLES
from synth_assets_tests.assets.test_checks import frame

HOSTILE = [
    "../../../../escaped",
    "..",
    "/tmp/escaped",
    "\\..\\escaped",
    "..%2f..%2fescaped",
    "\uff0e\uff0e\uff0fescaped",
    "\u2025\u2044escaped",
    "~root",
    "$HOME",
    "a\nb",
    "C:escaped",
    "'; DROP TABLE documents; --",
]
OUTSIDE_THE_DATA = {"catalog.sqlite", "commits.lock"}


def _outside_the_data(lake: Path) -> set[str]:
    """Files beside the lake's data, the database's own aside."""
    return {
        str(path.relative_to(lake.parent))
        for path in lake.parent.rglob("*")
        if path.is_file() and not path.is_relative_to(lake / "data") and path.name.split("-")[0] not in OUTSIDE_THE_DATA
    }


def test_partitions_of_hostile_names_are_stored_within_the_lake(tmp_path: Path) -> None:
    lake = Lake(LakeSettings(folder=tmp_path / "place" / "lake"))
    table = TABLES["reference_documents"]
    rows = frame(table, *({"shard": name, "document_id": name} for name in HOSTILE))
    lake.replace(table, rows, [{"shard": name} for name in HOSTILE])
    assert _outside_the_data(tmp_path / "place" / "lake") == set()
    assert set(lake.read(table)["shard"]) == set(HOSTILE)
    (only,) = lake.read(table, {"shard": HOSTILE[:1]})["document_id"]
    assert only == HOSTILE[0]
    lake.replace(table, table.empty(), [{"shard": HOSTILE[0]}])
    assert set(lake.read(table)["shard"]) == set(HOSTILE[1:])
    lake.close()


@pytest.mark.parametrize("field", ["id", "url", "title", "text"])
def test_ids_and_addresses_of_documents_are_no_paths(tmp_path: Path, field: str) -> None:
    table = TABLES["documents"]
    column = {"id": "document_id"}.get(field, field)
    lake = Lake(LakeSettings(folder=tmp_path / "place" / "lake"))
    blank = {"shard": "a"}
    rows = frame(
        table, *({**blank, "document_id": str(n), column: name} for n, name in enumerate([*HOSTILE, "\0", "x" * 9_999]))
    )
    lake.replace(table, rows, [blank])
    assert _outside_the_data(tmp_path / "place" / "lake") == set()
    assert sorted(lake.read(table)[column]) == sorted(rows[column])
    lake.close()


def test_the_shards_of_oddly_named_files_have_plain_names(tmp_path: Path) -> None:
    odd = ["x..y.jsonl", "a|b.jsonl", "[x].jsonl", "é\u2044è.jsonl", "a,b.jsonl", "-rf.jsonl", "$(id).jsonl"]
    for name in odd:
        (tmp_path / name).write_text(json.dumps({"id": name, "text": "x"}))
    names = [shard.name for shard in find_shards([str(tmp_path / "*.jsonl")], 1_000)]
    assert len(set(names)) == len(odd)
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") for name in names)


@pytest.mark.parametrize("name", ["../x", "/x", "a/b", "a|b", "", "a\0b", "\uff0e\uff0e\uff0fx"])
def test_a_benchmark_of_a_name_that_is_no_key_is_refused_as_a_setting(name: str) -> None:
    with pytest.raises(ValueError, match="benchmarks"):
        Settings.model_validate({"benchmarks": {name: "x.jsonl"}})


def test_a_list_of_files_that_names_others_cannot_have_them_deleted(tmp_path: Path) -> None:
    precious, folder = tmp_path / "precious", tmp_path / "out"
    precious.write_text("kept")
    folder.mkdir()
    output = OutputFolder(folder, "a test", "facts.json")
    (folder / "facts.json").write_text(
        json.dumps({"made_by": "a test", "files": ["../precious", str(precious), "..", ".", "", "old.txt"]})
    )
    (folder / "old.txt").write_text("of the run before")
    with output.made_aside() as aside:
        (aside / "new.txt").write_text("x")
        output.write_facts(aside, {})
    assert precious.read_text() == "kept"
    assert {path.name for path in folder.iterdir()} == {"new.txt", "facts.json"}


def test_an_unknown_layout_of_an_export_is_refused(tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["export", "--format", "../../escaped", "--out", str(tmp_path / "out")])
    assert said.exit_code != 0
    assert not list(tmp_path.rglob("*escaped*"))


def test_a_name_that_no_file_system_takes_is_an_error_and_writes_nothing(tmp_path: Path) -> None:
    lake = Lake(LakeSettings(folder=tmp_path / "place" / "lake"))
    table = TABLES["reference_documents"]
    lake.create()
    for name in ("x" * 5_000, "a\0b"):
        rows = frame(table, {"shard": name, "document_id": "1"})
        with pytest.raises(Exception, match=r"name too long|null|NUL|\\0|File name") as raised:
            lake.replace(table, rows, [{"shard": name}])
        assert not isinstance(raised.value, AssertionError)
        assert lake.read(table).is_empty()
    assert isinstance(lake.read(table), pl.DataFrame)
    lake.close()


def test_a_table_of_another_name_is_refused(tmp_path: Path) -> None:
    lake = Lake(LakeSettings(folder=tmp_path / "lake"))
    for name in ("../documents", 'documents"; DROP TABLE questions; --', "duckdb_secrets"):
        with pytest.raises(SynthAssetsError, match="has no table"):
            lake.read(name)
