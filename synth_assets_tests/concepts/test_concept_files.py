"""Files of concepts from anywhere: every row is used, or left out with a reason, and what cannot be used is named."""

from pathlib import Path

import polars as pl
import pytest

from synth_assets.concepts.concept_files import concept_files, read_concepts
from synth_assets.errors import SynthAssetsError

COLUMNS = ["document_id", "topic", "key_concept"]


def written(path: Path, *rows: tuple[object, ...]) -> Path:
    pl.DataFrame(list(rows), schema=COLUMNS, orient="row").write_parquet(path)
    return path


def test_names_are_normalised_and_other_columns_are_not_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", ("d1", " Ratio.", "Unit  Rate"), ("d2", "SETS", "Union!"))
    pl.read_parquet(path).with_columns(pl.lit([1, 2]).alias("other"), pl.lit(None).alias("none")).write_parquet(path)
    assert read_concepts([path]).rows.rows() == [("d1", "ratio", "unit rate"), ("d2", "sets", "union")]


def test_every_row_is_used_or_left_out_with_its_place_and_a_reason(tmp_path: Path) -> None:
    first = written(
        tmp_path / "a.parquet",
        ("d", "ratio", "rate"),
        (None, "ratio", "rate"),
        (" ", "ratio", "rate"),
        ("d", None, None),
        ("d", "ratio", " ... "),
        ("d", "Ratio", "rate"),
    )
    second = written(tmp_path / "b.parquet", ("d", "ratio", "rate!"), ("d", "ratio", "share"))
    read = read_concepts([first, second])
    assert read.rows.rows() == [("d", "ratio", "rate"), ("d", "ratio", "share")]
    assert read.left_out.select("file", "row", "reason").rows() == [
        (str(first), 1, "no_document_id"),
        (str(first), 2, "no_document_id"),
        (str(first), 3, "no_topic"),
        (str(first), 4, "no_key_concept"),
        (str(first), 5, "repeated"),
        (str(second), 0, "repeated"),
    ]
    assert read.left_out["key_concept"].to_list()[3] == " ... "
    assert read.received == read.rows.height + read.left_out.height == 8


@pytest.mark.parametrize(
    "ids",
    [
        pl.Series([1, 2, None], dtype=pl.Int32),
        pl.Series([1, 2, None], dtype=pl.UInt64),
        pl.Series([1.0, 2.0, float("nan")]),
        pl.Series(["1", "2", None], dtype=pl.Categorical),
    ],
    ids=["Int32", "UInt64", "floats, as beside a missing id", "categorical"],
)
def test_ids_may_be_numbers_or_categories(ids: pl.Series, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"document_id": ids, "topic": "t", "key_concept": "k"}).write_parquet(path)
    read = read_concepts([path])
    assert read.rows["document_id"].to_list() == ["1", "2"]
    assert read.left_out["reason"].to_list() == ["no_document_id"]


def test_files_may_hold_ids_of_different_types(tmp_path: Path) -> None:
    files = [written(tmp_path / "a.parquet", (1, "t", "k")), written(tmp_path / "b.parquet", ("x", "t", "k"))]
    assert read_concepts(files).rows["document_id"].to_list() == ["1", "x"]


def test_a_missing_column_is_named_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"document_id": [1], "topic": ["t"], "concept": ["k"]}).write_parquet(path)
    with pytest.raises(SynthAssetsError, match=f"{path} has no column 'key_concept' .it has document_id, topic, conce"):
        read_concepts([path])


def test_a_column_of_lists_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"document_id": [1], "topic": ["t"], "key_concept": [["k", "l"]]}).write_parquet(path)
    with pytest.raises(SynthAssetsError, match=f"{path}: column 'key_concept' holds List"):
        read_concepts([path])


def test_a_file_that_is_no_parquet_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_text("document_id,topic,key_concept\n")
    with pytest.raises(SynthAssetsError, match=f"{path} cannot be read as Parquet"):
        read_concepts([path])


def test_where_no_row_can_be_used_the_reasons_are_counted(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", ("d", "", "k"), ("d", None, "k"), ("d", "t", ""))
    with pytest.raises(SynthAssetsError, match=r"no row can be used .2 no_topic, 1 no_key_concept"):
        read_concepts([path])
    empty = written(tmp_path / "b.parquet")
    with pytest.raises(SynthAssetsError, match=r"no row can be used .there is none"):
        read_concepts([empty])


def test_a_path_a_folder_and_a_glob_name_files(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    one, two = (
        written(tmp_path / "a.parquet", ("d", "t", "k")),
        written(tmp_path / "deep" / "b.parquet", ("d", "t", "k")),
    )
    (tmp_path / "notes.txt").write_text("no")
    assert concept_files(str(one)) == [one]
    assert concept_files(str(tmp_path)) == [one, two]
    assert concept_files(str(tmp_path / "**" / "*.parquet")) == [one, two]
    assert concept_files(str(tmp_path / "*.parquet")) == [one]


@pytest.mark.parametrize("name", ["none.parquet", "*.pq"])
def test_what_matches_nothing_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(SynthAssetsError, match="matches no file"):
        concept_files(str(tmp_path / name))
