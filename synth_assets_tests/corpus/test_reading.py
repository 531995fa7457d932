import gzip
import json
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import polars as pl
import pytest

from synth_assets.corpus.reading import read_shards
from synth_assets.corpus.shards import Shard, find_shards
from synth_assets.errors import SynthAssetsError
from synth_assets.tables import DOCUMENTS, StageResult


def read_lines(tmp_path: Path, known: pl.DataFrame, *lines: bytes | dict[str, object]) -> StageResult:
    written = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(written) + b"\n")
    return read_shards(find_shards([str(tmp_path)], 1000), known)


GOOD: dict[str, object] = {"id": "good", "title": "Sums", "text": "Two and two are four.", "url": "https://example.org"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({"id": "x"}, "no_text"),
        ({"id": "x", "text": None}, "no_text"),
        ({"id": "x", "text": " \n\t "}, "no_text"),
        ({"id": "x", "text": "\0"}, "no_text"),
        ({"id": "x", "text": 12}, "not_text"),
        ({"id": "x", "text": ["a"]}, "not_text"),
        (b'{"id": "x", "text": "cut', "bad_json"),
        (b"[1, 2]", "bad_json"),
        (b"[" * 100_000, "bad_json"),
        (b'{"id": "x", "text": "\xff\xfe"}', "invalid_utf8"),
        (b'{"id": "x", "text": "\\ud800"}', "invalid_utf8"),
    ],
)
def test_a_bad_row_is_quarantined_and_the_others_pass(
    tmp_path: Path, nothing_known: pl.DataFrame, line: bytes | dict[str, object], reason: str
) -> None:
    result = read_lines(tmp_path, nothing_known, line, GOOD)
    assert result.rows["document_id"].to_list() == ["good"]
    assert result.received == 2
    (row,) = result.quarantined.iter_rows(named=True)
    assert row["shard"] == "a"
    assert row["reason"] == reason
    assert f"{tmp_path / 'a.jsonl'}, row 0" in row["detail"]


def test_a_row_is_read_into_every_column(tmp_path: Path, nothing_known: pl.DataFrame) -> None:
    (row,) = read_lines(tmp_path, nothing_known, GOOD).rows.iter_rows(named=True)
    assert row == {
        "shard": "a", "document_id": "good", "title": "Sums", "text": GOOD["text"], "url": "https://example.org",
        "source": str(tmp_path / "a.jsonl"), "source_row": 0, "characters": 21,
        "content_hash": blake2b(b"Two and two are four.", digest_size=16).hexdigest(),
    }  # fmt: skip


def test_text_is_normalised(tmp_path: Path, nothing_known: pl.DataFrame) -> None:
    text = "\ufeffCafe\u0301\r\nau\rlait\0"
    rows = read_lines(tmp_path, nothing_known, b"\xef\xbb\xbf" + json.dumps({"text": text[1:]}).encode()).rows
    assert rows["text"].to_list() == ["Caf\u00e9\nau\nlait"]


def test_ids_and_titles_that_are_missing_or_numbers_are_made_up_for(
    tmp_path: Path, nothing_known: pl.DataFrame
) -> None:
    words = " ".join(f"w{number}" for number in range(30))
    rows = read_lines(
        tmp_path,
        nothing_known,
        {"id": 7, "text": "seven"},
        {"document_id": "own", "content": words},
        {"text": "x", "id": ""},
    ).rows
    assert rows["document_id"].to_list() == ["7", "own", "a#2"]
    assert rows["title"].to_list() == ["seven", " ".join(words.split()[:10]), "x"]


def test_fineweb_edu_columns_work_as_they_are(tmp_path: Path, nothing_known: pl.DataFrame) -> None:
    pl.DataFrame({
        "text": ["A lesson on primes.", None], "id": ["<urn:uuid:1>", "<urn:uuid:2>"], "dump": ["CC-MAIN-2024-10"] * 2,
        "url": ["https://example.org/1", None], "date": ["2024"] * 2, "language": ["en"] * 2,
        "language_score": [0.9] * 2, "token_count": [5] * 2, "score": [3.1] * 2, "int_score": [3] * 2,
    }).write_parquet(tmp_path / "fineweb.parquet")  # fmt: skip
    result = read_shards(find_shards([str(tmp_path)], 10), nothing_known)
    assert result.rows["document_id"].to_list() == ["<urn:uuid:1>"]
    assert result.quarantined.rows(named=True)[0]["id"] == "<urn:uuid:2>"
    assert result.quarantined["reason"].to_list() == ["no_text"]


