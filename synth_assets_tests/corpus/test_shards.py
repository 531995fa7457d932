import gzip
import io
import json
import os
import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth_assets.corpus.lines import line_cuts
from synth_assets.corpus.memory import LEAST_MEMORY, text_of_shard
from synth_assets.corpus.reading import read_shards
from synth_assets.corpus.shards import Shard, find_shards
from synth_assets.errors import SynthAssetsError


def write_rows(path: Path, rows: int, start: int = 0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"id": f"{path.stem}-{row}", "text": f"{path.name} {row}"}) for row in range(start, rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def names(shards: list[Shard]) -> list[str]:
    return [shard.name for shard in shards]


def test_a_file_is_a_shard_named_by_its_path_below_the_glob(tmp_path: Path) -> None:
    write_rows(tmp_path / "algebra.jsonl", 3)
    write_rows(tmp_path / "deep" / "er" / "geometry.jsonl", 3)
    assert names(find_shards([f"{tmp_path}/**/*.jsonl"], 100)) == ["algebra", "deep.er.geometry"]


def test_a_folder_and_a_plain_file_work_as_globs(tmp_path: Path) -> None:
    write_rows(tmp_path / "corpus" / "a.jsonl", 1)
    (tmp_path / "corpus" / "notes.md").write_text("not a source")
    write_rows(tmp_path / "b.jsonl", 1)
    assert names(find_shards([str(tmp_path / "corpus"), str(tmp_path / "b.jsonl")], 100)) == ["a", "b"]


def test_a_file_matched_twice_is_one_shard(tmp_path: Path) -> None:
    write_rows(tmp_path / "a.jsonl", 1)
    assert len(find_shards([str(tmp_path), f"{tmp_path}/*.jsonl", f"{tmp_path}/a.jsonl"], 100)) == 1


@given(
    places=st.lists(
        st.lists(st.sampled_from(["a", "b c", "é", "x.y", "|[,]"]), min_size=1, max_size=3).map("/".join),
        min_size=2,
        max_size=8,
        unique=True,
    )
)
def test_names_are_distinct_partition_keys_and_adding_a_file_renames_no_shard_of_another_name(
    tmp_path_factory: pytest.TempPathFactory, places: list[str]
) -> None:
    root = tmp_path_factory.mktemp("corpus")
    for place in places[:-1]:
        write_rows(root / f"{place}.jsonl", 1)
    before = find_shards([str(root)], 100)
    write_rows(root / f"{places[-1]}.jsonl", 1)
    after = find_shards([str(root)], 100)
    assert len(set(names(after))) == len(places)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in names(after))
    added = re.sub(r"[^A-Za-z0-9._-]", "_", places[-1].replace("/", "."))
    assert {shard for shard in before if shard.name != added} <= set(after)


def test_sources_that_would_share_a_name_get_their_extension_then_a_hash(tmp_path: Path) -> None:
    write_rows(tmp_path / "one" / "a.jsonl", 1)
    pl.DataFrame({"text": ["x"]}).write_parquet(tmp_path / "one" / "a.parquet")
    assert names(find_shards([str(tmp_path / "one")], 100)) == ["a.jsonl", "a.parquet"]
    write_rows(tmp_path / "two" / "a.jsonl", 1)
    found = names(find_shards([str(tmp_path / "one"), str(tmp_path / "two")], 100))
    assert len(set(found)) == 3
    assert "a.parquet" in found
    assert sum(bool(re.fullmatch(r"a\.jsonl-[0-9a-f]{8}", name)) for name in found) == 2


@pytest.mark.parametrize("extension", ["jsonl", "jsonl.gz", "parquet"])
def test_a_large_file_is_cut_and_the_cuts_hold_every_row_once(
    tmp_path: Path, extension: str, nothing_known: pl.DataFrame
) -> None:
    rows = [{"id": f"d{row}", "text": f"document number {row}"} for row in range(25)]
    path = tmp_path / f"large.{extension}"
    if extension == "parquet":
        pl.DataFrame(rows).write_parquet(path, row_group_size=7)
    else:
        written = "\n".join(map(json.dumps, rows)).encode()
        path.write_bytes(gzip.compress(written) if extension.endswith("gz") else written)
    shards = find_shards([str(tmp_path)], 10)
    assert names(shards) == ["large-00000", "large-00001", "large-00002"]
    result = read_shards(shards, nothing_known)
    assert result.rows["document_id"].to_list() == [f"d{row}" for row in range(25)]
    assert result.rows["source_row"].to_list() == list(range(25))
    assert result.rows.group_by("shard").len().sort("shard")["len"].to_list() == [10, 10, 5]


