"""The search for secrets finds one wherever it is planted: otherwise finding none would prove nothing."""

import gzip
import sqlite3
import zipfile
import zlib
from base64 import b64encode
from pathlib import Path

import polars as pl
import pytest

from synth_assets.lake.lake import Lake
from synth_assets.lake.responses import LakeResponseStore
from synth_assets.lake.settings import LakeSettings
from synth_assets.teachers.store import StoredResponse
from synth_assets_tests.teachers.road.searching import Needles

KEY = "sk-planted+7Qz/abc0123456789"
SAID = f"The key {KEY} is refused."


def _table(path: Path) -> None:
    pl.DataFrame({"id": [1] * 1_000, "said": [["a", SAID]] * 1_000}).write_parquet(path, compression="zstd")


def _row(content: object) -> object:
    def write(path: Path) -> None:
        with sqlite3.connect(path) as connection:
            connection.execute("create table runs (id integer, body)")
            connection.execute("insert into runs values (1, ?)", [content])
        connection.close()

    return write


def _archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model", SAID * 100)


PLACES = {
    "a text": lambda path: path.write_text(SAID),
    "a prefix": lambda path: path.write_text(f"The key {KEY[:12]}... is refused."),
    "base64": lambda path: path.write_bytes(b"Basic " + b64encode(f"user:{KEY}".encode()[4:] + b"!")),
    "a packed log": lambda path: path.write_bytes(gzip.compress(SAID.encode())),
    "an archive": _archive,
    "a table.parquet": _table,
    "a row.db": _row(SAID),
    "a packed snapshot.db": _row(zlib.compress(SAID.encode())),
}


@pytest.mark.parametrize("name", PLACES)
def test_a_key_is_found_where_it_is_planted(name: str, tmp_path: Path) -> None:
    """The search sees texts, packed files, Parquet cells and database rows."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "other").write_text("Nothing to be found here.")
    assert Needles(KEY).below(tmp_path) == []
    plant = PLACES[name]
    assert callable(plant)
    plant(tmp_path / "deep" / name)
    assert any(name in place for place in Needles(KEY).below(tmp_path))


def test_a_key_in_an_answer_that_a_lake_stores_is_found(tmp_path: Path) -> None:
    """The search sees what the lake itself writes."""
    lake = Lake(LakeSettings(folder=tmp_path / "lake"))
    store = LakeResponseStore(lake, "questions")
    store.add([StoredResponse("", "00", "write_questions", "scripted", "1", "All is well.", 1, 1)], [])
    assert Needles(KEY).below(tmp_path) == []
    store.add([StoredResponse("", "01", "write_questions", "scripted", "1", SAID, 1, 1)], [])
    lake.close()
    assert any(".parquet" in place for place in Needles(KEY).below(tmp_path))