def test_parquet_text_of_another_type_is_quarantined_or_decoded(tmp_path: Path, nothing_known: pl.DataFrame) -> None:
    pl.DataFrame({"id": ["1"], "text": [5]}).write_parquet(tmp_path / "numbers.parquet")
    pl.DataFrame({"id": ["2", "3"], "text": [b"plain", b"\xff"]}).write_parquet(tmp_path / "octets.parquet")
    result = read_shards(find_shards([str(tmp_path)], 10), nothing_known)
    assert result.rows["text"].to_list() == ["plain"]
    assert result.quarantined.select("id", "reason").rows() == [("1", "not_text"), ("3", "invalid_utf8")]


def test_a_text_file_that_is_not_utf8_or_is_blank_is_quarantined(tmp_path: Path, nothing_known: pl.DataFrame) -> None:
    for name, content in (("bad", b"caf\xe9"), ("blank", b" \n"), ("good", b"\xef\xbb\xbfcaf\xc3\xa9")):
        (tmp_path / f"{name}.txt").write_bytes(content)
    result = read_shards(find_shards([f"{tmp_path}/*.txt"], 10), nothing_known)
    assert result.rows["text"].to_list() == ["café"]
    assert result.quarantined["reason"].to_list() == ["invalid_utf8", "no_text"]


def test_repeated_ids_and_texts_keep_the_first_and_quarantine_under_ids_of_their_own(
    tmp_path: Path, nothing_known: pl.DataFrame
) -> None:
    result = read_lines(
        tmp_path, nothing_known,
        {"id": "1", "text": "one"}, {"id": "1", "text": "two"}, {"id": "1", "text": "three"},
        {"id": "2", "text": "one"}, {"id": "1#1", "text": "four"}, {"id": "1#1", "text": "five"},
    )  # fmt: skip
    assert result.rows["text"].to_list() == ["one", "four"]
    assert result.quarantined["reason"].to_list() == ["duplicate_id", "duplicate_id", "duplicate_text", "duplicate_id"]
    assert result.quarantined.select("shard", "id", "reason").is_unique().all()
    assert "row 0" in result.quarantined["detail"][0]


def test_what_another_shard_holds_already_is_a_duplicate(tmp_path: Path, nothing_known: pl.DataFrame) -> None:
    first = read_lines(tmp_path, nothing_known, GOOD).rows
    known = first.select(pl.lit("elsewhere").alias("shard"), "document_id", "content_hash")
    result = read_lines(
        tmp_path, known, {"id": "good", "text": "new"}, {"id": "other", "text": GOOD["text"]}, {"id": "x", "text": "y"}
    )
    assert result.rows["document_id"].to_list() == ["x"]
    assert result.quarantined["reason"].to_list() == ["duplicate_id", "duplicate_text"]
    assert all("elsewhere" in detail for detail in result.quarantined["detail"])


def test_the_order_the_shards_are_given_in_does_not_count(tmp_path: Path, nothing_known: pl.DataFrame) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps({"id": name, "text": "the same"}))
    shards: Sequence[Shard] = find_shards([str(tmp_path)], 10)
    forwards, backwards = read_shards(shards, nothing_known), read_shards(shards[::-1], nothing_known)
    assert forwards.rows.equals(backwards.rows)
    assert forwards.rows["document_id"].to_list() == ["a"]


def test_no_shard_and_an_empty_file_give_an_empty_table(tmp_path: Path, nothing_known: pl.DataFrame) -> None:
    (tmp_path / "empty.jsonl").write_bytes(b"\n\n")
    for shards in ([], find_shards([str(tmp_path)], 10)):
        result = read_shards(shards, nothing_known)
        assert result.received == 0
        assert result.rows.schema == DOCUMENTS.schema


@pytest.mark.parametrize("name", ["broken.parquet", "truncated.jsonl.gz", "untexted.parquet"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, nothing_known: pl.DataFrame, name: str) -> None:
    compressed = gzip.compress(b"\n".join(json.dumps({"text": f"{row} {row**9}"}).encode() for row in range(500)))
    match name:
        case "broken.parquet":
            (tmp_path / name).write_bytes(b"PAR1 and no more")
        case "truncated.jsonl.gz":
            (tmp_path / name).write_bytes(compressed[: len(compressed) // 2])
        case _:
            pl.DataFrame({"body": ["x"]}).write_parquet(tmp_path / name)
    with pytest.raises(SynthAssetsError, match=name):
        read_shards(find_shards([str(tmp_path)], 1000), nothing_known)
