import gzip
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import polars as pl
import pytest
from s3fs import S3FileSystem

from synth_assets.corpus.reading import read_shards
from synth_assets.corpus.shards import Shard, find_shards
from synth_assets.errors import SynthAssetsError
from synth_assets.seeds import generator_of
from synth_assets_tests.corpus.stores import Hub, s3_server

ROWS = [{"id": f"d{row}", "text": f"Document number {row}. " + "Words. " * 2000} for row in range(60)]
LINES = "\n".join(map(json.dumps, ROWS)).encode()


def parquet(**options: int) -> bytes:
    stream = io.BytesIO()
    pl.DataFrame(ROWS).with_columns(other=pl.lit("x" * 100)).write_parquet(
        stream, compression="uncompressed", **options
    )
    return stream.getvalue()


def names(shards: list[Shard]) -> list[str]:
    return [shard.name for shard in shards]


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with s3_server() as address:
        yield address


@pytest.fixture
def bucket(address: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> "Iterator[boto3.Bucket]":
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    name = f"corpus-{abs(hash(request.node.name)) % 10**8}"
    S3FileSystem.clear_instance_cache()  # a test before this one may have looked for credentials where there were none
    yield boto3.resource("s3").create_bucket(Bucket=name)
    S3FileSystem.clear_instance_cache()


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.parquet", parquet(row_group_size=7)), ("a.jsonl", LINES), ("a.jsonl.gz", gzip.compress(LINES))],
)
def test_files_in_s3_are_cut_and_read_like_local_ones(
    bucket: "boto3.Bucket", nothing_known: pl.DataFrame, name: str, content: bytes
) -> None:
    bucket.put_object(Key=f"books/deep/{name}", Body=content)
    bucket.put_object(Key="books/deep/notes.md", Body=b"no source")
    shards = find_shards([f"s3://{bucket.name}/books/**/{name}"], 25)
    assert names(shards) == ["deep.a-00000", "deep.a-00001", "deep.a-00002"]
    assert all(shard.written is not None for shard in shards)
    result = read_shards(shards, nothing_known)
    assert result.rows["document_id"].to_list() == [row["id"] for row in ROWS]
    assert result.rows["text"].to_list() == [row["text"] for row in ROWS]
    assert result.rows["source_row"].to_list() == list(range(60))
    assert result.rows["source"].unique().to_list() == [f"s3://{bucket.name}/books/deep/{name}"]
    assert names(find_shards([f"s3://{bucket.name}/books"], 100)) == ["deep.a"]
    assert names(find_shards([f"s3://{bucket.name}/books/deep/{name}"], 100)) == ["a"]


def test_text_files_of_a_folder_in_s3_are_one_shard(bucket: "boto3.Bucket", nothing_known: pl.DataFrame) -> None:
    for name in ("b", "a"):
        bucket.put_object(Key=f"letters/{name}.txt", Body=f"Dear {name}.".encode())
    shards = find_shards([f"s3://{bucket.name}/letters/*.txt"], 10)
    assert names(shards) == ["letters"]
    assert read_shards(shards, nothing_known).rows["document_id"].to_list() == ["letters/a.txt", "letters/b.txt"]


def test_a_file_added_or_replaced_in_s3_is_noticed(bucket: "boto3.Bucket") -> None:
    bucket.put_object(Key="a.jsonl", Body=LINES)
    assert names(find_shards([f"s3://{bucket.name}/*.jsonl"], 100)) == ["a"]
    bucket.put_object(Key="a.jsonl", Body=LINES + b"\n" + LINES)
    bucket.put_object(Key="b.jsonl", Body=LINES)
    assert names(find_shards([f"s3://{bucket.name}/*.jsonl"], 100)) == ["a-00000", "a-00001", "b"]


