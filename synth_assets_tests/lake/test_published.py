"""Files for people and trainers, copied to a real S3 server on this machine."""

import sys
from pathlib import Path

import boto3  # type: ignore[import-untyped]
import pytest

from synth_assets.errors import SynthAssetsError
from synth_assets.lake import LakeSettings
from synth_assets.lake.published import publish

# The fixture is the bucket of a real S3 server.
from synth_assets_tests.lake.test_object_store import bucket as bucket
from synth_assets_tests.lake.test_object_store import settings as on_object_store


@pytest.fixture
def settings(tmp_path: Path, bucket: str) -> LakeSettings:
    # Two slashes in a row would be another place.
    return on_object_store(tmp_path, bucket).model_copy(update={"files": "s3://lake/files/"})


def written(settings: LakeSettings, name: str, content: bytes) -> Path:
    path = settings.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def stored(bucket: str) -> dict[str, bytes]:
    client = boto3.client("s3", endpoint_url=f"http://{bucket}", region_name="us-east-1")
    names = [item["Key"] for item in client.list_objects_v2(Bucket="lake").get("Contents", [])]
    return {name: client.get_object(Bucket="lake", Key=name)["Body"].read() for name in names}


def test_each_file_is_copied_to_its_place_and_replaced_whole(settings: LakeSettings, bucket: str) -> None:
    report, export = written(settings, "report/index.html", b"a long page"), written(settings, "exports/a.jsonl", b"{}")
    written(settings, "exports/b.jsonl", b"not asked for")
    addresses = ["s3://lake/files/report/index.html", "s3://lake/files/exports/a.jsonl"]
    assert publish(settings, [report, export]) == addresses
    found = stored(bucket)
    assert (found["files/report/index.html"], found["files/exports/a.jsonl"]) == (b"a long page", b"{}")
    assert "files/exports/b.jsonl" not in found
    written(settings, "report/index.html", b"short")
    publish(settings, [report])
    assert stored(bucket)["files/report/index.html"] == b"short"


def test_nothing_is_copied_where_no_place_is_named(settings: LakeSettings, bucket: str) -> None:
    unset = settings.model_copy(update={"files": None})
    assert publish(unset, [written(unset, "report/kept_here.html", b"a page")]) == []
    assert not [name for name in stored(bucket) if "kept_here" in name]


def test_a_file_that_cannot_be_copied_is_named_with_what_to_check(settings: LakeSettings) -> None:
    page = written(settings, "report/index.html", b"a page")
    nowhere = settings.model_copy(update={"files": "s3://no-such-bucket/files"})
    with pytest.raises(
        SynthAssetsError, match=r"index\.html cannot be copied to s3://no-such-bucket/files/.*lake\.fil"
    ):
        publish(nowhere, [page])


def test_the_extra_is_named_where_it_is_missing(settings: LakeSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(SynthAssetsError, match=r"synth-assets\[s3\]"):
        publish(settings, [written(settings, "report/index.html", b"a page")])
