"""Extractions become rows, and no document vanishes on the way."""

import polars as pl
import pytest

from synth_assets.concepts.extraction_rows import extraction_rows

PROVENANCE = {"level": "primary", "subject": "mathematics", "teacher": "t", "prompt_version": "1", "request_hash": "h"}


def extraction(*rows: tuple[str, str, str | None, str | None]) -> pl.DataFrame:
    names = ["shard", "document_id", "topic_written", "key_concept_written"]
    frame = pl.DataFrame(list(rows), schema=dict.fromkeys(names, pl.String), orient="row")
    return frame.with_columns(pl.lit(value).alias(name) for name, value in PROVENANCE.items())


def test_names_are_normalised_and_what_was_written_is_kept() -> None:
    result = extraction_rows(extraction(("s", "d", "Fractions.", "Lowest  Terms")))
    assert result.rows.select("topic", "key_concept", "topic_written", "key_concept_written").rows() == [
        ("fractions", "lowest terms", "Fractions.", "Lowest  Terms")
    ]


def test_a_pair_written_twice_is_one_row_with_its_first_writing() -> None:
    result = extraction_rows(extraction(("s", "d", "Ratio", "Unit Rate"), ("s", "d", "ratio", "unit rate!")))
    assert result.rows["key_concept_written"].to_list() == ["Unit Rate"]


def test_a_blank_concept_is_dropped_and_its_document_goes_on() -> None:
    result = extraction_rows(extraction(("s", "d", "ratio", " . "), ("s", "d", "ratio", "rate"), ("s", "d", "", "x")))
    assert result.rows["key_concept"].to_list() == ["rate"]
    assert (result.received, result.passed, result.quarantined.height) == (1, 1, 0)


@pytest.mark.parametrize("pair", [(None, None), ("ratio", None), ("", "rate"), ("ratio", "...")])
def test_a_document_left_without_a_pair_is_quarantined(pair: tuple[str | None, str | None]) -> None:
    result = extraction_rows(extraction(("s", "kept", "ratio", "rate"), ("s", "empty", *pair)))
    assert result.quarantined.select("shard", "id", "reason").rows() == [("s", "empty", "no_concepts")]
    assert (result.received, result.passed) == (2, 1)


def test_no_extraction_at_all_gives_no_rows() -> None:
    result = extraction_rows(extraction())
    assert (result.rows.height, result.received) == (0, 0)
