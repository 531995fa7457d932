"""Rows held flat are the rows they were made of, sliced, taken, written as a stream and mapped again."""

from pathlib import Path

import numpy as np
import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.students.encoded import EncodedRow, EncodedRows, EncodedWriter, token_type


def row_of(prompt: list[int], answer: list[int]) -> EncodedRow:
    return EncodedRow(np.array(prompt, dtype=np.int32), np.array(answer, dtype=np.int32))


ROWS = [row_of([1, 9, 3], [7, 2]), row_of([1, 3], [2]), row_of([1, 8, 8, 3], [6, 5, 2]), row_of([1, 70_000, 3], [2])]


def as_lists(rows: EncodedRows) -> list[tuple[list[int], list[int]]]:
    return [(row.prompt.tolist(), row.answer.tolist()) for row in rows]


PLAIN = [(row.prompt.tolist(), row.answer.tolist()) for row in ROWS]


def test_rows_come_out_as_they_went_in() -> None:
    rows = EncodedRows.from_rows(ROWS)
    assert as_lists(rows) == PLAIN
    assert rows.tokens.dtype == np.uint32 and EncodedRows.from_rows(ROWS[:3]).tokens.dtype == np.uint16
    assert (rows.total_tokens, rows.answer_tokens, rows.lengths.tolist()) == (19, 7, [5, 3, 7, 4])
    assert rows[-1].tokens == 4
    assert len(EncodedRows.from_rows([])) == 0


def test_a_slice_is_a_view_and_taking_copies() -> None:
    rows = EncodedRows.from_rows(ROWS)
    assert as_lists(rows[1:3]) == PLAIN[1:3]
    assert np.shares_memory(rows[1:3].tokens, rows.tokens)
    assert as_lists(rows[1:][1:]) == PLAIN[2:] and as_lists(rows[3:1]) == []
    assert (rows[1:3].total_tokens, rows[1:3].answer_tokens) == (10, 4)
    assert as_lists(rows[1:].take(np.array([2, 0, 2]))) == [PLAIN[3], PLAIN[1], PLAIN[3]]
    assert as_lists(rows.take(np.array([], dtype=np.int64))) == []
    with pytest.raises(ValueError, match="take"):
        rows[::2]


def test_a_fingerprint_is_of_the_rows_alone() -> None:
    rows = EncodedRows.from_rows(ROWS)
    assert rows[:3].fingerprint() == EncodedRows.from_rows(ROWS[:3]).fingerprint()
    moved = row_of([1, 9], [3, 7, 2])
    prints = {EncodedRows.from_rows(held).fingerprint() for held in (ROWS, ROWS[:3], [moved, *ROWS[1:]], ROWS[::-1])}
    assert len(prints) == 4


def test_rows_written_batch_by_batch_are_mapped_back(tmp_path: Path) -> None:
    rows = EncodedRows.from_rows(ROWS)
    with EncodedWriter(tmp_path / "rows", token_type(100_000)) as writer:
        writer.append(rows[2:])
        writer.append(rows[:0])
        writer.append(rows[:2])
        assert not (tmp_path / "rows").exists()
    assert (writer.rows, writer.tokens) == (4, 19)
    loaded = EncodedRows.load(tmp_path / "rows")
    assert as_lists(loaded) == PLAIN[2:] + PLAIN[:2]
    loaded[:1].save(tmp_path / "rows")  # the rows that are mapped may themselves be replaced
    assert as_lists(EncodedRows.load(tmp_path / "rows")) == PLAIN[2:3]
    EncodedRows.from_rows([]).save(tmp_path / "none")
    assert len(EncodedRows.load(tmp_path / "none")) == 0


def test_a_stream_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    EncodedRows.from_rows(ROWS[:1]).save(tmp_path / "rows")
    with pytest.raises(ValueError, match="70000 does not fit uint16"), EncodedWriter(tmp_path / "rows") as writer:
        writer.append(EncodedRows.from_rows(ROWS))
    assert as_lists(EncodedRows.load(tmp_path / "rows")) == PLAIN[:1]
    assert [path.name for path in tmp_path.iterdir()] == ["rows"]


def test_a_folder_without_whole_rows_is_named(tmp_path: Path) -> None:
    with pytest.raises(SynthAssetsError, match="nothing does not hold encoded rows"):
        EncodedRows.load(tmp_path / "nothing")
    EncodedRows.from_rows(ROWS).save(tmp_path / "torn")
    (tmp_path / "torn" / "tokens.bin").write_bytes(b"\0" * 12)
    with pytest.raises(SynthAssetsError, match=r"torn does not hold encoded rows \(tokens.bin has 12 bytes, not 76\)"):
        EncodedRows.load(tmp_path / "torn")
    with pytest.raises(SynthAssetsError, match="Cannot write the rows"):
        EncodedRows.from_rows(ROWS).save(tmp_path / "torn" / "tokens.bin" / "rows")
