"""The store is reached by the role of the machine, where no key is set, and the policy of `deploy/ecs/` is enough."""

from collections.abc import Iterator
from pathlib import Path

import boto3  # type: ignore[import-untyped]
import pytest
from botocore.exceptions import ClientError

from synth_assets.corpus.reading import read_shards
from synth_assets.corpus.shards import find_shards
from synth_assets.errors import SynthAssetsError
from synth_assets.lake import Lake, LakeSettings
from synth_assets.lake.published import publish
from synth_assets.tables import DOCUMENTS
from synth_assets_tests.deploy.role import BUCKET, Machine, machine_with_role
from synth_assets_tests.lake.rows import references, shards


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with machine_with_role() as found, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield found


@pytest.fixture
def lake(machine: Machine, tmp_path: Path) -> Iterator[Lake]:
    where = {"data": f"s3://{BUCKET}/tables", "files": f"s3://{BUCKET}/files"}
    lake = Lake(LakeSettings(folder=tmp_path / "lake", object_store=machine.object_store, **where))
    yield lake
    lake.close()


def test_the_store_refuses_whoever_has_no_role(machine: Machine) -> None:
    stranger = boto3.Session().client("s3", aws_access_key_id="stranger", aws_secret_access_key="hunter2")
    with pytest.raises(ClientError, match="InvalidAccessKeyId"):
        stranger.list_objects_v2(Bucket=BUCKET)


def test_a_lake_is_written_and_read_by_the_role(lake: Lake) -> None:
    """Not maintained: moto judges the removal of several files by the bucket, where AWS judges it by each file."""
    lake.replace("reference_documents", references(["a", "b"]), shards("a", "b"))
    assert lake.read("reference_documents").height == 6
    assert lake.scan("reference_documents").collect().height == 6


def test_what_people_read_is_copied_by_the_role(lake: Lake) -> None:
    lake.settings.folder.mkdir()
    page = lake.settings.folder / "report.html"
    page.write_text("a report")
    (address,) = publish(lake.settings, [page])
    assert address == f"s3://{BUCKET}/files/report.html"
    assert boto3.Session().client("s3").get_object(Bucket=BUCKET, Key="files/report.html")["Body"].read() == b"a report"


def test_the_corpus_is_read_by_the_role_and_never_written(machine: Machine) -> None:
    found = find_shards([f"s3://{BUCKET}/corpus/*.jsonl"], 100)
    assert read_shards(found, DOCUMENTS.empty()).rows["text"].to_list() == ["Dear reader."]
    with pytest.raises(ClientError, match="AccessDenied"):
        boto3.Session().client("s3").put_object(Bucket=BUCKET, Key="corpus/letters.jsonl", Body=b"")


def test_a_place_that_the_role_may_not_write_to_is_named(lake: Lake) -> None:
    lake.settings.folder.mkdir()
    (lake.settings.folder / "report.html").write_text("a report")
    elsewhere = lake.settings.model_copy(update={"files": f"s3://{BUCKET}/corpus"})
    with pytest.raises(SynthAssetsError, match=rf"report\.html cannot be copied to s3://{BUCKET}/corpus/report\.html"):
        publish(elsewhere, [lake.settings.folder / "report.html"])


def test_a_machine_without_key_and_role_is_told_of_both(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    with pytest.raises(
        SynthAssetsError, match=r"set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY .*, or give .* a role"
    ):
        lake.create()
