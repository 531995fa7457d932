"""Exports carry every training row with its provenance in all four layouts; the card can be read by machines."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml  # type: ignore[import-untyped]  # dagster's own YAML reader

from synth_assets.final_answers import read_final_answer, same_text
from synth_assets.lake import Lake
from synth_assets.reports.exports import FORMATS, PROVENANCE, export_training_data
from synth_assets.reports.files import listed, write_whole


def exported(lake: Lake, layout: str, folder: Path) -> tuple[list[dict[str, Any]], str]:
    """The records of an export as a trainer reads them, and the dataset card."""
    data, card = export_training_data(lake.read("training_qa"), lake.read("questions"), layout, folder)
    if data.suffix == ".parquet":
        return pl.read_parquet(data).to_dicts(), card.read_text(encoding="utf-8")
    return json.loads(data.read_text(encoding="utf-8")), card.read_text(encoding="utf-8")


def turn(record: dict[str, Any], layout: str) -> tuple[str, str]:
    """Question and answer of a record, wherever the layout keeps them."""
    if layout == "messages":
        asked, told = record["messages"]
        assert (asked["role"], told["role"]) == ("user", "assistant")
        return asked["content"], told["content"]
    if layout == "sharegpt":
        asked, told = record["conversations"]
        assert (asked["from"], told["from"]) == ("human", "gpt")
        return asked["value"], told["value"]
    if layout == "alpaca":
        assert record["input"] == ""
        return record["instruction"], record["output"]
    return record["prompt"], record["completion"]


@pytest.mark.parametrize("layout", FORMATS)
def test_every_training_row_comes_back_with_question_answer_and_provenance(
    small_lake: Lake, layout: str, tmp_path: Path
) -> None:
    records, card = exported(small_lake, layout, tmp_path)
    rows = small_lake.read("training_qa").sort("qa_id")
    assert len(records) == rows.height > 50
    for record, row in zip(records, rows.iter_rows(named=True), strict=True):
        question, answer = turn(record, layout)
        assert question == row["question"]
        assert answer.startswith(row["answer"].rstrip())
        assert same_text(read_final_answer(answer), row["final_answer"])
        assert set(PROVENANCE) <= set(record)
        assert (record["qa_id"], record["documents"]) == (row["qa_id"], row["documents"])
        assert str(record["teacher"]).startswith("embedded@")
    assert card.count("\n") > 20


@pytest.mark.parametrize("layout", FORMATS)
def test_the_cards_head_names_the_file_and_the_size(small_lake: Lake, layout: str, tmp_path: Path) -> None:
    _, card = exported(small_lake, layout, tmp_path)
    head = yaml.safe_load(card.split("---")[1])
    (config,) = head["configs"]
    (data_file,) = config["data_files"]
    assert data_file["split"] == "train" and (tmp_path / data_file["path"]).exists()
    rows = small_lake.read("training_qa").height
    assert head["size_categories"] == ["n<1K" if rows < 1000 else "1K<n<10K"]
    assert f"{rows:,} questions" in card


def test_exporting_again_gives_the_same_bytes(small_lake: Lake, tmp_path: Path) -> None:
    for name in ("first", "second"):
        export_training_data(small_lake.read("training_qa"), small_lake.read("questions"), "alpaca", tmp_path / name)
    folders = tmp_path / "first", tmp_path / "second"
    first, second = (listed([(folder / "train-alpaca.json", 1)], folder) for folder in folders)
    assert first.equals(second)


def test_a_file_is_written_aside_and_no_scrap_is_left(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "deep" / "page.html", b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert [found.name for found in path.parent.iterdir()] == ["page.html"]