def test_a_damaged_file_in_s3_hides_no_other(bucket: "boto3.Bucket", nothing_known: pl.DataFrame) -> None:
    bucket.put_object(Key="a.jsonl", Body=LINES)
    bucket.put_object(Key="half.parquet", Body=parquet()[:-100])
    shards = find_shards([f"s3://{bucket.name}/*"], 100)
    assert names(shards) == ["a", "half"]
    with pytest.raises(SynthAssetsError, match=r"half\.parquet"):
        read_shards(shards, nothing_known)


def test_what_is_wrong_with_s3_is_told(bucket: "boto3.Bucket", monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SynthAssetsError, match=r"s3://no-such-bucket-here"):
        find_shards(["s3://no-such-bucket-here/*.jsonl"], 100)
    with pytest.raises(SynthAssetsError, match=r"matches no"):
        find_shards([f"s3://{bucket.name}/*.jsonl"], 100)
    with pytest.raises(SynthAssetsError, match=r"only s3:// and hf:// are"):
        find_shards(["ftp://example.org/*.jsonl"], 100)


READ = """
import json, sys
from synth_assets.corpus.reading import read_shards
from synth_assets.corpus.shards import find_shards
from synth_assets.errors import SynthAssetsError
from synth_assets.seeds import generator_of
from synth_assets.tables import DOCUMENTS
try:
    shards = find_shards([sys.argv[1]], 25)
    rows = read_shards(shards[-1:], DOCUMENTS.empty().select("shard", "document_id", "content_hash")).rows
except SynthAssetsError as error:
    print(json.dumps([[], [str(error)]]))
else:
    print(json.dumps([[shard.name for shard in shards], rows["text"].to_list()]))
"""


def read_from(hub: Hub, glob: str, **environment: str) -> tuple[list[str], list[str]]:
    """Names of the shards, and texts of the last or the error: in a process of its own, whose environment names it."""
    variables = {**os.environ, "HF_ENDPOINT": hub.address, "HF_HUB_DISABLE_XET": "1", **environment}
    done = subprocess.run([sys.executable, "-c", READ, glob], env=variables, capture_output=True, check=True, text=True)
    names, texts = json.loads(done.stdout)
    return names, texts


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.parquet", parquet(row_group_size=7)), ("a.jsonl", LINES), ("a.jsonl.gz", gzip.compress(LINES))],
)
def test_datasets_of_the_hub_are_cut_and_read_like_local_files(name: str, content: bytes) -> None:
    with Hub({f"data/deep/{name}": content, "README.md": b"# no source"}) as hub:
        names, texts = read_from(hub, f"hf://datasets/owner/name/data/**/{name}")
        assert names == ["deep.a-00000", "deep.a-00001", "deep.a-00002"]
        assert texts == [row["text"] for row in ROWS[50:]]


def test_of_parquet_in_a_store_only_the_needed_row_groups_are_fetched() -> None:
    rows = [{"id": f"d{row}", "text": f"{row} " + seeded_text(row, 100_000)} for row in range(100)]
    stream = io.BytesIO()
    pl.DataFrame(rows).write_parquet(stream, compression="uncompressed", row_group_size=5)
    with Hub({"a.parquet": stream.getvalue()}) as hub:
        names, texts = read_from(hub, "hf://datasets/owner/name/*.parquet")
        assert len(names) == 4
        assert texts == [row["text"] for row in rows[75:]]
        fetched = sum(size for _, path, size in hub.sent if "/resolve/" in path)
        assert fetched < 0.7 * len(stream.getvalue())


def test_a_gated_dataset_is_told_and_opens_with_its_token() -> None:
    with Hub({"a.jsonl": LINES}, token="hf_mine") as hub:
        _, (error,) = read_from(hub, "hf://datasets/owner/name/*.jsonl", HF_TOKEN="")
        assert "HF_TOKEN" in error
        assert "hf://datasets/owner/name" in error
        _, texts = read_from(hub, "hf://datasets/owner/name/*.jsonl", HF_TOKEN="hf_mine")
        assert texts == [row["text"] for row in ROWS[50:]]


def seeded_text(row: int, length: int) -> str:
    return generator_of("test_stores", row).randbytes(length // 2).hex()
