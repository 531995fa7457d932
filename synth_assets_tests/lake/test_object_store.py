"""The data files of a lake in an object store, by a real S3 server on this machine."""

from collections.abc import Iterator
from pathlib import Path

import boto3  # type: ignore[import-untyped]
import polars as pl
import pytest
from moto.server import ThreadedMotoServer

from synth_assets.errors import SynthAssetsError
from synth_assets.lake import Lake, LakeSettings, ObjectStore
from synth_assets_tests.lake.rows import references, shards


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The `host:port` of an S3 server with a bucket named `lake`; its keys are in the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    boto3.client("s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1").create_bucket(Bucket="lake")
    yield f"{host}:{port}"
    server.stop()


def settings(folder: Path, endpoint: str) -> LakeSettings:
    store = ObjectStore(endpoint=endpoint, url_style="path", use_ssl=False)
    return LakeSettings(folder=folder, data="s3://lake/tables", object_store=store)


def test_rows_live_in_the_bucket_and_come_back(tmp_path: Path, bucket: str) -> None:
    lake = Lake(settings(tmp_path / "lake", bucket))
    first = lake.replace("reference_documents", references(["a", "b"]), shards("a", "b"))
    lake.replace("reference_documents", references(["a"], rows=1), shards("a"))
    assert lake.read("reference_documents").height == 4
    assert lake.scan("reference_documents").select(pl.len()).collect().item() == 4
    assert lake.query("SELECT count(*) FROM reference_documents", as_of=first.snapshot).item() == 6
    assert not list((tmp_path / "lake").rglob("*.parquet"))
    with pytest.raises(SynthAssetsError):
        lake.query("SELECT * FROM read_text('s3://lake/other')")
    lake.close()


def test_missing_keys_and_unreachable_stores_are_named(
    tmp_path: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(SynthAssetsError, match="AWS_SECRET_ACCESS_KEY"):
        Lake(settings(tmp_path / "lake", bucket)).create()