@pytest.mark.parametrize("extension", ["jsonl", "jsonl.gz", "parquet"])
def test_a_file_of_much_text_is_cut_by_bytes_and_each_cut_is_read_by_itself(
    tmp_path: Path, extension: str, nothing_known: pl.DataFrame
) -> None:
    most = text_of_shard(LEAST_MEMORY)
    rows = [{"id": f"d{row}", "text": f"{row} " + "many words " * (most // 66)} for row in range(20)]
    path = tmp_path / f"large.{extension}"
    if extension == "parquet":
        pl.DataFrame(rows).write_parquet(path, row_group_size=20)
    else:
        written = "\n".join(map(json.dumps, rows)).encode()
        path.write_bytes(gzip.compress(written, 1) if extension.endswith("gz") else written)
    shards = find_shards([str(tmp_path)], 100, LEAST_MEMORY)
    assert [shard.rows for shard in shards] == [5, 5, 5, 5]
    assert all(shard.bytes <= most for shard in shards)
    assert read_shards(shards[2:3], nothing_known, LEAST_MEMORY).rows["document_id"].to_list() == [
        f"d{row}" for row in range(10, 15)
    ]
    assert find_shards([str(tmp_path)], 100, LEAST_MEMORY) == shards


@given(
    lines=st.lists(st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"")), max_size=30),
    rows=st.integers(1, 7),
    size=st.integers(1, 60),
    ended=st.booleans(),
)
def test_cuts_of_lines_hold_each_line_once_within_their_bounds(
    lines: list[bytes], rows: int, size: int, ended: bool
) -> None:
    written = b"\n".join(lines) + (b"\n" if ended and lines else b"")
    cuts = line_cuts(io.BytesIO(written), rows, size)
    assert b"".join(written[cut.offset : cut.offset + cut.size] for cut in cuts) == written
    assert all(cut.rows <= rows and (cut.size <= size or cut.rows == 1) for cut in cuts)
    assert [cut.first_row for cut in cuts] == [sum(cut.rows for cut in cuts[:place]) for place in range(len(cuts))]
    for cut in cuts:
        assert len(written[cut.offset : cut.offset + cut.size].splitlines(keepends=True)) >= cut.rows


def test_the_text_files_of_a_folder_are_one_shard(tmp_path: Path, nothing_known: pl.DataFrame) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    for name in ("b", "a", "c"):
        (folder / f"{name}.txt").write_text(f"Dear {name}, the sum is right.")
    (shard,) = find_shards([str(tmp_path)], 100)
    assert shard.name == "letters"
    rows = read_shards([shard], nothing_known).rows
    assert rows["document_id"].to_list() == ["letters/a.txt", "letters/b.txt", "letters/c.txt"]
    assert rows["title"][0] == "Dear a, the sum is right."
    assert names(find_shards([f"{folder}/[ab].txt"], 1)) == ["letters-00000", "letters-00001"]


def test_a_file_that_grows_is_counted_anew(tmp_path: Path) -> None:
    write_rows(tmp_path / "a.jsonl", 3)
    assert names(find_shards([str(tmp_path)], 5)) == ["a"]
    write_rows(tmp_path / "a.jsonl", 8)
    os.utime(tmp_path / "a.jsonl")
    assert names(find_shards([str(tmp_path)], 5)) == ["a-00000", "a-00001"]


def test_a_broken_file_hides_no_other(tmp_path: Path) -> None:
    write_rows(tmp_path / "whole.jsonl", 3)
    (tmp_path / "half.parquet").write_bytes(b"PAR1 not really")
    assert names(find_shards([str(tmp_path)], 2)) == ["half", "whole-00000", "whole-00001"]


@pytest.mark.parametrize(
    ("glob", "says"),
    [("{}/none-*.jsonl", "matches no"), ("{}/absent.jsonl", "matches no"), ("{}/notes.md", "notes.md"),
     ("s3://bucket/corpus/*.parquet", "s3://bucket"), ("hf://datasets/a/b", "hf://")],
)  # fmt: skip
def test_a_glob_that_gives_nothing_is_named_in_the_error(tmp_path: Path, glob: str, says: str) -> None:
    (tmp_path / "notes.md").write_text("text")
    with pytest.raises(SynthAssetsError, match=re.escape(says)):
        find_shards([glob.format(tmp_path)], 100)
